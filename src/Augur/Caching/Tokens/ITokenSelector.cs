using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>A rule that picks the tokens which a drafted call computes all the same: immutable, shared by all samples.</summary>
public interface ITokenSelector
{
    /// <summary>As the command line writes it, with the settings that differ from the defaults.</summary>
    string Name { get; }

    /// <summary>What the rule remembers of one sample, with nothing remembered yet.</summary>
    /// <exception cref="ArgumentException">The settings do not fit the run; the message names both.</exception>
    ITokenSelection Open(RunInfo run);
}

/// <summary>What a token selector remembers of one sample, and how it picks for it.</summary>
public interface ITokenSelection : IDisposable
{
    /// <summary>Bytes kept.</summary>
    long ByteCount { get; }

    /// <summary>A call begins.</summary>
    /// <param name="call">Which.</param>
    /// <param name="isDraft">Whether it is drafted, with some tokens computed; otherwise it is computed in full.</param>
    void Begin(NetworkCall call, bool isDraft);

    /// <summary>Whether the rule wants to see the feature that a computed call has at a site.</summary>
    bool Observes(Site site) => false;

    /// <summary>A feature that was asked for, [rows, tokens, channels]; valid during the call only.</summary>
    void Observe(Site site, Tensor feature)
    {
    }

    /// <summary>The signal that the rule steers by at a site that is computed; null: none.</summary>
    Signal? Hears(Site site) => null;

    /// <summary>That signal, for this sample's rows; valid during the call only.</summary>
    void Hear(Site site, Tensor signal)
    {
    }

    /// <summary>The same where some tokens of the site are computed. Default: it is not listened to.</summary>
    /// <param name="site">A branch that <see cref="Refreshes"/>.</param>
    /// <param name="tokens">What <see cref="Select"/> gave, [rows, k].</param>
    /// <param name="signal">Of these tokens, for this sample's rows; valid during the call only.</param>
    void Hear(Site site, IndexTable tokens, Tensor signal)
    {
    }

    /// <summary>Whether tokens of this branch are computed in a drafted call. Default: of the feed-forward branches.</summary>
    bool Refreshes(Site site) => site.Kind == SiteKind.Mlp;

    /// <summary>
    /// Whether a computed token is kept such that its forecast in this call is what was computed. Default: it takes the place of the last computed
    /// call's, and the forecast's differences are added to it as to that.
    /// </summary>
    bool MeetsComputed => false;

    /// <summary>The tokens to compute, [rows, k]; one that is repeated is computed as often. Null: none.</summary>
    /// <param name="site">A branch that <see cref="Refreshes"/>.</param>
    /// <param name="input">What the branch reads, [rows, tokens, channels].</param>
    /// <param name="kept">The branch's output as it is kept, [rows, tokens, channels].</param>
    IndexTable? Select(Site site, Tensor input, Tensor kept);

    /// <summary>Puts the computed tokens into what is kept. Default: each in its place.</summary>
    /// <param name="site">The branch.</param>
    /// <param name="kept">Its output as it is kept, [rows, tokens, channels]; written to.</param>
    /// <param name="tokens">What <see cref="Select"/> gave, [rows, k].</param>
    /// <param name="fresh">Computed, [rows, k, channels].</param>
    void Merge(Site site, Tensor kept, IndexTable tokens, Tensor fresh) => kept.NotNull().ScatterTokensInPlace(tokens, fresh);
}
