using Augur.Tuning;
using Augur.Catalogs;
using Augur.Metrics;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Weights;

namespace Augur.Tests.Tuning;

public sealed class L2CFittingTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;
    private readonly GenerationPipeline _pipeline;
    private readonly TemporaryFolder _folder = new();

    public L2CFittingTests()
    {
        _model = SmallDit.Load(_backend, keepsModulations: false);
        _pipeline = new GenerationPipeline(_model);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData(new[] { 0 }, 1.5)]
    [InlineData(new[] { 5 }, 1.5)] // behind blocks that need not run again
    [InlineData(new[] { 3, 4, 7 }, 1.5)]
    [InlineData(new[] { 0, 1, 2, 3, 4, 5, 6, 7 }, 1.5)]
    [InlineData(new[] { 2, 6 }, 1)] // one row
    public async Task A_walk_foretells_what_reuse_does_to_the_latent(int[] reused, double guidance)
    {
        // Two steps, so that the call which reuses is the last and its latent the result.
        var request = _model.Request(3, 5) with { Steps = 2, Guidance = new Guidance(guidance, GuidanceChannels.FirstThree) };
        float[][] foretold = [];
        var set = Enumerable.Range(0, 8).Select(q => reused.Contains(q)).ToArray();
        new ReuseWalk(_model, request).Run(_ => [new bool[8], set], (call, off) => foretold = off, _ => { }, default);

        var path = _folder.File("router.json");
        string Layers(int kind) => string.Join(',', reused.Where(q => q % 2 == kind).Select(q => q / 2));
        File.WriteAllText(path, $$"""{ "calls": 2, "depth": 4, "reuse": [ { "call": 1, "attention": [{{Layers(0)}}], "mlp": [{{Layers(1)}}] } ] }""");
        var exact = (await _pipeline.GenerateAsync(request)).Latent;
        var reusing = (await _pipeline.GenerateAsync(request with { Cache = PolicyCatalog.Parse($"l2c(router={path})") })).Latent;
        var scale = exact.Max(Math.Abs);
        Assert.All(foretold[0], v => Assert.Equal(0, v));
        Assert.All(exact.Zip(reusing, (e, r) => r - e).Zip(foretold[1]), v => Assert.Equal(v.First, v.Second, 2e-4f * scale));
        Assert.True(foretold[1].Max(Math.Abs) > 0);
    }

    [Fact]
    public async Task A_learned_router_draws_closer_than_random_and_even_reuse_of_equal_cost()
    {
        var fit = new L2CFitting(_model, [Request(1, 100), Request(2, 101)], 0.5).Run(_ => { }, default);
        var path = _folder.File("router.safetensors");
        fit.Save(path);
        Assert.InRange(fit.ReusedShare, 0.5, 0.55);
        var heldOut = Enumerable.Range(0, 6).Select(i => Request(i, i)).ToArray();
        var exact = await _pipeline.GenerateAsync(heldOut);
        var errors = new List<double>();
        var flops = new List<double>();
        foreach (var policy in fit.Rivals(path))
        {
            var results = await _pipeline.GenerateAsync([.. heldOut.Select(r => r with { Cache = policy })]);
            errors.Add(results.Zip(exact, (r, e) => LatentError.Relative(r.Latent, e.Latent)).Average());
            flops.Add(results.Average(r => (double)r.Report.Cost.TotalFlops));
        }

        Assert.True(errors[0] < errors[1] && errors[0] < errors[2], string.Join(", ", errors));
        Assert.All(flops, f => Assert.InRange(f / flops[0], 0.97, 1.03));
    }

    [Fact]
    public void A_router_says_what_it_was_learned_from_and_learning_again_gives_the_same()
    {
        var calls = 0L;
        var fitting = new L2CFitting(_model, [Request(1, 100)], 0.3);
        fitting.Run(n => calls += n, default).Save(_folder.File("a.safetensors"));
        new L2CFitting(_model, [Request(1, 100)], 0.3).Run(_ => { }, default).Save(_folder.File("b.safetensors"));
        Assert.Equal(File.ReadAllBytes(_folder.File("a.safetensors")), File.ReadAllBytes(_folder.File("b.safetensors")));
        Assert.InRange(calls, 1, fitting.TotalCalls);

        using var router = Checkpoint.Open(_folder.File("a.safetensors"));
        Assert.Equal(("l2c", "12", "1", "100"),
            (router.Metadata["method"], router.Metadata["steps"], router.Metadata["samples"], router.Metadata["first_seed"]));
        Assert.Equal(router.Tensors["router_logits"].Shape, router.Tensors["reuse_error"].Shape);
        Assert.Contains(router.Tensors["reuse_error"].ToSingles(), e => e > 0);
    }

    [Fact]
    public void Learning_stops_when_asked_and_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        var inUse = _backend.BytesInUse;
        Assert.Throws<OperationCanceledException>(() => new L2CFitting(_model, [Request(1, 100)], 0.5).Run(_ => stop.Cancel(), stop.Token));
        Assert.Equal(inUse, _backend.BytesInUse);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_share_out_of_range_is_refused(double share) =>
        Assert.Contains("it lies above 0 and below 1",
            Assert.Throws<ArgumentException>(() => new L2CFitting(_model, [Request(1, 1)], share)).Message);

    private GenerationRequest Request(int label, long seed) => _model.Request(label, seed);
}
