using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>How scores become fewer tokens: the second part of every method that works on some tokens only. Immutable.</summary>
public interface ITokenReduction
{
    /// <summary>As the command line writes it, with the settings that differ from the defaults.</summary>
    string Name { get; }

    /// <summary>Whether it looks at nothing but scores and what the branch reads, so that it can reduce before attention.</summary>
    bool IsOfInput { get; }

    /// <summary>Whether groups' means stay, which attention alone can be computed for; otherwise tokens do.</summary>
    bool IsMerging { get; }

    /// <summary>The reductions of one sample, with nothing remembered yet.</summary>
    /// <param name="run">Its run.</param>
    /// <param name="share">Of the tokens that stay, 0 to 1.</param>
    /// <exception cref="ArgumentException">The network's tokens do not lie as is needed; the message names both.</exception>
    ITokenReducing Open(RunInfo run, double share);
}

/// <summary>Reduces the tokens of one sample.</summary>
public interface ITokenReducing : IDisposable
{
    /// <summary>Bytes kept.</summary>
    long ByteCount => 0;

    /// <summary>A call begins.</summary>
    void Begin(NetworkCall call)
    {
    }

    /// <summary>Whether it wants to see the feature that a computed call has at a site.</summary>
    bool Observes(Site site) => false;

    /// <summary>A feature that was asked for, [rows, tokens, channels]; valid during the call only.</summary>
    void Observe(Site site, Tensor feature)
    {
    }

    /// <summary>What stays of a branch's tokens.</summary>
    /// <param name="view">The branch.</param>
    /// <param name="scores">[rows · tokens], token fastest.</param>
    /// <param name="count">Tokens, or groups, that stay, at least 1; more where the method cannot do with so few.</param>
    TokenPlan Reduce(TokenView view, float[] scores, int count);
}
