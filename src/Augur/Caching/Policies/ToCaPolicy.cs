using Augur.Caching.Tokens;
using Augur.Notation;

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

    /// <summary>PixArt-α, DPM-Solver++, 20 steps.</summary>
    [Word("pixart")]
    PixArt,

    /// <summary>FLUX.1-dev, 50 steps.</summary>
    Flux,
}

/// <summary>
/// Settings of <see cref="ToCaPolicy"/>; the defaults are the released ones for DiT-XL/2 with DDIM of 50 steps, decided once per call.
/// </summary>
public record ToCaOptions : ToCaTokensOptions
{
    /// <summary>Whether it is decided once per call or in every block how much of it is run. Released: block.</summary>
    [Setting("evaluate")]
    public CycleEvaluation Evaluate { get; init; }

    /// <summary>
    /// Calls at the beginning that are full. Behind several of them cycles are counted from the last full call, otherwise by steps. Released for
    /// FLUX: 3.
    /// </summary>
    [Setting("warmup", 1, 1000, Unit = "calls")]
    public int Warmup { get; init => field = Setting.Checked(this, value); } = 1;

    /// <summary>By what share cycles are longer at the beginning of the run and shorter at its end (the paper's w).</summary>
    [Setting("stretch", -0.9, 0.9)]
    public double Stretch { get; init => field = Setting.Checked(this, value); } = 0.4;

    /// <summary>Whether cycles have two calls while 0.2 to 0.4 of the steps remain.</summary>
    [Setting("dense_zone")]
    public bool DenseZone { get; init; } = true;

    /// <summary>What the released codes of ToCa and DuCa for PixArt have in common.</summary>
    internal ToCaOptions OnPixArt() => this with
    {
        Evaluate = CycleEvaluation.Block,
        Counting = StepCounting.Up,
        DenseZone = false,
        Schedule = FreshSchedule.PixArt,
        Cross = true,
        Score = TokenScore.TextEntropy,
        Twins = TwinAlignment.Average,
        Bonus = 0.4,
        Window = 4,
    };

    /// <summary>A published setting.</summary>
    public static ToCaOptions Released(ToCaPreset preset) => preset switch
    {
        ToCaPreset.Ddim50 => new() { Evaluate = CycleEvaluation.Block },
        ToCaPreset.PixArt => new ToCaOptions().OnPixArt() with { Stretch = 0.2, Ratio = 0.3 },
        ToCaPreset.Flux => new()
        {
            Interval = 4,
            Warmup = 3,
            Stretch = 0,
            DenseZone = false,
            Ratio = 0.1,
            Schedule = FreshSchedule.Flux,
            LastLayer = 27, // literal in the released code, whatever the stream's depth
            Bonus = 0,
        },
        _ => new() { Evaluate = CycleEvaluation.Block, Interval = 4, Schedule = FreshSchedule.Ddpm250 },
    };
}

/// <summary>
/// ToCa (arXiv 2410.05317): between full calls attention is reused, and the feed-forward branches are computed for the tokens that matter most.
/// </summary>
public sealed class ToCaPolicy(ToCaOptions? options = null) : CachePolicy<ToCaOptions>(Settings, options)
{
    internal static readonly SettingList<ToCaOptions> Settings =
        new SettingList<ToCaOptions>("Policy", "toca").WithPresets<ToCaPreset>(ToCaOptions.Released);

    /// <summary>The choice of tokens, where it is not to be what the settings say; for parity checks.</summary>
    internal ITokenSelector? Tokens { get; init; }

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) => TokenCycleMemory.Open(
        Tokens ?? new ToCaTokens(Options) { InFused = true }, new TokenCycle(Options, alternates: false, run.CallCount), run, keepsStream: false);
}
