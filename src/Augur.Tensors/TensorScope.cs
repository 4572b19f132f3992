namespace Augur.Tensors;

/// <summary>
/// Owns the tensors made on this thread between <see cref="Begin"/> and <see cref="Dispose"/>, except those taken out with
/// <see cref="Tensor.Retain"/> or moved to the enclosing scope with <see cref="Tensor.Escape"/>. Scopes nest and end in reverse order.
/// </summary>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? s_current;

    private readonly List<Tensor> _tensors = [];
    private bool _ended;

    private TensorScope(TensorScope? outer) => Outer = outer;

    internal static TensorScope? Current => s_current;

    internal TensorScope? Outer { get; }

    /// <summary>Opens a scope on this thread.</summary>
    public static TensorScope Begin() => s_current = new TensorScope(s_current);

    /// <summary>Releases everything the scope still owns.</summary>
    /// <exception cref="InvalidOperationException">A scope opened later on this thread is still open, or this is another thread.</exception>
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        if (s_current != this)
        {
            throw new InvalidOperationException("Tensor scopes end in reverse order, on the thread that began them.");
        }

        s_current = Outer;
        _ended = true;
        foreach (var tensor in _tensors)
        {
            tensor.ReleaseFrom(this);
        }
    }

    /// <summary>
    /// Runs code that may fail between opening a scope and ending it: scopes that it leaves open when it throws are ended, so that the current scope
    /// of this thread is the same afterwards.
    /// </summary>
    /// <param name="run">The code to run; its exceptions are passed on.</param>
    public static T Enclose<T>(Func<T> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var before = s_current;
        try
        {
            return run();
        }
        catch
        {
            while (s_current is { } open && open != before)
            {
                open.Dispose();
            }

            throw;
        }
    }

    internal void Track(Tensor tensor) => _tensors.Add(tensor);
}
