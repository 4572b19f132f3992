using System.Diagnostics.CodeAnalysis;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tests.Llada;
using Augur.Tests.TextNetworks;

namespace Augur.Tests.Networks;

/// <summary>What every caching method keeps to on every network; a class for each row, so that they run beside each other.</summary>
[SuppressMessage("Design", "CA1000", Justification = "The test framework reads the data of theories from static members.")]
public abstract class NetworkContractTests<TNetwork> : IDisposable
    where TNetwork : IContractNetwork
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    protected NetworkContractTests()
    {
        Model = TNetwork.Load(_backend);
        Pipeline = new GenerationPipeline(Model);
    }

    public static TheoryData<string> MostCautious => [.. TNetwork.MostCautious.Where(p => !IsRefused(p))];

    public static TheoryData<string> PerSample => [.. TNetwork.PerSample.Where(p => !IsRefused(p)).Concat(TNetwork.Own)];

    public static TheoryData<string, string> Sentences
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (policy, sentence) in TNetwork.Sentences)
            {
                data.Add(policy, sentence);
            }

            return data;
        }
    }

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
        foreach (var sampler in TNetwork.Samplers)
        {
            var exact = await Pipeline.GenerateAsync(Request(7, 5, "none") with { Sampler = sampler ?? Model.Defaults.Sampler });
            var cautious = await Pipeline.GenerateAsync(Request(7, 5, policy) with { Sampler = sampler ?? Model.Defaults.Sampler });
            Assert.Equal(exact.Latent, cautious.Latent);
            Assert.Equal(exact.Report.Cost.TotalFlops, cautious.Report.Cost.TotalFlops);
            Assert.Equal(exact.Report.UncachedFlops, exact.Report.Cost.TotalFlops);
            if (TNetwork.Rows is { } rows)
            {
                var perRow = Model.Denoiser.Describe(Model.Denoiser.LatentShape, []).FlopsPerRow;
                Assert.Equal(rows * exact.Report.Calls.Count * perRow, exact.Report.Cost.TotalFlops);
            }
        }
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task A_batch_of_texts_of_different_lengths_equals_single_runs_bit_for_bit(string policy)
    {
        var shared = Request(7, 5, policy);
        GenerationRequest[] requests = [shared, .. TNetwork.Beside(shared)];
        var together = await Pipeline.GenerateAsync(requests);
        foreach (var (request, among) in requests.Zip(together))
        {
            var alone = await Pipeline.GenerateAsync(request);
            Assert.Equal(alone.Latent, among.Latent);
            Assert.Equal(alone.Report.Calls, among.Report.Calls);
            Assert.Equal(alone.Report.PeakCacheBytes, among.Report.PeakCacheBytes);
            Assert.Equal(alone.Report.Cost.TotalFlops, among.Report.Cost.TotalFlops);
        }
    }

    [Theory]
    [MemberData(nameof(Sentences))]
    public async Task A_method_that_makes_no_sense_here_is_refused_by_name(string policy, string sentence)
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => Pipeline.GenerateAsync(Request(7, 5, policy)));
        Assert.Equal(sentence, error.Message);
    }

    protected static bool IsRefused(string policy) => TNetwork.Refused.Any(method => policy.StartsWith(method, StringComparison.Ordinal));

    protected GenerationRequest Request(int tokens, int seed, string policy) =>
        Model.Request(TNetwork.Shown(tokens, seed), seed) with { Cache = PolicyCatalog.Parse(policy) };
}

/// <summary>The same of networks whose texts are numbers, which may be broken.</summary>
[SuppressMessage("Design", "CA1000", Justification = "The test framework reads the data of theories from static members.")]
public abstract class PictureContractTests<TNetwork> : NetworkContractTests<TNetwork>
    where TNetwork : IContractNetwork
{
    public static TheoryData<string> Any =>
        [.. IContractNetwork.Texts(PerSample), .. TNetwork.PerBatch.Where(p => !IsRefused(p))];

    [Theory]
    [MemberData(nameof(Any))]
    public async Task A_text_that_is_not_finite_ends_its_own_run_and_no_other(string policy)
    {
        var request = Request(7, 5, policy);
        var alone = await Pipeline.GenerateAsync(request);
        Assert.All(alone.Latent, value => Assert.True(float.IsFinite(value)));
        await using var engine = new GenerationEngine(Model);
        var tickets = new[] { engine.Submit(request with { Condition = TNetwork.Shown(7, 1, float.NaN) }), engine.Submit(request) };
        await Assert.ThrowsAnyAsync<Exception>(() => tickets[0].Result);
        Assert.Equal(alone.Latent, (await tickets[1].Result).Latent);
    }

    [Fact]
    public async Task Where_guidance_begins_or_ends_to_act_rows_join_or_leave_with_a_computed_call()
    {
        var guidance = Model.Defaults.Guidance with { Interval = new(0.25, 0.75) };
        var rows = Model.Denoiser.Guide(TNetwork.Shown(7, 5), guidance).Count;
        if (rows == 1)
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(
                () => Pipeline.GenerateAsync(Request(7, 5, "none") with { Guidance = guidance }));
            Assert.StartsWith("The guidance interval 0.25-0.75 would do nothing: ", error.Message);
            return;
        }

        string[] policies = ["none", "augur(4)", "taylorseer(interval=3)", "fora(interval=2)", "fbcache(threshold=0.3)", .. TNetwork.Own];
        foreach (var policy in policies.Where(p => !IsRefused(p)))
        {
            var calls = IntervalCall.Of(Model, Request(7, 5, policy) with { Steps = 12, Guidance = guidance })[0];
            Assert.Equal([.. Enumerable.Range(0, 12).Select(call => call is >= 3 and < 9 ? rows : 1)], calls.Select(c => c.Rows));
            Assert.True(calls is [_, _, _, { Kind: CallKind.Computed }, _, _, _, _, _, { Kind: CallKind.Computed }, _, _], policy);
            Assert.All(calls.Where(c => c.Kind is CallKind.Computed or CallKind.Rejected), c => Assert.True(c.IsTheNetworks, policy));
        }
    }

    [Fact]
    public async Task Where_a_guidance_interval_holds_no_call_the_run_is_the_conditional_one_bit_for_bit()
    {
        foreach (var tokens in new[] { 3, 7 }) // a text shorter than the negative one, and a longer one
        {
            var plain = Request(tokens, 5, "none") with { Steps = 6, Guidance = new Guidance(1) };
            var guidance = Model.Defaults.Guidance with { Interval = new(0.01, 0.02) };
            if (Model.Denoiser.Guide(plain.Condition, guidance).Count > 1 && Model.Denoiser.Guide(plain.Condition, plain.Guidance.Value).Count == 1)
            {
                var empty = await Pipeline.GenerateAsync(plain with { Guidance = guidance });
                Assert.Equal((await Pipeline.GenerateAsync(plain)).Latent, empty.Latent);
            }
        }
    }

    [Fact]
    public async Task The_settings_of_these_tables_save_some_of_the_run()
    {
        var exact = (await Pipeline.GenerateAsync(Request(7, 5, "none"))).Report.Cost.TotalFlops;
        var idle = new List<string>();
        foreach (var policy in TNetwork.PerSample.Where(p => !IsRefused(p)).Concat(TNetwork.Own))
        {
            var report = (await Pipeline.GenerateAsync(Request(7, 5, policy))).Report;
            if (report.Drafted + report.Accepted == 0 || report.Cost.ComputeFlops + report.Cost.DraftFlops >= exact)
            {
                idle.Add(policy);
            }
        }

        Assert.True(idle.SequenceEqual(["none", .. TNetwork.Idle]), $"idle are: {string.Join('\n', idle)}");
    }
}

/// <summary>The same of networks that write.</summary>
public abstract class WriterContractTests<TNetwork> : NetworkContractTests<TNetwork>
    where TNetwork : IContractNetwork
{
    [Fact]
    public async Task A_guidance_interval_is_refused()
    {
        var request = Request(7, 5, "none") with { Guidance = new Guidance(2) { Interval = new(0.2, 0.8) } };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => Pipeline.GenerateAsync(request));
        Assert.Equal("The guidance interval 0.2-0.8 is of pictures; this model writes texts.", error.Message);
    }

    [Fact]
    public async Task Methods_of_texts_save_some_of_the_run()
    {
        foreach (var policy in TNetwork.Own.Except(TNetwork.Idle))
        {
            var report = (await Pipeline.GenerateAsync(Request(7, 5, policy))).Report;
            Assert.True(report.FlopsSpeedup > 1.1, $"{policy}: {report.FlopsSpeedup}");
        }
    }
}

public sealed class FluxContractTests : PictureContractTests<FluxRow>;

public sealed class QwenImageContractTests : PictureContractTests<SmallQwenImage>;

public sealed class ZImageContractTests : PictureContractTests<SmallZImage>;

public sealed class PixArtContractTests : PictureContractTests<PixArtRow>;

public sealed class PixArtOfSizesContractTests : PictureContractTests<PixArtOfSizesRow>;

public sealed class Sd3ContractTests : PictureContractTests<Sd3Row>;

public sealed class Sd35ContractTests : PictureContractTests<Sd35Row>;

public sealed class DreamContractTests : WriterContractTests<DreamRow>;
