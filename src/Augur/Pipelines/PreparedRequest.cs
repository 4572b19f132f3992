using Augur.Caching;
using Augur.Conditioning;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>What a request takes of the network: its guidance rows with their encoded conditions, its latent, its map.</summary>
/// <param name="Rows">Guidance rows.</param>
/// <param name="Conditions">Encoded, one per row.</param>
/// <param name="Latent">Shape of the latent without the batch.</param>
/// <param name="Map">Of the network for this request.</param>
/// <param name="GiveBack">Gives the conditions back.</param>
internal sealed record PreparedRequest(GuidedRows Rows, IReadOnlyList<EncodedCondition> Conditions, Shape Latent, NetworkMap Map, Action GiveBack)
    : IDisposable
{
    /// <summary>The conditions are not used any more.</summary>
    public void Dispose() => GiveBack();
}
