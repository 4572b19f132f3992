using Augur.Caching;
using Augur.Conditioning;
using Augur.Models;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>What the network sees of one sample in one call.</summary>
/// <param name="Latent">[1, channels, …]; its guidance rows see the same.</param>
/// <param name="Timestep">Model time.</param>
/// <param name="Conditions">Of each guidance row.</param>
/// <param name="Guidance">The guidance scale that the network is told; null: none.</param>
internal readonly record struct SampleInput(Tensor Latent, float Timestep, IReadOnlyList<EncodedCondition> Conditions, float? Guidance)
{
    /// <summary>Guidance rows.</summary>
    public int RowCount => Conditions.Count;

    /// <summary>The same, once it is seen that the network can read it.</summary>
    /// <param name="latent">Shape without the batch.</param>
    /// <exception cref="InvalidOperationException">The sampler's latent has another shape.</exception>
    /// <exception cref="ObjectDisposedException">The sampler's latent was released.</exception>
    public SampleInput Validated(Shape latent)
    {
        _ = Latent.Buffer; // throws if it was released
        return Latent.Shape == latent.OfOne() ? this
            : throw new InvalidOperationException($"The sampler's latent is {Latent.Shape}; the network reads {latent.OfOne()}.");
    }

    /// <summary>One batched call for several samples of equal maps: [rows, channels (twice, with a learned variance), …].</summary>
    /// <param name="network">The network.</param>
    /// <param name="map">Of every sample.</param>
    /// <param name="samples">Their inputs.</param>
    /// <param name="cuts">Blocks before which somebody may change his mind.</param>
    /// <param name="door">Answers for the features.</param>
    public static Tensor Predict(INetwork network, NetworkMap map, IReadOnlyList<SampleInput> samples, IReadOnlyList<int> cuts, IFeatureDoor door)
    {
        var latents = Tensor.Empty(network.Backend, samples[0].Latent.Shape.With(0, samples.Sum(s => s.RowCount)));
        var row = 0;
        foreach (var sample in samples)
        {
            for (var i = 0; i < sample.RowCount; i++)
            {
                latents.Rows(row++, 1).CopyFromInPlace(sample.Latent);
            }
        }

        float[] timesteps = [.. samples.SelectMany(s => Enumerable.Repeat(s.Timestep, s.RowCount))];
        return network.Predict(
            new NetworkInput(map, latents, timesteps, [.. samples.SelectMany(s => s.Conditions)])
            {
                Guidance = [.. samples.SelectMany(s => Enumerable.Repeat(s.Guidance, s.RowCount))],
                Parts = cuts.Count == 0 ? [map.Blocks] : map.PartsBetween(cuts),
            },
            door);
    }
}
