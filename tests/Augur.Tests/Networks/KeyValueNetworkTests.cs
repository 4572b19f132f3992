using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Networks;

/// <summary>Keys and values as sites of their own: kept, computed for some tokens, forecast, like any other feature.</summary>
public sealed class KeyValueNetworkTests : IDisposable
{
    private const int Steps = 8;
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;
    private readonly GenerationPipeline _pipeline;

    public KeyValueNetworkTests()
    {
        _model = new DiffusionModel(
            new TinyKeyValueNetwork(_backend), new LettersOfFirstChannel(), new ClassNames([], 3),
            new GenerationDefaults(new DdimSampler(), Steps, new Guidance(2)));
        _pipeline = new GenerationPipeline(_model);
    }

    public static TheoryData<string> MostCautious =>
    [
        .. PolicyCatalog.All.Where(e => e.Name != "l2c")
            .Select(e => e.Name is "toca" or "duca" ? $"{e.Name}(interval=1,score=norm)" : e.MostCautious),
    ];

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [MemberData(nameof(MostCautious))]
    public async Task At_its_most_cautious_setting_a_policy_is_the_uncached_run_bit_for_bit(string policy)
    {
        var exact = await _pipeline.GenerateAsync(Request("none"));
        var cautious = await _pipeline.GenerateAsync(Request(policy));
        Assert.Equal(exact.Latent, cautious.Latent);
        Assert.Equal(exact.Report.Cost.TotalFlops, cautious.Report.Cost.TotalFlops);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, TinyKeyValueNetwork.TokenCount)]
    public async Task Keys_and_values_of_all_tokens_computed_every_time_change_no_bit(int interval, int tokens)
    {
        var exact = await _pipeline.GenerateAsync(Request("none"));
        var kept = await _pipeline.GenerateAsync(Request("none") with { Cache = new KeptKeysPolicy(interval, tokens) });
        Assert.Equal(exact.Latent, kept.Latent);
        Assert.Equal(exact.Report.Cost.TotalFlops, kept.Report.Cost.ComputeFlops + kept.Report.Cost.DraftFlops);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Keys_and_values_that_are_kept_show_in_the_result_and_in_its_cost(int tokens)
    {
        var exact = await _pipeline.GenerateAsync(Request("none"));
        var kept = await _pipeline.GenerateAsync(Request("none") with { Cache = new KeptKeysPolicy(2, tokens) });
        Assert.NotEqual(exact.Latent, kept.Latent);
        Assert.Equal(Steps / 2, kept.Report.Calls.Count(c => c.Kind == CallKind.Partial));
        var spared = (Steps / 2) * 2L * TinyKeyValueNetwork.Depth * 2 * (TinyKeyValueNetwork.TokenCount - tokens) * TinyKeyValueNetwork.FlopsOfKey;
        Assert.Equal(exact.Report.Cost.TotalFlops - spared, kept.Report.Cost.ComputeFlops + kept.Report.Cost.DraftFlops);
    }

    [Fact]
    public async Task Samples_that_keep_keys_and_samples_that_do_not_share_calls_and_equal_single_runs()
    {
        GenerationRequest[] requests =
        [
            Request("none") with { Cache = new KeptKeysPolicy(2, 5) },
            Request("none") with { Cache = new KeptKeysPolicy(3, 0), Seed = 6, Guidance = new Guidance(1) },
            Request("none") with { Seed = 7 },
            Request("taylorseer(interval=3)") with { Seed = 8 },
            Request("toca(interval=2,ratio=0.3,score=norm)") with { Seed = 9 },
        ];
        var together = await _pipeline.GenerateAsync(requests);
        foreach (var (request, among) in requests.Zip(together))
        {
            var alone = await _pipeline.GenerateAsync(request);
            Assert.Equal(alone.Latent, among.Latent);
            Assert.Equal(alone.Report.Cost.TotalFlops, among.Report.Cost.TotalFlops);
        }
    }

    private GenerationRequest Request(string policy) => _model.Request(1, 5) with { Cache = PolicyCatalog.Parse(policy) };

    /// <summary>Keys and values are kept from every n-th call; in between those of the first tokens are computed anew.</summary>
    private sealed class KeptKeysPolicy(int interval, int tokens) : ICachePolicy
    {
        public string Name => $"kept-keys({interval},{tokens})";

        public ISampleMemory Open(RunInfo run) => new Memory(interval, tokens);

        private sealed class Memory(int interval, int tokens) : ISampleMemory
        {
            private readonly Dictionary<Site, Tensor> _kept = [];
            private bool _isRefreshed;

            public long ByteCount => _kept.Values.Sum(k => k.ByteCount);

            public CallPlan Begin(NetworkCall call)
            {
                _isRefreshed = call.CallIndex % interval == 0;
                return CallPlan.Compute;
            }

            public Answer Ask(Question question) => (question.Site.Kind is SiteKind.Keys or SiteKind.Values, _isRefreshed, tokens) switch
            {
                (false, _, _) => Answer.Compute,
                (_, true, _) => Answer.Compute.Observed((_, feature) => Keep(question.Site, feature)),
                (_, _, 0) => Answer.Supply(Kept(question.Site)),
                _ => Answer.Tokens(FirstTokens, (at, fresh) => _kept[question.Site].ScatterTokensInPlace(at, fresh), () => Kept(question.Site)),
            };

            public CallOutcome End() => new(_isRefreshed ? CallKind.Computed : CallKind.Partial);

            public void Dispose()
            {
                foreach (var kept in _kept.Values)
                {
                    kept.Dispose();
                }
            }

            private Forecast Kept(Site site) => new((Tensor[])[_kept[site]], (float[])[1]);

            private IndexTable FirstTokens(Tensor input) => IndexTable.From(
                input.Backend, [.. Enumerable.Range(0, input.Shape[0]).SelectMany(_ => Enumerable.Range(0, tokens))], [input.Shape[0], tokens]);

            private void Keep(Site site, Tensor feature)
            {
                if (_kept.Remove(site, out var before))
                {
                    before.Dispose();
                }

                _kept[site] = feature.Copy().Retain();
            }
        }
    }
}
