using Augur.Caching.Schedules;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="MeanCachePolicy"/>.</summary>
public sealed record MeanCacheOptions
{
    /// <summary>
    /// Computed calls, placed as the nearest of the released schedules has them (Qwen-Image, 50 steps: 25, 17 and 10); all where the run has fewer;
    /// none: 17.
    /// </summary>
    [Setting("calls", 1, 1000, Unit = "calls", IsPositional = true)]
    public int? Calls { get; init => field = Setting.Checked(this, value); }

    /// <summary>Instead: calls from one computed call to the next; 1 computes all.</summary>
    [Setting("interval", 1, 1000, Unit = "calls")]
    public int? Interval { get; init => field = Setting.Checked(this, value); }

    /// <summary>Instead: which calls are computed; the word calls stands for those that calls or interval give.</summary>
    [Setting("schedule", Catalog = typeof(CallSchedules), None = "calls")]
    public ICallSchedule? Schedule { get; init; }

    /// <summary>
    /// Computed calls from which the mean velocity is taken; 1 repeats the last answer. Released: 1 to 6 steps, chosen for each gap by a search.
    /// </summary>
    [Setting("steps", 1, 16, Unit = "calls")]
    public int Steps { get; init => field = Setting.Checked(this, value); } = 2;
}

/// <summary>
/// MeanCache (arXiv 2601.19961): the latent's own way says how its mean velocity differs from the velocity at a computed call, and by that the answer
/// of that call is corrected until the next. Keeps a few latents, whatever the network's depth.
/// </summary>
public sealed class MeanCachePolicy : CachePolicy<MeanCacheOptions>
{
    internal static readonly SettingList<MeanCacheOptions> Settings = new("Policy", "meancache");

    private const int UsualCalls = 17;

    /// <summary>Checks that the settings fit each other.</summary>
    /// <exception cref="ArgumentException">More than one of them says which calls are computed.</exception>
    public MeanCachePolicy(MeanCacheOptions? options = null)
        : base(Settings, options)
    {
        string[] given = [.. new[]
        {
            Options.Calls is { } calls ? $"calls={calls}" : null,
            Options.Interval is { } interval ? $"interval={interval}" : null,
            Options.Schedule is { } schedule ? $"schedule={schedule.Name}" : null,
        }.OfType<string>()];
        if (given.Length > 1)
        {
            throw new ArgumentException($"Policy meancache: {given[0]} and {given[1]} exclude each other.");
        }
    }

    private ICallSchedule Schedule => Options.Schedule
        ?? (Options.Interval is { } interval ? new IntervalSchedule(interval, 1) : new MeanCacheSchedule(Options.Calls ?? UsualCalls));

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var plan = Schedule.Plan(run.NotNull().CallCount);
        if (Array.TrueForAll(plan, isComputed => isComputed))
        {
            return new UncachedMemory(note: null);
        }

        if (run.AddsNoise)
        {
            throw new ArgumentException("Policy meancache follows the latent's way, and this sampler adds fresh noise to it at each step.");
        }

        if (run.Path is not (LatentPath.Flow or LatentPath.Noise))
        {
            throw new ArgumentException(
                "Policy meancache needs answers that are the slope of the latent's way: those of a rectified flow, or the noise of a diffusion, "
                + "and no edit that pulls it elsewhere.");
        }

        run.Map.RequireSignal("Policy meancache", Site.Output, Signal.NetworkInput);
        var elements = MemoryFit.OutputElements(run) // the answer; its slope, and the way
            + (Options.Steps == 1 ? 0 : MemoryFit.OutputElements(run) + (2 * Options.Steps * run.Map.Output.ElementCount));
        var fit = MemoryFit.Of("meancache", run, Tensors.DType.Float32, [], elements);
        return fit.IsEnough ? new MeanVelocityMemory(plan, Options.Steps, run.Path) : new UncachedMemory(fit.Note);
    }
}
