namespace Augur.Tensors;

/// <summary>
/// A backend has not enough memory for a request. Existing tensors stay valid: a caller may work in smaller pieces or end one request.
/// </summary>
public sealed class BackendOutOfMemoryException : Exception
{
    /// <summary>An error with the requested and the available memory.</summary>
    /// <param name="backend">Name of the backend.</param>
    /// <param name="bytesAsked">Bytes that were asked for.</param>
    /// <param name="bytesInUse">Bytes lent at that time.</param>
    /// <param name="bytesReserved">Bytes taken from the device or the operating system at that time, lent or not.</param>
    /// <param name="budget">The most bytes the backend may have lent; null if it has no limit of its own.</param>
    /// <param name="cause">The error of the operating system or driver; null if the budget was the limit.</param>
    public BackendOutOfMemoryException(
        string backend, long bytesAsked, long bytesInUse, long bytesReserved, long? budget = null, Exception? cause = null)
        : base(Describe(backend, bytesAsked, bytesInUse, bytesReserved, budget), cause)
    {
        (BytesAsked, BytesInUse, BytesReserved) = (bytesAsked, bytesInUse, bytesReserved);
    }

    /// <summary>Bytes that were asked for.</summary>
    public long BytesAsked { get; }

    /// <summary>Bytes lent when they were asked for.</summary>
    public long BytesInUse { get; }

    /// <summary>Bytes taken from the device or the operating system when they were asked for, lent or not.</summary>
    public long BytesReserved { get; }

    private static string Describe(string backend, long asked, long inUse, long reserved, long? budget) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{backend} has no memory for {asked} bytes more: {inUse} are in use, {reserved} reserved"
        + $"{(budget is null ? "" : $", and its budget is {budget}")}.");
}
