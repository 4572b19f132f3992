namespace Augur.Caching;

/// <summary>What kind of feature a site's output is, from the outermost level inwards.</summary>
public enum SiteKind
{
    /// <summary>The whole network: embedded tokens in, output before it is unfolded to a latent out.</summary>
    Output,

    /// <summary>All blocks, or a span of them: residual stream in, residual stream out.</summary>
    Span,

    /// <summary>One transformer block: residual stream in, residual stream out.</summary>
    Block,

    /// <summary>Self-attention branch, before its gate.</summary>
    Attention,

    /// <summary>Cross-attention branch, before its gate.</summary>
    CrossAttention,

    /// <summary>Feed-forward branch, before its gate.</summary>
    Mlp,

    /// <summary>The fused output projection of a single-stream block, before its gate.</summary>
    Fused,

    /// <summary>A level of a U-Net with all levels below it: what goes down in, what comes back up out; its skip connection passes it by.</summary>
    Level,

    /// <summary>The layer of a U-Net on the way down that makes a skip connection: the connection around it in, its own out.</summary>
    Down,

    /// <summary>The keys of an attention: normalised stream in, keys out.</summary>
    Keys,

    /// <summary>The values of an attention: normalised stream in, values out.</summary>
    Values,

    /// <summary>
    /// Shift, scale and gate of each branch of a block in turn, in joint streams whose blocks have modulations of their own: the vector of the
    /// timestep in, one token for each time at which the group's tokens stand, 3 · branches · channels out.
    /// </summary>
    Modulation,

    /// <summary>
    /// A further attention branch of a block, which reads what the first one reads, before its gate: of the picture to itself beside the joint one
    /// (SD3.5-medium).
    /// </summary>
    SecondAttention,

    /// <summary>
    /// What queries read of an attention's keys and values, mapped to the stream: inside an attention branch, behind its keys and values, so that
    /// these can decide for which tokens it is computed.
    /// </summary>
    Attended,

    /// <summary>A part of a fused branch: what its attention gives; normalised stream in.</summary>
    FusedAttention,

    /// <summary>A part of a fused branch: the hidden layer of its feed-forward half; normalised stream in.</summary>
    Hidden,

    /// <summary>A part of a fused branch: its output projection; what is attended and hidden side by side in, the branch out.</summary>
    Projected,
}

/// <summary>Which tokens of a joint sequence, in networks that keep image and text apart.</summary>
public enum TokenGroup
{
    /// <summary>Every token.</summary>
    All,

    /// <summary>The tokens of what is drawn or written: a picture's, a video's, a response's.</summary>
    Image,

    /// <summary>The prompt's tokens.</summary>
    Text,
}

/// <summary>A named place in the network whose output, a feature, may be computed, reused or forecast.</summary>
/// <param name="Kind">Level and kind of the feature.</param>
/// <param name="Layer">
/// Running number of the (first) block over the whole network, the last block being the number of blocks − 1; of a level, how deep it lies.
/// </param>
/// <param name="Group">Which tokens, in networks with two streams.</param>
/// <param name="Count">Blocks that a span covers; 1 elsewhere.</param>
public readonly record struct Site(SiteKind Kind, int Layer, TokenGroup Group = TokenGroup.All, int Count = 1)
{
    /// <summary>Whether the feature is added to the residual stream through a gate.</summary>
    public bool IsBranch => Kind
        is SiteKind.Attention or SiteKind.SecondAttention or SiteKind.CrossAttention or SiteKind.Mlp or SiteKind.Fused;

    /// <summary>Whether it is a part of a fused branch. Parts are asked for where the branch is run for all tokens.</summary>
    public bool IsPart => Kind is SiteKind.FusedAttention or SiteKind.Hidden or SiteKind.Projected;

    /// <summary>
    /// Whether the feature can be computed for some tokens alone: branches and most of their parts, keys, values, what is read of them, modulations.
    /// </summary>
    public bool IsTokenwise => IsBranch
        || Kind is SiteKind.Keys or SiteKind.Values or SiteKind.Attended or SiteKind.Modulation or SiteKind.Hidden or SiteKind.Projected;

    /// <summary>The whole network.</summary>
    public static Site Output { get; } = new(SiteKind.Output, 0);

    /// <summary>The <paramref name="count"/> blocks from <paramref name="layer"/> on.</summary>
    public static Site Span(int layer, int count) => new(SiteKind.Span, layer, Count: count);

    /// <summary>One whole block.</summary>
    public static Site Block(int layer) => new(SiteKind.Block, layer);

    /// <summary>The self-attention branch of a block.</summary>
    public static Site Attention(int layer, TokenGroup group = TokenGroup.All) => new(SiteKind.Attention, layer, group);

    /// <summary>The cross-attention branch of a block.</summary>
    public static Site CrossAttention(int layer, TokenGroup group = TokenGroup.All) => new(SiteKind.CrossAttention, layer, group);

    /// <summary>The further attention branch of a block.</summary>
    public static Site SecondAttention(int layer, TokenGroup group = TokenGroup.All) => new(SiteKind.SecondAttention, layer, group);

    /// <summary>The fused branch of a single-stream block.</summary>
    public static Site Fused(int layer) => new(SiteKind.Fused, layer);

    /// <summary>What the attention of a fused branch gives.</summary>
    public static Site FusedAttention(int layer) => new(SiteKind.FusedAttention, layer);

    /// <summary>The hidden layer of a fused branch.</summary>
    public static Site Hidden(int layer) => new(SiteKind.Hidden, layer);

    /// <summary>The output projection of a fused branch.</summary>
    public static Site Projected(int layer) => new(SiteKind.Projected, layer);

    /// <summary>The modulations of a block's branches.</summary>
    public static Site Modulation(int layer, TokenGroup group = TokenGroup.All) => new(SiteKind.Modulation, layer, group);

    /// <summary>A level of a U-Net, 0 the outermost.</summary>
    public static Site Level(int depth) => new(SiteKind.Level, depth);

    /// <summary>The layer of a U-Net that makes a skip connection on the way down, numbered as its level, from 1.</summary>
    public static Site Down(int depth) => new(SiteKind.Down, depth);

    /// <summary>The keys of a block's attention.</summary>
    public static Site Keys(int layer, TokenGroup group = TokenGroup.All) => new(SiteKind.Keys, layer, group);

    /// <summary>The values of a block's attention.</summary>
    public static Site Values(int layer, TokenGroup group = TokenGroup.All) => new(SiteKind.Values, layer, group);

    /// <summary>What a block's attention reads of its keys and values.</summary>
    public static Site Attended(int layer, TokenGroup group = TokenGroup.All) => new(SiteKind.Attended, layer, group);

    /// <summary>The feed-forward branch of a block.</summary>
    public static Site Mlp(int layer, TokenGroup group = TokenGroup.All) => new(SiteKind.Mlp, layer, group);
}
