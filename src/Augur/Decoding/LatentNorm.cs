using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Decoding;

/// <summary>
/// What stands between an autoencoder's latents and those of a model that has squares of 2×2 cells for cells, each channel normalised by the
/// statistics of a batch norm (FLUX.2).
/// </summary>
internal sealed class LatentNorm : IDisposable
{
    /// <summary>Where its statistics stand in a checkpoint.</summary>
    public const string Name = "bn";

    private const int Side = 2;
    private readonly PackedLinear _into;
    private readonly PackedLinear _back;

    private LatentNorm(PackedLinear into, PackedLinear back) => (_into, _back) = (into, back);

    /// <summary>Reads the statistics.</summary>
    /// <param name="scope">At the autoencoder's root.</param>
    /// <param name="channels">Of the autoencoder's latents.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <exception cref="WeightFileException">They are missing, or a variance is negative.</exception>
    public static LatentNorm Read(WeightScope scope, int channels, float epsilon)
    {
        Shape shape = [channels * Side * Side];
        using var mean = scope.SingleTensor($"{Name}.running_mean", shape);
        using var variance = scope.SingleTensor($"{Name}.running_var", shape);
        scope.Ignore($"{Name}.num_batches_tracked");
        var (means, deviations) = (mean.ToArray(), Array.ConvertAll(variance.ToArray(), v => MathF.Sqrt(v + epsilon)));
        if (deviations.Any(d => !(d > 0)))
        {
            throw new WeightFileException($"{scope.Checkpoint.Path}: '{Name}.running_var' has an element that is no variance.");
        }

        return new(
            LatentScale.Of(scope.Backend, [.. deviations.Select(d => 1 / d)], [.. means.Zip(deviations, (m, d) => -m / d)]),
            LatentScale.Of(scope.Backend, deviations, means));
    }

    /// <summary>The network's latents [batch, channels, height, width] as a model's, [batch, 4 · channels, height / 2, width / 2].</summary>
    public Tensor Into(Tensor latents)
    {
        int batch = latents.Shape[0], channels = latents.Shape[1], height = latents.Shape[2] / Side, width = latents.Shape[3] / Side;
        return latents.Slice(2, 0, height * Side).Slice(3, 0, width * Side).Reshape([batch, channels, height, Side, width, Side])
            .Permute(0, 2, 4, 1, 3, 5) // [batch, height, width, channels, 2, 2]
            .Reshape([batch, height, width, channels * Side * Side])
            .Linear(_into).Permute(0, 3, 1, 2);
    }

    /// <summary>The way back.</summary>
    public Tensor Back(Tensor latents)
    {
        int batch = latents.Shape[0], channels = latents.Shape[1] / (Side * Side), height = latents.Shape[2], width = latents.Shape[3];
        return latents.Permute(0, 2, 3, 1).Linear(_back).Reshape([batch, height, width, channels, Side, Side])
            .Permute(0, 3, 1, 4, 2, 5) // [batch, channels, height, 2, width, 2]
            .Reshape([batch, channels, height * Side, width * Side]);
    }

    public void Dispose()
    {
        _into.Dispose();
        _back.Dispose();
    }
}
