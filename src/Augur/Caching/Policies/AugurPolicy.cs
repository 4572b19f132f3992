using System.Globalization;
using Augur.Caching.Forecasting;
using Augur.Caching.Schedules;
using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="AugurPolicy"/>.</summary>
public sealed record AugurOptions : IntervalOptions
{
    // Of the built-in model of classes, whose network has so many blocks and this output: augur fit error --guidance 1,2,4,7 --seed 77000.
    private const int OwnBlocks = 29;
    private static readonly Shape s_ownOutput = [64, 96];
    private static readonly double[] s_tolerances = [0.002, 0.004, 0.008, 0.016, 0.032, 0.064];
    private static readonly double[] s_errors = [0.0692, 0.0766, 0.0886, 0.138, 0.229, 0.364];

    /// <summary>Defaults: ten computed calls, between them the network's output by FoCa's rule.</summary>
    public AugurOptions() => (Schedule, Draft, Granularity) = (new AugurSchedule(10), new FoCaForecaster(), Granularity.Output);

    /// <summary>Computed calls; all where the run has fewer. Ten of 50 are a fifth of the FLOPs.</summary>
    [Setting("calls", 1, 1000, Unit = "calls", IsPositional = true)]
    public int Calls
    {
        get => Schedule is AugurSchedule own ? own.Calls : 0;
        init => Schedule = new AugurSchedule(Setting.Checked(this, value), Speedup);
    }

    /// <summary>Instead of a number of calls a share: of so many calls one is computed. 5 computes 10 of 50 and 50 of 250.</summary>
    [Setting("speedup", 1, 1000, None = "none", After = "calls")]
    public double? Speedup
    {
        get => (Schedule as AugurSchedule)?.Speedup;
        init => Schedule = new AugurSchedule(Calls, Setting.Checked(this, value));
    }

    /// <summary>
    /// A fit of <c>augur fit forecast</c>, for one network, sampler, number of steps and guidance: its calls are computed, and its weights correct
    /// the drafts. A relative path begins at the current directory, in a policy file at the file's folder.
    /// </summary>
    [Setting("forecast", Values = "the path of a .json file", None = "none", After = "calls")]
    public string? Forecast { get; init; }

    /// <summary>
    /// Instead of a number of calls the error of the result that 95 of 100 samples stay within, relative to the result's norm. Every sample chooses
    /// its computed calls on the way: each is held against the draft that there would have been for it.
    /// </summary>
    [Setting("error", 0, 10, AboveMinimum = true, None = "none", After = "calls")]
    public double? Error { get; init => field = Setting.Checked(this, value); }

    /// <summary>
    /// What drafts between two computed calls may change the result by, one for each of the errors: the columns of a table that belongs to a model.
    /// <c>augur fit error</c> measures it; the default is that of the built-in model of classes.
    /// </summary>
    [Setting("tolerances", 0, 1000, AboveMinimum = true, MostNumbers = 1000, After = "calls")]
    public IReadOnlyList<double> Tolerances { get; init => field = Setting.Checked(this, value); } = s_tolerances;

    /// <summary>The relative error of the result that 95 of 100 samples stayed within, for each of the tolerances.</summary>
    [Setting("errors", 0, 1000, AboveMinimum = true, MostNumbers = 1000, After = "calls")]
    public IReadOnlyList<double> Errors { get; init => field = Setting.Checked(this, value); } = s_errors;

    /// <summary>Whether the table is that of the built-in model, and the network another.</summary>
    internal bool IsOfAnother(NetworkMap map) => Tolerances.SequenceEqual(s_tolerances) && Errors.SequenceEqual(s_errors)
        && !(map.BlockCount == OwnBlocks && map.Output == s_ownOutput);
}

/// <summary>
/// What the search over the whole space of settings ended in: which calls are computed decides most at a given cost, then the rule of
/// extrapolation; verification and computed tokens cost more than they bring
/// where the schedule is right. Found by <c>augur tune</c> on the built-in model; another model is worth a search of its own.
/// </summary>
public sealed class AugurPolicy : IntervalPolicy<AugurOptions>
{
    // The schedule is the searched one, or that of the fit.
    internal static readonly SettingList<AugurOptions> Settings = new("Policy", "augur", "interval", "warmup", "schedule");

    private const string Uncalibrated =
        "error and what it comes to were measured on the built-in model of classes; augur fit error measures them for another model";

    private readonly ForecastFit? _fit;
    private readonly double? _tolerance;

    /// <summary>Reads the fit, if there is one.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">They do not fit each other, or the fit has no plan of so many computed calls.</exception>
    /// <exception cref="FileNotFoundException">There is no such fit.</exception>
    /// <exception cref="Tensors.Weights.WeightFileException">The file holds no fit.</exception>
    public AugurPolicy(AugurOptions? options = null)
        : base("augur", Settings, options)
    {
        RequireOneWay();
        ErrorCalibration.Require(Options.Tolerances, Options.Errors);
        if (Options.Error is { } error)
        {
            _tolerance = ErrorCalibration.ToleranceFor(error, Options.Tolerances, Options.Errors);
        }

        if (Options.Forecast is { } path)
        {
            _fit = ForecastJson.Read(path);
            RequireItsOwn(_fit);
            _ = _fit.PlanOf(CallsOf(_fit.Calls));
        }
    }

    /// <inheritdoc/>
    public override bool IsFitted => _fit is not null;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        if (_tolerance is { } tolerance)
        {
            var draft = new DraftModel(Options.DraftSettings, run, verified: null);
            return draft.IsEnough ? new ControlledMemory(draft, run, tolerance, Options.IsOfAnother(run.Map) ? Uncalibrated : null)
                : UncachedMemory.InPlaceOf(draft);
        }

        return _fit is null ? base.Open(run) : FittedMemory.Open(_fit, _fit.PlanOf(CallsOf(_fit.Calls)), Options.Draft, run);
    }

    private int CallsOf(int callCount) => ((AugurSchedule)Options.Schedule!).CountOf(callCount);

    // The computed calls are chosen in one way.
    private void RequireOneWay()
    {
        (string Name, string? Value)[] ways =
        [
            ("calls", Options.Calls is var calls && calls != new AugurOptions().Calls ? Text(calls) : null), ("speedup", Text(Options.Speedup)),
            ("error", Text(Options.Error)), ("forecast", Options.Forecast),
        ];
        var given = ways.Where(way => way.Value is not null).ToArray();
        if (given.Length > 1 && given is not [{ Name: "calls" or "speedup" }, { Name: "forecast" }])
        {
            throw new ArgumentException(
                $"Policy augur: {given[0].Name}={given[0].Value} and {given[1].Name}={given[1].Value} exclude each other.");
        }

        if (Options.Error is not null && (Options.Granularity != Granularity.Output || Options.Tokens is not null))
        {
            throw new ArgumentException(
                "Policy augur: error holds computed outputs against drafts of them, kept in full; granularity is output and tokens is none.");
        }
    }

    private static string? Text(double? number) => number?.ToString(CultureInfo.InvariantCulture);

    private void RequireItsOwn(ForecastFit fit)
    {
        if (Options.Granularity != Granularity.Output || Options.Tokens is not null || Options.State != DType.Float32)
        {
            throw new ArgumentException(
                "Policy augur: a fit corrects the network's output, kept in full; granularity is output, tokens is none and state is float32.");
        }

        if (Options.Draft.Name != fit.Draft)
        {
            throw new ArgumentException($"Policy augur: the fit {fit.Name} corrects draft={fit.Draft}, not draft={Options.Draft.Name}.");
        }
    }
}

/// <summary>Searched schedules, stretched to the number of computed calls and the length of the run.</summary>
/// <param name="Calls">Computed calls, at least 1.</param>
/// <param name="Speedup">Calls of the run for each computed one; null: as many as <paramref name="Calls"/> says.</param>
internal sealed record AugurSchedule(int Calls, double? Speedup = null) : ICallSchedule
{
    // By augur tune on the built-in model, DDIM in 50 steps: of so many computed calls.
    private const int Of = 50;
    private static readonly int[][] s_found =
    [
        [0, 8, 17, 25, 33, 41, 47],
        [0, 5, 12, 19, 25, 32, 40, 47],
        [0, 5, 12, 18, 24, 30, 36, 42, 47],
        [0, 4, 10, 16, 21, 26, 31, 37, 43, 47],
        [0, 1, 5, 9, 13, 17, 19, 23, 27, 31, 36, 40, 45, 48],
    ];

    /// <inheritdoc/>
    public string Name => "augur";

    /// <summary>Computed calls of a run.</summary>
    public int CountOf(int callCount) =>
        Speedup is { } speedup ? Math.Clamp((int)Math.Round(callCount / speedup), 1, callCount) : Math.Min(Calls, callCount);

    /// <inheritdoc/>
    public bool[] Plan(int callCount)
    {
        var count = CountOf(callCount);
        var nearest = s_found.MinBy(found => Math.Abs(Math.Log((double)found.Length / count)))!;
        var plan = new bool[callCount];
        foreach (var call in CallSchedules.Resample(nearest, Of, count, callCount))
        {
            plan[call] = true;
        }

        return plan;
    }
}
