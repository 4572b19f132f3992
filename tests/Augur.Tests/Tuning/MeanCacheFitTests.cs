using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tuning;

namespace Augur.Tests.Tuning;

/// <summary>The schedule of MeanCache that is found is the cheapest there is.</summary>
public sealed class MeanCacheFitTests : IDisposable
{
    private const double Radius = 0.5;
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void The_cheapest_path_is_that_of_trying_all(int count)
    {
        const int Calls = 9;
        var random = new Random(count);
        var costs = new double[Calls + 1, Calls + 1, Calls + 1];
        for (var i = 0; i < costs.Length; i++)
        {
            costs[i / 100, i / 10 % 10, i % 10] = random.NextDouble();
        }

        double[] starts = [0.3, 0.1, 0.9];
        double Cost(int before, int at, int next) => costs[before + 1, at, next] * (next - at > 5 ? 1000 : 1); // longer gaps are not looked at
        var best = Choices(Calls, count).Where(choice => choice[0] < starts.Length)
            .MinBy(choice => starts[choice[0]] + choice.Index().Sum(call => Cost(
                call.Index == 0 ? -1 : choice[call.Index - 1], call.Item, call.Index + 1 < count ? choice[call.Index + 1] : Calls)));
        Assert.Equal(best, CheapestPath.Of(Calls, count, starts, Cost));
    }

    // Where an answer depends on the time alone, a run under the method goes as the recorded ones did, so that what a skipped call moves the latent
    // by is what the result is off.
    [Theory]
    [InlineData(false, 1f, 1.13f, 0.6f, 1.2f, 0.5f, 1.3f, 1.4f)] // of the first call more is lost than of the last, and less of that is kept
    [InlineData(true, 0f, 0.3f, 0.62f, 0.96f, 1.33f, 1.7f, 2.2f)] // nearly a line
    public async Task Of_all_calls_that_could_be_skipped_it_is_the_one_that_moves_the_result_least(bool isCorrected, params float[] answers)
    {
        using var model = new DiffusionModel(
            new WatchedDenoiser(SmallFlux.Network(_backend)) { Answer = (input, door) => Answer(input, door, answers) }, new FirstChannel(), null,
            new GenerationDefaults(new FlowEulerSampler(new()), 7, new Guidance(1)));
        var request = model.Request("", 5) with { Condition = SmallFlux.Text(3, 1) };
        var done = 0;
        var fit = new MeanCacheFitting(model, [request], 6).Run(calls => done += calls, default);
        Assert.Equal((7, 7, 6), (done, fit.Calls, fit.Computed.Count));
        var ratios = new List<double>();
        using (var group = new RunStart(model).Begin([request], null))
        {
            for (var run = group.Trajectories[0].Run; !run.IsFinished;)
            {
                using var scope = TensorScope.Begin();
                ratios.Add(run.NoiseToSignal);
                run.Advance(run.Latent, null, new GivenNoise(default));
            }
        }

        var exact = (await new GenerationPipeline(model).GenerateAsync(request)).Latent;
        var moved = new List<double>();
        foreach (var steps in (int[])[1, 2])
        {
            for (var skipped = 1; skipped < 7; skipped++)
            {
                var computed = string.Join('-', Enumerable.Range(0, 7).Where(call => call != skipped));
                var policy = PolicyCatalog.Parse($"meancache(schedule=list({computed}),steps={steps})");
                var latent = (await new GenerationPipeline(model).GenerateAsync(request with { Cache = policy })).Latent;
                var r = skipped + 1 < 7 ? ratios[skipped + 1] : 0;
                var keeps = Radius * (1 + r) / Math.Sqrt((Radius * Radius) + (r * r));
                moved.Add(keeps * Math.Sqrt(latent.Zip(exact, (a, b) => (double)(a - b) * (a - b)).Sum()));
            }
        }

        var best = moved.IndexOf(moved.Min());
        Assert.Equal(isCorrected, best >= 6);
        Assert.Equal((1 + (best % 6), 1 + (best / 6)), (Enumerable.Range(0, 7).Except(fit.Computed).Single(), fit.Steps));
        Assert.Equal($"meancache(schedule=list({string.Join('-', fit.Computed)},of=7),steps={fit.Steps})", fit.Policy);
        Assert.Equal(fit.Computed.Count, PolicyCatalog.Parse(fit.Policy) is MeanCachePolicy policyOfFit
            ? policyOfFit.Options.Schedule!.Plan(7).Count(isComputed => isComputed) : 0);
    }

    [Fact]
    public void Runs_that_the_method_cannot_follow_and_counts_that_are_not_there_are_refused()
    {
        using var model = SmallDit.Load(_backend);
        var request = model.Request(3, 5);
        Assert.Equal(
            "12 computed calls cannot be had of a run of 12; it has to have more.",
            Assert.Throws<ArgumentException>(() => new MeanCacheFitting(model, [request], 12)).Message);
        Assert.Contains(
            "this sampler adds fresh noise",
            Assert.Throws<ArgumentException>(() => new MeanCacheFitting(model, [request with { Sampler = Samplers.Parse("ddpm") }], 4)).Message);
        var fitting = new MeanCacheFitting(model, [request with { Sampler = Samplers.Parse("k-heun") }], 4);
        Assert.Contains("every call stands at a place of its own", Assert.Throws<ArgumentException>(() => fitting.Run(_ => { }, default)).Message);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => new MeanCacheFitting(model, [request], 4).Run(_ => { }, cancelled.Token));
    }

    private static IEnumerable<int[]> Choices(int calls, int count) => Enumerable.Range(0, 1 << calls)
        .Where(bits => int.PopCount(bits) == count).Select(bits => Enumerable.Range(0, calls).Where(call => (bits >> call & 1) == 1).ToArray());

    // By the time alone, the same for all elements.
    private static Tensor Answer(NetworkInput input, IFeatureDoor door, float[] answers)
    {
        using var scope = TensorScope.Begin();
        var (backend, rows, output) = (input.Latents.Backend, input.Latents.Shape[0], input.Map.Output);
        Shape tokens = [rows, output[0], output[1]];
        var answer = door.GetOrCompute(
            Site.Output,
            input.Latents,
            (_, at) => Tensor.Concatenate(
                [.. at.NarrowRows(input.Timesteps).Select(t => Tensor.Full(
                    backend, tokens.With(0, 1), answers[(int)MathF.Round(7 * (1 - (t > 1 ? t / 1000 : t)))]))],
                0),
            new SignalOffer(Signal.NetworkInput, () => input.Latents.Reshape(tokens)));
        return answer.ToTensor().Reshape(input.Latents.Shape).Escape();
    }
}
