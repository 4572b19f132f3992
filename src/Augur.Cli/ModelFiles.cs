using System.Security.Cryptography;
using System.Text;

namespace Augur.Cli;

/// <summary>Tells models apart by what their files hold, wherever they are.</summary>
internal static class ModelFiles
{
    private static readonly string[] s_kinds = [".safetensors", ".pt", ".pth", ".bin", ".json"];

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

    private static IEnumerable<(string Name, string File)> Files(string path) => File.Exists(path) ? [(Path.GetFileName(path), path)]
        : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(file => s_kinds.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Select(file => (Path.GetRelativePath(path, file), file))
            .OrderBy(f => f.Item1, StringComparer.Ordinal);
}
