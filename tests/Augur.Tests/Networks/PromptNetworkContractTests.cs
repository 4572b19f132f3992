using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tests.Caching;

namespace Augur.Tests.Networks;

/// <summary>What every caching method keeps to on every architecture that draws texts, or the sentence with which it is refused there.</summary>
public sealed class PromptNetworkContractTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private DiffusionModel? _model;

    public static TheoryData<string, string> MostCautious => Table(PolicyCatalog.All.Select(e => e.MostCautious), refuses: "l2c");

    public static TheoryData<string, string> PerSample => Table(
        Texts(PolicyContractTests.PerSample).Concat(
        [
            "toca(interval=3,cross=true,schedule=constant,ratio=0.3)", "duca(interval=4,cross=true,schedule=constant,ratio=0.3,count=up)",
            "clusca(interval=3,k=4,gamma=0.2)",
        ]),
        refuses: "l2c");

    public static TheoryData<string, string> PerBatch => Table(Texts(PolicyContractTests.PerBatch), refuses: "l2c");

    public static TheoryData<string, string, string> Refused
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var name in TinyPromptNetworks.Names)
            {
                foreach (var (policy, sentence) in TinyPromptNetworks.Of(name).Refused)
                {
                    data.Add(name, policy, sentence);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> Names => [.. TinyPromptNetworks.Names];

    public void Dispose()
    {
        _model?.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [MemberData(nameof(MostCautious))]
    public async Task At_its_most_cautious_setting_a_policy_is_the_uncached_run_bit_for_bit(string network, string policy)
    {
        var pipeline = Open(network);
        var exact = await pipeline.GenerateAsync(Request(network, 7, 5, "none"));
        var cautious = await pipeline.GenerateAsync(Request(network, 7, 5, policy));
        Assert.Equal(exact.Latent, cautious.Latent);
        Assert.Equal(exact.Report.Cost.TotalFlops, cautious.Report.Cost.TotalFlops);
        Assert.Equal(2 * 12 * _model!.Denoiser.Describe(_model.Denoiser.LatentShape, []).FlopsPerRow, exact.Report.Cost.TotalFlops);
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task A_batch_of_texts_of_different_lengths_equals_single_runs_bit_for_bit(string network, string policy)
    {
        var pipeline = Open(network);
        var (tiny, shared) = (TinyPromptNetworks.Of(network), Request(network, 7, 5, policy));
        GenerationRequest[] requests =
        [
            shared,
            shared with { Condition = tiny.Text(3, 6), Seed = 6, Steps = 9 }, // filled up to as many tokens
            shared with { Condition = tiny.Text(12, 7), Seed = 7, Guidance = new Guidance(1) }, // to others, in calls of its own
            shared with { Condition = tiny.Text(5, 8), Seed = 8, LatentShape = tiny.Other },
            Request(network, 8, 9, "none"),
        ];
        var together = await pipeline.GenerateAsync(requests);
        for (var i = 0; i < 4; i++)
        {
            var alone = await pipeline.GenerateAsync(requests[i]);
            Assert.Equal(alone.Latent, together[i].Latent);
            Assert.Equal(alone.Report.Calls, together[i].Report.Calls);
            Assert.Equal(alone.Report.PeakCacheBytes, together[i].Report.PeakCacheBytes);
        }
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    [MemberData(nameof(PerBatch))]
    public async Task A_text_that_is_not_finite_ends_its_own_run_and_no_other(string network, string policy)
    {
        var pipeline = Open(network);
        var request = Request(network, 7, 5, policy);
        var alone = await pipeline.GenerateAsync(request);
        Assert.All(alone.Latent, value => Assert.True(float.IsFinite(value)));
        await using var engine = new GenerationEngine(_model!);
        var broken = request with { Condition = TinyPromptNetworks.Of(network).Text(7, 1, float.NaN) };
        var tickets = new[] { engine.Submit(broken), engine.Submit(request) };
        await Assert.ThrowsAnyAsync<Exception>(() => tickets[0].Result);
        Assert.Equal(alone.Latent, (await tickets[1].Result).Latent);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_settings_of_these_tables_save_some_of_the_run(string network)
    {
        var pipeline = Open(network);
        var exact = (await pipeline.GenerateAsync(Request(network, 7, 5, "none"))).Report.Cost.TotalFlops;
        var idle = new List<string>();
        foreach (var policy in ((IEnumerable<object[]>)PerSample).Where(row => (string)row[0] == network).Select(row => (string)row[1]))
        {
            var report = (await pipeline.GenerateAsync(Request(network, 7, 5, policy))).Report;
            if (report.Drafted + report.Accepted == 0 || report.Cost.ComputeFlops >= exact)
            {
                idle.Add(policy);
            }
        }

        Assert.Equal(["none"], idle);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_method_that_makes_no_sense_there_is_refused_by_name(string network, string policy, string sentence)
    {
        var pipeline = Open(network);
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => pipeline.GenerateAsync(Request(network, 7, 5, policy)));
        Assert.Equal(sentence, error.Message);
    }

    private static TheoryData<string, string> Table(IEnumerable<string> policies, string refuses)
    {
        var data = new TheoryData<string, string>();
        foreach (var name in TinyPromptNetworks.Names)
        {
            foreach (var policy in policies.Where(p => !p.StartsWith(refuses, StringComparison.Ordinal)))
            {
                // What cannot know a sampler's fresh noise is not for samplers that add some.
                if (!name.Contains("told", StringComparison.Ordinal) || !ForecastsBlocks(policy))
                {
                    data.Add(name, policy);
                }
            }
        }

        return data;
    }

    private static bool ForecastsBlocks(string policy) => policy.Contains("granularity=block", StringComparison.Ordinal);

    private static IEnumerable<string> Texts(IEnumerable<object[]> rows) => rows.Select(row => (string)row[0]);

    private GenerationPipeline Open(string network)
    {
        _model = TinyPromptNetworks.Of(network).Load(_backend);
        return new GenerationPipeline(_model);
    }

    private GenerationRequest Request(string network, int tokens, int seed, string policy) =>
        _model!.Request(TinyPromptNetworks.Of(network).Text(tokens, seed), seed) with { Cache = PolicyCatalog.Parse(policy) };
}
