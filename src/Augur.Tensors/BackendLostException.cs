namespace Augur.Tensors;

/// <summary>
/// A device is no longer usable: reset by its driver, unplugged, or stopped after work that took too long. Every tensor on it is lost; another
/// backend has to be opened. Work is queued, so this surfaces at the next wait: <see cref="IBackend.Synchronize"/>, <see cref="IBackend.Download"/>,
/// or an operation that finds the queue full.
/// </summary>
public sealed class BackendLostException : Exception
{
    /// <summary>An error with its cause.</summary>
    /// <param name="backend">Name of the backend.</param>
    /// <param name="reason">What the driver said, as the end of a sentence.</param>
    /// <param name="cause">The driver's error, where there is one.</param>
    public BackendLostException(string backend, string reason, Exception? cause = null)
        : base($"{backend} was lost: {reason}.", cause)
    {
    }
}
