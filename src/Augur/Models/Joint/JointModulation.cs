using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>What a modulation makes of a row's vector for one branch; each [rows, channels].</summary>
internal sealed record JointModulation(Tensor Shift, Tensor Scale, Tensor Gate)
{
    /// <summary>Tokens from a position of the group on that are modulated otherwise (pictures that are referred to); null: all are alike.</summary>
    public (int From, JointModulation Modulation)? Later { get; init; }

    /// <summary>The modulations of a block's branches, one or two.</summary>
    /// <param name="vector">Of each row.</param>
    /// <param name="weight">The block's map.</param>
    /// <param name="branches">How many.</param>
    public static JointModulation[] Of(ConditionVector vector, PackedLinear weight, int branches) => Of(vector.Linear(weight), branches);

    /// <summary>The same of what the map gave.</summary>
    /// <param name="m">[rows, 3 · branches · channels].</param>
    /// <param name="branches">How many.</param>
    public static JointModulation[] Of(Tensor m, int branches)
    {
        return [.. Enumerable.Range(0, branches).Select(i => new JointModulation(
            m.Chunk(3 * i, 3 * branches), m.Chunk((3 * i) + 1, 3 * branches), m.Chunk((3 * i) + 2, 3 * branches)))];
    }

    /// <summary>The selected rows, of what is applied inside a branch; the gate stays outside.</summary>
    public JointModulation Inside(Selection at) => this with
    {
        Shift = at.NarrowRows(Shift),
        Scale = at.NarrowRows(Scale),
        Later = Later is { } later ? (later.From, later.Modulation.Inside(at)) : null,
    };

    /// <summary>The selected rows, with their gates.</summary>
    public JointModulation Narrow(Selection at) => new(at.NarrowRows(Shift), at.NarrowRows(Scale), at.NarrowRows(Gate));

    /// <summary>(1 + scale) · norm(h) + shift, of all tokens of the group, for the next product to read: h [rows, tokens, channels].</summary>
    public Tensor Apply(Tensor h, float epsilon) => Apply(h, epsilon, h.ActivationType);

    /// <summary>The same in a type.</summary>
    public Tensor Apply(Tensor h, float epsilon, DType type) => Later is not { } later ? h.ModulatedLayerNorm(Shift, Scale, epsilon, type)
        : Tensor.Concatenate(
            [
                h.Slice(1, 0, later.From).ModulatedLayerNorm(Shift, Scale, epsilon, type),
                later.Modulation.Apply(h.Slice(1, later.From, h.Shape[1] - later.From), epsilon, type),
            ],
            1);

    /// <summary>The same for the wanted tokens only: [rows, tokens or k, channels].</summary>
    public Tensor Apply(Tensor h, Selection at, float epsilon) =>
        Later is null ? Apply(at.NarrowTokens(h), epsilon) : at.NarrowTokens(Apply(h, epsilon));

    /// <summary>stream + gate ⊙ feature, of all tokens of the group.</summary>
    public Tensor AddTo(Tensor stream, Feature feature)
    {
        if (Later is not { } later)
        {
            return stream.AddGated(Gate, feature);
        }

        var (whole, rest) = (feature.ToTensor(), stream.Shape[1] - later.From);
        return Tensor.Concatenate(
            [
                stream.Slice(1, 0, later.From).AddGated(Gate, whole.Slice(1, 0, later.From)),
                stream.Slice(1, later.From, rest).AddGated(later.Modulation.Gate, whole.Slice(1, later.From, rest)),
            ],
            1);
    }
}

/// <summary>Modulations that all blocks share, for networks whose blocks have none of their own.</summary>
/// <param name="Image">Of the picture's two branches in double blocks.</param>
/// <param name="Text">Of the text's.</param>
/// <param name="Single">Of single blocks.</param>
internal sealed record SharedModulation(JointModulation[] Image, JointModulation[] Text, JointModulation Single)
{
    /// <summary>The selected rows.</summary>
    public SharedModulation Narrow(Selection at) =>
        new(Array.ConvertAll(Image, m => m.Narrow(at)), Array.ConvertAll(Text, m => m.Narrow(at)), Single.Narrow(at));
}
