using Augur.Notation;

namespace Augur.Sampling;

/// <summary>Command-line settings of the flow samplers.</summary>
internal static class FlowSettings
{
    /// <summary>Shift and grid.</summary>
    public static readonly Setting<FlowOptions>[] All =
    [
        Setting<FlowOptions>.Number("shift", "a number above 0 and at most 100", o => o.Shift, (o, value) => o with { Shift = value }),
        Setting<FlowOptions>.Flag("dynamic", o => o.Dynamic, (o, value) => o with { Dynamic = value }),
        Setting<FlowOptions>.OptionalNumber("mu", "a number between -10 and 10", o => o.Mu, (o, value) => o with { Mu = value }),
        Setting<FlowOptions>.Number("base_shift", "a number between -10 and 10", o => o.BaseShift, (o, value) => o with { BaseShift = value }),
        Setting<FlowOptions>.Number("max_shift", "a number between -10 and 10", o => o.MaxShift, (o, value) => o with { MaxShift = value }),
        Setting<FlowOptions>.Integer("base_tokens", "a whole number between 1 and 1000000", o => o.BaseTokenCount, (o, value) => o with { BaseTokenCount = value }),
        Setting<FlowOptions>.Integer("max_tokens", "a whole number between 1 and 1000000", o => o.MaxTokenCount, (o, value) => o with { MaxTokenCount = value }),
        Setting<FlowOptions>.Integer("patch", "a whole number between 1 and 64", o => o.PatchSize, (o, value) => o with { PatchSize = value }),
        Setting<FlowOptions>.Choice(
            "time_shift",
            [("exponential", FlowShift.Exponential), ("linear", FlowShift.Linear)],
            o => o.ShiftKind,
            (o, value) => o with { ShiftKind = value }),
        Setting<FlowOptions>.OptionalNumber("terminal", "a number above 0 and below 1", o => o.Terminal, (o, value) => o with { Terminal = value }),
        Setting<FlowOptions>.Choice(
            "grid",
            [("equal", FlowGrid.EqualParts), ("trained", FlowGrid.TrainedRange)],
            o => o.Grid,
            (o, value) => o with { Grid = value }),
    ];
}
