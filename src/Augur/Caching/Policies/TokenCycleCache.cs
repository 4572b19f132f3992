using Augur.Caching.Forecasting;
using Augur.Caching.Tokens;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Runs calls in full, in part or not at all, as a cycle says. Shared by ToCa and DuCa.</summary>
/// <param name="draft">What branches are reused from; disposed with the cache.</param>
/// <param name="cycle">What each call is; null: full.</param>
/// <param name="depth">Blocks of the network.</param>
/// <param name="keptBlocks">How many blocks, from the first on, keep their branches; the others are computed where a call is not aggressive.</param>
/// <param name="keepsStream">Whether the stream behind the last block is kept, for aggressive calls.</param>
/// <param name="note">What a budget cost.</param>
internal sealed class TokenCycleCache(DraftModel draft, TokenCycle? cycle, int depth, int keptBlocks, bool keepsStream, string? note) : ISampleMemory
{
    private static readonly float[] s_once = [1];
    private readonly KeptTensor _stream = new(); // behind the last block, [rows, tokens, channels]
    private Pass _first;
    private Pass _others;

    public long ByteCount => draft.ByteCount + _stream.ByteCount;

    public string? Note => note;

    /// <summary>Opens a cache that fits the budget: what does not is computed instead.</summary>
    /// <param name="tokens">Picks the tokens of conservative passes.</param>
    /// <param name="cycle">Of this sample.</param>
    /// <param name="run">Sizes and budget.</param>
    /// <param name="keepsStream">Whether there are aggressive calls.</param>
    public static ISampleMemory Open(ITokenSelector tokens, TokenCycle cycle, RunInfo run, bool keepsStream)
    {
        var settings = new DraftSettings(new ReuseForecaster(), Granularity.Branch, DType.Float32, tokens);
        var unlimited = run with { MemoryBudget = null }; // branches cannot be kept by halves, blocks can
        var draft = new DraftModel(settings, unlimited, verifiedLayer: null);
        if (run.MemoryBudget is not { } budget)
        {
            return new TokenCycleCache(draft, cycle, run.Depth, run.Depth, keepsStream, note: null);
        }

        var stream = run.Stream.ElementCount * run.RowCount * sizeof(float);
        var kept = (int)Math.Clamp((budget - draft.ByteCount - (keepsStream ? stream : 0)) / (2 * stream), 0, run.Depth);
        var note = kept == run.Depth ? null : $"a budget of {budget} bytes left room for the branches of {kept} of {run.Depth} blocks; the others are computed";
        if (kept > 0)
        {
            return new TokenCycleCache(draft, cycle, run.Depth, kept, keepsStream, note);
        }

        draft.Dispose();
        return new TokenCycleCache(new DraftModel(settings with { Tokens = null }, unlimited, verifiedLayer: null), null, run.Depth, 0, false, note);
    }

    public CallPlan Begin(NetworkCall call)
    {
        (_first, _others) = cycle?.Begin(call.CallIndex) ?? (Pass.Full, Pass.Full);
        _others = depth > 1 ? _others : _first;
        if (_others == Pass.Full)
        {
            draft.BeginComputed(call, forgets: true); // a feature that is only repeated needs no differences
            return CallPlan.Compute;
        }

        draft.BeginDraft(call);
        return CallPlan.Draft;
    }

    public Answer Ask(Site site) => site.Kind switch
    {
        SiteKind.Span when _first == Pass.Aggressive => Answer.Supply,
        SiteKind.Span when keepsStream && _others != Pass.Aggressive => Answer.ComputeAndObserve,
        SiteKind.Block when site.Layer > 0 && _others == Pass.Aggressive => site.Layer == depth - 1 ? Answer.Supply : Answer.Skip, // behind a full first block
        _ when site.IsBranch && site.Layer < keptBlocks => (site.Layer == 0 ? _first : _others) == Pass.Full ? draft.AskComputed(site) : draft.AskDraft(site, verify: false),
        _ => Answer.Compute,
    };

    public void Observe(Site site, Tensor input, Tensor feature)
    {
        if (site.IsBranch)
        {
            draft.Observe(site, feature);
            return;
        }

        _stream.Keep(feature);
    }

    public Forecast Supply(Site site) => site.IsBranch ? draft.Supply(site) : new Forecast(new[] { _stream.Value }, s_once);

    public Tensor? SelectTokens(Site site, Tensor input) => draft.SelectTokens(site, input);

    public void Merge(Site site, Tensor tokens, Tensor fresh) => draft.Merge(site, tokens, fresh);

    public bool Wants(Site site, Signal signal) => site.Layer < keptBlocks && draft.Wants(site, signal);

    public void Take(Site site, Signal signal, Tensor value) => draft.Take(site, signal, value);

    public CallOutcome End() => new((_first, _others) switch
    {
        (Pass.Full, Pass.Full) => CallKind.Computed,
        (Pass.Aggressive, _) => CallKind.Drafted,
        _ => CallKind.Partial,
    });

    public void Dispose()
    {
        draft.Dispose();
        _stream.Dispose();
    }
}
