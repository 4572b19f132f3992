using Augur.Caching;
using Augur.Models.Sd3;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Networks;

namespace Augur.Tests.Sd3;

public sealed class Sd3ModelTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly TinyPromptNetwork _tiny = TinyPromptNetworks.Of("sd3");

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData("sd3-medium", "SD3-medium", 1536, 0)]
    [InlineData("sd3.5-medium", "SD3.5-medium", 1536, 13)]
    [InlineData("sd3.5-large", "SD3.5-large", 2432, 0)]
    public void Published_sizes_have_their_name_and_their_second_attentions(string published, string name, int width, int dual)
    {
        var config = Sd3Config.Published(published).Validated();
        Assert.Equal((name, width, dual), (config.ToString(), config.HiddenSize, config.DualBlocks.Length));
        var map = Sd3Map.Of(config, [64, 64], 154);
        Assert.Equal((config.Depth, 4250), (map.BlockCount, map.Stream[0]));
        Assert.Equal((4 * config.Depth) - 2 + dual, map.Branches.Count()); // the last block's text has no branches
        Assert.Equal("SD3 5x24/2", TinyName());

        string TinyName()
        {
            using var model = TinyPromptNetworks.Sd3(_backend, []);
            return model.Name;
        }
    }

    [Fact]
    public void FLOPs_are_those_of_its_matrix_products()
    {
        long c = 1536, image = 4096, text = 154, n = image + text, depth = 24, dual = 13;
        var projections = (4 * n * c * c * depth) - (2 * text * c * c); // the last block's text has neither queries nor an output
        var scores = (2 * n * n * c * depth) - (2 * text * n * c);
        var mlps = (8 * n * c * c * depth) - (8 * text * c * c);
        var seconds = dual * ((4 * image * c * c) + (2 * image * image * c));
        var modulations = ((depth * 12) - 4 + (3 * dual)) * c * c;
        var around = (256 * c) + (c * c) + (2 * image * 64 * c) + (2 * c * c);
        Assert.Equal(
            2 * (projections + scores + mlps + seconds + modulations + around),
            Sd3Map.Of(Sd3Config.Published("sd3.5-medium"), [64, 64], (int)text).FlopsPerRow);
    }

    [Fact]
    public void A_row_does_not_depend_on_the_rows_beside_it_nor_on_the_length_of_their_texts()
    {
        using var model = TinyPromptNetworks.Sd3(_backend, [0, 2]);
        using var scope = TensorScope.Begin();
        var texts = model.Encode([_tiny.Text(7, 1), _tiny.Text(2, 2), _tiny.Text(8, 3)]);
        var latents = Latents(3);
        float[] times = [1000, 700, 20];
        var together = model.Predict(new NetworkInput(model.Describe(model.LatentShape, texts), latents, times, texts), ComputeEverything.Instance);
        var all = together.ToArray();
        for (var row = 0; row < 3; row++)
        {
            var input = new NetworkInput(model.Describe(model.LatentShape, [texts[row]]), latents.Rows(row, 1), [times[row]], [texts[row]]);
            var alone = model.Predict(input, ComputeEverything.Instance).ToArray();
            Assert.Equal(alone, all[(row * alone.Length)..((row + 1) * alone.Length)]);
        }

        Release(texts);
    }

    [Fact]
    public void What_fills_a_text_up_changes_no_bit_of_the_answer()
    {
        float[] Answer(int bucket)
        {
            using var model = TinyPromptNetworks.Sd3(_backend, [1], config => config with { TextBucket = bucket });
            return Predict(model, [_tiny.Text(5)]);
        }

        Assert.Equal(Answer(1), Answer(64));
    }

    [Fact]
    public void Computing_some_rows_and_tokens_through_the_door_equals_computing_all()
    {
        using var model = TinyPromptNetworks.Sd3(_backend, [0, 1, 4]);
        using var scope = TensorScope.Begin();
        var texts = model.Encode([_tiny.Text(7, 1), _tiny.Text(3, 2), _tiny.Text(8, 3)]);
        var map = model.Describe(model.LatentShape, texts);
        var input = new NetworkInput(map, Latents(3), [900, 500, 100], texts);
        var pieces = new PiecewiseDoor(_backend);
        Assert.Equal(model.Predict(input, ComputeEverything.Instance).ToArray(), model.Predict(input, pieces).ToArray());
        Assert.Equal(map.Sites.Select(s => s.Site).ToHashSet(), pieces.Sites);
        Release(texts);
    }

    [Fact]
    public void Every_weight_shows_in_the_answer()
    {
        using var model = TinyPromptNetworks.Sd3(_backend, [0]);
        var before = Predict(model, [_tiny.Text(5)]);
        var tensors = Sd3Tensors.Original(model.Config);
        foreach (var name in tensors.Keys.Where(name => name != "pos_embed"))
        {
            using var checkpoint = RandomCheckpoint.Of(tensors);
            var writer = new SafetensorsWriter();
            foreach (var (key, tensor) in checkpoint.Tensors)
            {
                var values = tensor.ToSingles();
                values.AsSpan(key == name ? 0 : values.Length).Fill(0.5f);
                writer.Add(key, values, tensor.Shape);
            }

            using var changed = Checkpoint.FromBytes("changed", writer.ToArray());
            using var other = Sd3Layouts.Load(changed, _backend, _ => model.Config);

            // Keys' biases add the same to every score, and of the last block's text queries are not formed.
            var after = Predict(other, [_tiny.Text(5)]);
            Assert.True(!before.SequenceEqual(after) || name == "joint_blocks.4.context_block.attn.ln_q.weight", name);
        }
    }

    [Fact]
    public void Both_key_layouts_make_the_same_network_and_what_is_expected_is_what_is_read()
    {
        var answers = new List<float[]>();
        foreach (var file in new[] { "weights", "diffusers_weights" })
        {
            using var checkpoint = Checkpoint.Open(Fixtures.Path($"sd3-core/{file}.safetensors"));
            using var model = Sd3Layouts.Load(checkpoint, _backend);
            Assert.Equal(Sd3Layouts.Expected(checkpoint, model.Config).Keys.Order(), checkpoint.Tensors.Keys.Order());
            Assert.Equal((3, 3, 12), (model.Config.HeadCount, model.Config.Depth, model.Config.PositionSize));
            Assert.Equal([0, 1], model.Config.DualBlocks.ToArray());
            Assert.Equal([16, 24, 24], model.LatentShape); // as much as there are places for
            answers.Add(Predict(model, [new PromptEmbedding([.. Numbers(9 * 24)], 24, [.. Numbers(20)])]));
        }

        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public void A_picture_takes_its_places_from_the_middle_of_the_table_and_none_beyond_it()
    {
        using var model = TinyPromptNetworks.Sd3(_backend, []);
        using var scope = TensorScope.Begin();
        var whole = model.PositionsOf([8, 8]).ToArray();
        var middle = model.PositionsOf([2, 4]).ToArray();
        Assert.Equal(whole.AsSpan(((3 * 8) + 2) * 24, 4 * 24).ToArray(), middle[..(4 * 24)]);
        var error = Assert.Throws<ArgumentException>(() => model.Describe([16, 18, 4], []));
        Assert.Equal(
            "SD3 5x24/2 draws latents [16, height, width] with sides that are multiples of 2 and at most 16, not of [16, 18, 4].", error.Message);
    }

    [Fact]
    public async Task Skip_layer_guidance_leads_away_from_what_is_drawn_without_the_blocks_in_its_steps_alone()
    {
        async Task<float[]> Draw(SkipLayerGuidance? skip)
        {
            using var model = TinyPromptNetworks.Sd3(_backend, [], config => config with { SkipGuidance = skip });
            using var pipeline = new DiffusionModel(
                model, new NoPicture(), null, new GenerationDefaults(new FlowEulerSampler(new() { Shift = 3 }), 10, new Guidance(2)));
            return (await new GenerationPipeline(pipeline).GenerateAsync(pipeline.Request(_tiny.Text(7), 3))).Latent;
        }

        var plain = await Draw(null);
        Assert.Equal(plain, await Draw(new SkipLayerGuidance(0, [1, 2])));
        Assert.Equal(plain, await Draw(new SkipLayerGuidance(3, [1, 2], 0.91, 0.95))); // between two steps
        Assert.NotEqual(plain, await Draw(new SkipLayerGuidance(3, [1, 2], 0.1, 0.3)));
        Assert.Equal(plain, await Draw(new SkipLayerGuidance(3, [], 0.1, 0.9)), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void A_tensor_that_is_missing_is_named_and_nothing_stays_behind()
    {
        using var model = TinyPromptNetworks.Sd3(_backend, [0]);
        var tensors = Sd3Tensors.Original(model.Config);
        using var lacking = RandomCheckpoint.Of(tensors, without: "joint_blocks.0.x_block.attn2.proj.bias");
        var inUse = _backend.BytesInUse;
        var missing = Assert.Throws<WeightFileException>(() => Sd3Layouts.Load(lacking, _backend, _ => model.Config));
        Assert.Contains("'joint_blocks.0.x_block.attn2.proj.bias' is missing", missing.Message);
        Assert.Equal(inUse, _backend.BytesInUse);
        var dual = Assert.Throws<WeightFileException>(() => Sd3Layouts.Load(lacking, _backend, _ => model.Config with { HeadCount = 7 }));
        Assert.Contains("7 heads on a hidden size of 24", dual.Message);
    }

    [Fact]
    public void Conditions_that_it_cannot_follow_are_refused_in_a_sentence()
    {
        using var model = TinyPromptNetworks.Sd3(_backend, []);
        var label = Assert.Throws<ArgumentException>(() => model.Guide(Condition.Class(3), new Guidance(3.5)));
        Assert.Contains("draws prompts, not class 3", label.Message);
        var without = Assert.Throws<ArgumentException>(() => model.Guide(_tiny.Text(4) with { Negative = null }, new Guidance(3.5)));
        Assert.Contains("guidance compares an embedded text of 4 tokens with another text", without.Message);
    }

    private float[] Predict(Sd3Model model, PromptEmbedding[] prompts)
    {
        using var scope = TensorScope.Begin();
        var texts = model.Encode(prompts);
        var input = new NetworkInput(model.Describe([16, 8, 12], texts), Latents(prompts.Length), [.. prompts.Select(_ => 500f)], texts);
        var answer = model.Predict(input, ComputeEverything.Instance).ToArray();
        Release(texts);
        return answer;
    }

    private Tensor Latents(int rows) => Tensor.From(_backend, Numbers(rows * 16 * 8 * 12), [rows, 16, 8, 12]);

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i * 0.37f))];

    private static void Release(IEnumerable<EncodedCondition> texts)
    {
        foreach (var text in texts)
        {
            text.Dispose();
        }
    }

    private sealed class NoPicture : Augur.Decoding.IDecoder
    {
        public int PixelsPerCell => 1;

        public Augur.Decoding.Medium Decode(Tensor latent) => new Augur.Decoding.WrittenText("");

        public void Dispose()
        {
        }
    }
}
