using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>The noise sources by name.</summary>
public static class NoiseCatalog
{
    /// <summary>Every source, for lists.</summary>
    internal static IReadOnlyList<ListedEntry> All { get; } =
    [
        new("torch", "The numbers of torch.manual_seed and torch.randn of PyTorch's generator on the processor.", []),
        new("cuda", "The numbers of PyTorch's generator on CUDA.", []),
        new("file:PATH", "A .safetensors file whose only tensor, or the one called noise, has an entry for each picture.", []),
    ];

    /// <summary>Makes the source of each picture's noise from its seed and its position in the batch.</summary>
    /// <param name="text">torch, cuda, or file:PATH: a safetensors file whose tensor (the only one, or "noise") has an entry per picture.</param>
    /// <param name="latentShape">[channels, height, width].</param>
    /// <param name="count">Pictures that will ask.</param>
    /// <exception cref="ArgumentException">There is no such source, or the file does not fit.</exception>
    public static Func<long, int, INoiseSource> Parse(string text, Shape latentShape, int count)
    {
        if (text == "torch")
        {
            return (seed, _) => new TorchCpuNoise(unchecked((ulong)seed));
        }

        if (text == "cuda")
        {
            return (seed, _) => new TorchCudaNoise(unchecked((ulong)seed));
        }

        return text.StartsWith("file:", StringComparison.Ordinal) ? FromFile(text[5..], latentShape, count)
            : throw new ArgumentException($"There is no noise '{text}'; it can be torch, cuda or file:PATH.");
    }

    private static Func<long, int, INoiseSource> FromFile(string path, Shape latentShape, int count)
    {
        using var checkpoint = Checkpoint.Open(path);
        var tensor = checkpoint.Tensors.Count == 1 ? checkpoint.Tensors.Values.First()
            : checkpoint.Tensors.TryGetValue("noise", out var named) ? named
            : throw new WeightFileException($"{path}: {checkpoint.Tensors.Count} tensors and none is called 'noise'.");
        var perPicture = tensor.Shape.Rank == 0 ? 0 : tensor.Shape.Product(1, tensor.Shape.Rank);
        if (tensor.Shape.Rank < 2 || tensor.Shape[0] < count || perPicture < latentShape.ElementCount || perPicture % latentShape.ElementCount != 0)
        {
            throw new WeightFileException($"{path}: tensor '{tensor.Name}' {tensor.Shape} does not hold {count} latents {latentShape}.");
        }

        var values = tensor.ToSingles();
        return (_, picture) => new GivenNoise(values.AsMemory((int)(picture * perPicture), (int)perPicture));
    }
}
