using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// SpeCa (arXiv 2509.11628): features are forecast, the last block is run for real on the forecast stream, and its error decides whether the
/// forecast stands. Strict follows the paper (section 4 of docs/methods/speca.md) and stands below; deferred follows the released code (section 5).
/// </summary>
public sealed class SpeCaPolicy : CachePolicy<SpeCaOptions>
{
    /// <summary>Checks that the settings fit each other.</summary>
    /// <exception cref="ArgumentException">Granularity output has no layer to choose, or nothing could ever be verified.</exception>
    public SpeCaPolicy(SpeCaOptions? options = null)
        : base(SpeCaOptions.Settings, options)
    {
        if (Options.Granularity == Granularity.Output && Options.Layer != -1)
        {
            throw new ArgumentException(
                $"Policy speca: granularity=output verifies the whole network, and no layer; layer={Options.Layer} is for block.");
        }

        Options.RequireSense("speca");
        if (Options.Min >= Options.Max)
        {
            throw new ArgumentException(
                $"Policy speca: with min={Options.Min} and max={Options.Max} no draft would ever be verified; min lies below max.");
        }
    }

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var (verified, inside) = Verified(run.Map.RequireChainOrLevels("Policy speca"));
        if (Options.AllowsNothing)
        {
            return new UncachedMemory(note: null);
        }

        var settings = inside is null || Options.Granularity == Granularity.Branch ? Options.DraftSettings
            : Options.DraftSettings with { Granularity = Granularity.Block };
        var draft = new DraftModel(settings, run, verified, inside);
        if (!draft.IsEnough)
        {
            return UncachedMemory.InPlaceOf(draft);
        }

        var verifier = new Verifier(Options.Metric, Options.Sample, run.Seed);
        var fused = Site.Fused(verified.Layer);
        var judged = Options.VerifyFused && draft.Granularity == Granularity.Branch && run.Map.Has(fused) ? fused : verified;
        return Options.Mode == SpeCaMode.Strict ? new StrictSpeCa(Options, draft, judged, verifier)
            : new DeferredSpeCa(Options, draft, judged, verifier);
    }

    // A block of a chain; or the whole network on top of what is inside: of a chain the change that all blocks make, of a U-Net what comes up inside
    // its outermost layers.
    private (Site Verified, Site? Inside) Verified(NetworkMap map)
    {
        if (map.HasLevels)
        {
            var level = Site.Level(-1 - Options.Layer);
            return map.Has(level) ? (Site.Output, level) : throw new ArgumentException(
                $"Policy speca: layer={Options.Layer} is none of this U-Net's, which count from the outermost one, -1, inwards.");
        }

        if (Options.Granularity == Granularity.Output)
        {
            return (Site.Output, map.Blocks);
        }

        var (blocks, layer) = (map.BlockCount, Options.Layer < 0 ? map.BlockCount + Options.Layer : Options.Layer);
        return layer >= 0 && layer < blocks ? (Site.Block(layer), null) : throw new ArgumentException(
            $"Policy speca: layer={Options.Layer} is not one of this network's {blocks} blocks (0 to {blocks - 1}, or -1 for the last).");
    }
}

/// <summary>
/// SpeCa as the paper has it, for one sample: a draft whose error exceeds the threshold is computed in the same call, and forecasting starts anew
/// from there.
/// </summary>
/// <param name="options">Thresholds and limits.</param>
/// <param name="draft">Forecasts; disposed with this.</param>
/// <param name="verified">The block or fused branch that is verified.</param>
/// <param name="verifier">Measures.</param>
internal sealed class StrictSpeCa(SpeCaOptions options, DraftModel draft, Site verified, Verifier verifier) : ISampleMemory
{
    private NetworkCall _call;
    private int _drafts; // since the last computed call
    private Deferred<double[]>? _error; // of this call's draft; read with those of all samples when the call ends

    public long ByteCount => draft.ByteCount;

    public string? Note => draft.Note;

    private bool IsDraft => _drafts > 0;

    private bool IsVerified => _drafts > options.Min;

    public CallPlan Begin(NetworkCall call)
    {
        (_call, _error) = (call, null);
        if (call.MustCompute || call.CallIndex < options.Warmup || _drafts >= options.Max)
        {
            _drafts = 0;
            draft.BeginComputed(call, forgets: call.CallIndex < options.Warmup - 1);
            return CallPlan.Compute;
        }

        _drafts++;
        draft.BeginDraft(call);
        return CallPlan.Draft;
    }

    public Answer Ask(Question question)
    {
        if (!IsDraft)
        {
            return draft.AnswerComputed(question);
        }

        return IsVerified && question.Site == verified
            ? draft.AnswerVerified(question, count => verifier.Tokens(count, _call.CallIndex), verification => _error = verifier.Error(verification))
            : draft.AnswerDraft(question, IsVerified);
    }

    public CallOutcome End()
    {
        if (!IsDraft)
        {
            return new CallOutcome(CallKind.Computed);
        }

        if (!IsVerified)
        {
            return new CallOutcome(draft.DraftKind);
        }

        var (error, threshold) = (_error?.Value.Average(), options.ThresholdAt(_call));
        return new CallOutcome(error <= threshold ? CallKind.Accepted : CallKind.Rejected, error, threshold); // what is not a number is rejected
    }

    public void Dispose() => draft.Dispose();
}
