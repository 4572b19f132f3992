using Augur.Caching;
using Augur.Decoding;
using Augur.Models.Flux;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Flux;

/// <summary>
/// The network and the autoencoder of models/text against what tools/train computed with the same weights: `train_text.py --export --reference` writes
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
