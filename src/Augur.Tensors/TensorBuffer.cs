namespace Augur.Tensors;

/// <summary>A block of memory that a backend lent to one or more tensors; returned to the backend when the last of them is released.</summary>
public abstract class TensorBuffer
{
    private int _holders = 1;

    /// <summary>Usable size in bytes; at least what was asked for.</summary>
    public abstract long ByteCount { get; }

    /// <summary>Gives the memory back to the backend's pool. Called once, by the last holder.</summary>
    protected abstract void Recycle();

    /// <summary>Marks a buffer taken from a pool as held by one tensor again.</summary>
    protected void Renew() => _holders = 1;

    internal void AddHolder() => Interlocked.Increment(ref _holders);

    internal void RemoveHolder()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Recycle();
        }
    }
}
