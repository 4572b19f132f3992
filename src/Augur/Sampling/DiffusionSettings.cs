using Augur.Notation;

namespace Augur.Sampling;

/// <summary>Command-line settings that the diffusion samplers share.</summary>
internal static class DiffusionSettings<TOptions>
    where TOptions : DiffusionOptions
{
    /// <summary>Schedule, spacing and clipping.</summary>
    public static readonly Setting<TOptions>[] Shared =
    [
        Setting<TOptions>.Choice(
            "spacing",
            [
                ("respaced", TimestepSpacing.Respaced), ("strided", TimestepSpacing.Strided), ("leading", TimestepSpacing.Leading),
                ("trailing", TimestepSpacing.Trailing), ("linspace", TimestepSpacing.Linspace),
            ],
            o => o.Spacing,
            (o, value) => o with { Spacing = value }),
        Setting<TOptions>.Integer("steps_offset", "a whole number between 0 and 999", o => o.StepsOffset, (o, value) => o with { StepsOffset = value }),
        Setting<TOptions>.Choice(
            "betas",
            [("linear", BetaSchedule.Linear), ("scaled_linear", BetaSchedule.ScaledLinear), ("cosine", BetaSchedule.Cosine), ("given", BetaSchedule.Given)],
            o => o.Betas,
            (o, value) => o with { Betas = value }),
        Setting<TOptions>.Number("beta_start", "a number above 0 and below 1", o => o.BetaStart, (o, value) => o with { BetaStart = value }),
        Setting<TOptions>.Number("beta_end", "a number above 0 and below 1", o => o.BetaEnd, (o, value) => o with { BetaEnd = value }),
        Setting<TOptions>.Integer("trained_steps", "a whole number between 2 and 100000", o => o.TrainedStepCount, (o, value) => o with { TrainedStepCount = value }),
        Setting<TOptions>.Flag("zero_snr", o => o.ZeroTerminalSnr, (o, value) => o with { ZeroTerminalSnr = value }),
        Setting<TOptions>.OptionalNumber("clip", "a number above 0", o => o.ClipRange, (o, value) => o with { ClipRange = value }),
    ];
}
