using Augur.Caching.Tokens;
using Augur.Tensors;

namespace Augur.Caching.Forecasting;

/// <summary>How features are forecast: which of them, by what rule, kept in which precision.</summary>
/// <param name="Forecaster">The rule.</param>
/// <param name="Granularity">Which features.</param>
/// <param name="State">Float32, or BFloat16 for half the memory.</param>
/// <param name="Tokens">Which tokens drafted calls compute all the same; null: none. Granularity branch and Float32 only.</param>
public sealed record DraftSettings(IForecaster Forecaster, Granularity Granularity, DType State, ITokenSelector? Tokens = null);

/// <summary>
/// The draft model of one sample: keeps the histories of the features that its granularity names, and answers at their sites. A policy says
/// which calls are computed; everything between is forecast from here.
/// </summary>
public sealed class DraftModel : IDisposable
{
    private readonly Dictionary<Site, IFeatureMemory> _memories = [];
    private readonly DraftFit _fit;
    private readonly NetworkMap _map;
    private readonly Site? _verified;
    private readonly Site? _inside;
    private readonly ITokenSelection? _tokens;
    private readonly bool _byParts; // tokens of fused branches are computed: these are kept by their parts
    private readonly NoiseCompensation? _image; // the sampler adds noise: not the output, but the picture that it points to, is extrapolated
    private NetworkCall _call;
    private bool _forgets;

    /// <summary>
    /// Prepares for a run; what the memory budget does not allow is given up, finest granularity first, then single precision, then orders.
    /// </summary>
    /// <param name="settings">Rule, granularity and precision wanted.</param>
    /// <param name="run">The network's map, and the budget.</param>
    /// <param name="verified">
    /// The block whose draft will be verified, which needs the stream behind it and, but for the first, before it; or the whole network, on top of
    /// <paramref name="inside"/>; null: none.
    /// </param>
    /// <param name="inside">What a verification of the whole network takes as forecast: all blocks of a chain, or a level of a U-Net.</param>
    /// <exception cref="ArgumentException">The network has no such features; names the setting.</exception>
    public DraftModel(DraftSettings settings, RunInfo run, Site? verified, Site? inside = null)
    {
        settings.NotNull().Forecaster.RequireRun(run.NotNull());
        (_map, _verified, _inside) = (run.Map, verified, inside);
        _tokens = settings.Tokens?.Open(run);
        _byParts = _tokens is not null && run.Map.Sites.Any(s => s.Site.IsPart && _tokens.Refreshes(s.Site));
        var branches = KeptBranches.Sum(s => s.Feature.ElementCount);
        var blocks = inside is null && !_map.IsChain ? 0 : KeptBlocks().Sum(site => ElementsOf(site));
        _fit = DraftFit.Of(settings, run, branches, blocks, verified, _tokens?.ByteCount ?? 0);
        _image = run.AddsNoise && _fit.Granularity == Granularity.Output ? new NoiseCompensation(run.Map) : null;
    }

    /// <summary>The granularity in use.</summary>
    public Granularity Granularity => _fit.Granularity;

    /// <summary>Tensors kept of each feature at most.</summary>
    public int TermCount => _fit.TermCount;

    /// <summary>What the budget cost; null: nothing.</summary>
    public string? Note => _fit.Note;

    /// <summary>Whether the budget leaves room for anything; otherwise every call is to be computed, and this keeps nothing.</summary>
    public bool IsEnough => _fit.IsEnough;

    /// <summary>The branches, or their parts, that granularity branch keeps.</summary>
    internal IEnumerable<NetworkSite> KeptBranches => _map.Sites.Where(s => IsKeptBranch(s.Site));

    /// <summary>Bytes kept.</summary>
    public long ByteCount => _memories.Values.Sum(m => m.ByteCount) + (_tokens?.ByteCount ?? 0);

    /// <summary>What a draft without a verification is: some tokens of it may be computed.</summary>
    public CallKind DraftKind => _tokens is null ? CallKind.Drafted : CallKind.Partial;

    /// <summary>A call is computed: features will be observed.</summary>
    /// <param name="call">Which.</param>
    /// <param name="forgets">Whether what was known before is dropped (published methods do so during warm-up).</param>
    public void BeginComputed(NetworkCall call, bool forgets)
    {
        (_call, _forgets) = (call, forgets);
        _tokens?.Begin(call, isDraft: false);
    }

    /// <summary>A call is drafted: features will be supplied.</summary>
    public void BeginDraft(NetworkCall call)
    {
        _call = call;
        _tokens?.Begin(call, isDraft: true);
    }

    /// <summary>The answer at a site of a computed call: what is kept is observed.</summary>
    public Answer AnswerComputed(Question question) => AnswerComputed(question, judge: null);

    /// <summary>The same of granularity output, and shown first what a draft would have been.</summary>
    /// <param name="question">Where.</param>
    /// <param name="judge">
    /// Takes the draft and what was computed, both [rows, tokens, outputs]: the network's answers; where the sampler adds noise, the pictures that
    /// they point to. Not called while nothing is known to draft from.
    /// </param>
    internal Answer AnswerComputed(Question question, Action<Tensor, Tensor>? judge)
    {
        var site = question.Site;
        if (Granularity == Granularity.Output && site == Site.Output)
        {
            var latent = _image is null ? null : question.Measure(Signal.NetworkInput);
            return Answer.Compute.Observed((_, answer) =>
            {
                using var scope = TensorScope.Begin();
                var kept = latent is null ? answer : _image!.ImageFrom(_call, latent, answer);
                if (judge is not null && _memories.ContainsKey(site))
                {
                    var draft = Tensor.Empty(kept.Backend, kept.Shape);
                    Forecast(site).WriteTo(draft);
                    judge(draft, kept);
                }

                MemoryOf(site).Observe(kept, _call.CallIndex, _forgets);
            });
        }

        var isKept = Keeps(site);
        var isSeen = _tokens?.Observes(site) == true;
        var answer = !isKept && !isSeen ? Answer.Compute : Answer.Compute.Observed((input, feature) =>
        {
            if (isSeen)
            {
                _tokens!.Observe(site, feature);
            }

            if (isKept)
            {
                MemoryOf(site).Observe(KeepsChange(site) ? feature - input : feature, _call.CallIndex, _forgets);
            }
        });
        return _tokens?.Hears(site) is { } signal ? answer.Heard(signal, heard => _tokens.Hear(site, heard)) : answer;
    }

    /// <summary>The answer at a site of a drafted call: what is kept is supplied.</summary>
    /// <param name="question">Where.</param>
    /// <param name="verify">Whether this call's draft is verified.</param>
    public Answer AnswerDraft(Question question, bool verify = false)
    {
        var site = question.Site;
        return (Granularity, site.Kind) switch
        {
            (Granularity.Output, SiteKind.Output) when _image is not null =>
                Answer.Supply(_image.AnswerFrom(_call, question.Measure(Signal.NetworkInput), Forecast(site))),
            (Granularity.Output, SiteKind.Output) => Answer.Supply(Forecast(site)),
            (Granularity.Branch, _) when _tokens?.Refreshes(site) == true && Keeps(site) => AnswerTokens(site),
            (Granularity.Branch, _) when Keeps(site) => Answer.Supply(Forecast(site)),
            (Granularity.Block, _) when site == Last || (verify && (site == _verified || site == BeforeVerified)) => Answer.Supply(Forecast(site)),
            (Granularity.Block, SiteKind.Block) => Answer.Pass,
            _ => Answer.Compute,
        };
    }

    /// <summary>The answer at the verified site of a drafted call, verified.</summary>
    /// <param name="question">Where.</param>
    /// <param name="verifier">Draws the tokens of a block; of the whole network all are compared.</param>
    /// <param name="judge">Takes the answered and the computed output.</param>
    internal Answer AnswerVerified(Question question, Func<int, int[]?> verifier, Action<Verification> judge)
    {
        var answer = AnswerDraft(question, verify: true);
        return _inside is { } inside ? answer.Verified(null, judge).StandingOn(inside, Forecast(inside) with { AddsToInput = KeepsChange(inside) })
            : answer.Verified(verifier(question.Input.Shape[1]), judge);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens?.Dispose();
        foreach (var memory in _memories.Values)
        {
            memory.Dispose();
        }
    }

    // The branch is computed for some tokens; they are written into what is kept of it, and the forecast follows.
    private Answer AnswerTokens(Site site)
    {
        Forecast? formed = null; // a call's forecast is asked for once
        IndexTable? chosen = null;
        var answer = Answer.Tokens(
            input => chosen = _tokens!.Select(site, input, MemoryOf(site).Newest),
            (tokens, fresh) =>
            {
                var newest = MemoryOf(site).Newest;
                if (_tokens!.MeetsComputed)
                {
                    formed = Forecast(site);
                    fresh = formed.Value.TermThatGives(fresh, newest, tokens);
                }

                _tokens.Merge(site, newest, tokens, fresh);
            },
            () => formed ?? Forecast(site));
        return _tokens!.Hears(site) is { } signal ? answer.Heard(signal, heard => _tokens.Hear(site, chosen!, heard)) : answer;
    }

    private Forecast Forecast(Site site) => MemoryOf(site).Forecast(_call.CallIndex);

    private IFeatureMemory MemoryOf(Site site)
    {
        if (!_memories.TryGetValue(site, out var memory))
        {
            _memories[site] = memory = _fit.Forecaster.Remember(TermCount, _fit.State);
        }

        return memory;
    }

    // Blocks add to the stream: where the true latent goes in, the change that they make is what is forecast.
    private bool KeepsChange(Site site) => site == _inside && site.Kind == SiteKind.Span;

    private Site Last => _inside is null ? _map.LastBlock : Site.Output;

    private Site? BeforeVerified => _inside ?? (_verified is { Layer: > 0 } verified ? Site.Block(verified.Layer - 1) : null);

    // Behind the last block; behind and before the one that is verified.
    private IEnumerable<Site> KeptBlocks() => new[] { Last, _verified, BeforeVerified }.OfType<Site>().Distinct();

    private long ElementsOf(Site site) => (_map.Has(site) ? _map[site].Feature : _map.Stream).ElementCount;

    private bool Keeps(Site site) => Granularity switch
    {
        Granularity.Branch => IsKeptBranch(site),
        Granularity.Block => KeptBlocks().Contains(site),
        _ => site == Site.Output,
    };

    private bool IsKeptBranch(Site site) => (_byParts && site.IsPart)
        || (site.IsBranch && !(_byParts && site.Kind == SiteKind.Fused && _map.Has(Site.Projected(site.Layer))));
}
