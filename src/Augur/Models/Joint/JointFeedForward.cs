using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>The first half of a feed-forward: GELU of one map, or SiLU(gate) ⊙ value, where one map gives both, the gate first.</summary>
internal sealed record JointHidden(PackedLinear Map, bool IsGated) : IDisposable
{
    /// <summary>[rows, tokens, channels] → [rows, tokens, hidden].</summary>
    public Tensor Apply(Tensor h)
    {
        if (!IsGated)
        {
            return h.Linear(Map, Activation.GeluTanh);
        }

        var both = h.Linear(Map); // [rows, tokens, 2 · hidden]
        return both.Chunk(1, 2).TimesActivated(both.Chunk(0, 2), Activation.Silu);
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

/// <summary>Two linear maps with SiLU between them, as every conditioning vector passes them.</summary>
internal sealed record JointEmbedder(PackedLinear First, PackedLinear Second) : IDisposable
{
    /// <summary>[rows, inputs] → [rows, channels].</summary>
    public Tensor Apply(Tensor x) => x.Linear(First, Activation.Silu).Linear(Second);

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
