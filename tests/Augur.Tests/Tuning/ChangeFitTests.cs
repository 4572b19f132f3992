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
}
