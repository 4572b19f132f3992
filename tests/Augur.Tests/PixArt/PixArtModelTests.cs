using Augur.Caching;
using Augur.Models.PixArt;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Networks;

namespace Augur.Tests.PixArt;

public sealed class PixArtModelTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly TinyPromptNetwork _tiny = TinyPromptNetworks.Of("pixart");

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData(256, false, "PixArt-α 256", 256, 1)]
    [InlineData(1024, false, "PixArt-α 1024", 4096, 2)]
    [InlineData(256, true, "PixArt-Σ 256", 256, 0.5)]
    [InlineData(1024, true, "PixArt-Σ 1024", 4096, 2)]
    public void Published_sizes_have_their_name_their_tokens_and_their_scale(int size, bool isSigma, string name, int tokens, double scale)
    {
        var config = PixArtConfig.Published(size, isSigma).Validated();
        Assert.Equal((name, scale), (config.ToString(), config.PositionScale));
        Assert.Equal(tokens, PixArtMap.Of(config, config.GridOf([4, size / 8, size / 8]), 128).Stream[0]);
        Assert.Equal(size == 1024 && !isSigma, config.HasSizeConditions);
    }

    [Fact]
    public void FLOPs_are_those_of_a_DiT_with_cross_attention_and_one_modulation_for_all_blocks()
    {
        long n = 256, c = 1152, text = 120, depth = 28;
        var map = PixArtMap.Of(PixArtConfig.Published(256, isSigma: false), [16, 16], (int)text);
        var block = (4 * n * c * c) + (2 * n * n * c) + (8 * n * c * c) + (2 * n * c * c) + (2 * text * c * c) + (2 * n * text * c);
        var around = (256 * c) + (7 * c * c) + (n * 4 * 4 * c) + (n * c * 32);
        Assert.Equal(2 * ((depth * block) + around), map.FlopsPerRow);
        Assert.Equal(depth * 3, map.Branches.Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_row_does_not_depend_on_the_rows_beside_it_nor_on_the_length_of_their_texts(bool isTold)
    {
        using var model = TinyPromptNetworks.PixArt(_backend, isTold);
        using var scope = TensorScope.Begin();
        var texts = model.Encode([_tiny.Text(7, 1), _tiny.Text(2, 2), _tiny.Text(8, 3)]);
        var latents = Latents(3, 4, 8, 8);
        float[] times = [999, 700, 20];
        var map = model.Describe(model.LatentShape, texts);
        var together = model.Predict(new NetworkInput(map, latents, times, texts), ComputeEverything.Instance).ToArray();
        for (var row = 0; row < 3; row++)
        {
            var input = new NetworkInput(model.Describe(model.LatentShape, [texts[row]]), latents.Rows(row, 1), [times[row]], [texts[row]]);
            var alone = model.Predict(input, ComputeEverything.Instance).ToArray();
            Assert.Equal(alone, together[(row * alone.Length)..((row + 1) * alone.Length)]);
        }

        Release(texts);
    }

    [Fact]
    public void Computing_some_rows_and_tokens_through_the_door_equals_computing_all()
    {
        using var model = TinyPromptNetworks.PixArt(_backend, isTold: true);
        using var scope = TensorScope.Begin();
        var texts = model.Encode([_tiny.Text(7, 1), _tiny.Text(3, 2), _tiny.Text(8, 3)]);
        var map = model.Describe(model.LatentShape, texts);
        var input = new NetworkInput(map, Latents(3, 4, 8, 8), [900, 500, 100], texts);
        var pieces = new PiecewiseDoor(_backend);
        Assert.Equal(model.Predict(input, ComputeEverything.Instance).ToArray(), model.Predict(input, pieces).ToArray());
        Assert.Equal(map.Sites.Select(s => s.Site).ToHashSet(), pieces.Sites);
        Release(texts);
    }

    [Fact]
    public void Without_a_negative_text_guidance_compares_with_the_null_caption_as_long_as_the_text()
    {
        using var model = TinyPromptNetworks.PixArt(_backend, isTold: false);
        var text = _tiny.Text(7) with { Negative = null };
        var rows = model.Guide(text, new Guidance(4.5));
        Assert.Equal([4.5f, -3.5f], rows.Weights.ToArray());
        var encoded = model.Encode(rows.Conditions);
        using (TensorScope.Begin())
        {
            using var checkpoint = RandomCheckpoint.Of(PixArtTensors.Original(model.Config), without: "pos_embed");
            var values = checkpoint.Tensors["y_embedder.y_embedding"].ToSingles();
            var expected = model.Project(new PromptEmbedding([.. values[..(7 * 20)]], 20, [])).ToArray();
            Assert.Equal(expected, ((PixArtText)encoded[1]).Tokens.ToArray());
        }

        Release(encoded);
        Assert.Equal(text.Negative ?? text, model.Guide(text, new Guidance(1)).Conditions.Single());
        var negative = model.Guide(_tiny.Text(7), new Guidance(4.5)).Conditions[1];
        Assert.Equal(_tiny.Text(7).Negative, negative); // one that is given takes its place
        var tooLong = model.Guide(_tiny.Text(17) with { Negative = null }, new Guidance(2));
        var error = Assert.Throws<ArgumentException>(() => model.Encode(tooLong.Conditions));
        Assert.Contains("has a null caption of 16 tokens, but the text has 17", error.Message);
    }

    [Fact]
    public void A_network_that_is_told_the_size_draws_another_picture_when_it_is_told_another()
    {
        using var model = TinyPromptNetworks.PixArt(_backend, isTold: true);
        using var scope = TensorScope.Begin();
        var latents = Latents(1, 4, 8, 8);
        float[] Answer(PictureSize? size)
        {
            PixArtText[] text = [new PixArtText(model.Project(_tiny.Text(7))) { Size = size }];
            var input = new NetworkInput(model.Describe(model.LatentShape, text), latents, [500], text);
            return model.Predict(input, ComputeEverything.Instance).ToArray();
        }

        Assert.Equal(Answer(null), Answer(new PictureSize(64, 64, 1)));
        Assert.NotEqual(Answer(null), Answer(new PictureSize(1024, 64, 1)));
        Assert.NotEqual(Answer(null), Answer(new PictureSize(64, 64, 2)));
    }

    [Fact]
    public void The_checkpoints_table_of_places_is_that_of_the_formula_and_other_grids_are_stretched_to_it()
    {
        using var scope = TensorScope.Begin();
        using var checkpoint = Checkpoint.Open(Fixtures.Path("pixart-core/weights.safetensors"));
        var config = PixArtLayouts.Infer(checkpoint, adjust: c => c with { HeadCount = 4 });
        var stored = checkpoint.Tensors["pos_embed"].ToSingles();
        var ours = PixArtPositions.Of(_backend, config, [8, 8]).ToArray();
        Assert.All(ours.Zip(stored), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        var twice = PixArtPositions.Of(_backend, config, [16, 16]).ToArray();
        Assert.Equal(ours[32..64].Take(16), twice[64..96].Take(16)); // every other place of a grid twice as fine
    }

    [Fact]
    public void Both_key_layouts_make_the_same_network()
    {
        using var scope = TensorScope.Begin();
        using var original = TinyPromptNetworks.PixArt(_backend, isTold: true);
        using var file = RandomCheckpoint.Of(PixArtTensors.Original(original.Config), without: "pos_embed");
        using var renamed = Checkpoint.FromBytes("diffusers.safetensors", Diffusers(file, original.Config));
        using var diffusers = PixArtLayouts.Load(renamed, _backend, adjust: c => original.Config with { NullCaptionTokens = 0 });
        Assert.Equal(Answer(original), Answer(diffusers));
        Assert.Empty(PixArtLayouts.Expected(renamed, diffusers.Config).Keys.Except(PixArtLayouts.Optional).Except(renamed.Tensors.Keys));
        Assert.Empty(renamed.Tensors.Keys.Except(PixArtLayouts.Expected(renamed, diffusers.Config).Keys));
        Assert.Equal(PixArtLayouts.Expected(file, original.Config).Keys.Order(), file.Tensors.Keys.Append("pos_embed").Order());
    }

    [Fact]
    public void What_shapes_do_not_tell_is_asked_for_by_name_or_read_from_a_configuration()
    {
        using var sized = Checkpoint.Open(Fixtures.Path("pixart-core/weights.safetensors"));
        var heads = Assert.Throws<WeightFileException>(() => PixArtLayouts.Infer(sized));
        Assert.Contains("a width of 32 was not published, so its head count is unknown; give num_attention_heads", heads.Message);
        var config = PixArtLayouts.Infer(sized, ForeignJson.Parse("config.json", """{ "num_attention_heads": 4 }"""u8));
        Assert.Equal((16, 4, 1.0, 12), (config.InputSize, config.HeadCount, config.PositionScale, config.NullCaptionTokens));
        using var unsized = RandomCheckpoint.Of(PixArtTensors.Original(config), without: "pos_embed");
        var headed = ForeignJson.Parse("c", """{ "num_attention_heads": 4 }"""u8);
        var size = Assert.Throws<WeightFileException>(() => PixArtLayouts.Infer(unsized, headed));
        Assert.Contains("without 'pos_embed' the size that it was trained for is unknown; give sample_size", size.Message);
        var given = ForeignJson.Parse("c", """{ "num_attention_heads": 4, "sample_size": 128, "interpolation_scale": 3 }"""u8);
        Assert.Equal((128, 3.0), (PixArtLayouts.Infer(unsized, given).InputSize, PixArtLayouts.Infer(unsized, given).PositionScale));
    }

    [Fact]
    public void A_tensor_that_is_missing_or_left_over_is_named_and_nothing_stays_behind()
    {
        using var model = TinyPromptNetworks.PixArt(_backend, isTold: false);
        var tensors = PixArtTensors.Original(model.Config);
        using var lacking = RandomCheckpoint.Of(tensors, without: "blocks.3.cross_attn.kv_linear.bias");
        var inUse = _backend.BytesInUse;
        var missing = Assert.Throws<WeightFileException>(() => PixArtLayouts.Load(lacking, _backend, adjust: _ => model.Config));
        Assert.Contains("'blocks.3.cross_attn.kv_linear.bias' is missing", missing.Message);
        tensors["blocks.0.attn.q_norm.weight"] = [12];
        using var more = RandomCheckpoint.Of(tensors);
        var extra = Assert.Throws<WeightFileException>(() => PixArtLayouts.Load(more, _backend, adjust: _ => model.Config));
        Assert.Contains("'blocks.0.attn.q_norm.weight'", extra.Message);
        Assert.Equal(inUse, _backend.BytesInUse);
    }

    [Fact]
    public void Latents_and_conditions_that_it_cannot_draw_are_refused_in_a_sentence()
    {
        using var model = TinyPromptNetworks.PixArt(_backend, isTold: false);
        var shape = Assert.Throws<ArgumentException>(() => model.Describe([4, 7, 8], []));
        Assert.StartsWith("PixArt 5x24/2 draws latents [4, height, width] with sides that are multiples of 2", shape.Message);
        Assert.Contains("not of [4, 7, 8]", shape.Message);
        var label = Assert.Throws<ArgumentException>(() => model.Guide(Condition.Class(3), new Guidance(3.5)));
        Assert.Contains("draws prompts, not class 3", label.Message);
        var narrow = Assert.Throws<ArgumentException>(() => model.Guide(new PromptEmbedding([1, 2, 3], 3, []), new Guidance(1)));
        Assert.Contains("reads texts of 20 channels and a pooled vector of 0, not of 3 and 0", narrow.Message);
    }

    [Fact]
    public void A_forward_leaves_no_memory_behind_and_takes_none_from_the_system_in_steady_state()
    {
        using var model = TinyPromptNetworks.PixArt(_backend, isTold: true);
        var texts = model.Encode([_tiny.Text(7), _tiny.Text(3)]);
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
            model.Predict(new NetworkInput(model.Describe(model.LatentShape, texts), latents, [1, 2], texts), ComputeEverything.Instance);
        }
    }

    private float[] Answer(PixArtModel model)
    {
        PixArtText[] text = [new PixArtText(model.Project(_tiny.Text(7)))];
        var input = new NetworkInput(model.Describe(model.LatentShape, text), Latents(1, 4, 8, 8), [500], text);
        return model.Predict(input, ComputeEverything.Instance).ToArray();
    }

    private Tensor Latents(int rows, int channels, int height, int width) => Tensor.From(
        _backend, [.. Enumerable.Range(0, rows * channels * height * width).Select(i => MathF.Sin(i * 0.37f))], [rows, channels, height, width]);

    // The same numbers under diffusers' names, of which some hold a part of an original tensor.
    internal static byte[] Diffusers(Checkpoint original, PixArtConfig config)
    {
        var writer = new SafetensorsWriter();
        foreach (var (name, shape) in PixArtTensors.Diffusers(config).Where(t => t.Key != "pos_embed.pos_embed"))
        {
            var (from, part, parts) = OriginalOf(name);
            var values = original.Tensors[from].ToSingles();
            writer.Add(name, values.AsSpan(values.Length / parts * part, values.Length / parts), shape);
        }

        return writer.ToArray();
    }

    private static (string Name, int Part, int Parts) OriginalOf(string name)
    {
        var part = name.Contains("to_k", StringComparison.Ordinal) ? 1 : name.Contains("to_v", StringComparison.Ordinal) ? 2 : 0;
        var isSelf = name.Contains("attn1.to_", StringComparison.Ordinal) && !name.Contains("to_out", StringComparison.Ordinal);
        var isRead = name.Contains("attn2.to_k", StringComparison.Ordinal) || name.Contains("attn2.to_v", StringComparison.Ordinal);
        (string Theirs, string Ours)[] names =
        [
            ("pos_embed.proj", "x_embedder.proj"), ("caption_projection.linear_1", "y_embedder.y_proj.fc1"),
            ("caption_projection.linear_2", "y_embedder.y_proj.fc2"), ("adaln_single.emb.timestep_embedder.linear_1", "t_embedder.mlp.0"),
            ("adaln_single.emb.timestep_embedder.linear_2", "t_embedder.mlp.2"),
            ("adaln_single.emb.resolution_embedder.linear_1", "csize_embedder.mlp.0"),
            ("adaln_single.emb.resolution_embedder.linear_2", "csize_embedder.mlp.2"), ("adaln_single.linear", "t_block.1"),
            ("adaln_single.emb.aspect_ratio_embedder.linear_1", "ar_embedder.mlp.0"),
            ("adaln_single.emb.aspect_ratio_embedder.linear_2", "ar_embedder.mlp.2"), ("transformer_blocks.", "blocks."),
            ("attn1.to_out.0", "attn.proj"), ("attn2.to_out.0", "cross_attn.proj"), ("attn2.to_q", "cross_attn.q_linear"),
            ("attn2.to_k", "cross_attn.kv_linear"), ("attn2.to_v", "cross_attn.kv_linear"), ("attn1.to_q", "attn.qkv"), ("attn1.to_k", "attn.qkv"),
            ("attn1.to_v", "attn.qkv"), ("ff.net.0.proj", "mlp.fc1"), ("ff.net.2", "mlp.fc2"), ("proj_out", "final_layer.linear"),
        ];
        var ours = names.Aggregate(name, (n, pair) => n.Replace(pair.Theirs, pair.Ours, StringComparison.Ordinal));
        ours = ours == "scale_shift_table" ? "final_layer.scale_shift_table" : ours;
        return isSelf ? (ours, part, 3) : isRead ? (ours, part - 1, 2) : (ours, 0, 1);
    }

    private static void Release(IEnumerable<EncodedCondition> texts)
    {
        foreach (var text in texts)
        {
            text.Dispose();
        }
    }
}
