using Augur.Caching;
using Augur.Catalogs;
using Augur.Models.Flux;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Flux;

public sealed class FluxModelTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void FLOPs_of_the_published_network_are_those_that_the_caching_papers_give()
    {
        // 3719.5 TFLOPs for 50 calls at 1024 pixels and 512 tokens of text.
        var map = FluxMap.Of(FluxConfig.Published(hasGuidance: true), [64, 64], 0, 512);
        Assert.Equal(74.39e12, map.FlopsPerRow, 0.02 * 74.39e12);
        Assert.Equal((57, 4608, "FLUX.1-dev"), (map.BlockCount, map.Stream[0], FluxConfig.Published(hasGuidance: true).ToString()));
    }

    [Fact]
    public void A_row_does_not_depend_on_the_rows_beside_it_nor_on_the_length_of_their_texts()
    {
        using var model = SmallFlux.Network(_backend);
        using var scope = TensorScope.Begin();
        PromptEmbedding[] prompts = [SmallFlux.Text(7, 1), SmallFlux.Text(2, 2), SmallFlux.Text(8, 3)];
        var texts = model.Encode(prompts);
        var latents = Latents(3, 8, 12);
        float[] times = [1000, 700, 20];
        float?[] guidance = [3.5f, 1, 7];
        var map = model.Describe(model.LatentShape, texts);
        Assert.Equal(8, map.Tokens[1].Count);
        var together = model.Predict(new NetworkInput(map, latents, times, texts) { Guidance = guidance }, ComputeEverything.Instance).ToArray();
        for (var row = 0; row < 3; row++)
        {
            var own = model.Describe(model.LatentShape, [texts[row]]);
            var input = new NetworkInput(own, latents.Rows(row, 1), [times[row]], [texts[row]]) { Guidance = [guidance[row]] };
            var alone = model.Predict(input, ComputeEverything.Instance).ToArray();
            Assert.Equal(alone, together[(row * alone.Length)..((row + 1) * alone.Length)]);
        }

        Release(texts);
    }

    [Fact]
    public void A_picture_that_is_referred_to_stands_at_one_on_the_first_axis()
    {
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0], FluxEmbeddings.Places([1, 2], [[2, 1]], 1));
        Assert.Equal([0, 0, 0, 0, 1, 0, 0, 0, 0], FluxEmbeddings.Places([2, 1], [], 1));
    }

    [Fact]
    public void Pictures_that_texts_refer_to_are_read_by_their_own_rows_only()
    {
        using var model = SmallFlux.Network(_backend);
        using var scope = TensorScope.Begin();
        var texts = model.Encode([Referring(1, 4, 6), Referring(2, 6, 4)]); // of as many tokens, which lie otherwise
        var map = model.Describe(model.LatentShape, texts);
        Assert.Equal(24 + 6, map.Tokens[0].Count);
        var latents = Latents(2, 8, 12);
        var input = new NetworkInput(map, latents, [900, 300], texts) { Guidance = [3.5f, 2] };
        var together = model.Predict(input, ComputeEverything.Instance);
        Assert.Equal(latents.Shape, together.Shape);
        for (var row = 0; row < 2; row++)
        {
            var own = new NetworkInput(map, latents.Rows(row, 1), [input.Timesteps[row]], [texts[row]]) { Guidance = [input.Guidance[row]] };
            Assert.Equal(model.Predict(own, ComputeEverything.Instance).ToArray(), together.Rows(row, 1).ToArray());
        }

        var plain = model.Encode([SmallFlux.Text(7, 1)]);
        var without = new NetworkInput(model.Describe(model.LatentShape, plain), latents.Rows(0, 1), [900], plain) { Guidance = [3.5f] };
        Assert.NotEqual(model.Predict(without, ComputeEverything.Instance).ToArray(), together.Rows(0, 1).ToArray());
        Release([.. texts, .. plain]);
    }

    [Fact]
    public void Two_pictures_to_refer_to_are_refused()
    {
        using var model = SmallFlux.Network(_backend);
        var one = Referring(1, 4, 6);
        var two = one with { References = [one.References[0], one.References[0]] };
        var error = Assert.Throws<ArgumentException>(() => model.Guide(two, new Guidance(3.5)));
        Assert.Contains("refers to one picture, not to 2.", error.Message);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(64)]
    public void What_fills_a_text_up_changes_no_bit_of_the_answer(int bucket)
    {
        float[] Answer(int filledTo)
        {
            using var model = SmallFlux.Network(_backend, filledTo);
            using var scope = TensorScope.Begin();
            var texts = model.Encode([SmallFlux.Text(5)]);
            var input = new NetworkInput(model.Describe(model.LatentShape, texts), Latents(1, 8, 12), [500], texts) { Guidance = [3.5f] };
            var answer = model.Predict(input, ComputeEverything.Instance).ToArray();
            Release(texts);
            return answer;
        }

        Assert.Equal(Answer(1), Answer(bucket));
    }

    [Fact]
    public void Computing_some_rows_and_tokens_through_the_door_equals_computing_all()
    {
        using var model = SmallFlux.Network(_backend);
        using var scope = TensorScope.Begin();
        var texts = model.Encode([SmallFlux.Text(7, 1), SmallFlux.Text(3, 2), SmallFlux.Text(8, 3)]);
        var input = new NetworkInput(model.Describe(model.LatentShape, texts), Latents(3, 8, 12), [900, 500, 100], texts) { Guidance = [3.5f, 2, 1] };
        var pieces = new InPieces(_backend);
        Assert.Equal(model.Predict(input, ComputeEverything.Instance).ToArray(), model.Predict(input, pieces).ToArray());
        Assert.Equal(SiteKinds(input.Map), pieces.Kinds.Order());
        Release(texts);
    }

    [Fact]
    public void A_forward_leaves_no_memory_behind_and_takes_none_from_the_system_in_steady_state()
    {
        using var model = SmallFlux.Network(_backend);
        var texts = model.Encode([SmallFlux.Text(7), SmallFlux.Text(3)]);
        using var latents = Tensor.Zeros(_backend, [2, 16, 8, 12]);
        Forward(); // computes the modulations,
        Forward(); // has them from the table, as all that follow
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
            var input = new NetworkInput(model.Describe(model.LatentShape, texts), latents, [1, 2], texts) { Guidance = [1, 2] };
            model.Predict(input, ComputeEverything.Instance);
        }
    }

    [Fact]
    public void Every_size_of_picture_gets_a_map_of_its_own_and_a_wrong_one_is_refused_by_both_shapes()
    {
        using var model = SmallFlux.Network(_backend);
        Assert.Equal([3, 5], model.Describe([16, 6, 10], []).Tokens[0].Grid);
        Assert.Equal(model.Describe([16, 6, 10], []), model.Describe([16, 6, 10], []));
        Assert.NotEqual(model.Describe([16, 6, 10], []), model.Describe([16, 10, 6], []));
        var error = Assert.Throws<ArgumentException>(() => model.Describe([16, 7, 10], []));
        Assert.Equal("FLUX 2+3x48 draws latents [16, height, width] with even sides and at most 262144 tokens, not of [16, 7, 10].", error.Message);
        Assert.Throws<ArgumentException>(() => model.Describe([4, 8, 8], []));
    }

    [Fact]
    public void Conditions_and_guidance_that_it_cannot_follow_are_refused_in_a_sentence()
    {
        using var model = SmallFlux.Network(_backend);
        var label = Assert.Throws<ArgumentException>(() => model.Guide(Condition.Class(3), new Guidance(3.5)));
        Assert.Contains("draws prompts, not class 3", label.Message);
        var narrow = new PromptEmbedding([1, 2, 3], 3, [1]);
        var width = Assert.Throws<ArgumentException>(() => model.Guide(narrow, new Guidance(3.5)));
        Assert.Contains("reads texts of 40 channels and a pooled vector of 24, not of 3 and 1", width.Message);
        var broken = Assert.Throws<ArgumentException>(() => new PromptEmbedding([1, 2, 3, 4, 5], 3, []));
        Assert.Contains("5 numbers are no tokens of 3 channels each", broken.Message);
        Assert.Equal(3.5f, model.Guide(SmallFlux.Text(4), new Guidance(3.5)).Embedded);
    }

    [Fact]
    public void A_network_without_guidance_takes_the_strength_1_and_no_other()
    {
        using var model = WithoutGuidance();
        Assert.Null(model.Guide(SmallFlux.Text(4), new Guidance(1)).Embedded);
        var error = Assert.Throws<ArgumentException>(() => model.Guide(SmallFlux.Text(4), new Guidance(3.5)));
        Assert.Equal("FLUX 2+3x48 follows no guidance; guidance is 1, not 3.5.", error.Message);
    }

    [Fact]
    public void Equal_texts_are_one_condition_and_others_are_not()
    {
        Assert.Equal(SmallFlux.Text(4, 1), SmallFlux.Text(4, 1));
        Assert.Equal(SmallFlux.Text(4, 1).GetHashCode(), SmallFlux.Text(4, 1).GetHashCode());
        Assert.NotEqual(SmallFlux.Text(4, 1), SmallFlux.Text(4, 2));
        Assert.NotEqual(SmallFlux.Text(4, 1), SmallFlux.Text(5, 1));
    }

    [Theory]
    [InlineData("flux-core/weights.safetensors", "FLUX 2+3x48, original layout")]
    [InlineData("diffusers/flux_weights.safetensors", "FLUX 2+2x24, diffusers layout")]
    public void What_inspection_expects_is_what_loading_reads_in_both_layouts(string file, string architecture)
    {
        var found = ModelInspection.Inspect(Fixtures.Path(file));
        Assert.Empty(found.Missing);
        Assert.Empty(found.Unused);
        Assert.StartsWith(architecture, found.Architecture);
    }

    [Fact]
    public void A_tensor_that_is_missing_is_named_by_inspection_and_by_loading()
    {
        const string Lost = "single_blocks.2.linear2.bias";
        var path = Without(name => name == Lost);
        Assert.Equal([Lost], ModelInspection.Inspect(path).Missing);
        using var checkpoint = Checkpoint.Open(path);
        var error = Assert.Throws<WeightFileException>(() =>
            FluxLayouts.Load(checkpoint, _backend, config => config with { PositionAxes = [4, 6, 6] }));
        Assert.Contains($"'{Lost}' is missing", error.Message);
    }

    [Fact]
    public void A_transformer_without_its_text_encoders_is_no_model_and_says_what_to_look_for()
    {
        var error = Assert.Throws<WeightFileException>(() => ModelCatalog.Load(Fixtures.Path("flux-core/weights.safetensors"), _backend));
        Assert.EndsWith(
            "FLUX.1 reads prompts through CLIP, which is missing; give clip_l.safetensors, or text_encoder/ of a diffusers pipeline with "
            + "--text-encoder.", error.Message);
    }

    [Theory]
    [InlineData(128, 16, 56)]
    [InlineData(64, 8, 28)]
    [InlineData(48, 8, 20)]
    [InlineData(32, 4, 14)]
    [InlineData(16, 4, 6)]
    public void Heads_of_any_size_turn_by_the_published_shares(int head, int frame, int side) =>
        Assert.Equal<Shape>([frame, side, side], FluxConfig.AxesOf(head));

    [Fact]
    public void A_small_network_loads_without_being_told_its_position_axes()
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path("flux-core/weights.safetensors"));
        using var model = FluxLayouts.Load(checkpoint, _backend);
        Assert.Equal<Shape>([4, 6, 6], model.Config.PositionAxes);
    }

    [Fact]
    public void Position_axes_that_do_not_fill_a_head_are_refused_with_both_numbers()
    {
        var error = Assert.Throws<WeightFileException>(() =>
            SmallFlux.Network(_backend, adjust: config => config with { PositionAxes = [16, 56, 56] }));
        Assert.Contains("position axes [16, 56, 56] on heads of 16 channels", error.Message);
    }

    private static EditCondition Referring(int seed, int height, int width) => new(
        SmallFlux.Text(7, seed),
        [new ReferenceLatent([.. Enumerable.Range(0, 16 * height * width).Select(i => MathF.Sin(i + seed))], [16, height, width])]);

    private static SiteKind[] SiteKinds(NetworkMap map) => [.. map.Sites.Select(s => s.Site.Kind).Distinct().Order()];

    private static void Release(IEnumerable<EncodedCondition> texts)
    {
        foreach (var text in texts)
        {
            text.Dispose();
        }
    }

    private FluxModel WithoutGuidance()
    {
        using var schnell = Checkpoint.Open(Without(name => name.StartsWith("guidance_in", StringComparison.Ordinal)));
        return FluxLayouts.Load(schnell, _backend, config => config with { PositionAxes = [4, 6, 6] });
    }

    // A copy of the weights that lacks some tensors.
    private static string Without(Func<string, bool> lacks)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("augur-flux").FullName, "weights.safetensors");
        using var checkpoint = Checkpoint.Open(Fixtures.Path("flux-core/weights.safetensors"));
        var writer = new SafetensorsWriter();
        foreach (var tensor in checkpoint.Tensors.Values.Where(t => !lacks(t.Name)))
        {
            writer.Add(tensor.Name, tensor.ToSingles(), tensor.Shape);
        }

        writer.Save(path);
        return path;
    }

    private Tensor Latents(int rows, int height, int width) =>
        Tensor.From(_backend, [.. Enumerable.Range(0, rows * 16 * height * width).Select(i => MathF.Sin(i * 0.37f))], [rows, 16, height, width]);

    /// <summary>Answers branches row by row, feed-forward and fused ones also token half by token half, and spans by single rows.</summary>
    private sealed class InPieces(IBackend backend) : IFeatureDoor
    {
        public HashSet<SiteKind> Kinds { get; } = [];

        public void Offer(Site site, Signal signal, Func<Tensor> measure) => measure();

        public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute, SignalOffer? offer = null)
        {
            offer?.Measure();
            Kinds.Add(site.Kind);
            if (site.Kind is SiteKind.Output or SiteKind.Block)
            {
                return compute(input, Selection.Everything);
            }

            Tensor? output = null;
            for (var row = 0; row < input.Shape[0]; row++)
            {
                var whole = new Selection(IndexTable.From(backend, [row]));
                var computed = compute(whole.NarrowRows(input), whole);
                output ??= Tensor.Empty(backend, computed.Shape.With(0, input.Shape[0]));
                if (site.Kind is SiteKind.Mlp or SiteKind.Fused or SiteKind.Attention)
                {
                    var (half, tokens) = (computed.Shape[1] / 2, computed.Shape[1]);
                    computed = Tensor.Zeros(backend, computed.Shape);
                    foreach (var part in new[] { Enumerable.Range(half, tokens - half).Reverse(), Enumerable.Range(0, half) })
                    {
                        int[] wanted = [.. part];
                        var at = new Selection(IndexTable.From(backend, [row]), IndexTable.From(backend, wanted, [1, wanted.Length]));
                        computed.ScatterTokensInPlace(at.Tokens!, compute(at.NarrowRows(input), at));
                    }
                }

                output.ScatterRowsInPlace(whole.Rows!, computed);
            }

            return output!;
        }
    }
}
