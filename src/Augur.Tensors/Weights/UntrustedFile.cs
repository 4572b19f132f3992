namespace Augur.Tensors.Weights;

/// <summary>Reads files whole that may be anything: a device that never ends, for one, has no length to ask for.</summary>
public static class UntrustedFile
{
    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">A longer one is refused; hardly more than this is ever read.</param>
    /// <exception cref="WeightFileException">It cannot be read, or is too long.</exception>
    public static byte[] Read(string path, int maxBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Read(path, stream, maxBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightFileException($"{path}: cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>All bytes of an open file, or of what it holds in another form.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="stream">What is read.</param>
    /// <param name="maxBytes">More are refused.</param>
    /// <exception cref="WeightFileException">It is too long.</exception>
    public static byte[] Read(string path, Stream stream, int maxBytes)
    {
        using var content = new MemoryStream();
        var chunk = new byte[1 << 14];
        for (int read; (read = stream.NotNull().Read(chunk)) > 0;)
        {
            content.Write(chunk, 0, read);
            if (content.Length > maxBytes)
            {
                throw new WeightFileException($"{path}: more than {maxBytes} bytes are too many for a file of this kind.");
            }
        }

        return content.ToArray();
    }
}
