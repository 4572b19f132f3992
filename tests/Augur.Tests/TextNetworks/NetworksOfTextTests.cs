using Augur.Caching;
using Augur.Models.Flux;
using Augur.Models.Flux2;
using Augur.Models.QwenImage;
using Augur.Models.ZImage;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;
using Named = System.Collections.Generic.IEnumerable<
    System.Collections.Generic.KeyValuePair<string, (float[] Values, Augur.Tensors.Shape Shape)>>;

namespace Augur.Tests.TextNetworks;

public sealed class Flux2NetworkTests : TextNetworkTests<SmallFlux2>
{
    [Fact]
    public void Without_an_embedded_guidance_two_texts_are_compared()
    {
        using var network = SmallFlux2.Network(Backend, adjust: null);
        Assert.Equal(3.5f, network.Guide(SmallFlux2.Text(4), new Guidance(3.5)).Embedded);
        var path = Without(name => name.Contains("guidance_embedder", StringComparison.Ordinal));
        using var checkpoint = Checkpoint.Open(path);
        using var klein = Flux2Layouts.Load(checkpoint, Backend, config => config with { PositionAxes = [2, 4, 4, 2] });
        Assert.Equal(2, klein.Guide(SmallFlux2.Text(4) with { Negative = SmallFlux2.Text(2) }, new Guidance(4)).Count);
        Assert.Equal(1, klein.Guide(SmallFlux2.Text(4), new Guidance(1)).Count);
    }

    [Fact]
    public void Original_names_give_the_same_network()
    {
        using var scope = TensorScope.Begin();
        using var checkpoint = Checkpoint.Open(OriginalLayout());
        Assert.True(Flux2Layouts.Is(checkpoint));
        Assert.False(FluxLayouts.IsOriginal(checkpoint));
        using var original = Flux2Layouts.Load(checkpoint, Backend, config => config with
        {
            PositionAxes = [2, 4, 4, 2],
            TextBucket = 8,
            LatentHeight = 4,
            LatentWidth = 6,
        });
        using var diffusers = SmallFlux2.Network(Backend, adjust: null);
        Assert.Equal(Answer(diffusers), Answer(original));
        Assert.Equal(
            Flux2Layouts.Expected(checkpoint, original.Config).Keys.Order(StringComparer.Ordinal),
            checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));

        static float[] Answer(Flux2Model network)
        {
            var texts = network.Encode([SmallFlux2.Text(4)]);
            var input = new NetworkInput(
                network.Describe(network.LatentShape, texts), TextNetwork.Latents(network, 1), [500], texts)
            { Guidance = [3] };
            var answer = network.Predict(input, ComputeEverything.Instance).ToArray();
            TextNetwork.Release(texts);
            return answer;
        }
    }

    [Theory]
    [InlineData(64, 4, 2.2912)] // (0.00016927·4096 + 0.45667) extended from 10 steps, 8.738e-5·4096 + 1.89833, to 4
    [InlineData(64, 50, 2.0234)]
    [InlineData(70, 50, 1.2861)] // 4900 tokens: of tokens alone
    public void Its_noise_levels_shift_with_tokens_and_steps(int side, int steps, double mu)
    {
        var sigmas = new FlowOptions { Dynamic = true, MuRule = FlowMu.TokensAndSteps, PatchSize = 1 }
            .Sigmas([1, 128, side, side], steps);
        var unshifted = 1 - (1.0 / steps);
        Assert.Equal(Math.Exp(mu) / (Math.Exp(mu) + (1 / unshifted) - 1), sigmas[1], 4);
    }

    [Fact]
    public void A_reference_of_other_channels_is_refused_by_both_numbers()
    {
        using var network = SmallFlux2.Network(Backend, adjust: null);
        var edit = new EditCondition(SmallFlux2.Text(4), [new ReferenceLatent([1, 2, 3, 4], [4, 1, 1])]);
        var error = Assert.Throws<ArgumentException>(() => network.Guide(edit, new Guidance(1)));
        Assert.Contains("refers to latents of 32 channels, not to [4, 1, 1]", error.Message);
        Assert.Throws<ArgumentException>(() => new ReferenceLatent([1, 2, 3], [4, 1, 1]));
    }

    private static string Without(Func<string, bool> lacks) => Rewritten(tensors => tensors.Where(t => !lacks(t.Key)));

    private static string OriginalLayout()
    {
        return Rewritten(tensors =>
        {
            var all = tensors.ToDictionary();
            var names = Flux2Names.Known.ToDictionary(n => n.Layout);
            var (to, from) = (names["original"], names["diffusers"]);
            var made = new Dictionary<string, (float[] Values, Shape Shape)>();
            (string, string)[] outer =
            [
                (to.Image, from.Image), (to.Text, from.Text), (to.Time.First, from.Time.First), (to.Time.Second, from.Time.Second),
                (to.Guidance.First, from.Guidance.First), (to.Guidance.Second, from.Guidance.Second), (to.ImageModulation, from.ImageModulation),
                (to.TextModulation, from.TextModulation), (to.SingleModulation, from.SingleModulation), (to.Final, from.Final),
            ];
            foreach (var (ours, theirs) in outer)
            {
                made[$"{ours}.weight"] = all[$"{theirs}.weight"];
            }

            var (final, shape) = all[$"{from.FinalModulation}.weight"]; // scale and shift exchanged
            made[$"{to.FinalModulation}.weight"] = ([.. final[(final.Length / 2)..], .. final[..(final.Length / 2)]], shape);
            for (var i = 0; i < 2; i++)
            {
                foreach (var (ours, theirs) in new[] { (to.ImageGroup, from.ImageGroup), (to.TextGroup, from.TextGroup) })
                {
                    var (own, other) = ($"{to.Double}.{i}.", $"{from.Double}.{i}.");
                    var parts = Array.ConvertAll(theirs.Qkv, name => all[$"{other}{name}.weight"]);
                    made[$"{own}{ours.Qkv[0]}.weight"] = ([.. parts.SelectMany(p => p.Values)], [3 * parts[0].Shape[0], parts[0].Shape[1]]);
                    made[own + ours.QueryNorm] = all[other + theirs.QueryNorm];
                    made[own + ours.KeyNorm] = all[other + theirs.KeyNorm];
                    made[$"{own}{ours.Projection}.weight"] = all[$"{other}{theirs.Projection}.weight"];
                    made[$"{own}{ours.MlpIn}.weight"] = all[$"{other}{theirs.MlpIn}.weight"];
                    made[$"{own}{ours.MlpOut}.weight"] = all[$"{other}{theirs.MlpOut}.weight"];
                }
            }

            for (var i = 0; i < 3; i++)
            {
                var (own, other) = ($"{to.Single}.{i}.", $"{from.Single}.{i}.");
                made[$"{own}{to.Fused}.weight"] = all[$"{other}{from.Fused}.weight"];
                made[$"{own}{to.FusedOut}.weight"] = all[$"{other}{from.FusedOut}.weight"];
                made[own + to.SingleQueryNorm] = all[other + from.SingleQueryNorm];
                made[own + to.SingleKeyNorm] = all[other + from.SingleKeyNorm];
            }

            return made;
        });
    }

    private static string Rewritten(Func<Named, Named> change)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("augur-flux2").FullName, "weights.safetensors");
        using var checkpoint = Checkpoint.Open(Fixtures.Path("flux2-core/weights.safetensors"));
        var tensors = checkpoint.Tensors.Values.ToDictionary(t => t.Name, t => (t.ToSingles(), t.Shape));
        var writer = new SafetensorsWriter();
        foreach (var (name, (values, shape)) in change(tensors))
        {
            writer.Add(name, values, shape);
        }

        writer.Save(path);
        return path;
    }
}

public sealed class QwenImageNetworkTests : TextNetworkTests<SmallQwenImage>
{
    [Fact]
    public void A_guided_prediction_keeps_the_length_that_each_square_has_under_the_condition()
    {
        using var network = SmallQwenImage.Network(Backend, adjust: null);
        using var scope = TensorScope.Begin();
        var rows = network.Guide(SmallQwenImage.Text(4), new Guidance(4));
        var answers = TextNetwork.Latents(network, 2);
        var combined = rows.Combine([answers.Rows(0, 1), answers.Rows(1, 1)]);
        var free = (rows with { KeptNorm = null }).Combine([answers.Rows(0, 1), answers.Rows(1, 1)]);
        var (ours, plain, conditional) = (combined.ToArray(), free.ToArray(), answers.Rows(0, 1).ToArray());
        double Length(float[] values) => Math.Sqrt(Square(2, 4).Sum(i => (double)values[i] * values[i]));
        Assert.Equal(Length(conditional), Length(ours), 5);
        Assert.NotEqual(Length(conditional), Length(plain), 2);
        Assert.All(Square(2, 4), i => Assert.Equal(plain[i] * Length(conditional) / Length(plain), ours[i], 4));

        // Elements of the square whose first cell stands at a row and a column, in a latent [1, 16, 8, 12].
        static IEnumerable<int> Square(int row, int column) =>
            from channel in Enumerable.Range(0, 16)
            from y in Enumerable.Range(row, 2)
            from x in Enumerable.Range(column, 2)
            select (((channel * 8) + y) * 12) + x;
    }

    [Fact]
    public void Layers_are_drawn_at_once_and_are_not_alike()
    {
        using var scope = TensorScope.Begin();
        using var checkpoint = Checkpoint.Open(Fixtures.Path("qwen-image-core/weights.safetensors"));
        var kinds = Tensor.From(Backend, [.. Enumerable.Range(0, 48).Select(i => 0.1f * i)], [2, 24]);
        using var network = QwenImageLayouts.Load(
            checkpoint, Backend, c => c with { PositionAxes = [4, 4, 4], LayerCount = 3, LatentHeight = 4, LatentWidth = 6 }, kinds);
        Assert.Equal([16, 3, 4, 6], network.LatentShape);
        var texts = network.Encode([SmallQwenImage.Text(4)]);
        var map = network.Describe(network.LatentShape, texts);
        Assert.Equal([3, 2, 3], map.Tokens[0].Grid);
        var input = new NetworkInput(map, Tensor.Full(Backend, [1, 16, 3, 4, 6], 1), [500], texts);
        var answer = network.Predict(input, ComputeEverything.Instance).ToArray();
        Assert.NotEqual(answer[..24], answer[24..48]); // equal latents, other places
        TextNetwork.Release(texts);
        Assert.Throws<ArgumentException>(() => network.Describe([16, 4, 6], []));
    }
}

public sealed class ZImageNetworkTests : TextNetworkTests<SmallZImage>
{
    [Fact]
    public void FLOPs_of_the_published_network_are_those_of_its_matrix_products()
    {
        // 30 blocks of 4c² + 3c·mlp in maps, c = 3840 and mlp = 10240, for 4096 + 64 tokens, and attention.
        var config = new ZImageConfig
        {
            InChannels = 64,
            HiddenSize = 3840,
            HeadCount = 30,
            BlockCount = 30,
            NoiseRefinerCount = 2,
            ContextRefinerCount = 2,
            TextChannels = 2560,
            MlpSize = 10240,
            TimeSize = 1024,
            VectorSize = 256,
        };
        var map = ZImageMap.Of(config.Validated(), [64, 64], 64);
        var (c, n) = (3840.0, 4160.0);
        var blocks = 30 * 2 * n * ((4 * c * c) + (3 * c * 10240) + (2 * n * c));
        var refiners = 2 * 2 * 4096 * ((4 * c * c) + (3 * c * 10240) + (2 * 4096 * c));
        Assert.Equal(blocks + refiners, map.FlopsPerRow, 0.001 * blocks);
        Assert.Equal("Z-Image", config.ToString());
    }

    [Fact]
    public void Names_of_single_files_give_the_same_network()
    {
        using var scope = TensorScope.Begin();
        using var checkpoint = Checkpoint.Open(SingleFileLayout());
        Assert.True(ZImageLayouts.IsFused(checkpoint));
        using var fused = ZImageLayouts.Load(checkpoint, Backend, c => c with { PositionAxes = [4, 4, 4], LatentHeight = 8, LatentWidth = 10 });
        using var original = SmallZImage.Network(Backend, adjust: null);
        Assert.Equal(Answer(original), Answer(fused));
        Assert.Equal(
            ZImageLayouts.Expected(checkpoint, fused.Config).Keys.Order(StringComparer.Ordinal),
            checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));

        static float[] Answer(ZImageModel network)
        {
            var texts = network.Encode([SmallZImage.Text(4)]);
            var input = new NetworkInput(network.Describe(network.LatentShape, texts), TextNetwork.Latents(network, 1), [500], texts);
            var answer = network.Predict(input, ComputeEverything.Instance).ToArray();
            TextNetwork.Release(texts);
            return answer;
        }
    }

    private static string SingleFileLayout()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("augur-zimage").FullName, "weights.safetensors");
        using var checkpoint = Checkpoint.Open(Fixtures.Path("z-image-core/weights.safetensors"));
        var writer = new SafetensorsWriter();
        foreach (var tensor in checkpoint.Tensors.Values)
        {
            var name = tensor.Name.Replace("all_x_embedder.2-1", "x_embedder", StringComparison.Ordinal)
                .Replace("all_final_layer.2-1", "final_layer", StringComparison.Ordinal)
                .Replace("attention.norm_q", "attention.q_norm", StringComparison.Ordinal)
                .Replace("attention.norm_k", "attention.k_norm", StringComparison.Ordinal)
                .Replace("attention.to_out.0", "attention.out", StringComparison.Ordinal);
            if (name.EndsWith("attention.to_q.weight", StringComparison.Ordinal))
            {
                string[] parts = ["to_q", "to_k", "to_v"];
                float[] joined = [.. parts.SelectMany(part =>
                    checkpoint.Tensors[name.Replace("to_q", part, StringComparison.Ordinal)].ToSingles())];
                writer.Add(name.Replace("to_q", "qkv", StringComparison.Ordinal), joined, [3 * tensor.Shape[0], tensor.Shape[1]]);
            }
            else if (!name.Contains("attention.to_", StringComparison.Ordinal))
            {
                writer.Add(name, tensor.ToSingles(), tensor.Shape);
            }
        }

        writer.Save(path);
        return path;
    }
}
