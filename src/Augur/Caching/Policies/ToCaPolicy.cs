using Augur.Caching.Tokens;
using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>When it is decided how much of a call is run.</summary>
public enum CycleEvaluation
{
    /// <summary>Once per call.</summary>
    Step,

    /// <summary>
    /// Again in every block, as released: where a full call sets an interval that does not divide its own step, its first block is full and the
    /// others are not.
    /// </summary>
    Block,
}

/// <summary>Published settings of <see cref="ToCaPolicy"/>.</summary>
public enum ToCaPreset
{
    /// <summary>DiT-XL/2, DDIM, 50 steps.</summary>
    Ddim50,

    /// <summary>DiT-XL/2, DDPM, 250 steps.</summary>
    Ddpm250,
}

/// <summary>Settings of <see cref="ToCaPolicy"/>; the defaults are the released ones for DiT-XL/2 with DDIM of 50 steps, decided once per call.</summary>
public record ToCaOptions : ToCaTokensOptions
{
    /// <summary>Whether a call is decided once or block by block. Default step; released: block.</summary>
    public CycleEvaluation Evaluate { get; init; }

    /// <summary>By what share cycles are longer at the beginning and shorter at the end (w), −0.9 to 0.9. Default 0.4.</summary>
    public double Stretch { get; init => field = Within(value, -0.9, 0.9); } = 0.4;

    /// <summary>Whether cycles are of two calls where 0.2 to 0.4 of the steps remain. Default true.</summary>
    public bool DenseZone { get; init; } = true;

    /// <summary>A published setting.</summary>
    public static ToCaOptions Released(ToCaPreset preset) => preset switch
    {
        ToCaPreset.Ddim50 => new() { Evaluate = CycleEvaluation.Block },
        _ => new() { Evaluate = CycleEvaluation.Block, Interval = 4, Schedule = FreshSchedule.Ddpm250 },
    };

    internal static IEnumerable<Setting<TOptions>> CycleSettings<TOptions>()
        where TOptions : ToCaOptions =>
    [
        Setting<TOptions>.Choice("evaluate", [("step", CycleEvaluation.Step), ("block", CycleEvaluation.Block)], o => o.Evaluate, (o, value) => o with { Evaluate = value }),
        Setting<TOptions>.Number("stretch", "a number between -0.9 and 0.9", o => o.Stretch, (o, value) => o with { Stretch = value }),
        Setting<TOptions>.Flag("dense_zone", o => o.DenseZone, (o, value) => o with { DenseZone = value }),
        .. Settings<TOptions>(),
    ];
}

/// <summary>
/// ToCa (arXiv 2410.05317): between full calls attention is reused, and the feed-forward branches are computed for the tokens that matter most.
/// </summary>
public sealed class ToCaPolicy(ToCaOptions? options = null) : CachePolicy<ToCaOptions>(Settings, options)
{
    internal static readonly SettingList<ToCaOptions> Settings = new(
        "Policy",
        "toca",
        [
            Setting<ToCaOptions>.Preset("none, ddim50 or ddpm250", ("ddim50", ToCaOptions.Released(ToCaPreset.Ddim50)), ("ddpm250", ToCaOptions.Released(ToCaPreset.Ddpm250))),
            .. ToCaOptions.CycleSettings<ToCaOptions>(),
        ]);

    /// <summary>The choice of tokens, where it is not to be what the settings say; for parity checks.</summary>
    internal ITokenSelector? Tokens { get; init; }

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) =>
        TokenCycleMemory.Open(Tokens ?? new ToCaTokens(Options), new TokenCycle(Options, alternates: false, run.CallCount), run, keepsStream: false);
}
