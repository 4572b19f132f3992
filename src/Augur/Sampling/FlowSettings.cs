namespace Augur.Sampling;

/// <summary>Command-line settings of the flow samplers.</summary>
internal static class FlowSettings
{
    /// <summary>Shift and grid.</summary>
    public static readonly SamplerSetting<FlowOptions>[] All =
    [
        SamplerSetting<FlowOptions>.Number("shift", "a number above 0 and at most 100", o => o.Shift, (o, value) => o with { Shift = value }),
        SamplerSetting<FlowOptions>.Flag("dynamic", o => o.Dynamic, (o, value) => o with { Dynamic = value }),
        SamplerSetting<FlowOptions>.OptionalNumber("mu", "a number between -10 and 10", o => o.Mu, (o, value) => o with { Mu = value }),
        SamplerSetting<FlowOptions>.Number("base_shift", "a number between -10 and 10", o => o.BaseShift, (o, value) => o with { BaseShift = value }),
        SamplerSetting<FlowOptions>.Number("max_shift", "a number between -10 and 10", o => o.MaxShift, (o, value) => o with { MaxShift = value }),
        SamplerSetting<FlowOptions>.Choice(
            "grid",
            [("equal", FlowGrid.EqualParts), ("trained", FlowGrid.TrainedRange)],
            o => o.Grid,
            (o, value) => o with { Grid = value }),
    ];
}
