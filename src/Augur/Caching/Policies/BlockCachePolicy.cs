using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Of which tokens keys and values are kept while a block is written.</summary>
public enum BlockCacheKind
{
    /// <summary>Of those before the block.</summary>
    Prefix,

    /// <summary>Of those before and behind it.</summary>
    Dual,
}

/// <summary>Settings of <see cref="BlockCachePolicy"/>.</summary>
public sealed record BlockCacheOptions
{
    /// <summary>Of which tokens keys and values are kept while a block is written. Fast-dLLM recommends dual.</summary>
    [Setting("kind")]
    public BlockCacheKind Kind { get; init; } = BlockCacheKind.Dual;

    /// <summary>Calls of one block after which everything is computed again; none: only where a block begins, as published.</summary>
    [Setting("refresh", 1, 100000, Unit = "calls")]
    public int? Refresh { get; init => field = Setting.Checked(this, value); }
}

/// <summary>
/// The block caches of Fast-dLLM (arXiv 2505.22618) for masked diffusion language models that write in blocks: where a block begins everything is
/// computed, and until it is written only its own tokens are, against keys and values that were kept.
/// </summary>
public sealed class BlockCachePolicy(BlockCacheOptions? options = null) : CachePolicy<BlockCacheOptions>(Settings, options)
{
    internal static readonly SettingList<BlockCacheOptions> Settings = new("Policy", "block-cache");

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) => Options.Refresh == 1
        ? new UncachedMemory(note: null)
        : TextMemory.Open("block-cache", new Rule(Options, run), run, firstLayer: 0, new());

    /// <summary>Everything where a block begins, then the block.</summary>
    private sealed class Rule(BlockCacheOptions options, RunInfo run) : IRefreshRule
    {
        private (int First, int Count)? _block;
        private int _calls;

        public TokenChange Change => TokenChange.Values;

        public KeptValues Keep => KeptValues.All;

        public bool Chooses => false;

        public TokenRefresh At(NetworkCall call)
        {
            if (call.CallIndex == 0 || call.Focus is not { } block || block != _block || _calls == options.Refresh)
            {
                (_block, _calls) = (call.Focus, 1);
                return TokenRefresh.Everything;
            }

            _calls++;
            var response = TextMemory.Response(run.Map);
            var end = options.Kind == BlockCacheKind.Dual ? block.First + block.Count : response.Count;
            return new TokenRefresh(null, new(response.First + block.First, end - block.First), 0);
        }
    }
}
