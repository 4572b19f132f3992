namespace Augur.Tensors.Weights;

/// <summary>Finds the weight file of a path.</summary>
internal static class CheckpointFolder
{
    private static readonly string[] s_preferred = ["model", "diffusion_pytorch_model", "pytorch_model", "weights"];
    private static readonly string[] s_endings = [".safetensors", ".pt", ".pth", ".bin", ".gguf"];

    /// <summary>The path itself if it is a file; for a folder, its weight file.</summary>
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

        var candidates = Candidates([.. files.Select(Candidate.Of).OfType<Candidate>()]);
        return candidates.Length switch
        {
            1 => candidates[0].Path,
            0 => throw new WeightFileException(
                $"{path}: the folder holds no weight file ({string.Join(", ", s_endings)} or the .index.json of one)."),
            _ => throw new WeightFileException($"{path}: the folder holds several weight files ({List(candidates)}); name one."),
        };
    }

    // The candidates of the best rank. Usual names have precedence over others, then files without a variant (fp16, non_ema), then safetensors over
    // pickles, as in diffusers without a variant. Shards are represented by their index.
    private static Candidate[] Candidates(Candidate[] all)
    {
        var indices = all.Where(c => c.IsIndex).Select(c => c.Path).ToArray();
        Candidate[] whole = [.. all.Where(c => c.IsIndex || !c.IsShard || indices.Length == 0)];
        return whole.GroupBy(c => c.Rank).OrderBy(g => g.Key).FirstOrDefault()?.ToArray() ?? [];
    }

    private static string List(Candidate[] files) =>
        string.Join(", ", files.Take(5).Select(f => Path.GetFileName(f.Path))) + (files.Length > 5 ? $" and {files.Length - 5} more" : "");

    /// <summary>A candidate file: STEM[.VARIANT].ENDING, or STEM.ENDING.index[.VARIANT].json.</summary>
    private sealed record Candidate(string Path, bool IsPreferred, bool HasVariant, bool IsSafetensors, bool IsIndex)
    {
        // Files with unusual names have equal rank: if there are several, the user has to name one.
        public int Rank => IsPreferred ? (HasVariant ? 2 : 0) + (IsSafetensors ? 0 : 1) : IsIndex ? 4 : 5;

        public bool IsShard => System.IO.Path.GetFileName(Path).Contains("-of-", StringComparison.Ordinal);

        public static Candidate? Of(string path)
        {
            var name = System.IO.Path.GetFileName(path);
            var index = name.EndsWith(".json", StringComparison.Ordinal) ? name.LastIndexOf(".index.", StringComparison.Ordinal) : -1;
            var file = index < 0 ? name : name[..index];
            if (s_endings.FirstOrDefault(e => file.EndsWith(e, StringComparison.Ordinal)) is not { } ending)
            {
                return null;
            }

            var (stem, variant) = (file[..^ending.Length], index < 0 ? "" : name[(index + ".index.".Length)..^"json".Length]);
            var known = s_preferred.FirstOrDefault(p => stem == p || stem.StartsWith(p + ".", StringComparison.Ordinal));
            return new Candidate(path, known is not null, known != stem || variant.Length > 0, ending == ".safetensors", index >= 0);
        }
    }
}
