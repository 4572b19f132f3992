using System.IO.Compression;
using System.Text;
using System.Text.Unicode;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>Reads untrusted files of tokenizers whole, up to a limit.</summary>
internal static class BoundedFile
{
    /// <summary>Limit on each file: the largest published vocabularies (256 000 pieces) have 17 MB.</summary>
    public const int MaxBytes = 64 << 20;

    /// <summary>The bytes of a file; of what a .gz file holds.</summary>
    /// <exception cref="WeightFileException">It cannot be read, or is too long.</exception>
    public static byte[] Bytes(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
            return UntrustedFile.Read(path, stream, MaxBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new WeightFileException($"{path}: cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>The lines of a text file.</summary>
    /// <exception cref="WeightFileException">It cannot be read, is too long, or is no UTF-8.</exception>
    public static string[] Lines(string path)
    {
        var bytes = Bytes(path);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Split('\n')
            : throw new WeightFileException($"{path}: holds bytes that are not UTF-8 text.");
    }
}
