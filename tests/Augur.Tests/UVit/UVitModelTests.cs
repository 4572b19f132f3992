using Augur.Caching;
using Augur.Catalogs;
using Augur.Models.UVit;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Networks;

namespace Augur.Tests.UVit;

public sealed class UVitModelTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public static TheoryData<string> Methods =>
    [
        "none", "fora(interval=2)", "taylorseer(interval=3)", "taylorseer(interval=3,granularity=output)", "pab(range=3)",
        "easycache(threshold=0.6,warmup=2)", "l2c(mask=random(share=0.7,seed=1))", "l2c(mask=uniform(share=0.4))", "augur(4)",
    ];

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData("weights", 11, 0)]
    [InlineData("t2i_weights", 0, 7)]
    public void Shapes_tell_all_sizes_but_the_heads(string file, int classes, int textTokens)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path($"u-vit/{file}.safetensors"));
        Assert.True(UVitLayout.Is(checkpoint));
        var config = UVitLayout.Infer(checkpoint);
        Assert.Equal((classes, textTokens, 8, 2, 4), (config.ClassCount, config.TextTokens, config.InputSize, config.PatchSize, config.InChannels));
    }

    [Fact]
    public void A_tensor_that_is_missing_is_named()
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path("u-vit/weights.safetensors"));
        var writer = new SafetensorsWriter();
        foreach (var tensor in checkpoint.Tensors.Values.Where(t => t.Name != "out_blocks.1.skip_linear.bias"))
        {
            writer.Add(tensor.Name, tensor.ToSingles(), tensor.Shape);
        }

        using var lacking = Checkpoint.FromBytes("weights.safetensors", writer.ToArray());
        var error = Assert.Throws<WeightFileException>(() => UVitLayout.Load(lacking, _backend));
        Assert.Contains("'out_blocks.1.skip_linear.bias' is missing", error.Message);
    }

    [Fact]
    public void Conditions_and_latents_of_other_networks_are_refused_in_a_sentence()
    {
        using var model = Network("weights");
        Assert.StartsWith(
            "Class 11 is not one of this model's 0 to 10, the last of which is the null class.",
            Assert.ThrowsAny<ArgumentException>(() => model.Guide(Condition.Class(11), new(1))).Message);
        Assert.StartsWith("U-ViT 7x48 draws latents of [4, 8, 8], not of [4, 8, 12].",
            Assert.Throws<ArgumentException>(() => model.Describe([4, 8, 12], [])).Message);
        using var texts = Network("t2i_weights");
        Assert.StartsWith("U-ViT 5x32 reads texts of 7 tokens, not of 3.",
            Assert.Throws<ArgumentException>(() => texts.Encode([new PromptEmbedding([.. new float[60]], 20, [])])).Message);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_batch_equals_single_runs_and_every_call_computed_equals_the_uncached_run(string policy)
    {
        using var model = Model(steps: 6);
        var pipeline = new GenerationPipeline(model);
        var request = model.Request(3, 5) with { Cache = PolicyCatalog.Parse(policy) };
        GenerationRequest[] requests = [request, request with { Seed = 6, Condition = Condition.Class(7), Steps = 5 }, model.Request(1, 7)];
        var together = await pipeline.GenerateAsync(requests);
        foreach (var (own, among) in requests.Zip(together))
        {
            var alone = await pipeline.GenerateAsync(own);
            Assert.Equal(alone.Latent, among.Latent);
            Assert.Equal(alone.Report.Calls, among.Report.Calls);
        }

        var name = policy.Split('(')[0];
        var cautious = PolicyCatalog.All.Single(e => e.Name == name).MostCautious;
        Assert.Equal(
            (await pipeline.GenerateAsync(model.Request(3, 5))).Latent,
            (await pipeline.GenerateAsync(request with { Cache = PolicyCatalog.Parse(cautious) })).Latent);
        Assert.Equal(policy == "none", together[0].Report.Drafted == 0);
    }

    [Fact]
    public async Task A_router_of_steps_reuses_in_the_first_call_of_each_step_but_the_first()
    {
        using var model = Model(steps: 10);
        var pipeline = new GenerationPipeline(model);
        var router = Fixtures.Path("u-vit/l2c_nfe20.safetensors");
        var request = model.Request(3, 5) with { Cache = PolicyCatalog.Parse($"l2c(router={router},threshold=0.9,pairs=start)") };
        var calls = (await pipeline.GenerateAsync(request)).Report.Calls;
        Assert.Equal(20, calls.Count);
        Assert.All(calls.Where((_, i) => i % 2 == 1 || i == 0), call => Assert.Equal(CallKind.Computed, call.Kind));
        Assert.Contains(calls.Where((_, i) => i % 2 == 0 && i > 0), call => call.Kind == CallKind.Partial);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => pipeline.GenerateAsync(request with { Steps = 21 }));
        Assert.Contains("is for up to 20 steps of two calls through 7 blocks; this run makes 42 calls of 7 blocks.", error.Message);
    }

    private DiffusionModel Model(int steps) => new(
        Network("weights"),
        new LettersOfFirstChannel(),
        new ClassNames([], 10),
        new GenerationDefaults(SmallUNet.Sampler("dpm++2s"), steps, new Guidance(1.4)));

    private UVitModel Network(string file)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path($"u-vit/{file}.safetensors"));
        return UVitLayout.Load(checkpoint, _backend, config => config with { HeadCount = 4 });
    }
}
