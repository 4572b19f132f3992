using Augur.Caching.Forecasting;

namespace Augur.Caching.Policies;

/// <summary>
/// SpeCa (arXiv 2509.11628): features are forecast, the last block is run for real on the forecast stream, and its error decides whether the
/// forecast stands. Strict follows the paper (section 4 of docs/methods/speca.md), deferred the released code (section 5).
/// </summary>
public sealed class SpeCaPolicy : CachePolicy<SpeCaOptions>
{
    /// <summary>Checks that the settings fit each other.</summary>
    /// <exception cref="ArgumentException">Granularity output has no block that could be verified, or nothing could ever be verified.</exception>
    public SpeCaPolicy(SpeCaOptions? options = null)
        : base(SpeCaOptions.Settings, options)
    {
        if (Options.Granularity == Granularity.Output)
        {
            throw new ArgumentException("Policy speca verifies a block and cannot forecast the output alone; granularity is branch or block (taylorseer has output).");
        }

        Options.RequireSense("speca");
        if (Options.Min >= Options.Max)
        {
            throw new ArgumentException($"Policy speca: with min={Options.Min} and max={Options.Max} no draft would ever be verified; min lies below max.");
        }
    }

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var layer = Options.Layer < 0 ? run.Depth + Options.Layer : Options.Layer;
        if (layer < 0 || layer >= run.Depth)
        {
            throw new ArgumentException($"Policy speca: layer={Options.Layer} is not one of this network's {run.Depth} blocks (0 to {run.Depth - 1}, or -1 for the last).");
        }

        return new VerifiedCache(
            new DraftModel(Options.DraftSettings, run, layer),
            new Verifier(Options.Metric, Options.Sample, run.Seed),
            Options.Mode == SpeCaMode.Strict ? new StrictVerdict(Options) : new DeferredVerdict(Options),
            Options.Warmup);
    }
}
