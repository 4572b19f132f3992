namespace Augur.Tensors.Weights.PyTorch;

/// <summary>Reads what torch.save has written since version 1.6: a zip archive with a pickle <c>data.pkl</c> and one entry per storage.</summary>
internal static class ZipReader
{
    private const string Pickle = "/data.pkl";

    public static CheckpointContents Read(WeightSource source)
    {
        var entries = ZipDirectory.Read(source);
        string[] pickles = [.. entries.Keys.Where(n => n.EndsWith(Pickle, StringComparison.Ordinal))];
        if (pickles.Length != 1)
        {
            throw source.Error($"is a zip archive with {pickles.Length} entries called data.pkl, so not a PyTorch checkpoint.");
        }

        var folder = pickles[0][..^Pickle.Length];
        RequireLittleEndian(source, entries, folder);
        var position = ZipDirectory.Locate(source, entries[pickles[0]]);
        var described = PickleReader.Read(source, ref position, position + entries[pickles[0]].Size);
        var places = new Dictionary<string, (long, long)>();
        foreach (var key in described.Storages.Keys)
        {
            if (entries.TryGetValue($"{folder}/data/{key}", out var entry))
            {
                places[key] = (ZipDirectory.Locate(source, entry), entry.Size);
            }
        }

        return StateDict.Read(source, "PyTorch zip", described, places);
    }

    private static void RequireLittleEndian(WeightSource source, Dictionary<string, ZipEntry> entries, string folder)
    {
        if (entries.TryGetValue($"{folder}/byteorder", out var entry)
            && !source.Slice(ZipDirectory.Locate(source, entry), (int)Math.Min(entry.Size, 16)).SequenceEqual("little"u8))
        {
            throw source.Error("was written by a big-endian machine, which is not supported.");
        }
    }
}
