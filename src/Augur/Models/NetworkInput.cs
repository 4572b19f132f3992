using Augur.Caching;
using Augur.Conditioning;
using Augur.Tensors;

namespace Augur.Models;

/// <summary>What a network sees in one batched call. Lists have one entry per row.</summary>
/// <param name="Map">Of every row.</param>
/// <param name="Latents">[batch, channels, …].</param>
/// <param name="Timesteps">Model time.</param>
/// <param name="Conditions">As the network encoded them.</param>
public sealed record NetworkInput(NetworkMap Map, Tensor Latents, IReadOnlyList<float> Timesteps, IReadOnlyList<EncodedCondition> Conditions)
{
    /// <summary>The guidance scale that a row is told; null: none.</summary>
    public IReadOnlyList<float?> Guidance { get; init; } = [];

    /// <summary>The spans in which the blocks are run; the span of all unless somebody may change his mind between blocks.</summary>
    public IReadOnlyList<Site> Parts { get; init; } = [Map.Blocks];

    /// <summary>An input of classes, for networks that are conditioned on these.</summary>
    /// <param name="network">Whose.</param>
    /// <param name="latents">[batch, channels, …].</param>
    /// <param name="timesteps">Model time of each row.</param>
    /// <param name="labels">Class of each row.</param>
    public static NetworkInput OfClasses(INetwork network, Tensor latents, IReadOnlyList<float> timesteps, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(latents);
        ArgumentNullException.ThrowIfNull(labels);
        var rows = network.Encode([.. labels.Select(Condition.Class)]);
        var latent = latents.Shape.Rank == 0 ? latents.Shape
            : new Shape([.. Enumerable.Range(1, latents.Shape.Rank - 1).Select(axis => latents.Shape[axis])]);
        return new NetworkInput(network.Describe(latent, rows), latents, timesteps, rows);
    }
}
