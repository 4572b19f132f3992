using System.Runtime.InteropServices;

namespace Augur.Tensors;

/// <summary>
/// Reads several small results from the device together: each is queued when it is requested, and the first access to a value reads all of them with
/// one wait. One instance per network call; not safe for several threads at once.
/// </summary>
/// <remarks>It retains the queued tensors until they are read, even if their scopes end. Disposing it releases results that were not read.</remarks>
public sealed class DeferredRead : IDisposable
{
    private readonly List<(Tensor Tensor, Action<ReadOnlyMemory<byte>> Take)> _waiting = [];
    private bool _disposed;

    /// <summary>Number of queued results that were not read yet.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Number of waits for the device so far.</summary>
    public int Waits { get; private set; }

    /// <summary>Queues the errors between a forecast and the computed tensor, one per entry of the outermost axis.</summary>
    /// <param name="forecast">Float32 [batch, …].</param>
    /// <param name="computed">The same shape.</param>
    /// <param name="measure">How errors are measured.</param>
    public Deferred<double[]> Errors(Tensor forecast, Tensor computed, ErrorMeasure measure)
    {
        var sums = forecast.NotNull().ErrorSumsFrom(computed, measure).Retain();
        var elements = (double)forecast.Shape.ElementCount / Math.Max(1, forecast.Shape[0]);
        return Add(sums, bytes => ErrorSums.FinishEach(measure, MemoryMarshal.Cast<byte, double>(bytes.Span), elements));
    }

    /// <summary>Queues the elements of an index table, innermost axis fastest.</summary>
    /// <param name="table">Int32.</param>
    public Deferred<int[]> Indices(Tensor table)
    {
        table.NotNull().RequireType(DType.Int32, nameof(Indices));
        return Add(Hold(table), bytes => MemoryMarshal.Cast<byte, int>(bytes.Span).ToArray());
    }

    /// <summary>Queues the elements of a tensor, innermost axis fastest.</summary>
    /// <param name="x">Float32.</param>
    public Deferred<float[]> Numbers(Tensor x)
    {
        x.NotNull().RequireType(DType.Float32, nameof(Numbers));
        return Add(Hold(x), bytes => MemoryMarshal.Cast<byte, float>(bytes.Span).ToArray());
    }

    /// <summary>Reads everything that is queued, with one wait; does nothing if nothing is queued.</summary>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_waiting.Count == 0)
        {
            return;
        }

        var tensors = new Tensor[_waiting.Count];
        long total = 0;
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = _waiting[i].Tensor;
            total += tensors[i].ByteCount;
        }

        var bytes = new byte[total];
        Waits++;
        tensors[0].Backend.Download(tensors, bytes);
        var at = 0;
        foreach (var (tensor, take) in _waiting)
        {
            take(bytes.AsMemory(at, (int)tensor.ByteCount));
            at += (int)tensor.ByteCount;
            tensor.Dispose();
        }

        _waiting.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        foreach (var (tensor, _) in _waiting)
        {
            tensor.Dispose();
        }

        _waiting.Clear();
    }

    // A separate view, retained so that the scope of the original does not release it.
    private static Tensor Hold(Tensor x) => x.Reshape(x.Shape).Retain();

    private Deferred<T> Add<T>(Tensor tensor, Func<ReadOnlyMemory<byte>, T> read)
        where T : class
    {
        if (_disposed || (_waiting.Count > 0 && _waiting[0].Tensor.Backend != tensor.Backend))
        {
            var other = _disposed ? null : _waiting[0].Tensor.Backend.Name;
            var name = tensor.Backend.Name;
            tensor.Dispose();
            ObjectDisposedException.ThrowIf(_disposed, this);
            throw new ArgumentException($"DeferredRead: a result on {name} cannot be read together with results on {other}.");
        }

        var deferred = new Deferred<T>(this);
        _waiting.Add((tensor, bytes => deferred.Take(read(bytes))));
        return deferred;
    }
}

/// <summary>A result that was queued in a <see cref="DeferredRead"/>.</summary>
public sealed class Deferred<T>
    where T : class
{
    private readonly DeferredRead _read;
    private T? _value;

    internal Deferred(DeferredRead read) => _read = read;

    /// <summary>Whether the value was read, so that access does not wait.</summary>
    public bool IsRead => _value is not null;

    /// <summary>The value; if it was not read yet, everything in the queue is read.</summary>
    /// <exception cref="ObjectDisposedException">The <see cref="DeferredRead"/> was disposed before.</exception>
    public T Value
    {
        get
        {
            if (_value is null)
            {
                _read.Complete();
            }

            return _value!;
        }
    }

    internal void Take(T value) => _value = value;
}
