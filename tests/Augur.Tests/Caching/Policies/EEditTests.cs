using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Caching.Tokens;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

public sealed class EEditTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void Nearly_all_tokens_that_are_chosen_lie_in_the_region_and_its_rings()
    {
        var region = EditRegion.Box(64, 64, 128, 128, 256, 256); // 16 of 256 tokens, with two rings 64
        var run = Run(steps: 12) with { Region = region };
        var inside = region.Rings([16, 16], 3, RegionRule.Mask).SelectMany(ring => ring).ToHashSet();
        int near = 0, all = 0;
        var tokens = new EEditTokens(new())
        {
            FullSteps = [.. Enumerable.Range(0, 12).Select(i => i % 3 == 0)],
            OnChoice = (_, _, chosen) => (near, all) = (near + chosen.Count(inside.Contains), all + chosen.Length),
        };
        using var selection = tokens.Open(run);
        Assert.Equal(8 * 25, all);
        Assert.InRange(near, 0.9 * all, all);
    }

    [Fact]
    public void Tables_made_before_the_run_are_the_choices_made_on_the_way()
    {
        using var scope = TensorScope.Begin();
        var run = Run(steps: 9) with { Region = EditRegion.Box(0, 0, 100, 100, 256, 256) };
        var full = Enumerable.Range(0, 9).Select(i => i % 3 == 0).ToArray();
        using var ahead = new EEditTokens(new()) { FullSteps = full }.Open(run);
        using var online = new EEditTokens(new()).Open(run);
        var (site, input) = (Site.Mlp(0), Tensor.Zeros(_backend, [2, 256, 1]));
        for (var step = 0; step < 9; step++)
        {
            ahead.Begin(new NetworkCall(step, 9, 0), isDraft: !full[step]);
            online.Begin(new NetworkCall(step, 9, 0), isDraft: !full[step]);
            if (full[step])
            {
                Assert.True(online.Observes(site));
                online.Observe(site, input);
            }
            else
            {
                Assert.Equal(ahead.Select(site, input, input)!.Indices, online.Select(site, input, input)!.Indices);
            }
        }
    }

    [Fact]
    public void Steps_without_a_call_age_tokens_all_the_same()
    {
        using var scope = TensorScope.Begin();
        var (run, input) = (Run(steps: 6), Tensor.Zeros(_backend, [1, 256, 1]));
        bool[] full = [true, false, false, false, false, false];
        using var every = new EEditTokens(new()) { FullSteps = full }.Open(run);
        using var some = new EEditTokens(new()) { FullSteps = full }.Open(run with { CallCount = 3 });
        every.Begin(new NetworkCall(4, 6, 0), isDraft: true);
        some.Begin(new NetworkCall(1, 3, 0) { StepIndex = 4 }, isDraft: true);
        Assert.Equal(every.Select(Site.Mlp(0), input, input)!.Indices, some.Select(Site.Mlp(0), input, input)!.Indices);
    }

    [Theory]
    [InlineData("clusca(k=4,interval=3)", "clusca(k=4,interval=3,region=mask(rings=1,bonus=100))")]
    [InlineData("toca(schedule=constant,ratio=0.3)", "toca(schedule=constant,ratio=0.3,region=mask(rings=1,bonus=100))")]
    [InlineData(
        "duca(interval=5,stretch=0,dense_zone=false,schedule=constant,ratio=0.3)",
        "duca(interval=5,stretch=0,dense_zone=false,schedule=constant,ratio=0.3,region=mask(rings=1,bonus=100))")]
    [InlineData("eedit(region=none)", "eedit")]
    public async Task A_region_of_the_request_changes_what_a_method_with_that_option_computes_and_no_other(string without, string with)
    {
        using var model = SmallDit.Load(_backend);
        var pipeline = new GenerationPipeline(model);
        var (height, width) = (model.Denoiser.LatentShape[1], model.Denoiser.LatentShape[2]);
        var region = EditRegion.Box(0, 0, width / 2, height / 2, height, width);
        Assert.Equal(await Draw(without, null), await Draw(without, region));
        Assert.NotEqual(await Draw(with, null), await Draw(with, region));
        Assert.Equal(await Draw(without, region), await Draw(with, null));

        async Task<float[]> Draw(string policy, EditRegion? changed) => (await pipeline.GenerateAsync(
            model.Request(3, 5) with { Steps = 10, Cache = PolicyCatalog.Parse(policy), Region = changed })).Latent;
    }

    [Fact]
    public async Task Without_a_region_the_report_says_that_all_tokens_count_alike()
    {
        using var model = SmallDit.Load(_backend);
        var result = await new GenerationPipeline(model).GenerateAsync(model.Request(3, 5) with { Steps = 6, Cache = new EEditPolicy() });
        Assert.Contains("no region was given: all tokens count alike", result.Report.Note);
        Assert.True(result.Report.FlopsSpeedup > 1.5);
    }

    [Fact]
    public void What_was_gated_cannot_be_forecast()
    {
        var wrong = Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse("eedit(held_modulation=true,draft=taylor)"));
        Assert.Contains("draft is reuse", wrong.Message);
        Assert.Contains("clusca", Assert.Throws<ArgumentException>(() => new EEditPolicy(new() { Tokens = new ClusCaTokens(new()) })).Message);
    }

    [Fact]
    public void Released_switches_need_a_network_that_asks_for_modulations()
    {
        var wrong = Assert.Throws<ArgumentException>(() => new EEditPolicy(EEditOptions.Released(EEditPreset.Released)).Open(Run(steps: 6)));
        Assert.Contains("does not ask for modulations", wrong.Message);
    }

    [Theory]
    [InlineData("mask", 4)] // none has its middle in it, so those it touches
    [InlineData("points", 4)]
    [InlineData("box", 1)] // from where it begins to the nearest edge where it ends
    public void A_region_between_the_middles_of_tokens_is_never_empty(string rule, int tokens)
    {
        var region = EditRegion.Box(15, 15, 17, 17, 64, 64); // where four tokens of 16 pixels meet
        Assert.Equal(tokens, region.Rings([4, 4], 1, Enum.Parse<RegionRule>(rule, ignoreCase: true))[0].Length);
    }

    [Fact]
    public void A_region_is_refused_without_pixels_or_of_another_size()
    {
        Assert.Contains("none of the 2x1 pixels is to change", Assert.Throws<ArgumentException>(() => new EditRegion([false, false], 1, 2)).Message);
        Assert.Contains("3 pixels are no picture of 2x1", Assert.Throws<ArgumentException>(() => new EditRegion([true, true, true], 1, 2)).Message);
    }

    private static RunInfo Run(int steps)
    {
        Shape stream = [256, 1];
        var map = new NetworkMap(
            [new(Site.Output, stream, stream, 0, 0), new(Site.Block(0), stream, stream, 0, 0), new(Site.Mlp(0), stream, stream, 0, 0)],
            [new TokenRange(TokenGroup.All, 0, 256, [16, 16])],
            []);
        return new RunInfo { Map = map, CallCount = steps, StepCount = steps, RowCount = 1 };
    }
}
