using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Pipelines;

public sealed class PolicyChoiceTests : IDisposable
{
    private readonly TinyModel _files = new();
    private readonly CpuBackend _backend = new();

    public void Dispose()
    {
        _backend.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task A_request_that_says_nothing_gets_the_profile_of_high_quality_and_the_report_says_so()
    {
        using var model = WithProfiles();
        var result = await new GenerationPipeline(model).GenerateAsync(model.Request("bear"));
        Assert.Equal("fora(interval=2)", result.Report.Policy);
        Assert.Equal("quality \"high\"", result.Report.PolicyReason);
        Assert.Equal(2, result.Report.Computed);
    }

    [Fact]
    public async Task Quality_is_one_property()
    {
        using var model = WithProfiles();
        var result = await new GenerationPipeline(model).GenerateAsync(model.Request("bear") with { Quality = "fast" });
        Assert.Equal("fora(interval=4)", result.Report.Policy);
    }

    [Theory]
    [InlineData(3, null, null, "not with 3 steps")]
    [InlineData(4, "dpm++", null, "not with dpm++")]
    [InlineData(4, null, 5.0, "not with guidance 5")]
    public async Task Where_the_run_is_another_than_the_profiles_every_call_is_computed_and_a_word_for_it_is_refused(
        int steps, string? sampler, double? guidance, string reason)
    {
        using var model = WithProfiles();
        var request = model.Request("bear") with { Steps = steps };
        request = sampler is null ? request : request with { Sampler = Augur.Sampling.Samplers.Parse(sampler) };
        request = guidance is { } scale ? request with { Guidance = new Guidance(scale) } : request;
        var report = (await new GenerationPipeline(model).GenerateAsync(request)).Report;
        Assert.Equal("none", report.Policy);
        Assert.StartsWith("every call is computed: the model's profile was measured with ddim, 4 steps, guidance 2, ", report.PolicyReason);
        Assert.Contains(reason, report.PolicyReason);
        await using var engine = new GenerationEngine(model);
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => engine.Submit(request with { Quality = "high" })).Message);
    }

    [Fact]
    public void A_given_method_is_taken_and_beside_a_quality_refused()
    {
        using var model = WithProfiles();
        var given = model.Request("bear") with { Cache = NoCachePolicy.Instance };
        Assert.Equal(("none", PolicyChoice.AsAsked), (model.Choose(given).Policy.Name, model.Choose(given).Reason));
        Assert.Contains("both name a method", Assert.Throws<ArgumentException>(() => model.Choose(given with { Quality = "fast" })).Message);
    }

    [Fact]
    public void A_quality_that_the_model_lacks_is_refused()
    {
        using var model = WithProfiles();
        Assert.Contains("no profile for \"fasst\"",
            Assert.Throws<ArgumentException>(() => model.Choose(model.Request("bear") with { Quality = "fasst" })).Message);
    }

    private DiffusionModel WithProfiles()
    {
        Write("high", """{"policy": "fora", "interval": 2, "about": {"sampler": "ddim", "steps": 4, "guidance": 2}}""");
        Write("fast", """{"policy": "fora", "interval": 4, "about": {"sampler": "ddim", "steps": 4, "guidance": 2}}""");
        return ModelCatalog.Load(_files.Folder, _backend);
    }

    private void Write(string word, string text)
    {
        Directory.CreateDirectory(Path.Combine(_files.Folder, "profiles"));
        File.WriteAllText(Path.Combine(_files.Folder, "profiles", $"{word}.json"), text);
    }
}
