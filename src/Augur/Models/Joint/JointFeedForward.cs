using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.Joint;

/// <summary>The first half of a feed-forward: GELU of one map, or SiLU(gate) ⊙ value, where one map gives both, the gate first.</summary>
internal sealed record JointHidden(PackedLinear Map, bool IsGated) : IDisposable
{
    /// <summary>[rows, tokens, channels] → [rows, tokens, hidden], for the next product to read.</summary>
    public Tensor Apply(Tensor h)
    {
        if (!IsGated)
        {
            return h.Linear(Map, new(Activation.GeluTanh), h.ActivationType);
        }

        var both = h.Linear(Map, default, h.ActivationType); // [rows, tokens, 2 · hidden]
        return both.Chunk(1, 2).TimesActivated(both.Chunk(0, 2), Activation.Silu, h.ActivationType);
    }

    public void Dispose() => Map.Dispose();
}

/// <summary>A feed-forward branch.</summary>
internal sealed record JointFeedForward(JointHidden Hidden, PackedLinear Output) : IDisposable
{
    /// <summary>[rows, tokens, channels], both.</summary>
    public Tensor Apply(Tensor h) => Hidden.Apply(h).Linear(Output);

    public void Dispose()
    {
        Hidden.Dispose();
        Output.Dispose();
    }
}

/// <summary>Two linear maps with an activation between them, SiLU for vectors, as everything that conditions a network passes them.</summary>
internal sealed record JointEmbedder(PackedLinear First, PackedLinear Second, Activation Activation = Activation.Silu) : IDisposable
{
    /// <summary>Reads one, whose output is as wide as what lies between the maps.</summary>
    /// <param name="root">Where.</param>
    /// <param name="first">Name of the first map, <paramref name="inputs"/> → <paramref name="width"/>.</param>
    /// <param name="second">Name of the second.</param>
    /// <param name="width">Channels of the output.</param>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="activation">Between them.</param>
    public static JointEmbedder Read(
        WeightScope root, string first, string second, int width, int inputs, Activation activation = Activation.Silu) =>
        new(root.Linear(first, width, inputs), root.Linear(second, width, width), activation);

    /// <summary>[rows, …, inputs] → [rows, …, channels].</summary>
    public Tensor Apply(Tensor x) => x.Linear(First, Activation).Linear(Second);

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}

/// <summary>What blocks of a joint stream share.</summary>
/// <param name="Channels">Of the stream.</param>
/// <param name="Heads">Of attention.</param>
/// <param name="Epsilon">Of every norm.</param>
internal readonly record struct JointSizes(int Channels, int Heads, float Epsilon);
