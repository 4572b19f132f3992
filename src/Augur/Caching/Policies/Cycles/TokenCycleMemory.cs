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
internal sealed class TokenCycleMemory(DraftModel draft, TokenCycle? cycle, int depth, int keptBlocks, bool keepsStream, string? note) : ISampleMemory
{
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
        var depth = run.Map.RequireChain(keepsStream ? "Policy duca" : "Policy toca").BlockCount;
        var unlimited = run with { MemoryBudget = null }; // branches cannot be kept by halves, blocks can
        var draft = new DraftModel(settings, unlimited, verified: null);
        if (run.MemoryBudget is not { } budget)
        {
            return new TokenCycleMemory(draft, cycle, depth, depth, keepsStream, note: null);
        }

        var stream = run.Map.Stream.ElementCount * run.RowCount * sizeof(float);
        var kept = BlocksWithin(budget - draft.ByteCount - (keepsStream ? stream : 0), draft, run.RowCount, depth);
        var note = kept == depth ? null
            : $"a budget of {budget} bytes left room for the branches of {kept} of {depth} blocks; the others are computed";
        if (kept > 0)
        {
            return new TokenCycleMemory(draft, cycle, depth, kept, keepsStream, note);
        }

        draft.Dispose();
        return new TokenCycleMemory(new DraftModel(settings with { Tokens = null }, unlimited, verified: null), null, depth, 0, false, note);
    }

    // How many blocks, from the first on, have branches that fit.
    private static int BlocksWithin(long room, DraftModel draft, int rows, int depth)
    {
        var ofBlock = draft.KeptBranches.ToLookup(b => b.Site.Layer, b => b.Feature.ElementCount * rows * sizeof(float));
        var blocks = 0;
        while (blocks < depth && (room -= ofBlock[blocks].Sum()) >= 0)
        {
            blocks++;
        }

        return blocks;
    }

    public CallPlan Begin(NetworkCall call)
    {
        (_first, _others) = cycle?.Begin(call) ?? (Pass.Full, Pass.Full);
        _others = depth > 1 ? _others : _first;
        if (_others == Pass.Full)
        {
            draft.BeginComputed(call, forgets: true); // a feature that is only repeated needs no differences
            return CallPlan.Compute;
        }

        draft.BeginDraft(call);
        return CallPlan.Draft;
    }

    public Answer Ask(Question question) => question.Site.Kind switch
    {
        SiteKind.Span when _first == Pass.Aggressive => Answer.Supply(_stream.AsForecast()),
        SiteKind.Span when keepsStream && _others != Pass.Aggressive => Answer.Compute.Observed((_, output) => _stream.Keep(output)),
        SiteKind.Block when question.Site.Layer > 0 && _others == Pass.Aggressive => // behind a full first block
            question.Site.Layer == depth - 1 ? Answer.Supply(_stream.AsForecast()) : Answer.Pass,
        _ when (question.Site.IsBranch || question.Site.IsPart) && question.Site.Layer < keptBlocks =>
            (question.Site.Layer == 0 ? _first : _others) == Pass.Full ? draft.AnswerComputed(question) : draft.AnswerDraft(question),
        _ => Answer.Compute,
    };

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
