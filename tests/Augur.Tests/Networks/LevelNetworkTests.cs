using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Networks;

/// <summary>What holds for a network without blocks: levels around levels, with skip connections.</summary>
public sealed class LevelNetworkTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;
    private readonly GenerationPipeline _pipeline;

    public LevelNetworkTests()
    {
        _model = new DiffusionModel(
            new TinyLevelNetwork(_backend), new LettersOfFirstChannel(), new ClassNames([], TinyLevelNetwork.ClassCount),
                new GenerationDefaults(new DdimSampler(), 8, new Guidance(2)));
        _pipeline = new GenerationPipeline(_model);
    }

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public async Task The_inner_level_is_kept_while_the_outer_one_follows_the_latent()
    {
        var exact = await _pipeline.GenerateAsync(Request("none"));
        var kept = await _pipeline.GenerateAsync(Request("none") with { Cache = new InnerLevelPolicy(2) });
        Assert.NotEqual(exact.Latent, kept.Latent);
        Assert.Equal(4, kept.Report.Calls.Count(c => c.Kind == CallKind.Partial));
        Assert.Equal(
            exact.Report.Cost.TotalFlops - (4 * 2 * TinyLevelNetwork.InnerFlops), kept.Report.Cost.ComputeFlops + kept.Report.Cost.DraftFlops);
    }

    [Fact]
    public async Task A_level_that_is_computed_every_time_changes_no_bit() =>
        Assert.Equal((await _pipeline.GenerateAsync(Request("none"))).Latent,
            (await _pipeline.GenerateAsync(Request("none") with { Cache = new InnerLevelPolicy(1) })).Latent);

    [Fact]
    public async Task Samples_that_keep_their_level_and_samples_that_do_not_share_calls_and_equal_single_runs()
    {
        GenerationRequest[] requests =
        [
            Request("none") with { Cache = new InnerLevelPolicy(2) },
            Request("none") with { Cache = new InnerLevelPolicy(3), Seed = 6, Guidance = new Guidance(1) },
            Request("none") with { Seed = 7 },
            Request("easycache(threshold=0.6,warmup=2)") with { Seed = 8 },
            Request("taylorseer(interval=3,granularity=output)") with { Seed = 9 },
            Request("speca(base=0.02,decay=1,min=0,max=3,order=1)") with { Seed = 10 },
            Request("speca(base=0.6,decay=1,min=0,max=3,order=1,layer=-2)") with { Seed = 11 },
        ];
        var together = await _pipeline.GenerateAsync(requests);
        foreach (var (request, among) in requests.Zip(together))
        {
            var alone = await _pipeline.GenerateAsync(request);
            Assert.Equal(alone.Latent, among.Latent);
            Assert.Equal(alone.Report.Cost.TotalFlops, among.Report.Cost.TotalFlops);
        }

        Assert.Equal("CaaaCaaa", string.Concat(together[5].Report.Calls.Select(c => CallMark.Of(c).Letter)));
        Assert.Equal("CaaaCRRR", string.Concat(together[6].Report.Calls.Select(c => CallMark.Of(c).Letter)));
    }

    [Theory]
    [InlineData("speca(layer=-3)", "Policy speca: layer=-3 is none of this U-Net's, which count from the outermost one, -1, inwards.")]
    [InlineData("fbcache", "Policy fbcache looks at the first layer on the way down, which this U-Net does not show.")]
    [InlineData("cg-taylor", "Policy cg-taylor looks at the first layer on the way down, which this U-Net does not show.")]
    [InlineData("dbcache", "Policy dbcache: front=8 and back=0 are for a chain of blocks; of a U-Net the front is its first layer")]
    [InlineData("dicache", "Policy dicache works on a chain of blocks, and this network's blocks are none.")]
    [InlineData("delta-dit", "Policy delta-dit works on a chain of blocks, and this network's blocks are none.")]
    [InlineData("magcache(ratios=1 1)", "Policy magcache works on a chain of blocks, and this network's blocks are none.")]
    [InlineData("l2c(mask=uniform)", "Policy l2c works on a chain of blocks, and this network's blocks are none.")]
    [InlineData("toca(score=norm)", "Policy toca works on a chain of blocks, and this network's blocks are none.")]
    [InlineData("duca(score=norm)", "Policy duca works on a chain of blocks, and this network's blocks are none.")]
    [InlineData("clusca", "Tokens clusca works on a chain of blocks, and this network's blocks are none.")]
    [InlineData("teacache", "Policy teacache steers by ModulatedInput, which this network does not offer.")]
    [InlineData("seacache", "Policy seacache steers by ModulatedInput, which this network does not offer.")]
    [InlineData("taylorseer(granularity=block)",
        "granularity=block keeps the stream behind the last block, and this network's blocks are no chain; granularity is branch or output.")]
    [InlineData("fora", "granularity=branch keeps residual branches, and this network has none; granularity is output.")]
    [InlineData("pab", "Policy pab repeats attention and feed-forward branches, and this network has none.")]
    public async Task A_method_that_needs_blocks_is_refused_by_name(string policy, string message)
    {
        var problem = await Assert.ThrowsAsync<ArgumentException>(() => _pipeline.GenerateAsync(Request(policy)));
        Assert.StartsWith(message, problem.Message);
    }

    [Theory]
    [InlineData("taylorseer(interval=1,granularity=output)")]
    [InlineData("easycache(threshold=0)")]
    public async Task A_method_that_needs_none_is_the_uncached_run_at_its_most_cautious(string policy) =>
        Assert.Equal((await _pipeline.GenerateAsync(Request("none"))).Latent, (await _pipeline.GenerateAsync(Request(policy))).Latent);

    [Fact]
    public void A_network_without_blocks_cannot_be_cut()
    {
        var map = _model.Denoiser.Describe(_model.Denoiser.LatentShape, []);
        Assert.Equal((false, 0, 0), (map.IsChain, map.BlockCount, map.Cuts.Length));
        Assert.StartsWith("The network has no ", Assert.Throws<InvalidOperationException>(() => map.Stream).Message);
    }

    private GenerationRequest Request(string policy) => _model.Request(1, 5) with { Cache = PolicyCatalog.Parse(policy) };

    /// <summary>Caching by depth, as DeepCache does it: the inner level is computed at every n-th call and kept in between.</summary>
    private sealed class InnerLevelPolicy(int interval) : ICachePolicy
    {
        public string Name => $"inner-level({interval})";

        public ISampleMemory Open(RunInfo run) => new Memory(interval);

        private sealed class Memory(int interval) : ISampleMemory
        {
            private Tensor? _kept;
            private bool _isReused;

            public long ByteCount => _kept?.ByteCount ?? 0;

            public CallPlan Begin(NetworkCall call)
            {
                _isReused = call.CallIndex % interval != 0;
                return CallPlan.Compute;
            }

            public Answer Ask(Question question) => question.Site != Site.Level(1) ? Answer.Compute
                : _isReused ? Answer.Supply(new Forecast((Tensor[])[_kept!], (float[])[1]))
                : Answer.Compute.Observed((_, feature) => Keep(feature));

            public CallOutcome End() => new(_isReused ? CallKind.Partial : CallKind.Computed);

            public void Dispose() => _kept?.Dispose();

            private void Keep(Tensor feature)
            {
                _kept?.Dispose();
                _kept = feature.Copy().Retain();
            }
        }
    }
}
