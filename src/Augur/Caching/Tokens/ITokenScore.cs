using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>How tokens are scored: the first of the three parts of every method that works on some tokens only. Immutable.</summary>
public interface ITokenScore
{
    /// <summary>As the command line writes it, with the settings that differ from the defaults.</summary>
    string Name { get; }

    /// <summary>Whether it looks at nothing but what the branch reads and what the network answered, so that it can score before attention.</summary>
    bool IsOfInput { get; }

    /// <summary>The scores of one sample, with nothing remembered yet.</summary>
    /// <exception cref="ArgumentException">The network does not offer what is looked at; the message names both.</exception>
    ITokenScoring Open(RunInfo run);
}

/// <summary>Scores the tokens of one sample.</summary>
public interface ITokenScoring : IDisposable
{
    /// <summary>Bytes kept.</summary>
    long ByteCount => 0;

    /// <summary>Whether it wants to see the feature that a computed call has at a site.</summary>
    bool Observes(Site site) => false;

    /// <summary>A feature that was asked for, [rows, tokens, channels]; valid during the call only.</summary>
    void Observe(Site site, Tensor feature)
    {
    }

    /// <summary>The signal that it is formed from, at a site that is computed; null: none.</summary>
    Signal? Hears(Site site) => null;

    /// <summary>That signal, for this sample's rows; valid during the call only.</summary>
    void Hear(Site site, Tensor signal)
    {
    }

    /// <summary>The same where the site is computed for some tokens.</summary>
    /// <param name="site">Where.</param>
    /// <param name="tokens">Which, [rows, k].</param>
    /// <param name="signal">Of these.</param>
    void Hear(Site site, IndexTable tokens, Tensor signal)
    {
    }

    /// <summary>The score of each token, the larger the more it matters: [rows · tokens], token fastest.</summary>
    float[] Of(TokenView view);

    /// <summary>Which tokens of the branch were computed in this call, [rows, k]; null: none.</summary>
    void Chose(TokenView view, IndexTable? tokens)
    {
    }
}
