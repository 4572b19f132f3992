using System.Runtime.InteropServices;

namespace Augur.Tensors;

/// <summary>
/// Small results of a call that the host wants to know, read together: each is queued as it is asked for, and the first one whose value is looked at
/// fetches them all, in one wait. One per network call is enough; used by one thread at a time.
/// </summary>
/// <remarks>It holds what it reads until then, whatever scopes end in between. Disposing it releases what was never looked at.</remarks>
public sealed class DeferredRead : IDisposable
{
    private readonly List<(Tensor Tensor, Action<ReadOnlyMemory<byte>> Take)> _waiting = [];
    private bool _disposed;

    /// <summary>How many results are queued and not read yet.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>How often this has waited for the device.</summary>
    public int Waits { get; private set; }

    /// <summary>One error per entry of the outermost axis between a forecast and what was computed.</summary>
    /// <param name="forecast">Float32 [batch, …].</param>
    /// <param name="computed">The same shape.</param>
    /// <param name="measure">How errors are measured.</param>
    public Deferred<double[]> Errors(Tensor forecast, Tensor computed, ErrorMeasure measure)
    {
        var sums = forecast.ErrorSumsFrom(computed, measure).Retain();
        var elements = (double)forecast.Shape.ElementCount / Math.Max(1, forecast.Shape[0]);
        return Add(sums, bytes => ErrorSums.FinishEach(measure, MemoryMarshal.Cast<byte, double>(bytes.Span), elements));
    }

    /// <summary>The elements of an index table, innermost axis fastest.</summary>
    /// <param name="table">Int32.</param>
    public Deferred<int[]> Indices(Tensor table)
    {
        table.RequireType(DType.Int32, nameof(Indices));
        return Add(Hold(table), bytes => MemoryMarshal.Cast<byte, int>(bytes.Span).ToArray());
    }

    /// <summary>The elements of a tensor, innermost axis fastest.</summary>
    /// <param name="x">Float32.</param>
    public Deferred<float[]> Numbers(Tensor x)
    {
        x.RequireType(DType.Float32, nameof(Numbers));
        return Add(Hold(x), bytes => MemoryMarshal.Cast<byte, float>(bytes.Span).ToArray());
    }

    /// <summary>Reads everything that is queued, in one wait; nothing where nothing is.</summary>
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

    // A view of its own, which its owner's scope does not release.
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

    /// <summary>Whether the value is here: looking at it does not wait.</summary>
    public bool IsRead => _value is not null;

    /// <summary>The value; where it was not read yet, this reads everything that is queued beside it.</summary>
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
