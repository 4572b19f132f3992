using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>The catalog of noise sources, by name.</summary>
public static class NoiseCatalog
{
    /// <summary>All sources, for help texts.</summary>
    internal static IReadOnlyList<ListedEntry> All { get; } =
    [
        new("torch", "The numbers of torch.manual_seed and torch.randn of PyTorch's generator on the processor.", []),
        new("cuda", "The numbers of PyTorch's generator on CUDA.", []),
        new("file:PATH", "A .safetensors file whose only tensor, or the one called noise, has an entry for each picture.", []),
    ];

    /// <summary>Makes the source of each picture's noise from its seed and its position in the batch.</summary>
    /// <param name="text">
    /// torch, cuda, or file:PATH: a safetensors file whose tensor (the only one, or "noise") has an entry per picture: the starting latent, or the
    /// starting latent and then the noise of each step that adds some, along a second axis.
    /// </param>
    /// <param name="latentShape">Shape of one latent: [channels, height, width], or with more axes.</param>
    /// <param name="count">Number of pictures.</param>
    /// <returns>
    /// A function from a seed (its 64 bits, read as unsigned) and the position of a picture in the batch to that picture's noise source.
    /// </returns>
    /// <exception cref="ArgumentException">There is no such source.</exception>
    /// <exception cref="WeightFileException">
    /// The file does not hold noise of the needed shape, or it is not finite; the message names the file and both shapes, or the position.
    /// </exception>
    public static Func<long, int, INoiseSource> Parse(string text, Shape latentShape, int count)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "torch")
        {
            return (seed, _) => new TorchCpuNoise(unchecked((ulong)seed));
        }

        if (text == "cuda")
        {
            return (seed, _) => new TorchCudaNoise(unchecked((ulong)seed));
        }

        return text.StartsWith("file:", StringComparison.Ordinal) && text.Length > 5 ? FromFile(text[5..], latentShape, count)
            : throw new ArgumentException($"There is no noise '{text}'; it can be torch, cuda or file:PATH.");
    }

    private static Func<long, int, INoiseSource> FromFile(string path, Shape latentShape, int count)
    {
        using var checkpoint = Checkpoint.Open(path);
        var tensor = checkpoint.Tensors.Count == 1 ? checkpoint.Tensors.Values.First()
            : checkpoint.Tensors.TryGetValue("noise", out var named) ? named
            : throw new WeightFileException($"{path}: {checkpoint.Tensors.Count} tensors and none is called 'noise'.");
        RequireShape(path, tensor, latentShape, count);

        var values = tensor.ToSingles();
        var perPicture = (int)tensor.Shape.Product(1, tensor.Shape.Rank);
        if (GivenNoise.FirstNotFinite(values) is var at and >= 0)
        {
            var (name, picture, number) = (WeightFileException.Quote(tensor.Name), at / perPicture, at % perPicture);
            throw new WeightFileException(FormattableString.Invariant(
                $"{path}: tensor {name} has {values[at]} in the noise of picture {picture} (number {number}); noise is finite."));
        }

        return (_, picture) => new GivenNoise(values.AsMemory(picture * perPicture, perPicture), $"The noise of picture {picture} in {path}");
    }

    // [pictures, …latent], or [pictures, draws, …latent].
    private static void RequireShape(string path, StoredTensor tensor, Shape latentShape, int count)
    {
        int[] shape = [.. tensor.Shape], latent = [.. latentShape];
        var before = shape.Length - latent.Length;
        if (before is not (1 or 2) || shape[0] < count || shape[1] < 1 || !shape.AsSpan(before).SequenceEqual(latent))
        {
            var (wanted, pictures) = (string.Join(", ", latent), count == 1 ? "picture" : "pictures");
            throw new WeightFileException(
                $"{path}: tensor {WeightFileException.Quote(tensor.Name)} is {tensor.Shape}; the noise of {count} {pictures} is "
                + $"[{count}, {wanted}], or with the noise of the steps [{count}, draws, {wanted}].");
        }
    }
}
