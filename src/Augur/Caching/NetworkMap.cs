using System.Collections.Immutable;
using Augur.Tensors;

namespace Augur.Caching;

/// <summary>A site of a network, as it is for one row of a request.</summary>
/// <param name="Site">Its name.</param>
/// <param name="Input">What it reads: [tokens, channels]; of the whole network the stream that it makes of the latent.</param>
/// <param name="Feature">Its feature: [tokens, channels].</param>
/// <param name="FixedFlops">
/// FLOPs of running it whatever the number of tokens (keys and values, modulation), what lies inside it not counted; a multiply-add is 2.
/// </param>
/// <param name="FlopsPerToken">FLOPs that each token adds for which the feature is wanted.</param>
public sealed record NetworkSite(Site Site, Shape Input, Shape Feature, long FixedFlops, long FlopsPerToken)
{
    /// <summary>Signals that the network can measure here.</summary>
    public ImmutableArray<Signal> Signals { get; init; } = [];

    /// <summary>
    /// FLOPs, among those of a token, of each other token that it looks at; 0 where tokens do not look at each other. Tells what is saved where
    /// some tokens see each other only.
    /// </summary>
    public long FlopsPerPair { get; init; }

    /// <summary>FLOPs of running it for some of its tokens.</summary>
    public long Flops(int tokens) => FixedFlops + (tokens * FlopsPerToken);

    /// <summary>FLOPs of running it for some of its tokens that see each other only.</summary>
    public long ClosedFlops(int tokens) =>
        (FixedFlops * tokens / Math.Max(1, Feature[0])) + (tokens * (FlopsPerToken - ((Feature[0] - tokens) * FlopsPerPair)));

    /// <summary>FLOPs of running it for all of them.</summary>
    public long TotalFlops => Flops(Feature[0]);

    /// <inheritdoc/>
    public bool Equals(NetworkSite? other) => other is not null && Site == other.Site && Input == other.Input && Feature == other.Feature
        && FixedFlops == other.FixedFlops && FlopsPerToken == other.FlopsPerToken && FlopsPerPair == other.FlopsPerPair
        && Signals.SequenceEqual(other.Signals);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Site, Input, Feature, FixedFlops, FlopsPerToken);
}

/// <summary>A group of neighbouring tokens in the stream.</summary>
/// <param name="Group">Which; <see cref="TokenGroup.All"/> where the network knows no groups.</param>
/// <param name="First">Position of its first token in the stream of the blocks.</param>
/// <param name="Count">Tokens; of text, with what it is filled up by.</param>
/// <param name="Grid">How they lie, outermost axis first: [rows, columns] of a picture, [frames, rows, columns] of a video, [tokens] of text.</param>
public sealed record TokenRange(TokenGroup Group, int First, int Count, Shape Grid)
{
    /// <summary>For messages: "16 tokens of the image in a grid [4, 4]".</summary>
    public override string ToString() =>
        $"{Count} tokens{(Group == TokenGroup.All ? "" : $" of the {Group.ToString().ToLowerInvariant()}")} in a grid {Grid}";
}

/// <summary>
/// What a network is made of for one request, stated once before the run: its sites in the order in which they are reached, with shapes and FLOPs,
/// how its tokens lie, where it may be cut, which signals it offers. Policies, cost accounting and batching read nothing else; rows of equal maps
/// share dense calls. Immutable, equal by content.
/// </summary>
public sealed class NetworkMap : IEquatable<NetworkMap>
{
    private readonly Dictionary<Site, NetworkSite> _sites;
    private readonly Lazy<int> _hash;

    /// <summary>Checks that the parts fit each other.</summary>
    /// <param name="sites">In running order: a site before what lies inside it, the whole network first.</param>
    /// <param name="tokens">Groups of the stream, in its order, without gaps; at least one.</param>
    /// <param name="cuts">Blocks before which a span of blocks may be cut, ascending; none in networks whose blocks are no chain.</param>
    /// <param name="isLatentOutput">Which channels of the output are the latent's, the others a learned variance; null: all are.</param>
    /// <exception cref="ArgumentException">A site is named twice, there is no whole network, or groups leave gaps.</exception>
    public NetworkMap(IEnumerable<NetworkSite> sites, IEnumerable<TokenRange> tokens, IEnumerable<int> cuts, IEnumerable<bool>? isLatentOutput = null)
    {
        ArgumentNullException.ThrowIfNull(sites);
        (Sites, Tokens, Cuts, IsLatentOutput) = ([.. sites], [.. tokens], [.. cuts], [.. isLatentOutput ?? []]);
        _sites = [];
        foreach (var site in Sites)
        {
            if (!_sites.TryAdd(site.Site, site))
            {
                throw new ArgumentException($"NetworkMap: {site.Site} is named twice.", nameof(sites));
            }
        }

        if (!_sites.TryGetValue(Site.Output, out var whole))
        {
            throw new ArgumentException("NetworkMap: the whole network, Site.Output, is missing.", nameof(sites));
        }

        for (var i = 0; i < Tokens.Length; i++)
        {
            var begins = i == 0 ? 0 : Tokens[i - 1].First + Tokens[i - 1].Count;
            if (Tokens[i].First != begins || Tokens[i].Grid.ElementCount != Tokens[i].Count)
            {
                throw new ArgumentException($"NetworkMap: {Tokens[i]} begins at {begins} and lies in a grid of its own tokens.", nameof(tokens));
            }
        }

        BlockCount = Sites.Count(s => s.Site.Kind == SiteKind.Block);
        FlopsPerRow = Sites.Sum(s => s.TotalFlops);
        Output = whole.Feature;
        _hash = new(() => Sites.Aggregate(Sites.Length, HashCode.Combine));
    }

    /// <summary>In running order: a site before what lies inside it.</summary>
    public ImmutableArray<NetworkSite> Sites { get; }

    /// <summary>Groups of the stream, in its order.</summary>
    public ImmutableArray<TokenRange> Tokens { get; }

    /// <summary>Blocks before which a span of blocks may be cut, ascending.</summary>
    public ImmutableArray<int> Cuts { get; }

    /// <summary>Which channels of the output are the latent's, the others a learned variance; empty: all are.</summary>
    public ImmutableArray<bool> IsLatentOutput { get; }

    /// <summary>Share of the output's channels that are the latent's; 1 without a learned variance.</summary>
    public double LatentShare => IsLatentOutput.IsEmpty ? 1 : IsLatentOutput.Count(isLatent => isLatent) / (double)IsLatentOutput.Length;

    /// <summary>Whether a channel of the output is the latent's.</summary>
    public bool IsOfLatent(int output) => IsLatentOutput.IsEmpty || IsLatentOutput[output];

    /// <summary>
    /// For each row of an output [rows, tokens, outputs] a factor of the latent's channels and one of the variance's: [rows, outputs].
    /// </summary>
    internal Tensor OutputGate(Tensor like, float latent, float variance)
    {
        float[] row = [.. Enumerable.Range(0, Output[1]).Select(output => IsOfLatent(output) ? latent : variance)];
        return Tensor.From(like.Backend, [.. Enumerable.Repeat(row, like.Shape[0]).SelectMany(r => r)], [like.Shape[0], Output[1]]);
    }

    /// <summary>Transformer blocks; 0 in networks without.</summary>
    public int BlockCount { get; }

    /// <summary>The network's output before it is unfolded to a latent, one row: [tokens, outputs].</summary>
    public Shape Output { get; }

    /// <summary>FLOPs of one row of a full call; a multiply-add is 2.</summary>
    public long FlopsPerRow { get; }

    /// <summary>Whether the blocks are a chain through which one stream passes, so that spans of them can be reused.</summary>
    public bool IsChain => Has(Blocks);

    /// <summary>Whether it is a U-Net, whose levels lie inside each other.</summary>
    public bool HasLevels => Has(Site.Level(0));

    /// <summary>The span of all blocks.</summary>
    public Site Blocks => Site.Span(0, BlockCount);

    /// <summary>The last block.</summary>
    public Site LastBlock => Site.Block(BlockCount - 1);

    /// <summary>The residual stream of the blocks, one row: [tokens, channels].</summary>
    /// <exception cref="InvalidOperationException">The blocks are no chain.</exception>
    public Shape Stream => this[Blocks].Feature;

    /// <summary>The residual branches, in the order in which they are passed.</summary>
    public IEnumerable<NetworkSite> Branches => Sites.Where(s => s.Site.IsBranch);

    /// <summary>A site.</summary>
    /// <exception cref="InvalidOperationException">The network has none of that name.</exception>
    public NetworkSite this[Site site] =>
        _sites.TryGetValue(site, out var found) ? found : throw new InvalidOperationException($"The network has no {site}.");

    /// <summary>Whether the network has a site of that name.</summary>
    public bool Has(Site site) => _sites.ContainsKey(site);

    /// <summary>Whether a signal can be measured at a site.</summary>
    public bool Offers(Site site, Signal signal) => _sites.TryGetValue(site, out var found) && found.Signals.Contains(signal);

    /// <summary>FLOPs that running a site costs for one row, what lies inside it not counted; 0 for spans that merely group blocks.</summary>
    /// <param name="site">Where.</param>
    /// <param name="tokens">Tokens that the feature is wanted for, at most as many as it has; null: all that it has.</param>
    /// <param name="isClosed">Whether these tokens see each other only.</param>
    public long FlopsOf(Site site, int? tokens, bool isClosed = false)
    {
        if (!_sites.TryGetValue(site, out var found))
        {
            return 0;
        }

        var count = Math.Min(tokens ?? found.Feature[0], found.Feature[0]);
        return isClosed ? found.ClosedFlops(count) : found.Flops(count);
    }

    /// <summary>How the tokens of a branch lie: those of its group, or of the picture where it has all.</summary>
    public TokenRange TokensOf(Site site) =>
        Tokens.FirstOrDefault(t => t.Group == site.Group) ?? Tokens.FirstOrDefault(t => t.Group == TokenGroup.Image) ?? Tokens[0];

    /// <summary>The spans in which the blocks are run between the given cuts; the span of all where there are none.</summary>
    /// <exception cref="InvalidOperationException">The network cannot be cut there.</exception>
    public IReadOnlyList<Site> PartsBetween(IEnumerable<int> cuts)
    {
        int[] inside = [.. cuts.Where(c => c > 0 && c < BlockCount).Distinct().Order()];
        return Array.Find(inside, c => !Cuts.Contains(c)) is not 0 and var wrong
            ? throw new InvalidOperationException($"The network cannot be cut before block {wrong}.")
            : [.. inside.Prepend(0).Zip(inside.Append(BlockCount), (from, to) => Site.Span(from, to - from))];
    }

    /// <summary>The map, if its blocks are a chain.</summary>
    /// <param name="who">Who needs it, for the message: "Policy speca".</param>
    /// <exception cref="ArgumentException">They are none.</exception>
    public NetworkMap RequireChain(string who) =>
        IsChain ? this : throw new ArgumentException($"{who} works on a chain of blocks, and this network's blocks are none.");

    /// <summary>The map, if its blocks are a chain or its levels lie inside each other, so that a part can be computed without the others.</summary>
    /// <param name="who">Who needs it, for the message.</param>
    /// <exception cref="ArgumentException">Neither.</exception>
    public NetworkMap RequireChainOrLevels(string who) => HasLevels ? this : RequireChain(who);

    /// <summary>Refuses a network that does not offer a signal.</summary>
    /// <param name="who">Who needs it.</param>
    /// <param name="site">Where.</param>
    /// <param name="signal">What.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public void RequireSignal(string who, Site site, Signal signal)
    {
        if (!Offers(site, signal))
        {
            throw new ArgumentException($"{who} steers by {signal}, which this network does not offer.");
        }
    }

    /// <inheritdoc/>
    public bool Equals(NetworkMap? other) => ReferenceEquals(this, other)
        || (other is not null && _hash.Value == other._hash.Value && Sites.SequenceEqual(other.Sites)
            && Tokens.SequenceEqual(other.Tokens) && Cuts.SequenceEqual(other.Cuts)
            && IsLatentOutput.SequenceEqual(other.IsLatentOutput));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetworkMap);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash.Value;
}
