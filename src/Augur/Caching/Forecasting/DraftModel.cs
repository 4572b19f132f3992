using Augur.Tensors;

namespace Augur.Caching.Forecasting;

/// <summary>How features are forecast: which of them, by what rule, kept in which precision.</summary>
/// <param name="Forecaster">The rule.</param>
/// <param name="Granularity">Which features.</param>
/// <param name="State">Float32, or BFloat16 for half the memory.</param>
public sealed record DraftSettings(IForecaster Forecaster, Granularity Granularity, DType State);

/// <summary>
/// The draft model of one sample: keeps the histories of the features that its granularity names, and answers at their sites. A policy says
/// which calls are computed; everything between is forecast from here.
/// </summary>
public sealed class DraftModel : IDisposable
{
    private readonly Dictionary<Site, FeatureHistory> _histories = [];
    private readonly DraftSettings _settings;
    private readonly int _depth;
    private readonly int? _verifiedLayer;
    private int _lastComputed = -1;
    private int _gap;
    private bool _differentiate;
    private int _distance;

    /// <summary>Prepares for a run; what the memory budget does not allow is given up, finest granularity first, then single precision, then orders.</summary>
    /// <param name="settings">Rule, granularity and precision wanted.</param>
    /// <param name="run">Sizes, and the budget.</param>
    /// <param name="verifiedLayer">The block whose draft will be verified, which needs the stream behind it and, but for the first, before it; null: none.</param>
    public DraftModel(DraftSettings settings, RunInfo run, int? verifiedLayer)
    {
        (_depth, _verifiedLayer) = (run.Depth, verifiedLayer);
        (_settings, TermCount) = Fit(settings, run, KeptBlocks().Count());
        Note = _settings == settings && TermCount == settings.Forecaster.TermCount ? null
            : $"a budget of {run.MemoryBudget} bytes left room for granularity {Word(_settings.Granularity)}, {_settings.State.ToString().ToLowerInvariant()}, {TermCount} of {settings.Forecaster.TermCount} differences";
    }

    /// <summary>The granularity in use.</summary>
    public Granularity Granularity => _settings.Granularity;

    /// <summary>Differences kept of each feature.</summary>
    public int TermCount { get; }

    /// <summary>What the budget cost; null: nothing.</summary>
    public string? Note { get; }

    /// <summary>Whether anything is known to forecast from.</summary>
    public bool IsReady => _lastComputed >= 0;

    /// <summary>Bytes kept.</summary>
    public long ByteCount => _histories.Values.Sum(h => h.ByteCount);

    /// <summary>A call is computed: features will be observed.</summary>
    /// <param name="callIndex">Which.</param>
    /// <param name="differentiate">Whether differences are formed with what was known (published methods wait for this during warm-up).</param>
    public void BeginComputed(int callIndex, bool differentiate)
    {
        _gap = _lastComputed < 0 ? 0 : callIndex - _lastComputed;
        _lastComputed = callIndex;
        _differentiate = differentiate && _gap > 0;
    }

    /// <summary>A call is drafted: features will be supplied.</summary>
    public void BeginDraft(int callIndex) => _distance = callIndex - _lastComputed;

    /// <summary>The answer at a site of a computed call.</summary>
    public Answer AskComputed(Site site) => Keeps(site) ? Answer.ComputeAndObserve : Answer.Compute;

    /// <summary>The answer at a site of a drafted call.</summary>
    /// <param name="site">Where.</param>
    /// <param name="verify">Whether this call's draft is verified.</param>
    public Answer AskDraft(Site site, bool verify) => (Granularity, site.Kind) switch
    {
        (Granularity.Output, SiteKind.Output) => Answer.Supply,
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
        if (!_histories.TryGetValue(site, out var history))
        {
            _histories[site] = history = new FeatureHistory(TermCount, _settings.State);
        }

        history.Observe(feature, _gap, _differentiate);
    }

    /// <summary>The forecast of a feature for the drafted call.</summary>
    public Forecast Supply(Site site)
    {
        var known = _histories[site].Known;
        var coefficients = new float[known.Length];
        _settings.Forecaster.Weigh(new ForecastPoint(_distance, _gap), coefficients);
        return new Forecast(known, coefficients);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var history in _histories.Values)
        {
            history.Dispose();
        }
    }

    /// <summary>As the command line writes it.</summary>
    internal static string Word(Granularity granularity) => granularity.ToString().ToLowerInvariant();

    private (DraftSettings Settings, int Terms) Fit(DraftSettings wanted, RunInfo run, int keptBlocks)
    {
        var leanest = _verifiedLayer is not null ? Granularity.Block : Granularity.Output;
        var settings = wanted;
        var terms = wanted.Forecaster.TermCount;
        while (run.MemoryBudget is { } budget && Bytes(settings, terms, run, keptBlocks) > budget)
        {
            if (settings.Granularity < leanest)
            {
                settings = settings with { Granularity = settings.Granularity + 1 };
            }
            else if (settings.State == DType.Float32)
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
