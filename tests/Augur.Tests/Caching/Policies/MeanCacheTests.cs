using System.Text;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/meancache.md on a latent that follows what it is answered.</summary>
public sealed class MeanCacheTests : IDisposable
{
    private const int Calls = 12;
    private const string NoSlope = "needs answers that are the slope of the latent's way: those of a rectified flow, or the noise of a diffusion, "
        + "and no edit that pulls it elsewhere.";

    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    // Uneven places from 1 to 0.
    private static double Sigma(int call) => Math.Pow(1 - (call / (double)Calls), 1.3);

    [Theory]
    [InlineData("meancache(schedule=list(0-1-5-9))", LatentPath.Flow)]
    [InlineData("meancache(schedule=list(0-1-2-3-7-11),steps=3)", LatentPath.Flow)]
    [InlineData("meancache(schedule=list(0-1-2-6),steps=2)", LatentPath.Noise)]
    public void A_velocity_that_changes_in_a_straight_line_is_carried_on_forwards_exactly(string policy, LatentPath path)
    {
        Func<int, float> velocity = call => (float)(5 + (2 * Sigma(call)));
        foreach (var (call, supplied) in Play(policy, velocity, path).Supplied)
        {
            Assert.Equal(velocity(call), supplied, 2e-3);
        }
    }

    [Fact]
    public void A_line_known_late_is_followed_a_part_of_the_way_and_never_beyond()
    {
        Func<int, float> velocity = call => (float)(5 + (2 * Sigma(call)));
        var (_, supplied) = Play("meancache(interval=3)", velocity, LatentPath.Flow);
        Assert.Equal(velocity(0), supplied[1]); // one velocity is no line
        foreach (var call in supplied.Keys.Where(call => call > 3))
        {
            Assert.InRange(supplied[call], velocity(call) - 1e-3, velocity(call - (call % 3)) - 1e-3); // falls
        }
    }

    [Theory]
    [InlineData("meancache(interval=4)", "FrrrFrrrFrrr")]
    [InlineData("meancache(3)", "FrrrFrrrrrrF")]
    [InlineData("meancache(12)", "FFFFFFFFFFFF")]
    [InlineData("meancache(1000)", "FFFFFFFFFFFF")]
    [InlineData("meancache(schedule=list(0-2))", "FrFrrrrrrrrr")]
    public void The_schedule_says_which_calls_are_computed(string policy, string expected) =>
        Assert.Equal(expected, Play(policy, _ => 1, LatentPath.Flow).Letters);

    [Fact]
    public void Its_own_schedules_are_the_released_ones()
    {
        Assert.Equal([0, 1, 3, 7, 14, 21, 28, 35, 42, 49], Computed(10));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 17, 24, 31, 38, 45, 48, 49], Computed(17));

        int[] Computed(int calls)
        {
            using var cache = PolicyCatalog.Parse($"meancache({calls})").Open(CacheScript.Run(50) with { Path = LatentPath.Flow });
            return [.. Enumerable.Range(0, 50).Where(call => !cache.Begin(new NetworkCall(call, 50, 0)).IsDraft)];
        }
    }

    [Fact]
    public void With_one_step_the_last_answer_is_repeated()
    {
        var supplied = Play("meancache(schedule=list(0-1-5),steps=1)", call => 10 + call, LatentPath.Flow).Supplied;
        Assert.Equal([11, 11, 11, 15, 15, 15, 15, 15, 15], supplied.Values);
    }

    [Fact]
    public void Where_the_place_is_not_known_the_last_answer_is_repeated()
    {
        var supplied = Play("meancache(schedule=list(0-1-5))", call => 10 + call, LatentPath.Noise, ratio: _ => double.PositiveInfinity).Supplied;
        Assert.Equal([11, 11, 11, 15, 15, 15, 15, 15, 15], supplied.Values);
    }

    [Theory]
    [InlineData(LatentPath.Other, false, NoSlope)]
    [InlineData(LatentPath.Unknown, false, NoSlope)]
    [InlineData(LatentPath.Noise, true, "follows the latent's way, and this sampler adds fresh noise to it at each step.")]
    public void Where_it_makes_no_sense_it_is_refused_by_name(LatentPath path, bool addsNoise, string sentence)
    {
        var run = CacheScript.Run(Calls) with { Path = path, AddsNoise = addsNoise };
        Assert.Equal($"Policy meancache {sentence}", Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse("meancache(3)").Open(run)).Message);
    }

    [Fact]
    public void A_number_of_calls_beside_an_interval_is_refused() =>
        Assert.Equal(
            "Policy meancache: calls=10 and interval=4 exclude each other.",
            Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse("meancache(10,interval=4)")).Message);

    [Fact]
    public void Two_ways_to_say_which_calls_are_computed_exclude_each_other() =>
        Assert.Equal(
            "Policy meancache: interval=2 and schedule=list(0-3) exclude each other.",
            Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse("meancache(schedule=list(0-3),interval=2)")).Message);

    // The latent takes Euler's steps by what it is answered, in the coordinates of the path.
    private (string Letters, SortedDictionary<int, float> Supplied) Play(
        string policy, Func<int, float> answerAt, LatentPath path, Func<int, double>? ratio = null)
    {
        using var scope = TensorScope.Begin();
        using var cache = PolicyCatalog.Parse(policy).Open(CacheScript.Run(Calls) with { Path = path });
        var (letters, supplied, way) = (new StringBuilder(), new SortedDictionary<int, float>(), 3d);
        for (var call = 0; call < Calls; call++)
        {
            var place = Sigma(call); // of noise: the place is the ratio itself
            var toSignal = ratio?.Invoke(call) ?? (path == LatentPath.Noise ? place : place / (1 - place));
            cache.Begin(new NetworkCall(call, Calls, 0, NoiseToSignal: toSignal));
            var latent = (float)(path == LatentPath.Noise ? way / Math.Sqrt(1 + (place * place)) : way);
            var embedded = Tensor.Full(_backend, [1, 2, 4], 0);
            var answer = cache.Ask(new Question(Site.Output, embedded, _ => Tensor.Full(_backend, [1, 2, 3], latent)));
            var value = answerAt(call);
            if (answer.Supplies)
            {
                var formed = Tensor.Full(_backend, [1, 2, 3], 0);
                answer.Forecast!().WriteTo(formed);
                supplied[call] = value = formed.ToArray()[0];
            }
            else
            {
                answer.Observe?.Invoke(embedded, Tensor.Full(_backend, [1, 2, 3], value));
            }

            way += value * (Sigma(call + 1) - place);
            letters.Append(cache.End().Kind == CallKind.Computed ? 'F' : 'r');
        }

        return (letters.ToString(), supplied);
    }
}
