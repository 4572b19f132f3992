using Augur.Caching;
using Augur.Catalogs;
using Augur.Models.Dit;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>What ToCa and DuCa do to a network, on the small DiT.</summary>
public sealed class ToCaPolicyTests : IDisposable
{
    private const int Depth = 4;
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DitModel _model;

    public ToCaPolicyTests() => _model = ModelSource.Find(Fixtures.Path("models/tiny-dit")).LoadDenoiser(_backend);

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    public static TheoryData<string> Texts =>
    [
        "toca", "toca(preset=ddim50,ratio=0.2)", "toca(score=similarity,schedule=constant,ratio=0.4)", "toca(score=value-norm)", "duca",
            "duca(preset=ddim50)",
        "duca(preset=random,interval=5)", "taylorseer(interval=3,tokens=toca)",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Where_nothing_changes_between_calls_the_full_result_is_returned(string policy)
    {
        using var scope = TensorScope.Begin();
        var exact = Predict(ComputeEverything.Instance);
        using var cache = PolicyCatalog.Parse(policy).Open(Run(20));
        var kinds = new HashSet<CallKind>();
        for (var i = 0; i < 20; i++)
        {
            cache.Begin(new NetworkCall(i, 20, 500));
            var output = Predict(_model.Door(cache, 2));
            kinds.Add(cache.End().Kind);
            Assert.Equal(exact, output);
        }

        Assert.Contains(CallKind.Computed, kinds);
        Assert.Contains(CallKind.Partial, kinds);
    }

    [Theory]
    [InlineData("toca(interval=3,stretch=0,dense_zone=false)", "FPPFPPFPPF")]
    [InlineData("duca(interval=3,stretch=0,dense_zone=false)", "FDPFDPFDPF")]
    [InlineData("duca(interval=4,stretch=0,dense_zone=false)", "FPFPDPFPDPF")]
    [InlineData("toca(interval=1)", "FFFFFF")]
    [InlineData("toca(ratio=0)", "FPPFPPFPPF")]
    public void Calls_are_full_in_part_or_not_run_at_all(string policy, string expected)
    {
        using var cache = PolicyCatalog.Parse(policy).Open(Run(expected.Length));
        var calls = Enumerable.Range(0, expected.Length).Select(i =>
        {
            var plan = cache.Begin(new NetworkCall(i, expected.Length, 0));
            var kind = cache.End().Kind;
            Assert.Equal(kind != CallKind.Computed, plan.IsDraft);
            return kind switch { CallKind.Computed => 'F', CallKind.Partial => 'P', _ => 'D' };
        });
        Assert.Equal(expected, string.Concat(calls));
    }

    [Fact]
    public void An_aggressive_call_runs_embedding_and_final_layer_alone()
    {
        using var scope = TensorScope.Begin();
        using var cache = PolicyCatalog.Parse("duca(interval=3,stretch=0,dense_zone=false)").Open(Run(10));
        long[] costs = [.. Enumerable.Range(0, 3).Select(i =>
        {
            cache.Begin(new NetworkCall(i, 10, 500));
            Predict(_model.Door(cache, 2, out var ledger));
            cache.End();
            return ledger.Costs[0].Computed;
        })];
        Assert.Equal(2 * _model.Map().FlopsPerRow, costs[0]);
        Assert.Equal(2 * _model.Map().FlopsOf(Site.Output, 16), costs[1]);
        Assert.InRange(costs[2], costs[1] + 1, costs[0] / 2);
    }

    [Fact]
    public void A_call_that_is_full_in_its_first_block_teaches_that_block_alone()
    {
        using var cache = PolicyCatalog.Parse("duca(preset=ddim50)").Open(Run(50));
        for (var i = 0; i < 18; i++)
        {
            cache.Begin(new NetworkCall(i, 50, 0)); // to step 32, which is full, then aggressive
        }

        Assert.Equal(Says.Compute, cache.Ask(Site.Span(0, Depth)).Kind());
        Assert.Equal(Says.Compute, cache.Ask(Site.Block(0)).Kind());
        Assert.Equal(Says.ComputeAndObserve, cache.Ask(Site.Mlp(0)).Kind());
        Assert.Equal([Says.Skip, Says.Skip, Says.Supply], Enumerable.Range(1, 3).Select(layer => cache.Ask(Site.Block(layer)).Kind()));
        Assert.Equal(CallKind.Partial, cache.End().Kind);
    }

    [Fact]
    public async Task A_budget_between_none_and_all_keeps_some_blocks()
    {
        using var small = SmallDit.Load(_backend);
        var pipeline = new GenerationPipeline(small);
        var request = small.Request(3, 5) with { Cache = PolicyCatalog.Parse("toca") };
        var free = (await pipeline.GenerateAsync(request)).Report;
        var half = (await pipeline.GenerateAsync(request with { CacheBudget = free.PeakCacheBytes / 2 })).Report;
        Assert.Contains("the branches of 1 of 4 blocks; the others are computed", half.Note);
        Assert.InRange(half.PeakCacheBytes, 1, free.PeakCacheBytes / 2);
        Assert.InRange(half.FlopsSpeedup, 1.01, free.FlopsSpeedup - 0.01);
    }

    private static RunInfo Run(int calls) => new()
    {
        Map = CacheScript.Map(Depth, [16, 64], [16, 32], [4, 4]),
        CallCount = calls,
        RowCount = 2,
        RowsPerSample = 2,
    };

    private float[] Predict(IFeatureDoor cache)
    {
        using var scope = TensorScope.Begin();
        float[] latents = [.. Enumerable.Range(0, 2 * 256).Select(i => MathF.Sin(i % 256 * 1.7f))];
        return _model.Predict(Tensor.From(_backend, latents, [2, 4, 8, 8]), [500, 500], [3, 10], cache).ToArray();
    }
}
