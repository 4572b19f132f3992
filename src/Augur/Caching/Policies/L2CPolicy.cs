using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Which calls of a pair reuse.</summary>
public enum L2CPairs
{
    /// <summary>Calls come in pairs, and the second of each reuses (DiT). A router has a row for each call, counted from the cleanest.</summary>
    Second,

    /// <summary>
    /// A solver makes two calls a step; the first of each step but the first reuses what the last call of the step before made (U-ViT). A router has
    /// a row for each step, counted from pure noise; rows that the run does not reach are not used.
    /// </summary>
    Start,
}

/// <summary>Settings of <see cref="L2CPolicy"/>: a router, or a mask in its place.</summary>
public sealed record L2COptions
{
    /// <summary>A learned router: .pt or .pth as released, .safetensors or .json. A relative path begins at the current directory.</summary>
    [Setting("router", Values = "the path of a .pt, .pth, .safetensors or .json file", None = "none")]
    public string? Router { get; init; }

    /// <summary>
    /// A branch is computed where the sigmoid of the router's number is above this. The default is that of DiT-XL/2 at 256 pixels; at 512 pixels,
    /// and for U-ViT, 0.9 is published.
    /// </summary>
    [Setting("threshold", 0, 1)]
    public double Threshold { get; init => field = Setting.Checked(this, value); } = 0.1;

    /// <summary>A table that nothing was learned for, in place of a router: the control.</summary>
    [Setting("mask", Catalog = typeof(ReuseMask), None = "none")]
    public ReuseMask? Mask { get; init; }

    /// <summary>Which calls reuse. <see cref="L2CPairs.Start"/> is for a router.</summary>
    [Setting("pairs")]
    public L2CPairs Pairs { get; init; }

    internal static SettingList<L2COptions> Settings { get; } = new("Policy", "l2c");
}

/// <summary>
/// Learning-to-Cache (arXiv 2406.01733): every second call reuses, behind today's gates, those branches of the call directly before that a table
/// names. The table was learned beforehand (<c>augur fit l2c</c>) and depends on call and block alone, never on the sample.
/// </summary>
public sealed class L2CPolicy : CachePolicy<L2COptions>
{
    private readonly L2CRouter? _router;

    /// <summary>Reads the router, if there is one.</summary>
    /// <exception cref="ArgumentException">There are both a router and a mask.</exception>
    /// <exception cref="FileNotFoundException">There is no such router file.</exception>
    /// <exception cref="Tensors.Weights.WeightFileException">The file holds no router.</exception>
    public L2CPolicy(L2COptions? options = null)
        : base(L2COptions.Settings, options)
    {
        if (Options is { Router: not null, Mask: not null })
        {
            throw new ArgumentException($"Policy l2c: router={Options.Router} and mask={Options.Mask.Name} are two tables; give one.");
        }

        if (Options is { Mask: not null, Pairs: L2CPairs.Start })
        {
            throw new ArgumentException($"Policy l2c: pairs=start is for a router, not for mask={Options.Mask.Name}.");
        }

        _router = Options.Router is { } path ? L2CRouter.Load(path, Options.Pairs) : null;
    }

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) => new L2CMemory(TableFor(run.CallCount, ReuseTable.Require(run.Map).BlockCount), run);

    /// <summary>What the policy reuses in a run.</summary>
    /// <exception cref="ArgumentException">There is no table, or it is for another run.</exception>
    internal ReuseTable TableFor(int callCount, int depth)
    {
        if (_router is not null && Options.Pairs == L2CPairs.Start)
        {
            return _router.StartsAt(Options.Threshold, callCount, depth);
        }

        if (_router is not null && (_router.CallCount != callCount || _router.Depth != depth))
        {
            throw new ArgumentException(
                $"Policy l2c: the router {_router.Name} is for {_router.CallCount} calls of {_router.Depth} blocks; "
                + $"this run makes {callCount} calls of {depth} blocks.");
        }

        return _router?.TableAt(Options.Threshold) ?? Options.Mask?.For(callCount, depth)
            ?? throw new ArgumentException("Policy l2c has no table; give router=PATH, or mask=random or mask=uniform.");
    }
}
