using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="SeaCachePolicy"/>.</summary>
public sealed record SeaCacheOptions : ResidualOptions
{
    /// <summary>
    /// The sum of relative changes at which a call is computed; 0 computes all. Released: 0.3 and 0.6 for FLUX, 0.2 for Wan2.1 and HunyuanVideo.
    /// </summary>
    [Setting("threshold", 0, 1000)]
    public double Threshold { get; init => field = Setting.Checked(this, value); } = 0.3;

    /// <summary>β of the spectrum |f|^−β that pictures are taken to have. Released: 2 for pictures, 3 for video.</summary>
    [Setting("power", 0, 8, AboveMinimum = true)]
    public double Power { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Calls computed at the beginning. Wan2.1 with <c>use_ret_steps</c> has 5.</summary>
    [Setting("warmup", 1, 1000, Unit = "calls")]
    public int Warmup { get; init => field = Setting.Checked(this, value); } = 1;
}

/// <summary>
/// SeaCache (arXiv 2602.18993): TeaCache whose indicator is the change of what the noise level leaves visible, the first block's modulated input
/// behind the Wiener filter of a power-law spectrum.
/// </summary>
public sealed class SeaCachePolicy(SeaCacheOptions? options = null) : CachePolicy<SeaCacheOptions>(Settings, options)
{
    internal static readonly SettingList<SeaCacheOptions> Settings = new("Policy", "seacache");

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        run.Map.RequireSignal("Policy seacache", run.Map.Blocks, Signal.ModulatedInput);
        if (run.Map.TokensOf(run.Map.Blocks).Grid is not { Rank: 2 } grid) // the signal is the picture's where text stands beside it
        {
            throw new ArgumentException(
                $"Policy seacache: the filter needs a picture of tokens, and this network's are {string.Join(", ", run.Map.Tokens)}.");
        }

        var filter = new SeaFilter(grid, Options.Power);
        var gate = new ModulatedInputGate(Options.Threshold, Options.Warmup, filter: (signal, call) => filter.Apply(signal, call.NoiseToSignal));
        return Options.Open("seacache", run, gate, MemoryFit.StreamElements(run));
    }
}
