using Augur.Tensors.Weights.Gguf;
using Augur.Tensors.Weights.PyTorch;

namespace Augur.Tensors.Weights;

/// <summary>Recognises a weight file by its content, since endings like .bin and .pt say little.</summary>
internal static class CheckpointFormat
{
    // The integer 0x1950a86a20f9469cfc6c as a pickle spells it: how a legacy PyTorch file begins, after a pickle protocol of its choice.
    private static ReadOnlySpan<byte> LegacyMagic => [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    public static CheckpointContents Read(WeightSource source)
    {
        var start = source.Slice(0, (int)Math.Min(32, source.Length));
        if (start.StartsWith("version https://git-lfs"u8))
        {
            throw source.Error("is a Git LFS pointer, not the file itself; fetch it with git lfs pull.");
        }

        if (source.FileName.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) || start.StartsWith("GGUF"u8))
        {
            return GgufReader.Read(source);
        }

        if (source.FileName.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) || (start.Length > 8 && start[8] == '{'))
        {
            return SafetensorsReader.Read(source);
        }

        if (start.StartsWith("PK\x03\x04"u8))
        {
            return ZipReader.Read(source);
        }

        if (start.IndexOf(LegacyMagic) >= 0)
        {
            return LegacyReader.Read(source);
        }

        throw source.Error("is neither a safetensors file nor a PyTorch checkpoint nor a GGUF file.");
    }
}
