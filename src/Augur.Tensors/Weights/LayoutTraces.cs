namespace Augur.Tensors.Weights;

/// <summary>What the linear maps of a network are made of, in its own checkpoint and in every layout in which it was published.</summary>
/// <param name="Own">In the checkpoint.</param>
/// <param name="Known">In every layout, without prefixes.</param>
public sealed record LayoutTraces(WeightTrace Own, IReadOnlyList<WeightTrace> Known)
{
    /// <summary>Those of a checkpoint whose own layout is one of the known.</summary>
    /// <param name="own">Its place among them.</param>
    /// <param name="known">All.</param>
    public static LayoutTraces At(int own, params WeightTrace[] known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return new(known[own], known);
    }
}
