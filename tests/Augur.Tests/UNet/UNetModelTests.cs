using Augur.Caching;
using Augur.Models.UNet;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.UNet;

public sealed class UNetModelTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void Multiply_adds_of_the_published_network_are_those_that_the_caching_papers_give()
    {
        // DeepCache, table 4: 338.8 G for Stable Diffusion 1.5 at 512 pixels, whose counter leaves out the products of queries, keys and values.
        var map = UNetMap.Of(Published(), [64, 64], 77);
        var own = map.Sites.Where(s => s.Site.Kind == SiteKind.Attention).Sum(s => s.FlopsPerPair * s.Feature[0] * s.Feature[0]);
        var toText = map.Sites.Where(s => s.Site.Kind == SiteKind.CrossAttention).Sum(s => 4L * 77 * s.Feature.ElementCount);
        Assert.Equal(2 * 338.8e9, map.FlopsPerRow - own - toText, 0.001 * 2 * 338.8e9);
        Assert.Equal((16, 12), (map.BlockCount, map.Sites.Count(s => s.Site.Kind == SiteKind.Level)));
    }

    [Fact]
    public void A_row_does_not_depend_on_the_rows_beside_it_nor_on_the_length_of_their_texts()
    {
        using var model = SmallUNet.Network(_backend);
        using var scope = TensorScope.Begin();
        var texts = model.Encode([SmallUNet.Text(7, 1), SmallUNet.Text(2, 2), SmallUNet.Text(9, 3)]);
        var latents = Latents(3, 8, 12);
        float[] times = [981, 700, 20];
        var map = model.Describe([4, 8, 12], texts);
        var together = model.Predict(new NetworkInput(map, latents, times, texts), ComputeEverything.Instance).ToArray();
        for (var row = 0; row < 3; row++)
        {
            var own = model.Describe([4, 8, 12], [texts[row]]);
            Assert.Equal(map, own); // prompts of CLIP's length share calls, whatever their own
            var alone = model.Predict(new(own, latents.Rows(row, 1), [times[row]], [texts[row]]), ComputeEverything.Instance).ToArray();
            Assert.Equal(alone, together[(row * alone.Length)..((row + 1) * alone.Length)]);
        }

        Release(texts);
    }

    [Theory]
    [InlineData("sd", 8, 12)]
    [InlineData("sd", 7, 5)]
    [InlineData("sdxl", 8, 8)]
    public void Computing_every_level_row_by_row_and_every_branch_in_halves_equals_computing_all(string name, int height, int width)
    {
        using var model = SmallUNet.Network(_backend, name);
        using var scope = TensorScope.Begin();
        var texts = model.Encode([Text(model, 7, 1), Text(model, 3, 2), Text(model, 6, 3)]);
        var input = new NetworkInput(model.Describe([4, height, width], texts), Latents(3, height, width), [900, 500, 100], texts);
        var pieces = new InPieces(_backend);
        Assert.Equal(model.Predict(input, ComputeEverything.Instance).ToArray(), model.Predict(input, pieces).ToArray());
        Assert.Equal(input.Map.Sites.Select(s => s.Site).Order(Comparer<Site>.Create((a, b) => string.CompareOrdinal($"{a}", $"{b}"))),
            pieces.Sites.Order(Comparer<Site>.Create((a, b) => string.CompareOrdinal($"{a}", $"{b}"))));
        Assert.All(pieces.Shapes, seen => Assert.Equal(
            (input.Map[seen.Key].Input, input.Map[seen.Key].Feature), (seen.Value.Input, seen.Value.Feature)));
        Release(texts);
    }

    [Fact]
    public void A_forward_leaves_no_memory_behind_and_takes_none_from_the_system_in_steady_state()
    {
        using var model = SmallUNet.Network(_backend);
        var texts = model.Encode([SmallUNet.Text(7), SmallUNet.Text(3)]);
        using var latents = Tensor.Zeros(_backend, [2, 4, 8, 8]);
        Forward();
        var (inUse, taken) = (_backend.BytesInUse, _backend.SystemAllocations);
        for (var i = 0; i < 10; i++)
        {
            Forward();
        }

        Assert.Equal((inUse, taken), (_backend.BytesInUse, _backend.SystemAllocations));
        Release(texts);

        void Forward()
        {
            using var scope = TensorScope.Begin();
            model.Predict(new(model.Describe(model.LatentShape, texts), latents, [1, 2], texts), ComputeEverything.Instance);
        }
    }

    [Fact]
    public void A_picture_of_another_size_has_another_map_and_a_wrong_one_is_refused_by_both_shapes()
    {
        using var model = SmallUNet.Network(_backend);
        Assert.Equal(model.Describe([4, 8, 12], []), model.Describe([4, 8, 12], []));
        Assert.NotEqual(model.Describe([4, 8, 12], []), model.Describe([4, 12, 8], []));
        var error = Assert.Throws<ArgumentException>(() => model.Describe([16, 8, 8], []));
        Assert.Equal("U-Net 16-32-32 draws latents [4, height, width] of at most 1048576 cells, not of [16, 8, 8].", error.Message);
        Assert.Throws<ArgumentException>(() => model.Describe([4, 0, 8], []));
    }

    [Fact]
    public void Guidance_compares_with_the_negative_text_and_a_large_network_without_one_with_zeros()
    {
        using var model = SmallUNet.Network(_backend);
        var text = SmallUNet.Text(4);
        Assert.Equal<Condition>([text, text.Negative!], model.Guide(text, new Guidance(7.5)).Conditions.AsEnumerable());
        Assert.Equal<Condition>([text], model.Guide(text, new Guidance(1)).Conditions.AsEnumerable());
        var without = Assert.Throws<ArgumentException>(() => model.Guide(text with { Negative = null }, new Guidance(7.5)));
        Assert.Contains("guidance compares an embedded text of 4 tokens with another text", without.Message);
        Assert.Contains("draws prompts, not class 3", Assert.Throws<ArgumentException>(() => model.Guide(Condition.Class(3), new(1))).Message);
        Assert.All(UNetConditions.Zeros(SmallUNet.Config("sdxl")).Tokens, value => Assert.Equal(0, value));
        Assert.True(SmallUNet.Config("sdxl").ComparesWithZeros);
    }

    [Fact]
    public void A_large_network_is_told_the_size_of_the_picture_and_of_another_gives_another_answer()
    {
        using var model = SmallUNet.Network(_backend, "sdxl");
        var text = Text(model, 6, 1);
        var usual = Answer(new UNetCondition(text));
        Assert.Equal(usual, Answer(text));
        Assert.Equal(usual, Answer(new UNetCondition(text) { Sizes = [64, 64, 0, 0, 64, 64] }));
        Assert.NotEqual(usual, Answer(new UNetCondition(text) { Sizes = [512, 512, 16, 32, 64, 64] }));
        var error = Assert.Throws<ArgumentException>(() => model.Guide(new UNetCondition(text) { Sizes = [1, 2] }, new(1)));
        Assert.StartsWith("U-Net 8-16-16 is told 6 sizes of the picture, not 2.", error.Message);

        float[] Answer(Condition condition)
        {
            using var scope = TensorScope.Begin();
            var rows = model.Encode(model.Guide(condition, new(1)).Conditions);
            var answer = model.Predict(new(model.Describe([4, 8, 8], rows), Latents(1, 8, 8), [500], rows), ComputeEverything.Instance).ToArray();
            Release(rows);
            return answer;
        }
    }

    private static UNetConfig Published() => new()
    {
        BlockChannels = [320, 640, 1280, 1280],
        TransformerDepths = [1, 1, 1, 0],
        MiddleDepth = 1,
        HeadCounts = [8, 8, 8, 8],
        CrossChannels = 768,
    };

    private static PromptEmbedding Text(UNetModel model, int tokens, int seed) => new(
        [.. Enumerable.Range(0, tokens * model.Config.CrossChannels).Select(i => MathF.Sin((i * 12.9898f) + seed))],
        model.Config.CrossChannels,
        [.. Enumerable.Range(0, model.Config.PooledChannels).Select(i => MathF.Cos((i * 3.7f) + seed))]);

    private static void Release(IEnumerable<EncodedCondition> texts)
    {
        foreach (var text in texts)
        {
            text.Dispose();
        }
    }

    private Tensor Latents(int rows, int height, int width) =>
        Tensor.From(_backend, [.. Enumerable.Range(0, rows * 4 * height * width).Select(i => MathF.Sin(i * 0.37f))], [rows, 4, height, width]);

    /// <summary>Answers sites row by row, branches also cell half by cell half.</summary>
    private sealed class InPieces(IBackend backend) : IFeatureDoor
    {
        public Dictionary<Site, (Shape Input, Shape Feature)> Shapes { get; } = [];

        public IEnumerable<Site> Sites => Shapes.Keys;

        public void Offer(Site site, Signal signal, Func<Tensor> measure) => measure();

        public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute, SignalOffer? offer = null)
        {
            offer?.Measure();
            if (site.Kind == SiteKind.Block)
            {
                Shapes[site] = ([input.Shape[1], input.Shape[2]], [input.Shape[1], input.Shape[2]]);
                return compute(input, Selection.Everything);
            }

            Tensor? output = null;
            for (var row = 0; row < input.Shape[0]; row++)
            {
                var whole = new Selection(IndexTable.From(backend, [row]));
                var computed = compute(whole.NarrowRows(input), whole);
                output ??= Tensor.Empty(backend, computed.Shape.With(0, input.Shape[0]));
                if (site.IsBranch)
                {
                    var (half, tokens) = (computed.Shape[1] / 2, computed.Shape[1]);
                    computed = Tensor.Zeros(backend, computed.Shape);
                    foreach (var part in new[] { Enumerable.Range(half, tokens - half).Reverse(), Enumerable.Range(0, half) })
                    {
                        int[] wanted = [.. part];
                        var at = new Selection(IndexTable.From(backend, [row]), IndexTable.From(backend, wanted, [1, wanted.Length]));
                        if (wanted.Length > 0)
                        {
                            computed.ScatterTokensInPlace(at.Tokens!, compute(at.NarrowRows(input), at));
                        }
                    }
                }

                output.ScatterRowsInPlace(whole.Rows!, computed);
            }

            Shapes[site] = ([input.Shape[1], input.Shape[2]], [output!.Shape[1], output.Shape[2]]);
            return output!;
        }
    }
}
