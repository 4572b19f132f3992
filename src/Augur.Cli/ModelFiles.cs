using System.Security.Cryptography;
using System.Text;

namespace Augur.Cli;

/// <summary>A file and what it holds.</summary>
/// <param name="File">Within the folder of the model, or the file's own name.</param>
/// <param name="Sha256">64 hexadecimal digits, as sha256sum prints them.</param>
internal sealed record FileHash(string File, string Sha256);

/// <summary>Tells models apart by what their files hold, wherever they are.</summary>
internal static class ModelFiles
{
    // What tuning leaves in a folder says nothing about the model.
    private const string Profiles = "profiles";
    private static readonly string[] s_kinds = [".safetensors", ".pt", ".pth", ".bin", ".gguf", ".model", ".json"];

    // Parts of a model lie in folders of its folder; in a cache of the hub there are two more between.
    private static readonly EnumerationOptions s_within =
        new() { RecurseSubdirectories = true, MaxRecursionDepth = 4, IgnoreInaccessible = true, AttributesToSkip = 0 };

    /// <summary>Sixteen hexadecimal digits of SHA-256 over weights and configurations.</summary>
    /// <param name="paths">Files, or folders, whose files are taken by name.</param>
    public static string Hash(IEnumerable<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        foreach (var (name, file) in paths.SelectMany(Files))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name + "\n"));
            using var stream = File.OpenRead(file);
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                hash.AppendData(buffer.AsSpan(0, read));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>The hash of each file, read in pieces; null for no path, and where one cannot be read.</summary>
    /// <param name="path">A file, or a folder, whose weights and configurations are taken.</param>
    public static IReadOnlyList<FileHash>? HashEach(string? path)
    {
        try
        {
            return path is null ? null : [.. Owned(path).Select(owned => new FileHash(owned.Name, Sha256(owned.File)))];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null; // what could be drawn with can do without
        }

        static string Sha256(string file)
        {
            using var stream = File.OpenRead(file);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
    }

    /// <summary>A file, or those files of a folder that belong to a model.</summary>
    public static IEnumerable<string> Paths(string path) => Owned(path).Select(owned => owned.File);

    private static IEnumerable<(string Name, string File)> Owned(string path) => !File.Exists(path) && !Directory.Exists(path) ? []
        : Files(path).Where(f => f.Name.Split(Path.DirectorySeparatorChar)[0] != Profiles);

    private static IEnumerable<(string Name, string File)> Files(string path) => File.Exists(path) ? [(Path.GetFileName(path), path)]
        : Directory.EnumerateFiles(path, "*", s_within)
            .Where(file => s_kinds.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Select(file => (Path.GetRelativePath(path, file), file))
            .OrderBy(f => f.Item1, StringComparer.Ordinal);
}
