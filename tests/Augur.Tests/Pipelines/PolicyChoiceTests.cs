using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

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
        Assert.Equal("profile \"high\" of this model", result.Report.PolicyReason);
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
    [InlineData(3, null, null, "profile \"high\" was measured with 4 steps, and this is 3")]
    [InlineData(4, "dpm++", null, "profile \"high\" was measured with ddim, and this is dpm++")]
    [InlineData(4, null, 5.0, "profile \"high\" was measured with guidance 2, and this is 5")]
    public async Task Where_the_run_is_another_than_the_profiles_every_call_is_computed_and_a_word_for_it_is_refused(
        int steps, string? sampler, double? guidance, string reason)
    {
        using var model = WithProfiles();
        var request = model.Request("bear") with { Steps = steps };
        request = sampler is null ? request : request with { Sampler = Augur.Sampling.Samplers.Parse(sampler) };
        request = guidance is { } scale ? request with { Guidance = new Guidance(scale) } : request;
        var report = (await new GenerationPipeline(model).GenerateAsync(request)).Report;
        Assert.Equal(("none", reason), (report.Policy, report.PolicyReason));
        await using var engine = new GenerationEngine(model);
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => engine.Submit(request with { Quality = "high" })).Message);
    }

    [Fact]
    public void A_given_method_is_taken_and_beside_a_quality_refused()
    {
        using var model = WithProfiles();
        var given = model.Request("bear") with { Cache = NoCachePolicy.Instance };
        Assert.Equal(("none", true), (model.Choose(given).Policy.Name, model.Choose(given).IsGiven));
        Assert.Contains("both name a method", Assert.Throws<ArgumentException>(() => model.Choose(given with { Quality = "fast" })).Message);
    }

    [Fact]
    public void A_quality_that_the_model_lacks_is_refused_with_those_it_has()
    {
        using var model = WithProfiles();
        Assert.Contains("it has high, fast", Assert.Throws<ArgumentException>(() => model.Choose(model.Request("bear") with { Quality = "fasst" })).Message);
    }

    [Theory]
    [InlineData("""{"policy": "fora", "about": {"steps": "four"}}""", "\"steps\" in \"about\" is no number")]
    [InlineData("""{"policy": "spica"}""", "There is no policy \"spica\"")]
    [InlineData("""{"policy": """, "is not JSON")]
    public void A_broken_profile_is_named_when_the_model_is_loaded(string profile, string message)
    {
        Write("high", profile);
        var wrong = Assert.Throws<WeightFileException>(() => ModelCatalog.Load(_files.Folder, _backend));
        Assert.Contains("high.json", wrong.Message);
        Assert.Contains(message, wrong.Message);
    }

    private DiffusionModel WithProfiles()
    {
        Write("high", """{"policy": "fora", "interval": 2, "about": {"sampler": "ddim", "steps": 4, "guidance": 2, "psnr": 37}}""");
        Write("fast", """{"policy": "fora", "interval": 4, "about": {"sampler": "ddim", "steps": 4, "guidance": 2, "psnr": 29}}""");
        return ModelCatalog.Load(_files.Folder, _backend);
    }

    private void Write(string word, string text)
    {
        Directory.CreateDirectory(Path.Combine(_files.Folder, "profiles"));
        File.WriteAllText(Path.Combine(_files.Folder, "profiles", $"{word}.json"), text);
    }
}
