using Augur.Tensors;
using Augur.Tests.Networks;

namespace Augur.Tests.TextNetworks;

/// <summary>A small network that draws texts, with random weights, for the tables that hold for all of them.</summary>
public interface ITextNetwork : IContractNetwork
{
    /// <summary>The network.</summary>
    static abstract INetwork Network(IBackend backend);

    /// <summary>A text of that many tokens, its numbers made up from a seed, with another one to be compared with where guidance does.</summary>
    static abstract PromptEmbedding Text(int tokens, int seed = 0, float scale = 1);
}

/// <summary>What the small networks share.</summary>
internal static class TextNetwork
{
    /// <summary>Numbers made up from a seed.</summary>
    public static PromptEmbedding Text(int tokens, int channels, int seed, float scale) =>
        new([.. Enumerable.Range(0, tokens * channels).Select(i => scale * MathF.Sin((i * 12.9898f) + (seed * 78.233f)))], channels, []);

    /// <summary>Releases encoded conditions.</summary>
    public static void Release(IEnumerable<EncodedCondition> texts)
    {
        foreach (var text in texts)
        {
            text.Dispose();
        }
    }

    /// <summary>Latents whose numbers are made up.</summary>
    public static Tensor Latents(INetwork network, int rows)
    {
        var shape = network.LatentShape;
        return Tensor.From(
            network.Backend,
            [.. Enumerable.Range(0, rows * (int)shape.ElementCount).Select(i => MathF.Sin(i * 0.37f))],
            new Shape([rows, .. Enumerable.Range(0, shape.Rank).Select(axis => shape[axis])]));
    }
}
