using System.Diagnostics.CodeAnalysis;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tests.Caching;

namespace Augur.Tests.TextNetworks;

/// <summary>What every caching method keeps to on a network that draws texts.</summary>
[SuppressMessage("Design", "CA1000", Justification = "The test framework reads the data of theories from static members.")]
public abstract class TextContractTests<TNetwork> : IDisposable
    where TNetwork : ITextNetwork
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    protected TextContractTests()
    {
        Model = TNetwork.Load(_backend);
        Pipeline = new GenerationPipeline(Model);
    }

    public static TheoryData<string> MostCautious => [.. PolicyCatalog.All.Select(e => e.MostCautious).Where(p => !IsRefused(p))];

    public static TheoryData<string> PerSample => [.. Texts(PolicyContractTests.PerSample).Where(p => !IsRefused(p))];

    public static TheoryData<string> PerBatch => [.. Texts(PolicyContractTests.PerBatch).Where(p => !IsRefused(p))];

    protected DiffusionModel Model { get; }

    protected GenerationPipeline Pipeline { get; }

    public void Dispose()
    {
        Model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(MostCautious))]
    public async Task At_its_most_cautious_setting_a_policy_is_the_uncached_run_bit_for_bit(string policy)
    {
        var exact = await Pipeline.GenerateAsync(Request(7, 5, "none"));
        var cautious = await Pipeline.GenerateAsync(Request(7, 5, policy));
        Assert.Equal(exact.Latent, cautious.Latent);
        Assert.Equal(exact.Report.Cost.TotalFlops, cautious.Report.Cost.TotalFlops);
        Assert.Equal(exact.Report.UncachedFlops, exact.Report.Cost.TotalFlops);
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task A_batch_of_texts_of_different_lengths_equals_single_runs_bit_for_bit(string policy)
    {
        var shared = Request(7, 5, policy);
        GenerationRequest[] requests =
        [
            shared,
            shared with { Condition = TNetwork.Text(3, 6), Seed = 6, Steps = 9 }, // filled up to as many tokens
            shared with { Condition = TNetwork.Text(17, 7), Seed = 7 }, // to others, in calls of its own
            shared with { Condition = TNetwork.Text(5, 8), Seed = 8, LatentShape = TNetwork.OtherLatent },
            Request(8, 9, "none"),
        ];
        var together = await Pipeline.GenerateAsync(requests);
        for (var i = 0; i < 4; i++)
        {
            var alone = await Pipeline.GenerateAsync(requests[i]);
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
        var alone = await Pipeline.GenerateAsync(request);
        Assert.All(alone.Latent, value => Assert.True(float.IsFinite(value)));
        await using var engine = new GenerationEngine(Model);
        var tickets = new[] { engine.Submit(request with { Condition = TNetwork.Text(7, 1, float.NaN) }), engine.Submit(request) };
        await Assert.ThrowsAnyAsync<Exception>(() => tickets[0].Result);
        Assert.Equal(alone.Latent, (await tickets[1].Result).Latent);
    }

    [Fact]
    public async Task The_settings_of_these_tables_save_some_of_the_run()
    {
        var exact = (await Pipeline.GenerateAsync(Request(7, 5, "none"))).Report.Cost.TotalFlops;
        var idle = new List<string>();
        foreach (var policy in Texts(PolicyContractTests.PerSample).Where(p => !IsRefused(p)))
        {
            var report = (await Pipeline.GenerateAsync(Request(7, 5, policy))).Report;
            if (report.Drafted + report.Accepted == 0 || report.Cost.ComputeFlops >= exact)
            {
                idle.Add(policy);
            }
        }

        Assert.Equal(["none", .. TNetwork.Idle], idle);
    }

    protected GenerationRequest Request(int tokens, int seed, string policy) =>
        Model.Request(TNetwork.Text(tokens, seed), seed) with { Cache = PolicyCatalog.Parse(policy) };

    protected async Task IsRefusedWith(string policy, string sentence)
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => Pipeline.GenerateAsync(Request(7, 5, policy)));
        Assert.Equal(sentence, error.Message);
    }

    private static IEnumerable<string> Texts(IEnumerable<object[]> rows) => rows.Select(row => (string)row[0]);

    private static bool IsRefused(string policy) => TNetwork.Refused.Any(method => policy.StartsWith(method, StringComparison.Ordinal));
}

public sealed class Flux2ContractTests : TextContractTests<SmallFlux2>
{
    [Theory]
    [InlineData(
        "l2c(mask=uniform(share=0.4))",
        "Policy l2c: its tables have an attention and a feed-forward branch for each block; this network's blocks have others.")]
    [InlineData(
        "dbcache(front=3,back=2,threshold=0.3)", "Policy dbcache: front=3 and back=2 leave none of this network's 5 blocks to reuse.")]
    public Task A_method_that_makes_no_sense_here_is_refused_by_name(string policy, string sentence) => IsRefusedWith(policy, sentence);

    [Theory]
    [InlineData("taylorseer(interval=3)")]
    [InlineData("toca(bonus=0)")]
    [InlineData("teacache(threshold=0.5)")]
    public async Task Pictures_that_a_text_refers_to_are_read_in_a_batch_as_alone(string policy)
    {
        GenerationRequest[] requests = [Edit(3, 4), Edit(4, 3), Request(7, 5, policy)];
        var together = await Pipeline.GenerateAsync(requests);
        for (var i = 0; i < requests.Length; i++)
        {
            Assert.Equal((await Pipeline.GenerateAsync(requests[i])).Latent, together[i].Latent);
        }

        Assert.NotEqual(together[0].Latent, together[1].Latent);
        Assert.NotEqual(together[0].Latent, together[2].Latent);

        GenerationRequest Edit(int height, int width) => Request(7, 5, policy) with
        {
            Condition = new EditCondition(
                SmallFlux2.Text(7, 5), [new ReferenceLatent([.. Enumerable.Range(0, 32 * 12).Select(i => MathF.Cos(i))], [32, height, width])]),
        };
    }

    [Fact]
    public async Task The_filter_of_seacache_needs_a_picture_alone()
    {
        var request = Request(7, 5, "seacache(threshold=0.5)") with
        {
            Condition = new EditCondition(SmallFlux2.Text(7, 5), [new ReferenceLatent([.. new float[32 * 4]], [32, 2, 2])]),
        };
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => Pipeline.GenerateAsync(request));
        Assert.StartsWith("Policy seacache: the filter needs a picture of tokens", error.Message);
    }
}

public sealed class QwenImageContractTests : TextContractTests<SmallQwenImage>
{
    [Theory]
    [InlineData(
        "l2c(mask=uniform(share=0.4))",
        "Policy l2c: its tables have an attention and a feed-forward branch for each block; this network's blocks have others.")]
    [InlineData(
        "dbcache(front=2,back=1,threshold=0.3)", "Policy dbcache: front=2 and back=1 leave none of this network's 3 blocks to reuse.")]
    public Task A_method_that_makes_no_sense_here_is_refused_by_name(string policy, string sentence) => IsRefusedWith(policy, sentence);
}

public sealed class ZImageContractTests : TextContractTests<SmallZImage>
{
    [Fact]
    public Task A_method_that_makes_no_sense_here_is_refused_by_name() => IsRefusedWith(
        "dbcache(front=2,back=1,threshold=0.3)", "Policy dbcache: front=2 and back=1 leave none of this network's 3 blocks to reuse.");
}
