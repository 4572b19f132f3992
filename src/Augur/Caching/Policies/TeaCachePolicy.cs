using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="TeaCachePolicy"/>.</summary>
public sealed record TeaCacheOptions : ResidualOptions
{
    /// <summary>
    /// The sum of rescaled relative changes at which a call is computed; 0 computes all. The default is published for FLUX at 1.5 times the
    /// speed.
    /// </summary>
    [Setting("threshold", 0, 1000)]
    public double Threshold { get; init => field = Setting.Checked(this, value); } = 0.25;

    /// <summary>
    /// Polynomial from the relative change of the modulated input to that of the output, highest power first. 1 0 is the input's change itself. The
    /// published ones belong to other networks; <c>augur fit teacache</c> finds a model's own.
    /// </summary>
    [Setting("coefficients", -1e12, 1e12, MostNumbers = 9)]
    public IReadOnlyList<double> Coefficients { get; init => field = Setting.Checked(this, value); } = [1, 0];

    /// <summary>Calls computed at the beginning.</summary>
    [Setting("warmup", 1, 1000, Unit = "calls")]
    public int Warmup { get; init => field = Setting.Checked(this, value); } = 1;
}

/// <summary>
/// TeaCache (arXiv 2411.19108): how much the first block's modulated input has changed, rescaled by a polynomial and added up over calls, says
/// when the blocks are due; in between the change that they last made is added to the current stream.
/// </summary>
public sealed class TeaCachePolicy(TeaCacheOptions? options = null) : CachePolicy<TeaCacheOptions>(Settings, options)
{
    internal static readonly SettingList<TeaCacheOptions> Settings = new("Policy", "teacache");

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) => Options.Open("teacache", run, new ModulatedInputGate(Options.Threshold, Options.Warmup, Rescale), MemoryFit.StreamElements(run));

    private double Rescale(double change) => Options.Coefficients.Aggregate(0.0, (y, coefficient) => (y * change) + coefficient);
}
