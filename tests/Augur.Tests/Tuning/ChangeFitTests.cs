using Augur.Tensors;
using Augur.Tuning;
using Augur.Pipelines;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Tuning;

public sealed class ChangeFitTests
{
    [Theory]
    [InlineData(1, new[] { 2.0, 0.5 })]
    [InlineData(4, new[] { 498.651651, -283.781631, 55.8554382, -3.82021401, 0.264230861 })] // TeaCache's for FLUX
    public void A_polynomial_is_found_again(int degree, double[] coefficients)
    {
        CallChange[] run = [new(0, 0, 1),
            .. Enumerable.Range(1, 30).Select(i => new CallChange(i / 100.0, coefficients.Aggregate(0.0, (y, c) => (y * i / 100.0) + c), 1))];
        var fit = TeaCacheFit.Of([run, run], degree);
        Assert.Equal(coefficients, fit.Coefficients, (a, b) => Math.Abs(a - b) < 1e-5 * Math.Max(1, Math.Abs(a)));
        Assert.Equal((60, 1.0), (fit.Calls, Math.Round(fit.Determination, 9)));
    }

    [Fact]
    public void More_coefficients_than_changes_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => TeaCacheFit.Of([[default, new(0.1, 0.2, 1), new(0.1, 0.3, 1)]], 1));
        Assert.Equal("A polynomial of degree 1 needs 2 different changes; these runs have 1.", error.Message);
    }

    [Fact]
    public void Ratios_are_means_over_runs()
    {
        var fit = MagCacheFit.Of([[new(0, 0, 1), new(0, 0, 1.2)], [new(0, 0, 1), new(0, 0, 1.1)]]);
        Assert.Equal([1, 1.15], fit.Ratios);
        Assert.Equal(0.05, fit.Spread, 1e-9);
    }

    [Fact]
    public void Sensitivities_are_means_over_runs_without_what_could_not_be_measured()
    {
        var fit = SenCacheFit.Of([[new(999, 0.5, 0.01), new(500, 2, double.NaN)], [new(999, 0.7, 0.03), new(500, 2, 0.1)]]);
        Assert.Equal([new CallSensitivity(999, 0.6, 0.02)], fit.Table);
        Assert.Equal(0.1 / 0.6, fit.Spread, 1e-9);
        Assert.Equal("sencache(times=999,by_latent=0.6,by_time=0.02)", fit.Policy);
        Assert.Throws<ArgumentException>(() => SenCacheFit.Of([[new(500, double.PositiveInfinity, 1)]]));
    }

    [Theory]
    [InlineData(19, 19)] // ⌈0.95 · 20⌉: the largest
    [InlineData(5, 5)] // the largest there is
    [InlineData(64, 62)]
    [InlineData(100, 96)]
    public void The_error_that_95_of_100_stay_within_is_that_of_split_conformal_prediction(int runs, double bound) =>
        Assert.Equal(bound, ErrorFit.Bound([.. Enumerable.Range(1, runs).Select(i => (double)(runs + 1 - i))]));

    [Fact]
    public void Of_tolerances_that_come_to_no_larger_an_error_the_largest_stays()
    {
        var fit = ErrorFit.Of([(0.001, [0.01234], 20), (0.002, [0.01], 15), (0.004, [0.3], 9)]);
        Assert.Equal([new(0.002, 0.0123, 15), new(0.004, 0.3, 9)], fit.Table);
        Assert.Equal("augur(error=0.1,tolerances=0.002 0.004,errors=0.0123 0.3)", fit.Policy(0.1));
    }

    [Fact]
    public void The_sensitivities_of_a_network_are_those_of_its_latent_and_of_its_time()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        var calls = 0;
        using (var model = SmallDit.Load(backend, inner => new WatchedDenoiser(inner) { Answer = (input, _) => Answer(input, calls++) }))
        {
            var fitting = new SenCacheFitting(model, [model.Request(3, 5), model.Request(4, 6)]);
            var done = 0;
            var fit = fitting.Run(calls => done += calls, default);
            Assert.Equal((12, 68L, 68), (fitting.CallCount, fitting.TotalCalls, done));
            Assert.Equal(11, fit.Table.Count);
            Assert.Equal(model.Request(3, 5).Steps, fit.Table.Count + 1);
            Assert.Equal(fit.Table.Select(c => c.Time).OrderDescending(), fit.Table.Select(c => c.Time));
            Assert.All(fit.Table, c => Assert.Equal((0.6, 0.002), (Math.Round(c.ByLatent, 3), Math.Round(c.ByTime, 5))));
            Assert.InRange(fit.Spread, 0, 1e-3);
        }

        Assert.Equal(0, backend.BytesInUse);
    }

    [Fact]
    public void Sensitivities_of_a_network_that_the_method_cannot_run_on_or_of_unequal_runs_are_not_measured()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using (var model = SmallUNet.Load(backend))
        using (var chain = SmallDit.Load(backend))
        {
            var request = model.Request("", 1) with { Condition = SmallUNet.Text(3, 0, 1) };
            var error = Assert.Throws<ArgumentException>(() => new SenCacheFitting(model, [request]));
            Assert.Equal("Policy sencache works on a chain of blocks, and this network's blocks are none.", error.Message);
            error = Assert.Throws<ArgumentException>(() => new SenCacheFitting(chain, [chain.Request(1, 1), chain.Request(1, 2) with { Steps = 5 }]));
            Assert.Equal("Runs of a calibration have equally many network calls, not 12 and 5.", error.Message);
        }

        Assert.Equal(0, backend.BytesInUse);
    }

    [Fact]
    public async Task Measuring_changes_no_picture_and_gives_every_call_of_every_run()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using (var model = SmallDit.Load(backend))
        {
            var exact = await new GenerationPipeline(model).GenerateAsync(model.Request(3, 5));
            var recorder = new ChangeRecorder();
            var measured = await new GenerationPipeline(model).GenerateAsync(model.Request(3, 5) with { Cache = recorder });
            Assert.Equal(exact.Latent, measured.Latent);
            var runs = await ChangeRecorder.MeasureAsync(model, [model.Request(3, 5), model.Request(4, 6)]);
            Assert.Equal([12, 12], runs.Select(r => r.Count));
            Assert.All(runs, r => Assert.Equal(1, r[0].Magnitude));
            Assert.All(runs.SelectMany(r => r.Skip(1)), c => Assert.True(c is { Input: > 0, Output: > 0, Magnitude: > 0.1 and < 10 }, $"{c}"));
        }

        Assert.Equal(0, backend.BytesInUse);
    }

    // 0.6 · latent + 0.002 · time, with a learned variance that has nothing to do with either.
    private static Tensor Answer(NetworkInput input, int call)
    {
        var (latents, output) = (input.Latents.ToArray(), input.Map.Output);
        var (own, rows) = (latents.Length / input.Latents.Shape[0], input.Latents.Shape[0]);
        var (values, row) = (new float[rows * output.ElementCount], (int)output.ElementCount);
        Array.Fill(values, call);
        for (var i = 0; i < latents.Length; i++)
        {
            values[(i / own * row) + (i % own)] = (0.6f * latents[i]) + (0.002f * input.Timesteps[i / own]);
        }

        return Tensor.From(input.Latents.Backend, values, input.Latents.Shape.With(1, row / own * input.Latents.Shape[1]));
    }
}
