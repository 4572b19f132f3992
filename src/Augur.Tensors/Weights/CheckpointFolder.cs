namespace Augur.Tensors.Weights;

/// <summary>Decides which file a path means.</summary>
internal static class CheckpointFolder
{
    private const string Index = ".safetensors.index.json";
    private static readonly string[] s_preferred = ["model", "diffusion_pytorch_model", "weights"];
    private static readonly string[] s_endings = [".safetensors", ".pt", ".pth", ".bin"];

    /// <summary>The path itself if it is a file; in a folder, the one file that can be meant.</summary>
    public static string FileFor(string path)
    {
        if (File.Exists(path))
        {
            return path;
        }

        if (!Directory.Exists(path))
        {
            throw new WeightFileException($"{path}: there is no such file or folder.");
        }

        string[] files;
        try
        {
            files = [.. Directory.EnumerateFiles(path).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightFileException($"{path}: the folder cannot be read ({e.Message.TrimEnd('.')}).", e);
        }

        string[] preferred = [.. files.Where(IsPreferred)];
        string[] indices = [.. files.Where(f => f.EndsWith(Index, StringComparison.Ordinal))];
        string[] others = [.. files.Where(f => s_endings.Contains(Path.GetExtension(f)))];
        var candidates = preferred.Length > 0 ? preferred : indices.Length > 0 ? indices : others;
        return candidates.Length switch
        {
            1 => candidates[0],
            0 => throw new WeightFileException($"{path}: the folder holds no weight file ({string.Join(", ", s_endings)} or {Index})."),
            _ => throw new WeightFileException($"{path}: the folder holds several weight files ({List(candidates)}); name one."),
        };
    }

    private static bool IsPreferred(string file) =>
        s_preferred.Any(p => Path.GetFileName(file) is var name && (name == p + ".safetensors" || name == p + Index));

    private static string List(string[] files) =>
        string.Join(", ", files.Take(5).Select(f => Path.GetFileName(f))) + (files.Length > 5 ? $" and {files.Length - 5} more" : "");
}
