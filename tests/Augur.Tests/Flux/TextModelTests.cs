using Augur.Caching;
using Augur.Catalogs;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Models.Flux;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Flux;

/// <summary>
/// The parts of models/text against what tools/train computed with the same weights: `train_text.py --export --reference` writes
/// both files.
/// </summary>
public sealed class TextModelTests : IDisposable
{
    private const double Tolerance = 1e-4; // of the largest element
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void The_network_predicts_what_it_predicted_where_it_was_trained()
    {
        using var saved = Checkpoint.Open(Fixtures.Path("text-model/reference.safetensors"));
        using var model = FluxModel.Load(InModel("transformer/diffusion_pytorch_model.safetensors"), _backend);
        using var scope = TensorScope.Begin();
        var (tokens, pooled) = (saved.Tensors["text"], saved.Tensors["pooled"]);
        var texts = model.Encode([.. Enumerable.Range(0, 2).Select(row => new PromptEmbedding(
            [.. Row(tokens, row)], tokens.Shape[2], [.. Row(pooled, row)]))]);
        var latents = saved.Tensors["latents"].ToTensor(_backend);
        var input = new NetworkInput(
            model.Describe([latents.Shape[1], latents.Shape[2], latents.Shape[3]], texts),
            latents,
            [.. saved.Tensors["times"].ToSingles().Select(t => 1000 * t)],
            texts)
        {
            Guidance = [.. saved.Tensors["guidance"].ToSingles().Select(g => (float?)g)],
        };
        Compare(saved.Tensors["velocity"], model.Predict(input, ComputeEverything.Instance));
        foreach (var text in texts)
        {
            text.Dispose();
        }
    }

    [Fact]
    public void The_text_encoder_reads_prompts_as_it_did_where_it_was_trained()
    {
        using var saved = Checkpoint.Open(Fixtures.Path("text-model/reference.safetensors"));
        var (tokens, pooled) = (saved.Tensors["text"], saved.Tensors["pooled"]);
        using var encoder = new FluxPromptEncoder(null, new T5Prompts(
            TextTokenizer.Load(InModel("tokenizer_2")), T5Encoder.Load(InModel("text_encoder_2"), _backend), tokens.Shape[1]));
        var texts = encoder.Encode(["a red apple, flat style", "A green fox & 2 wolves on a blue background"]);
        using var scope = TensorScope.Begin();
        Compare(tokens, Tensor.From(_backend, [.. texts.SelectMany(text => text.Tokens)], tokens.Shape));
        Compare(pooled, Tensor.From(_backend, [.. texts.SelectMany(text => text.Pooled)], pooled.Shape));
    }

    [Fact]
    public async Task The_folder_is_a_model_that_draws_prompts_of_any_words()
    {
        using var model = ModelCatalog.Load(InModel(""), _backend);
        Assert.Equal<Shape>([4, 16, 16], model.Denoiser.LatentShape);
        var pictures = new List<string>();
        foreach (var prompt in (string[])["a red apple, flat style", "a wolf", ""])
        {
            var request = model.Request(prompt, seed: 42) with { Steps = 2 };
            var picture = (await new GenerationPipeline(model).GenerateAsync(request)).Image;
            Assert.Equal((64, 64), (picture.Width, picture.Height));
            pictures.Add(Convert.ToHexString(picture.Rgb.ToArray()));
        }

        Assert.Equal(3, pictures.Distinct().Count());
    }

    [Fact]
    public void The_autoencoder_decodes_what_it_decoded_where_it_was_trained()
    {
        using var saved = Checkpoint.Open(Fixtures.Path("text-model/reference.safetensors"));
        using var model = AutoencoderKl.Load(InModel("vae"), _backend);
        using var scope = TensorScope.Begin();
        Assert.Equal((4, 4), (model.PixelsPerCell, model.Config.LatentChannels));
        Compare(saved.Tensors["pixels"], model.DecodePixels(saved.Tensors["z"].ToTensor(_backend)));
    }

    private static string InModel(string file) => Fixtures.Path($"../../models/text/{file}");

    private static IEnumerable<float> Row(StoredTensor tensor, int row)
    {
        var size = (int)tensor.Shape.Product(1, tensor.Shape.Rank);
        return tensor.ToSingles().Skip(row * size).Take(size);
    }

    private static void Compare(StoredTensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var values = expected.ToSingles();
        var largest = values.Max(Math.Abs);
        var difference = values.Zip(actual.ToArray(), (e, a) => Math.Abs(e - a)).Max();
        Assert.True(difference <= Tolerance * largest, $"It differs by {difference / largest:e2} of the largest element.");
    }
}
