using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="TeaCachePolicy"/>.</summary>
public sealed record TeaCacheOptions : ResidualOptions
{
    /// <summary>The accumulated change at which a call is computed, 0 to 1000; 0 computes all. Default 0.25, the published one for FLUX at 1.5 times.</summary>
    public double Threshold { get; init => field = Within(value, 0, 1000); } = 0.25;

    /// <summary>
    /// Polynomial from the relative change of the modulated input to that of the output, highest power first, 1 to 9 coefficients. Default 1 0: the
    /// input's change itself. The published ones belong to other networks; <c>augur fit teacache</c> finds a model's own.
    /// </summary>
    public IReadOnlyList<double> Coefficients
    {
        get;
        init => field = value.Count is >= 1 and <= 9 ? value : throw new ArgumentException($"Coefficients are {value.Count} numbers; they are 1 to 9.");
    } = [1, 0];

    /// <summary>Calls computed at the beginning, 1 to 1000. Default 1.</summary>
    public int Warmup { get; init => field = Within(value, 1, 1000); } = 1;
}

/// <summary>
/// TeaCache (arXiv 2411.19108): how much the first block's modulated input has changed, rescaled by a polynomial and added up over calls, says
/// when the blocks are due; in between the change that they last made is added to the current stream.
/// </summary>
public sealed class TeaCachePolicy(TeaCacheOptions? options = null) : CachePolicy<TeaCacheOptions>(Settings, options)
{
    internal static readonly SettingList<TeaCacheOptions> Settings = new(
        "Policy",
        "teacache",
        [
            Setting<TeaCacheOptions>.Number("threshold", "a number between 0 and 1000", o => o.Threshold, (o, value) => o with { Threshold = value }),
            Setting<TeaCacheOptions>.Numbers("coefficients", "1 to 9 numbers separated by spaces", o => o.Coefficients, (o, value) => o with { Coefficients = value }),
            Setting<TeaCacheOptions>.Integer("warmup", "a whole number between 1 and 1000", o => o.Warmup, (o, value) => o with { Warmup = value }),
            .. ResidualOptions.Settings<TeaCacheOptions>(),
        ]);

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        run.Map.RequireSignal("Policy teacache", run.Map.Blocks, Signal.ModulatedInput);
        return Options.Open("teacache", run, new ModulatedInputGate(Options.Threshold, Options.Warmup, Rescale), MemoryFit.StreamElements(run));
    }

    private double Rescale(double change) => Options.Coefficients.Aggregate(0.0, (y, coefficient) => (y * change) + coefficient);
}
