using Augur.Caching.Forecasting;
using Augur.Caching.Tokens;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>DaTo for one sample; docs/methods/dato.md.</summary>
internal sealed class DaToMemory : ISampleMemory
{
    private readonly DaToOptions _options;
    private readonly RunInfo _run;
    private readonly int[] _depths;
    private readonly IPruningDraws _draws;
    private readonly DrawnScoring _scoring;
    private readonly PruneReducing? _reducing; // null: nothing is pruned
    private readonly IFeatureMemory _level;
    private readonly IFeatureMemory _output;
    private NetworkCall _call;
    private int _depth;
    private bool _prunes;

    private DaToMemory(DaToOptions options, RunInfo run, int[] depths, IPruningDraws draws, MemoryFit fit)
    {
        (_options, _run, _depths, _draws, Note) = (options, run, depths, draws, fit.Note);
        var windows = options.Prunes ? TokenWindows.Of(run.Map, "Policy dato", options.WindowRows, options.WindowColumns) : null;
        _scoring = options.Base == BaseTokens.Random && windows is not null ? new PlaceScoring(windows, draws)
            : new DynamicsScoring(options.Score, run, draws);
        _reducing = windows is null ? null : new PruneReducing(windows, options.RoundsNorms);
        (_level, _output) = (fit.Remember(0, new ReuseForecaster()), fit.Remember(1, new ReuseForecaster()));
    }

    public long ByteCount => _level.ByteCount + _output.ByteCount + _scoring.ByteCount;

    public string? Note { get; }

    public static ISampleMemory Open(DaToOptions options, RunInfo run, int[] depths, IPruningDraws draws)
    {
        var (reuse, rows) = (new ReuseForecaster(), (long)run.RowCount);
        var level = depths.Contains(1) ? rows * run.Map[Site.Level(0)].Feature.ElementCount : 0;
        var output = depths.Contains(0) ? rows * run.Map.Output.ElementCount : 0;
        var watched = Watches(options) ? rows * (run.Map.Output.ElementCount + run.Map.Output[0]) : 0;
        var fit = MemoryFit.Of("dato", run, DType.Float32, [(reuse, level), (reuse, output)], watched);
        return fit.IsEnough ? new DaToMemory(options, run, depths, draws, fit) : new UncachedMemory(fit.Note);
    }

    public CallPlan Begin(NetworkCall call)
    {
        (_call, _depth) = (call, call.MustCompute ? 2 : _depths[call.CallIndex]);
        _prunes = !call.MustCompute && _depth > 0 && RatioAt(call.Timestep) > 0;
        return _depth >= 2 && !_prunes ? CallPlan.Compute : CallPlan.Draft;
    }

    public Answer Ask(Question question) => question.Site switch
    {
        { Kind: SiteKind.Output } when _depth == 0 => Reused(),
        { Kind: SiteKind.Output } => Answer.Compute.Observed((_, answer) => Watch(answer)),
        { Kind: SiteKind.Level, Layer: 0 } when _depth == 1 => Answer.Supply(_level.Forecast(_call.CallIndex)),
        { Kind: SiteKind.Level, Layer: 0 } when _depths.Contains(1) =>
            Answer.Compute.Observed((_, feature) => _level.Observe(feature, _call.CallIndex, forgets: false)),
        var site when _prunes && ShrunkAttention.IsPossible(_run.Map, site) => ShrunkAttention.AnswerAt(site, input => Choose(site, input)),
        _ => Answer.Compute,
    };

    public CallOutcome End() => new(_depth == 0 ? CallKind.Drafted : _depth == 1 || _prunes ? CallKind.Partial : CallKind.Computed);

    public void Dispose()
    {
        _level.Dispose();
        _output.Dispose();
    }

    private static bool Watches(DaToOptions options) => options.Dynamics != 0 && options.Base == BaseTokens.Score && options.Prunes;

    private Answer Reused()
    {
        (_scoring as DynamicsScoring)?.Repeat();
        return Answer.Supply(_output.Forecast(_call.CallIndex));
    }

    private void Watch(Tensor answer)
    {
        if (_depths.Contains(0))
        {
            _output.Observe(answer, _call.CallIndex, forgets: false);
        }

        if (Watches(_options))
        {
            _scoring.Observe(Site.Output, answer);
        }
    }

    private TokenPruning Choose(Site site, Tensor input)
    {
        var view = new TokenView(_call, site, input);
        var count = view.Tokens - (int)(view.Tokens * RatioAt(_call.Timestep));
        var pruning = _reducing!.Prune(view, _scoring.Of(view), count);
        _draws.Told(_scoring.Draw, pruning);
        return pruning;
    }

    // The list lies over the timesteps from the last trained one down; one entry for all is the same everywhere.
    private double RatioAt(float timestep)
    {
        var count = _options.Ratio.Count;
        return count == 0 ? 0 : _options.Ratio[Math.Clamp(count - 1 - (int)(timestep * count / 1000), 0, count - 1)];
    }
}
