using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Flux;

/// <summary>What a modulation makes of a row's vector for one branch; each [rows, channels].</summary>
internal readonly record struct FluxModulation(Tensor Shift, Tensor Scale, Tensor Gate)
{
    /// <summary>The modulations of a block's branches, one or two.</summary>
    public static FluxModulation[] Of(Tensor vector, PackedLinear weight, int branches)
    {
        var m = vector.Linear(weight); // [rows, 3 · branches · channels]
        return [.. Enumerable.Range(0, branches).Select(i => new FluxModulation(
            m.Chunk(3 * i, 3 * branches), m.Chunk((3 * i) + 1, 3 * branches), m.Chunk((3 * i) + 2, 3 * branches)))];
    }

    /// <summary>The selected rows, of what is applied inside a branch; the gate stays outside.</summary>
    public FluxModulation Narrow(Selection at) => this with { Shift = at.NarrowRows(Shift), Scale = at.NarrowRows(Scale) };

    /// <summary>(1 + scale) · norm(h) + shift, h [rows, tokens, channels].</summary>
    public Tensor Apply(Tensor h) => h.ModulatedLayerNorm(Shift, Scale, FluxConfig.NormEpsilon);
}
