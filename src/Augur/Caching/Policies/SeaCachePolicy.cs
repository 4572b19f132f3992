using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="SeaCachePolicy"/>.</summary>
public sealed record SeaCacheOptions : ResidualOptions
{
    /// <summary>The accumulated change at which a call is computed, 0 to 1000; 0 computes all. Default 0.3 (released for FLUX: 0.3, 0.6; Wan2.1 and HunyuanVideo 0.2).</summary>
    public double Threshold { get; init => field = Within(value, 0, 1000); } = 0.3;

    /// <summary>β of the spectrum |f|^−β that pictures are taken to have, above 0 and at most 8. Default 2, the released one of pictures (3 of video).</summary>
    public double Power { get; init => field = Within(value, double.Epsilon, 8); } = 2;

    /// <summary>Calls computed at the beginning, 1 to 1000. Default 1 (5 with Wan's <c>use_ret_steps</c>).</summary>
    public int Warmup { get; init => field = Within(value, 1, 1000); } = 1;
}

/// <summary>
/// SeaCache (arXiv 2602.18993): TeaCache whose indicator is the change of what the noise level leaves visible, the first block's modulated input
/// behind the Wiener filter of a power-law spectrum.
/// </summary>
public sealed class SeaCachePolicy(SeaCacheOptions? options = null) : CachePolicy<SeaCacheOptions>(Settings, options)
{
    internal static readonly SettingList<SeaCacheOptions> Settings = new(
        "Policy",
        "seacache",
        [
            Setting<SeaCacheOptions>.Number("threshold", "a number between 0 and 1000", o => o.Threshold, (o, value) => o with { Threshold = value }),
            Setting<SeaCacheOptions>.Number("power", "a number above 0 and at most 8", o => o.Power, (o, value) => o with { Power = value }),
            Setting<SeaCacheOptions>.Integer("warmup", "a whole number between 1 and 1000", o => o.Warmup, (o, value) => o with { Warmup = value }),
            .. ResidualOptions.Settings<SeaCacheOptions>(),
        ]);

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        run.Map.RequireSignal("Policy seacache", run.Map.Blocks, Signal.ModulatedInput);
        if (run.Map.Tokens is not [{ Grid: { Rank: 2 } grid }])
        {
            throw new ArgumentException($"Policy seacache: the filter needs a stream that is one picture of tokens, and this network's is {string.Join(", ", run.Map.Tokens)}.");
        }

        var filter = new SeaFilter(grid, Options.Power);
        var gate = new ModulatedInputGate(Options.Threshold, Options.Warmup, filter: (signal, call) => filter.Apply(signal, call.NoiseToSignal));
        return Options.Open("seacache", run, gate, MemoryFit.StreamElements(run));
    }
}
