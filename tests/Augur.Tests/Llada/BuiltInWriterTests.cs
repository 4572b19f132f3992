using Augur.Caching;
using Augur.Catalogs;
using Augur.Decoding;
using Augur.Models.Llada;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Llada;

/// <summary>The built-in writer of stories, held against what its training code gives.</summary>
public sealed class BuiltInWriterTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;

    public BuiltInWriterTests() => _model = ModelCatalog.Load(ModelCatalog.BuiltInWriterPath, _backend);

    public void Dispose()
    {
        _model.Dispose();
        _backend.Dispose();
    }

    [Fact]
    public void Its_logits_are_those_of_the_training_code()
    {
        using var saved = Checkpoint.Open(Fixtures.Path("stories/reference.safetensors"));
        var ids = saved.Tensors["input_ids"];
        var network = (LladaModel)_model.Denoiser;
        using var scope = TensorScope.Begin();
        var conditions = network.Encode([new TokenPrompt([]), new TokenPrompt([])]);
        var latents = Tensor.From(_backend, Array.ConvertAll(ids.ToInt64s(), id => (float)id), ids.Shape);
        var answer = network.Predict(
            new NetworkInput(network.Describe([ids.Shape[1]], conditions), latents, [0, 0], conditions), ComputeEverything.Instance).ToArray();
        var expected = saved.Tensors["logits"].ToSingles();
        var largest = expected.Max(Math.Abs);
        Assert.All(answer.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 2e-5f * largest));
    }

    [Fact]
    public async Task It_writes_the_tokens_that_the_training_code_writes()
    {
        using var saved = Checkpoint.Open(Fixtures.Path("stories/reference.safetensors"));
        var prompt = saved.Tensors["prompt"].ToInt64s();
        Assert.Equal(prompt, _model.Tokenizer!.Encode("Once upon a time there was a brave fox named Mia.").Select(id => (long)id));
        var request = _model.Request(new TokenPrompt([.. prompt.Select(id => (int)id)])) with { LatentShape = [32], Steps = 32 };
        var result = await new GenerationPipeline(_model).GenerateAsync(request with { Sampler = new LladaSampler() });
        Assert.Equal(saved.Tensors["low_confidence"].ToInt64s(), result.Latent.Select(id => (long)id));
    }

    [Fact]
    public async Task It_tells_a_story_in_words_and_a_cache_changes_little_of_it()
    {
        var sampler = new LladaSampler(new() { Block = 16 });
        var request = _model.Request("Once upon a time") with { LatentShape = [64], Steps = 64, Sampler = sampler };
        var exact = await new GenerationPipeline(_model).GenerateAsync(request);
        var cached = await new GenerationPipeline(_model).GenerateAsync(request with { Cache = PolicyCatalog.Parse("dllm-cache(response=4)") });
        Assert.Contains(", a ", ((WrittenText)exact.Output).Text);
        Assert.True(exact.Latent.Zip(cached.Latent).Count(t => t.First == t.Second) > 16);
        Assert.True(cached.Report.FlopsSpeedup > 1.5);
    }
}
