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
    private readonly IFeatureMemory _level;
    private readonly IFeatureMemory _output;
    private float[]? _answer; // the last, [rows, tokens, outputs]
    private float[]? _dynamics; // mean |change| of a token between the last two answers, [rows, tokens]
    private NetworkCall _call;
    private int _depth;
    private bool _prunes;
    private int _prunings;

    private DaToMemory(DaToOptions options, RunInfo run, int[] depths, IPruningDraws draws, MemoryFit fit)
    {
        (_options, _run, _depths, _draws, Note) = (options, run, depths, draws, fit.Note);
        (_level, _output) = (fit.Remember(0, new ReuseForecaster()), fit.Remember(1, new ReuseForecaster()));
    }

    public long ByteCount => _level.ByteCount + _output.ByteCount + (sizeof(float) * ((_answer?.LongLength ?? 0) + (_dynamics?.LongLength ?? 0)));

    public string? Note { get; }

    /// <summary>Whether tokens are pruned from an attention: one over the whole grid, whose tokens can see each other only.</summary>
    public static bool IsPruned(NetworkMap map, Site site) => site.Kind == SiteKind.Attention && map.Has(site)
        && map[site].FlopsPerPair > 0 && map[site].Feature[0] == map.Tokens[0].Grid.ElementCount;

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
        var site when _prunes && IsPruned(_run.Map, site) => Pruned(site),
        _ => Answer.Compute,
    };

    public CallOutcome End() => new(_depth == 0 ? CallKind.Drafted : _depth == 1 || _prunes ? CallKind.Partial : CallKind.Computed);

    public void Dispose()
    {
        _level.Dispose();
        _output.Dispose();
    }

    private static bool Watches(DaToOptions options) =>
        options.Dynamics != 0 && options.Base == BaseTokens.Score && options.Ratio.Any(ratio => ratio > 0);

    // The answer does not change, and so nothing is dynamic.
    private Answer Reused()
    {
        if (_dynamics is not null)
        {
            Array.Clear(_dynamics);
        }
        else if (_answer is not null)
        {
            _dynamics = new float[_run.RowCount * _run.Map.Output[0]];
        }

        return Answer.Supply(_output.Forecast(_call.CallIndex));
    }

    private void Watch(Tensor answer)
    {
        if (_depths.Contains(0))
        {
            _output.Observe(answer, _call.CallIndex, forgets: false);
        }

        if (!Watches(_options))
        {
            return;
        }

        var (values, before, channels) = (answer.ToArray(), _answer, answer.Shape[2]);
        _answer = values;
        if (before is not null)
        {
            _dynamics ??= new float[values.Length / channels];
            for (var token = 0; token < _dynamics.Length; token++)
            {
                var sum = 0f;
                for (var c = token * channels; c < (token + 1) * channels; c++)
                {
                    sum += Math.Abs(values[c] - before[c]);
                }

                _dynamics[token] = sum / channels;
            }
        }
    }

    private Answer Pruned(Site site)
    {
        TokenPruning? pruning = null;
        Tensor? feature = null;
        return Answer.ClosedTokens(
            input =>
            {
                pruning = Choose(site, input);
                return pruning.Retained;
            },
            (_, fresh) => feature = fresh.GatherTokens(pruning!.Sources),
            () => new Forecast((Tensor[])[feature!], (float[])[1]));
    }

    private TokenPruning Choose(Site site, Tensor input)
    {
        int rows = input.Shape[0], tokens = input.Shape[1], together = _options.AlignsRows ? _run.RowsPerSample : 1;
        var grid = _run.Map.Tokens[0].Grid;
        var windows = new TokenWindows(grid[0], grid[1], _options.WindowRows, _options.WindowColumns);
        var draw = new PruningDraw(_call.CallIndex, site, _prunings++);
        var bases = _options.Base == BaseTokens.Random
            ? Enumerable.Repeat(windows.At(_draws.Places(draw, windows.Count, windows.Size)), rows).ToArray()
            : BasesOf(Scores(draw, rows, tokens), windows, rows, tokens, together);
        var pruning = TokenPruning.Of(input, bases, (int)(tokens * RatioAt(_call.Timestep)), _options.RoundsNorms);
        _draws.Told(draw, pruning);
        return pruning;
    }

    private float[] Scores(PruningDraw draw, int rows, int tokens)
    {
        var noise = _draws.Noise(draw, rows, tokens);
        if (_dynamics is null || _dynamics.Length != noise.Length)
        {
            return noise;
        }

        var weight = (float)(_options.HasRandomSign && _draws.IsNegative(draw) ? -_options.Dynamics : _options.Dynamics);
        var share = (float)_options.Noise;
        return [.. _dynamics.Zip(noise, (change, unit) => (weight * change) + (share * unit))];
    }

    // Of each sample's rows the last one's, or each row's own.
    private static int[][] BasesOf(float[] scores, TokenWindows windows, int rows, int tokens, int together) =>
    [
        .. Enumerable.Range(0, rows).Select(row =>
        {
            var speaks = (row / together * together) + together - 1;
            return windows.Largest(scores.AsSpan(speaks * tokens, tokens));
        }),
    ];

    // The list lies over the timesteps from the last trained one down; one entry for all is the same everywhere.
    private double RatioAt(float timestep)
    {
        var count = _options.Ratio.Count;
        return count == 0 ? 0 : _options.Ratio[Math.Clamp(count - 1 - (int)(timestep * count / 1000), 0, count - 1)];
    }
}
