using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tuning;

namespace Augur.Tests.Tuning;

/// <summary>Searches on the small DiT of the fixtures, in 12 steps unless said otherwise.</summary>
public sealed class TunerTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;

    public TunerTests() => _model = SmallDit.Load(_backend);

    public void Dispose()
    {
        _model.Dispose();
        _backend.Dispose();
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 500)]
    [InlineData(3, 1000)]
    [InlineData(4, 7000)]
    [InlineData(6, 7)]
    public async Task A_speed_that_can_be_reached_is_reached(double speedup, long seed)
    {
        var found = await Search(seed, trials: 16).FindAsync(TuningTarget.Faster(speedup), default);
        Assert.NotNull(found.Policy);
        Assert.True(found.HeldOut!.FlopsSpeedup >= speedup * (1 - TuningTarget.SpeedTolerance));
        Assert.InRange(found.HeldOut.FlopsSpeedup, 0.995 * speedup, 1.35 * speedup); // and no more is given away than a call
    }

    [Theory]
    [InlineData("25dB", 8, 0)]
    [InlineData("25dB", 16, 500)]
    [InlineData("30dB", 40, 1000)]
    [InlineData("30dB", 8, 7000)]
    [InlineData("fast", 16, 7)]
    public async Task A_quality_that_can_be_reached_is_reached(string quality, int trials, long seed)
    {
        var target = TuningTarget.ParseQuality(quality);
        var found = await Search(seed, trials).FindAsync(target, default);
        Assert.NotNull(found.Policy);
        Assert.True(found.Interval!.Lower >= target.Mean, $"{found.Interval}");
        Assert.True(found.HeldOut!.FlopsSpeedup > 1.05, $"{found.HeldOut.FlopsSpeedup}");
        Assert.Equal(HeldOut.ConfidenceOf(found.Attempt), found.Interval.Confidence, 1e-12);
    }

    [Fact]
    public async Task A_target_of_five_times_takes_ten_of_fifty_calls()
    {
        var requests = Enumerable.Range(0, 2).Select(i => _model.Request(i, i) with { Steps = 50 }).ToArray();
        var tuner = new Tuner(new Calibration(_model, new(), requests), _ => new Calibration(_model, new(), requests), new() { Trials = 8 });
        var found = await tuner.FindAsync(TuningTarget.Faster(5), default);
        var schedule = PolicyCatalog.Spell(found.Policy!).First(s => s.Name == "schedule").Value;
        Assert.Equal(10, Augur.Caching.Schedules.CallSchedules.Parse(schedule).Plan(50).Count(c => c));
        Assert.InRange(found.HeldOut!.FlopsSpeedup, 4.975, 5.001);
    }

    [Theory]
    [InlineData(null, 3.0, 8)]
    [InlineData(null, 3.0, 40)]
    [InlineData("30dB", null, 8)]
    [InlineData("30dB", null, 40)]
    [InlineData("89dB", null, 12)] // out of reach, and tried until the end
    public async Task The_limit_of_trials_is_a_limit(string? quality, double? speedup, int trials)
    {
        var told = new List<SearchProgress>();
        var target = quality is null ? TuningTarget.Faster(speedup!.Value) : TuningTarget.ParseQuality(quality);
        var found = await Search(0, trials, told.Add).FindAsync(target, default);
        Assert.InRange(found.Tried, 1, trials);
        Assert.All(told, p => Assert.InRange(p.Tried, 0, trials));
        Assert.Equal(trials, told[0].Limit);
    }

    [Theory]
    [InlineData("teacache(threshold={0.001..3})", 8)]
    [InlineData("taylorseer(schedule=power(calls={1..12}))", 8)]
    public async Task The_limit_holds_for_one_number_too(string policy, int trials)
    {
        var found = await Search(0, trials).FindAsync(TuningTarget.Faster(2), PolicyRange.Parse(policy)!, default);
        Assert.NotNull(found.Policy);
        Assert.InRange(found.Tried, 3, trials);
    }

    [Fact]
    public async Task Progress_begins_with_the_uncached_pictures_and_never_goes_back_by_much()
    {
        var told = new List<SearchProgress>();
        await Search(0, trials: 20, told.Add).FindAsync(TuningTarget.Faster(3), default);
        Assert.Equal((SearchStage.Uncached, 0), (told[0].Stage, told[0].Tried));
        Assert.Contains(told, p => p is { Stage: SearchStage.Trying, IsNewBest: true, Best: not null });
        Assert.Equal(SearchStage.HeldOut, told[^1].Stage);
        Assert.All(told.Zip(told.Skip(1)), p => Assert.True(p.Second.Share >= p.First.Share - 0.1, $"{p.First} {p.Second}"));
        Assert.InRange(told[0].Share, 0, 0.1);
        Assert.InRange(told[^1].Share, 0.7, 1);
    }

    [Theory]
    [InlineData(null, 3.0)]
    [InlineData("25dB", null)]
    public async Task Stopped_it_gives_the_best_so_far_and_says_on_how_many_pictures_it_was_judged(string? quality, double? speedup)
    {
        using var stop = new CancellationTokenSource();
        var told = new List<SearchProgress>();
        var target = quality is null ? TuningTarget.Faster(speedup!.Value) : TuningTarget.ParseQuality(quality);
        var found = await Search(0, trials: 60, StopAtNine).FindAsync(target, stop.Token);
        Assert.True(found.IsStopped);
        Assert.Null(found.HeldOut);
        Assert.Equal(9, found.Tried);
        Assert.True(target.SeemsMet(found.Calibrated));
        Assert.InRange(found.Calibrated.Quality.Count, 2, 6);
        Assert.Equal(found.Policy, PolicyCatalog.Parse(found.Policy!).Name);

        void StopAtNine(SearchProgress progress)
        {
            told.Add(progress);
            if (progress.Tried == 9)
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public async Task Stopped_before_anything_was_found_it_says_that_it_was_stopped()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Search(0, trials: 20, p => stop.Cancel()).FindAsync(TuningTarget.Faster(3), stop.Token));
    }

    [Fact]
    public async Task A_model_that_draws_what_is_not_a_number_is_not_tuned()
    {
        using var broken = SmallDit.Load(_backend, network =>
            new WatchedDenoiser(network) { After = (_, output) => Tensor.Full(output.Backend, output.Shape, float.NaN) });
        var requests = new[] { broken.Request(1, 41) };
        var tuner = new Tuner(new Calibration(broken, new(), requests), _ => new Calibration(broken, new(), requests), new() { Trials = 8 });
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => tuner.FindAsync(TuningTarget.Faster(3), default));
        Assert.Contains("NaN", refused.Message, StringComparison.Ordinal);
    }

    // Six pictures to choose on, six others to state.
    private Tuner Search(long seed, int trials, Action<SearchProgress>? report = null) =>
        new(Pictures(seed), attempt => Pictures(seed + ((attempt + 1) * 1_000_000)), new() { Trials = trials, Seed = (int)seed }, report);

    private Calibration Pictures(long seed) =>
        new(_model, new(), [.. Enumerable.Range(0, 6).Select(i => _model.Request(i % _model.Classes.Count, seed + i))]);
}
