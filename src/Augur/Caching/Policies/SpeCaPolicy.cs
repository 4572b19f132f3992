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
    /// <exception cref="ArgumentException">Granularity output has no block that could be verified, or nothing could ever be verified.</exception>
    public SpeCaPolicy(SpeCaOptions? options = null)
        : base(SpeCaOptions.Settings, options)
    {
        if (Options.Granularity == Granularity.Output)
        {
            throw new ArgumentException(
                "Policy speca verifies a block and cannot forecast the output alone; granularity is branch or block (taylorseer has output).");
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
        var blocks = run.Map.RequireChain("Policy speca").BlockCount;
        var layer = Options.Layer < 0 ? blocks + Options.Layer : Options.Layer;
        if (layer < 0 || layer >= blocks)
        {
            throw new ArgumentException(
                $"Policy speca: layer={Options.Layer} is not one of this network's {blocks} blocks (0 to {blocks - 1}, or -1 for the last).");
        }

        if (Options.AllowsNothing)
        {
            return new UncachedMemory(note: null);
        }

        var verified = Site.Block(layer);
        var draft = new DraftModel(Options.DraftSettings, run, verified);
        if (!draft.IsEnough)
        {
            return UncachedMemory.InPlaceOf(draft);
        }

        var verifier = new Verifier(Options.Metric, Options.Sample, run.Seed);
        var judged = Options.VerifyFused && draft.Granularity == Granularity.Branch && run.Map.Has(Site.Fused(layer)) ? Site.Fused(layer) : verified;
        return Options.Mode == SpeCaMode.Strict ? new StrictSpeCa(Options, draft, judged, verifier)
            : new DeferredSpeCa(Options, draft, judged, verifier);
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

        var answer = draft.AnswerDraft(question, IsVerified);
        return IsVerified && question.Site == verified
            ? answer.Verified(verifier.Tokens(question.Input.Shape[1], _call.CallIndex), verification => _error = verifier.Error(verification))
            : answer;
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
