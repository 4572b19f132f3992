namespace Augur.Tensors.Weights;

/// <summary>
/// Removes the prefixes of wrappers and trainers from tensor names (<c>module.</c>, <c>_orig_mod.</c>, <c>model.</c>, in any order). If a file holds
/// the weights of training and their average under such prefixes, the average is chosen, and the metadata says so.
/// </summary>
internal static class WrapperNames
{
    private const string Compiled = "._orig_mod.";
    private static readonly string[] s_wrappers =
        ["module", "_orig_mod", "model", "state_dict", "online_model", "ema", "ema_model", "model_ema", "ema_state_dict", "averaged_model", "shadow"];

    // Counters that averaging stores beside the weights, one number each.
    private static readonly string[] s_counters = ["n_averaged", "decay", "num_updates", "initted", "step", "optimization_step"];

    /// <summary>Whether a key or prefix says that what is below it is an average over training.</summary>
    public static bool IsAveraged(string path) =>
        path.Split('.', '_').Any(word => word is "ema" or "shadow" or "averaged");

    /// <summary>A name without the prefixes of wrappers and without the parts that torch.compile inserts.</summary>
    public static string Bare(string name) => name[PrefixOf(name).Length..].Replace(Compiled, ".", StringComparison.Ordinal);

    /// <summary>The same tensors under their names in the model's code; the metadata says what was removed.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="contents">The content of the file.</param>
    /// <exception cref="WeightFileException">Two sets of tensors have the same names, and neither is the average of the other.</exception>
    public static CheckpointContents Unwrap(string file, CheckpointContents contents)
    {
        var counters = contents.Tensors.Where(t => IsCounter(t.Value)).Select(t => t.Key).ToHashSet();
        var groups = contents.Tensors.Keys.Where(n => !counters.Contains(n)).GroupBy(PrefixOf).ToDictionary(g => g.Key, g => g.ToArray());
        return groups.Count switch
        {
            1 when groups.Keys.Single() is var only && (only.Length > 0 || groups[only].Any(n => n.Contains(Compiled, StringComparison.Ordinal))) =>
                Renamed(contents, groups[only], [], Prefixed(contents.Metadata, only)),
            > 1 => Choose(file, contents, groups),
            _ => contents,
        };
    }

    private static CheckpointContents Choose(string file, CheckpointContents contents, Dictionary<string, string[]> groups)
    {
        var ofName = groups.SelectMany(g => g.Value.Select(n => (Bare: Bare(n), Prefix: g.Key)))
            .GroupBy(n => n.Bare).FirstOrDefault(n => n.Count() > 1);
        if (ofName is null)
        {
            var shared = SharedPrefix(groups.Keys);
            return shared.Length == 0 ? contents
                : Renamed(contents, [.. groups.Values.SelectMany(n => n)], [], Prefixed(contents.Metadata, shared), shared.Length);
        }

        string[] rivals = [.. ofName.Select(n => n.Prefix)];
        string[] averaged = [.. rivals.Where(IsAveraged)];
        if (averaged.Length != 1)
        {
            throw new WeightFileException(
                $"{file}: holds two networks with the same names, {Shown(rivals[0])} and {Shown(rivals[1])}; nothing says which is meant.");
        }

        var metadata = Prefixed(contents.Metadata, averaged[0]);
        metadata[CheckpointContents.ChoiceKey] = Choice(averaged[0], rivals.First(r => r != averaged[0]));
        return Renamed(contents, groups[averaged[0]], [.. groups.Where(g => !rivals.Contains(g.Key)).SelectMany(g => g.Value)], metadata);
    }

    /// <summary>The sentence that says which weights were taken.</summary>
    public static string Choice(string averaged, string other) =>
        $"averaged weights {Shown(averaged)}; the file also holds {Shown(other)}";

    private static string Shown(string prefix) => prefix.Length == 0 ? "those without a prefix" : WeightFileException.Quote(prefix);

    private static CheckpointContents Renamed(
        CheckpointContents contents, string[] taken, string[] kept, Dictionary<string, string> metadata, int cut = -1)
    {
        var tensors = new Dictionary<string, StoredTensor>(taken.Length + kept.Length);
        foreach (var (name, bare) in taken.Select(n => (n, cut < 0 ? Bare(n) : n[cut..])).Concat(kept.Select(n => (n, n))))
        {
            if (!tensors.TryAdd(bare, contents.Tensors[name].Named(bare)))
            {
                return contents; // two names would become equal, so that the prefixes are not wrappers
            }
        }

        var unreadable = contents.Unreadable.GroupBy(u => cut < 0 ? Bare(u.Key) : u.Key[Math.Min(cut, u.Key.Length)..])
            .ToDictionary(g => g.Key, g => g.First().Value);
        return contents with { Tensors = tensors, Metadata = metadata, Unreadable = unreadable };
    }

    private static Dictionary<string, string> Prefixed(Dictionary<string, string> metadata, string prefix)
    {
        var extended = new Dictionary<string, string>(metadata);
        if (prefix.Length > 0)
        {
            extended["dropped prefix"] = WeightFileException.Printable(prefix);
        }

        return extended;
    }

    private static string SharedPrefix(IEnumerable<string> prefixes)
    {
        var shared = prefixes.MinBy(p => p.Length)!;
        while (shared.Length > 0 && prefixes.Any(p => !p.StartsWith(shared, StringComparison.Ordinal)))
        {
            shared = shared[..(shared.TrimEnd('.').LastIndexOf('.') + 1)];
        }

        return shared;
    }

    private static string PrefixOf(string name)
    {
        var length = 0;
        while (s_wrappers.FirstOrDefault(w => StandsAt(name, length, w)) is { } wrapper)
        {
            length += wrapper.Length + 1;
        }

        return name[..length];
    }

    // A name must follow the dot.
    private static bool StandsAt(string name, int at, string wrapper) =>
        name.AsSpan(at).StartsWith(wrapper) && name.Length > at + wrapper.Length + 1 && name[at + wrapper.Length] == '.';

    private static bool IsCounter(StoredTensor tensor) =>
        tensor.Shape.ElementCount == 1 && s_counters.Contains(tensor.Name[(tensor.Name.LastIndexOf('.') + 1)..]);
}
