using Augur.Caching;
using Augur.Catalogs;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.UNet;

/// <summary>The built-in U-Net, held against what its training code gives.</summary>
public sealed class BuiltInUNetTests : IDisposable
{
    private static readonly string s_folder = Fixtures.Path("../../models/emoji-unet");
    private static readonly string[] s_prompts = ["a red apple, flat style", "Fox & owl"];
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly Checkpoint _saved = Checkpoint.Open(Fixtures.Path("emoji-unet/reference.safetensors"));
    private readonly DiffusionModel _model;

    public BuiltInUNetTests() => _model = ModelCatalog.Load(s_folder, _backend);

    public void Dispose()
    {
        _model.Dispose();
        _saved.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void Its_prompts_are_the_tokens_of_the_training_code()
    {
        var tokenizer = TextTokenizer.Load(Path.Combine(s_folder, "tokenizer"));
        var length = _saved.Tensors["ids"].Shape[1];
        Assert.Equal(_saved.Tensors["ids"].ToInt64s(), s_prompts.SelectMany(Row));

        IEnumerable<long> Row(string prompt)
        {
            int[] ids = [tokenizer.BeginId!.Value, .. tokenizer.Encode(prompt)];
            return ids.Concat(Enumerable.Repeat(tokenizer.EndId!.Value, length - ids.Length)).Select(id => (long)id);
        }
    }

    [Fact]
    public void Its_texts_are_encoded_as_by_the_training_code() =>
        RequireNear("context", [.. _model.Prompts!.Encode(s_prompts).SelectMany(text => text.Tokens)]);

    [Fact]
    public void Its_noise_is_that_of_the_training_code()
    {
        var channels = _saved.Tensors["context"].Shape[2];
        var texts = _saved.Tensors["context"].ToSingles().Chunk(_saved.Tensors["context"].Shape[1] * channels);
        var network = _model.Denoiser;
        using var scope = TensorScope.Begin();
        var rows = network.Encode([.. texts.Select(text => new PromptEmbedding([.. text], channels, []))]);
        var input = new NetworkInput(
            network.Describe([4, 16, 16], rows), Saved("latents"), [.. _saved.Tensors["timesteps"].ToInt64s().Select(t => (float)t)], rows);
        RequireNear("noise", network.Predict(input, ComputeEverything.Instance).ToArray());
        foreach (var row in rows)
        {
            row.Dispose();
        }
    }

    [Fact]
    public void Its_pixels_are_those_of_the_training_code()
    {
        using var scope = TensorScope.Begin();
        RequireNear("pixels", ((AutoencoderKl)_model.Decoder).DecodePixels(Saved("z")).ToArray());
    }

    [Fact]
    public async Task It_draws_the_prompt_on_white_at_the_guidance_that_its_folder_asks_for()
    {
        var request = _model.Request("a red apple", seed: 5) with { Steps = 12 };
        Assert.Equal(3, _model.Defaults.Guidance.Scale);
        var image = (await new GenerationPipeline(_model).GenerateAsync(request)).Image;
        Assert.All(image.Rgb[..3].ToArray(), corner => Assert.True(corner > 200, "the corner is white"));
        var middle = 3 * ((image.Height / 2 * image.Width) + (image.Width / 2));
        Assert.True(image.Rgb[middle] > image.Rgb[middle + 1] + 60, $"the apple is red, not {image.Rgb[middle]}, {image.Rgb[middle + 1]}");
    }

    private Tensor Saved(string name) => Tensor.From(_backend, _saved.Tensors[name].ToSingles(), _saved.Tensors[name].Shape);

    private void RequireNear(string name, float[] found)
    {
        var expected = _saved.Tensors[name].ToSingles();
        var largest = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, found.Length);
        Assert.All(found.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 2e-5f * largest));
    }
}
