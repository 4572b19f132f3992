using Augur.Caching.Tokens;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Published settings of <see cref="DuCaPolicy"/>.</summary>
public enum DuCaPreset
{
    /// <summary>DiT-XL/2, DDIM, 50 steps: the released command.</summary>
    Ddim50,

    /// <summary>PixArt-α, DPM-Solver++, 20 steps: the released command.</summary>
    [Word("pixart")]
    PixArt,

    /// <summary>The paper's second version: tokens at random, whatever their age and place.</summary>
    Random,
}

/// <summary>
/// Settings of <see cref="DuCaPolicy"/>: ToCa's, with a ratio of 0.05 and a bonus of 0.8 as released for DiT-XL/2 with DDIM of 50 steps.
/// </summary>
public sealed record DuCaOptions : ToCaOptions
{
    /// <summary>The defaults.</summary>
    public DuCaOptions() => (Ratio, Bonus) = (0.05, 0.8);

    /// <summary>A published setting.</summary>
    public static DuCaOptions Released(DuCaPreset preset) => preset switch
    {
        DuCaPreset.Ddim50 => new() { Evaluate = CycleEvaluation.Block },
        DuCaPreset.PixArt => (DuCaOptions)new DuCaOptions().OnPixArt() with { Stretch = 0, Ratio = 0.75 },
        _ => new() { Score = TokenScore.Random, Staleness = 0, Bonus = 0 },
    };
}

/// <summary>
/// DuCa (arXiv 2412.18911): ToCa's cycles, in which every other partial call is aggressive: it reuses the stream behind the last block, and
/// nothing but the final layer is run.
/// </summary>
/// <remarks>
/// The stream is that of the last call that was not aggressive. Whether a partial call is aggressive depends on its step's distance to the next
/// full one.
/// </remarks>
public sealed class DuCaPolicy(DuCaOptions? options = null) : CachePolicy<DuCaOptions>(Settings, options)
{
    internal static readonly SettingList<DuCaOptions> Settings =
        new SettingList<DuCaOptions>("Policy", "duca").WithPresets<DuCaPreset>(DuCaOptions.Released);

    /// <summary>The choice of tokens, where it is not to be what the settings say; for parity checks.</summary>
    internal ITokenSelector? Tokens { get; init; }

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) => TokenCycleMemory.Open(
        Tokens ?? new ToCaTokens(Options) { InFused = true }, new TokenCycle(Options, alternates: true, run.CallCount), run, keepsStream: true);
}
