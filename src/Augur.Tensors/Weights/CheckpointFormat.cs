namespace Augur.Tensors.Weights;

/// <summary>Recognises a weight file by its content, since endings like .bin and .pt say little.</summary>
internal static class CheckpointFormat
{
    public static CheckpointContents Read(WeightSource source)
    {
        var start = source.Slice(0, (int)Math.Min(32, source.Length));
        if (source.FileName.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) || (start.Length > 8 && start[8] == '{'))
        {
            return start.StartsWith("version https://git-lfs"u8)
                ? throw source.Error("is a Git LFS pointer, not the file itself; fetch it with git lfs pull.")
                : SafetensorsReader.Read(source);
        }

        throw source.Error("is neither a safetensors file nor a PyTorch checkpoint.");
    }
}
