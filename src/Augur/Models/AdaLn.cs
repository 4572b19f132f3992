using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models;

/// <summary>What a modulation makes of a row's condition for one branch (adaLN; Peebles and Xie, 2023, section 3.2); each [rows, channels].</summary>
internal readonly record struct AdaLn(Tensor Shift, Tensor Scale, Tensor Gate)
{
    /// <summary>Three neighbouring vectors of a modulation.</summary>
    /// <param name="modulation">[rows, vectors · channels].</param>
    /// <param name="first">Which vector is the shift; scale and gate follow.</param>
    /// <param name="vectors">How many vectors there are.</param>
    public static AdaLn Of(Tensor modulation, int first, int vectors) =>
        new(modulation.Chunk(first, vectors), modulation.Chunk(first + 1, vectors), modulation.Chunk(first + 2, vectors));

    /// <summary>The selected rows, of what is applied inside a branch; the gate stays outside.</summary>
    public AdaLn Narrow(Selection at) => at.Rows is null ? this : this with { Shift = at.NarrowRows(Shift), Scale = at.NarrowRows(Scale) };

    /// <summary>(1 + scale) · norm(h) + shift, h [rows, tokens, channels], for the next product to read.</summary>
    public Tensor Apply(Tensor h, float epsilon) => Apply(h, epsilon, h.ActivationType);

    /// <summary>The same in a type.</summary>
    public Tensor Apply(Tensor h, float epsilon, DType type) => h.ModulatedLayerNorm(Shift, Scale, epsilon, type);
}
