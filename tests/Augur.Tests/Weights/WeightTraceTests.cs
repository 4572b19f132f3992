using System.Text.Json;
using Augur.Models.Flux;
using Augur.Models.Flux2;
using Augur.Models.PixArt;
using Augur.Models.Sd3;
using Augur.Models.UNet;
using Augur.Models.ZImage;
using Augur.Tensors.Weights;
using Augur.Tests.Catalogs;
using Augur.Tests.Networks;
using Augur.Tests.PixArt;

namespace Augur.Tests.Weights;

/// <summary>What the readers of two key layouts say of each other is held against files of both.</summary>
public sealed class WeightTraceTests
{
    [Theory]
    [InlineData("flux")]
    [InlineData("sd3")]
    [InlineData("pixart")]
    [InlineData("unet")]
    public void Rows_of_a_matrix_are_found_where_the_other_layout_has_them(string network)
    {
        using var files = Pair.Of(network);
        var (first, second) = (files.TracesOf(files.Original), files.TracesOf(files.Diffusers));
        foreach (var (from, onto, there) in new[] { (first, second, files.Diffusers), (second, first, files.Original) })
        {
            var here = ReferenceEquals(there, files.Diffusers) ? files.Original : files.Diffusers;
            var moved = from.Own.Onto(onto.Own);
            Assert.Equal(
                here.Tensors.Values.Where(IsMatrix).Select(t => t.Name).Order(StringComparer.Ordinal), moved.Keys.Order(StringComparer.Ordinal));
            foreach (var (name, matrix) in moved)
            {
                var values = here.Tensors[name].ToSingles();
                var columns = values.Length / matrix.Rows;
                Assert.Equal(matrix.Rows, matrix.Pieces.Sum(piece => piece.Count));
                Assert.All(matrix.Pieces, piece => Assert.Equal(
                    values.AsSpan(piece.From * columns, piece.Count * columns),
                    there.Tensors[piece.Weight].ToSingles().AsSpan(piece.First * columns, piece.Count * columns)));
            }
        }

        // Tables of places and of tokens are read as they are.
        static bool IsMatrix(StoredTensor tensor) => tensor.Name.EndsWith(".weight", StringComparison.Ordinal) && tensor.Shape.Rank >= 2;
    }

    [Fact]
    public void Layouts_that_share_a_reader_have_the_same_maps()
    {
        using var flux2 = Checkpoint.Open(Fixtures.Path("flux2-core/weights.safetensors"));
        using var z = Checkpoint.Open(Fixtures.Path("z-image-core/weights.safetensors"));
        var first = Flux2Layouts.Traces(flux2);
        var fused = Assert.Single(first.Own.Onto(first.Known[0])["single_transformer_blocks.1.attn.to_qkv_mlp_proj.weight"].Pieces);
        Assert.Equal(new MovedRows("single_blocks.1.linear1.weight", 0, 0, fused.Count), fused);
        var second = ZImageLayouts.Traces(z);
        Assert.Equal(
            [new MovedRows("layers.0.attention.qkv.weight", 24, 0, 24)],
            second.Known[1].Onto(second.Known[0])["layers.0.attention.to_k.weight"].Pieces);
    }

    [Fact]
    public void Traces_of_different_networks_are_refused()
    {
        var one = WeightTrace.Of("one", root => root.Linear("a", 2, 3));
        var two = WeightTrace.Of("two", root => Array.ForEach(["a", "b"], name => root.Linear(name, 2, 3)));
        Assert.Contains("one has 1 linear maps, but two has 2", Assert.Throws<ArgumentException>(() => one.Onto(two)).Message);
        var other = WeightTrace.Of("other", root => root.Linear("a", 4, 3));
        Assert.Contains("differ in their rows", Assert.Throws<ArgumentException>(() => one.Onto(other)).Message);
    }

    private sealed record Pair(Checkpoint Original, Checkpoint Diffusers, Func<Checkpoint, LayoutTraces> TracesOf) : IDisposable
    {
        public static Pair Of(string network)
        {
            switch (network)
            {
                case "flux":
                    using (var flux = new TinyFluxPipeline())
                    {
                        return new(
                            InMemory(flux.Network),
                            InMemory(Path.Combine(flux.Pipeline, "transformer", "diffusion_pytorch_model.safetensors")),
                            FluxLayouts.Traces);
                    }

                case "sd3":
                    return new(
                        InMemory(Fixtures.Path("sd3-core/weights.safetensors")),
                        InMemory(Fixtures.Path("sd3-core/diffusers_weights.safetensors")),
                        Sd3Layouts.Traces);
                case "pixart":
                    using (var backend = new Augur.Tensors.Cpu.CpuBackend())
                    using (var model = TinyPromptNetworks.PixArt(backend, isTold: true))
                    {
                        // Heads and size follow from no shape of so small a network.
                        var (config, json) = (model.Config, """{"num_attention_heads": 2, "sample_size": 8}"""u8.ToArray());
                        var file = RandomCheckpoint.Of(PixArtTensors.Original(config), without: "pos_embed");
                        var renamed = Checkpoint.FromBytes("diffusers.safetensors", PixArtModelTests.Diffusers(file, config));
                        return new(file, renamed, weights => PixArtLayouts.Traces(weights, ForeignJson.Parse("config.json", json)));
                    }

                default:
                    using (var names = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("sd-unet/sd_key_map.json"))))
                    {
                        var weights = InMemory(Fixtures.Path("sd-unet/sd_weights.safetensors"));
                        var writer = new SafetensorsWriter();
                        foreach (var tensor in weights.Tensors.Values)
                        {
                            writer.Add(names.RootElement.GetProperty(tensor.Name).GetString()!, tensor.ToSingles(), tensor.Shape);
                        }

                        return new(
                            Checkpoint.FromBytes("original.safetensors", writer.ToArray()), weights,
                            checkpoint => UNetLayouts.Traces(checkpoint, UNetLayouts.Infer(checkpoint) with { NormGroups = 4 }));
                    }
            }
        }

        public void Dispose()
        {
            Original.Dispose();
            Diffusers.Dispose();
        }

        private static Checkpoint InMemory(string path) => Checkpoint.FromBytes(path, File.ReadAllBytes(path));
    }
}
