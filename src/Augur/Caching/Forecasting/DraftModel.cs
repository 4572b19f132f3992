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
    private readonly DraftSettings _settings;
    private readonly ITokenSelection? _tokens;
    private readonly int _depth;
    private readonly int? _verifiedLayer;
    private NetworkCall _call;
    private bool _forgets;
    private (Site Site, Forecast Forecast)? _formed;

    /// <summary>Prepares for a run; what the memory budget does not allow is given up, finest granularity first, then single precision, then orders.</summary>
    /// <param name="settings">Rule, granularity and precision wanted.</param>
    /// <param name="run">Sizes, and the budget.</param>
    /// <param name="verifiedLayer">The block whose draft will be verified, which needs the stream behind it and, but for the first, before it; null: none.</param>
    public DraftModel(DraftSettings settings, RunInfo run, int? verifiedLayer)
    {
        (_depth, _verifiedLayer) = (run.Depth, verifiedLayer);
        _tokens = settings.Tokens?.Open(run);
        (_settings, TermCount) = Fit(settings, run, KeptBlocks().Count());
        Note = _settings == settings && TermCount == settings.Forecaster.TermCount ? null
            : $"a budget of {run.MemoryBudget} bytes left room for granularity {Word(_settings.Granularity)}, {_settings.State.ToString().ToLowerInvariant()}, {TermCount} of {settings.Forecaster.TermCount} differences";
    }

    /// <summary>The granularity in use.</summary>
    public Granularity Granularity => _settings.Granularity;

    /// <summary>Tensors kept of each feature at most.</summary>
    public int TermCount { get; }

    /// <summary>What the budget cost; null: nothing.</summary>
    public string? Note { get; }

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

    /// <summary>The answer at a site of a computed call.</summary>
    public Answer AskComputed(Site site) => Keeps(site) || _tokens?.Observes(site) == true ? Answer.ComputeAndObserve : Answer.Compute;

    /// <summary>The answer at a site of a drafted call.</summary>
    /// <param name="site">Where.</param>
    /// <param name="verify">Whether this call's draft is verified.</param>
    public Answer AskDraft(Site site, bool verify) => (Granularity, site.Kind) switch
    {
        (Granularity.Output, SiteKind.Output) => Answer.Supply,
        (Granularity.Branch, _) when _tokens?.Refreshes(site) == true => Answer.ComputeTokens,
        (Granularity.Branch, _) when site.IsBranch => Answer.Supply,
        (Granularity.Branch, SiteKind.Block) when verify && site.Layer == _verifiedLayer => Answer.ComputeAndVerify,
        (Granularity.Block, SiteKind.Block) when verify && site.Layer == _verifiedLayer => Answer.SupplyAndVerify,
        (Granularity.Block, SiteKind.Block) when site.Layer == _depth - 1 || (verify && site.Layer == _verifiedLayer - 1) => Answer.Supply,
        (Granularity.Block, SiteKind.Block) => Answer.Skip,
        _ => Answer.Compute,
    };

    /// <summary>A computed feature arrives.</summary>
    public void Observe(Site site, Tensor feature)
    {
        if (_tokens?.Observes(site) == true)
        {
            _tokens.Observe(site, feature);
        }

        if (!Keeps(site))
        {
            return;
        }

        if (!_memories.TryGetValue(site, out var memory))
        {
            _memories[site] = memory = _settings.Forecaster.Remember(TermCount, _settings.State);
        }

        memory.Observe(feature, _call.CallIndex, _forgets);
    }

    /// <summary>The forecast of a feature for the drafted call.</summary>
    public Forecast Supply(Site site)
    {
        var forecast = _formed is { } formed && formed.Site == site ? formed.Forecast : _memories[site].Forecast(_call.CallIndex);
        _formed = null;
        return forecast;
    }

    /// <summary>The tokens that a drafted call computes in a branch; null: none.</summary>
    public Tensor? SelectTokens(Site site, Tensor input) => _tokens!.Select(site, input, _memories[site].Newest);

    /// <summary>Those tokens, computed.</summary>
    public void Merge(Site site, Tensor tokens, Tensor fresh)
    {
        var newest = _memories[site].Newest;
        if (_tokens!.MeetsComputed)
        {
            var forecast = Supply(site);
            _formed = (site, forecast); // a call's forecast is asked for once; it follows what is written into the newest feature
            fresh = NewestThatGives(fresh, forecast, newest, tokens);
        }

        _tokens.Merge(site, newest, tokens, fresh);
    }

    /// <summary>Whether the token selector steers by a signal.</summary>
    public bool Wants(Site site, Signal signal) => _tokens?.Wants(site, signal) == true;

    /// <summary>A signal that it asked for.</summary>
    public void Take(Site site, Signal signal, Tensor value) => _tokens!.Take(site, signal, value);

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens?.Dispose();
        foreach (var memory in _memories.Values)
        {
            memory.Dispose();
        }
    }

    /// <summary>As the command line writes it.</summary>
    internal static string Word(Granularity granularity) => granularity.ToString().ToLowerInvariant();

    // Solves fresh = a · newest + Σ cᵢ · termᵢ for the newest feature at the given tokens.
    private static Tensor NewestThatGives(Tensor fresh, Forecast forecast, Tensor newest, Tensor tokens)
    {
        var (terms, coefficients) = (forecast.Terms.ToArray(), forecast.Coefficients.ToArray());
        var a = coefficients[Array.IndexOf(terms, newest)];
        var others = terms.Zip(coefficients).Where(t => t.First != newest).ToArray();
        return Tensor.Combine([fresh, .. others.Select(t => t.First.GatherTokens(tokens))], [1 / a, .. others.Select(t => -t.Second / a)]);
    }

    private (DraftSettings Settings, int Terms) Fit(DraftSettings wanted, RunInfo run, int keptBlocks)
    {
        var (leanest, smallest) = wanted.Tokens is not null ? (Granularity.Branch, DType.Float32) // tokens are written into kept branches
            : (_verifiedLayer is not null ? Granularity.Block : Granularity.Output, DType.BFloat16);
        var settings = wanted;
        var terms = wanted.Forecaster.TermCount;
        while (run.MemoryBudget is { } budget && Bytes(settings, terms, run, keptBlocks) + (_tokens?.ByteCount ?? 0) > budget)
        {
            if (settings.Granularity < leanest)
            {
                settings = settings with { Granularity = settings.Granularity + 1 };
            }
            else if (settings.State != smallest)
            {
                settings = settings with { State = DType.BFloat16 };
            }
            else if (terms > 1)
            {
                terms--;
            }
            else
            {
                break; // one tensor is the least there is
            }
        }

        return (settings, terms);
    }

    private static long Bytes(DraftSettings settings, int terms, RunInfo run, int keptBlocks)
    {
        long stream = run.Stream.ElementCount, features = settings.Granularity switch
        {
            Granularity.Branch => 2 * run.Depth * stream,
            Granularity.Block => keptBlocks * stream,
            _ => run.Output.ElementCount,
        };
        return features * run.RowCount * terms * settings.State.Size();
    }

    // Behind the last block; behind and before the one that is verified.
    private IEnumerable<int> KeptBlocks() => new[] { _depth - 1, _verifiedLayer, _verifiedLayer - 1 }.OfType<int>().Where(layer => layer >= 0).Distinct();

    private bool Keeps(Site site) => Granularity switch
    {
        Granularity.Branch => site.IsBranch,
        Granularity.Block => site.Kind == SiteKind.Block && KeptBlocks().Contains(site.Layer),
        _ => site.Kind == SiteKind.Output,
    };
}
