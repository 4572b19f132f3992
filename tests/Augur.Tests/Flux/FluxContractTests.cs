using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tests.Caching;

namespace Augur.Tests.Flux;

/// <summary>What every caching method keeps to on a network of picture and text, or the sentence with which it is refused there.</summary>
public sealed class FluxContractTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;
    private readonly GenerationPipeline _pipeline;

    public FluxContractTests()
    {
        _model = SmallFlux.Load(_backend);
        _pipeline = new GenerationPipeline(_model);
    }

    public static TheoryData<string> MostCautious => [.. PolicyCatalog.All.Select(e => e.MostCautious).Where(p => !IsRefused(p))];

    public static TheoryData<string> PerSample => [.. Texts(PolicyContractTests.PerSample).Where(p => !IsRefused(p))];

    public static TheoryData<string> PerBatch => [.. Texts(PolicyContractTests.PerBatch).Where(p => !IsRefused(p))];

    public static TheoryData<string, string> Refused => new()
    {
        {
            "l2c(mask=uniform(share=0.4))",
            "Policy l2c: its tables have an attention and a feed-forward branch for each block; this network's blocks have others."
        },
        { "dbcache(front=3,back=2,threshold=0.3)", "Policy dbcache: front=3 and back=2 leave none of this network's 5 blocks to reuse." },
    };

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
        var exact = await _pipeline.GenerateAsync(Request(7, 5, "none"));
        var cautious = await _pipeline.GenerateAsync(Request(7, 5, policy));
        Assert.Equal(exact.Latent, cautious.Latent);
        Assert.Equal(exact.Report.Cost.TotalFlops, cautious.Report.Cost.TotalFlops);
        Assert.Equal(12 * _model.Denoiser.Describe(_model.Denoiser.LatentShape, []).FlopsPerRow, exact.Report.Cost.TotalFlops);
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task A_batch_of_texts_of_different_lengths_equals_single_runs_bit_for_bit(string policy)
    {
        var shared = Request(7, 5, policy);
        GenerationRequest[] requests =
        [
            shared,
            shared with { Condition = SmallFlux.Text(3, 6), Seed = 6, Steps = 9 }, // filled up to as many tokens
            shared with { Condition = SmallFlux.Text(12, 7), Seed = 7 }, // to others, in calls of its own
            shared with { Condition = SmallFlux.Text(5, 8), Seed = 8, LatentShape = [16, 6, 6] },
            Request(8, 9, "none"),
        ];
        var together = await _pipeline.GenerateAsync(requests);
        for (var i = 0; i < 4; i++)
        {
            var alone = await _pipeline.GenerateAsync(requests[i]);
            Assert.Equal(alone.Latent, together[i].Latent);
            Assert.Equal(alone.Report.Calls, together[i].Report.Calls);
            Assert.Equal(alone.Report.PeakCacheBytes, together[i].Report.PeakCacheBytes);
        }
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    [MemberData(nameof(PerBatch))]
    public async Task A_text_that_is_not_finite_ends_its_own_run_and_no_other(string policy)
    {
        var request = Request(7, 5, policy);
        var alone = await _pipeline.GenerateAsync(request);
        Assert.All(alone.Latent, value => Assert.True(float.IsFinite(value)));
        await using var engine = new GenerationEngine(_model);
        var tickets = new[] { engine.Submit(request with { Condition = SmallFlux.Text(7, 1, float.NaN) }), engine.Submit(request) };
        await Assert.ThrowsAnyAsync<Exception>(() => tickets[0].Result);
        Assert.Equal(alone.Latent, (await tickets[1].Result).Latent);
    }

    [Fact]
    public async Task The_settings_of_these_tables_save_some_of_the_run()
    {
        var exact = (await _pipeline.GenerateAsync(Request(7, 5, "none"))).Report.Cost.TotalFlops;
        var idle = new List<string>();
        foreach (var policy in Texts(PolicyContractTests.PerSample).Where(p => !IsRefused(p)))
        {
            var report = (await _pipeline.GenerateAsync(Request(7, 5, policy))).Report;
            if (report.Drafted + report.Accepted == 0 || report.Cost.ComputeFlops >= exact)
            {
                idle.Add(policy);
            }
        }

        Assert.Equal(["none"], idle);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_method_that_makes_no_sense_here_is_refused_by_name(string policy, string sentence)
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => _pipeline.GenerateAsync(Request(7, 5, policy)));
        Assert.Equal(sentence, error.Message);
    }

    private static IEnumerable<string> Texts(IEnumerable<object[]> rows) => rows.Select(row => (string)row[0]);

    private static bool IsRefused(string policy) => policy.StartsWith("l2c", StringComparison.Ordinal);

    private GenerationRequest Request(int tokens, int seed, string policy) =>
        _model.Request(SmallFlux.Text(tokens, seed), seed) with { Cache = PolicyCatalog.Parse(policy) };
}
