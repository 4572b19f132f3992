using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Cli;
using Augur.Tests.Weights;

namespace Augur.Tests.Catalogs;

/// <summary>Every family that draws prompts, from a folder as diffusers writes it to pictures, uncached and under methods.</summary>
public sealed class TinyPipelineTests : IDisposable
{
    private readonly CpuBackend _backend = new();
    private readonly TemporaryFolder _out = new();

    public static TheoryData<string> Families => [.. TinyPipeline.Families];

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
        _out.Dispose();
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Prompts_of_different_lengths_are_drawn_together_as_they_are_alone(string family)
    {
        using var pipeline = new TinyPipeline(family);
        using var model = ModelCatalog.Load(pipeline.Path, _backend);
        var plain = new List<byte[]>();
        foreach (var policy in (string[])["none", "taylorseer(interval=3,order=1)", "speca", "augur"])
        {
            GenerationRequest[] requests =
                [.. ((string[])["a red apple", "bears in a row, a hat and a red pear beside it"]).Select((text, i) => Small(model, text, i, policy))];
            var together = await new GenerationPipeline(model).GenerateAsync(requests);
            foreach (var (request, drawn) in requests.Zip(together))
            {
                var alone = await new GenerationPipeline(model).GenerateAsync(request);
                Assert.Equal(alone.Image.Rgb.ToArray(), drawn.Image.Rgb.ToArray());
                Assert.Equal(8 * model.Decoder.PixelsPerCell, drawn.Image.Width);
                Assert.True(drawn.Image.Rgb.ToArray().Distinct().Count() > 16, $"{family} under {policy}: a picture of few colours");
            }

            plain.Add([.. together[0].Image.Rgb]);
        }

        Assert.NotEqual(plain[0], plain[1]); // a method that skips calls draws another picture
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task The_command_line_draws_a_folder_with_its_own_settings_and_inspection_finds_nothing_missing(string family)
    {
        using var pipeline = new TinyPipeline(family);
        string[] options = ["--model", pipeline.Path, "--size", "32", "--steps", "3", "--out", _out.File("g.png")];
        var (code, output, error) = await CommandLine.Run(["generate", "a red apple", "", .. options]);
        Assert.True(code == 0, error);
        Assert.Contains("2 pictures", output);
        var found = ModelInspection.Inspect(pipeline.Path);
        Assert.Empty(found.Missing);
        Assert.Empty(found.Unused);
        Assert.DoesNotContain(found.Notes.Values, note => note.StartsWith("missing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PixArt-α", 20, 4.5, "dpm++", false)]
    [InlineData("PixArt-Σ", 20, 4.5, "dpm++", false)]
    [InlineData("SD3", 28, 4.5, "euler(shift=3,grid=trained)", false)]
    [InlineData("SD3-medium", 28, 7, "euler(shift=3,grid=trained)", false)]
    [InlineData("Qwen-Image", 50, 4, "euler(dynamic=true,max_shift=0.9,max_tokens=8192,terminal=0.02)", false)]
    [InlineData("Z-Image", 9, 1, "euler(shift=3)", true)]
    [InlineData("FLUX.2-klein", 4, 1, "euler(dynamic=true,mu_rule=tokens-and-steps", true)]
    [InlineData("SD1.5", 25, 7.5, "pndm", false)]
    [InlineData("SDXL", 25, 5, "k-euler(spacing=leading,steps_offset=1", false)]
    public void A_folders_own_settings_are_the_published_ones(string family, int steps, double guidance, string sampler, bool isFewStep)
    {
        using var pipeline = new TinyPipeline(family);
        using var model = ModelCatalog.Load(pipeline.Path, _backend);
        var defaults = model.Defaults;
        Assert.Equal((steps, guidance, isFewStep), (defaults.Steps, defaults.Guidance.Scale, defaults.IsFewStep));
        Assert.StartsWith(sampler, defaults.Sampler.Name);
    }

    [Fact]
    public void A_folder_may_ask_for_settings_of_its_own()
    {
        using var pipeline = new TinyPipeline("SD1.5");
        var index = Path.Combine(pipeline.Path, "model_index.json");
        var published = File.ReadAllText(index);
        Ask("""{"guidance": 3, "steps": 40, "sampler": "ddim"}""");
        using (var model = ModelCatalog.Load(pipeline.Path, _backend))
        {
            Assert.Equal((40, 3.0), (model.Defaults.Steps, model.Defaults.Guidance.Scale));
            var sampler = Assert.IsType<DdimSampler>(model.Defaults.Sampler);
            Assert.Equal(BetaSchedule.ScaledLinear, sampler.Options.Betas); // the scheduler's own training
        }

        Ask("""{"guidance": -1}""");
        var error = Assert.Throws<WeightFileException>(() => ModelCatalog.Load(pipeline.Path, _backend));
        Assert.Equal($"{index}: _defaults.guidance: Guidance can be 0 to 100, not -1.", error.Message);

        void Ask(string defaults) => File.WriteAllText(index, published.Replace("{", $$"""{"_defaults": {{defaults}}, """, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_empty_prompt_of_SDXL_is_zeros_unless_the_folder_says_otherwise()
    {
        using var pipeline = new TinyPipeline("SDXL");
        var index = Path.Combine(pipeline.Path, "model_index.json");
        var published = File.ReadAllText(index);
        var silent = await Draw(null);
        var withEmpty = await Draw("");
        Assert.NotEqual(silent, withEmpty); // a negative prompt that is given is encoded, also an empty one
        Say("true");
        Assert.Equal(silent, await Draw(null));
        Say("false");
        Assert.Equal(withEmpty, await Draw(null));

        void Say(string zeros) =>
            File.WriteAllText(index, published.Replace("{", $$"""{"force_zeros_for_empty_prompt": {{zeros}}, """, StringComparison.Ordinal));

        async Task<byte[]> Draw(string? negative)
        {
            using var model = ModelCatalog.Load(pipeline.Path, _backend);
            var condition = new PromptCondition("a red apple") { Negative = negative };
            var request = Small(model, "", 1, "none") with { Condition = condition, Steps = 3, Guidance = new(5) };
            return [.. (await new GenerationPipeline(model).GenerateAsync(request)).Image.Rgb];
        }
    }

    [Fact]
    public async Task A_U_Net_in_the_place_of_another_of_its_sizes_has_its_heads()
    {
        using var pipeline = new TinyPipeline("SD1.5");
        var alone = _out.File("fine-tune.safetensors");
        File.Copy(Directory.GetFiles(Path.Combine(pipeline.Path, "unet"), "*.safetensors").Single(), alone);
        var own = await Draw(null);
        Assert.Equal(own, await Draw(alone)); // the same weights; of how many heads shows in no tensor

        async Task<byte[]> Draw(string? network)
        {
            using var model = ModelCatalog.LoadParts(new() { Model = pipeline.Path, Transformer = network }, _backend);
            return [.. (await new GenerationPipeline(model).GenerateAsync(Small(model, "a red apple", 1, "none") with { Steps = 3 })).Image.Rgb];
        }
    }

    [Theory]
    [InlineData("PixArt-α", "transformer.transformer_blocks.1.attn1.to_v", 24)]
    [InlineData("PixArt-Σ", "lora_unet_blocks_1_mlp_fc1", 48)]
    [InlineData("SD3", "diffusion_model.joint_blocks.1.x_block.attn.qkv", 72)]
    [InlineData("SD3", "lora_te3_encoder_block_0_layer_1_DenseReluDense_wi_0", 64)]
    [InlineData("Qwen-Image", "transformer.transformer_blocks.1.attn.add_v_proj", 24)]
    [InlineData("Qwen-Image", "text_encoder.model.layers.0.mlp.up_proj", 64)]
    [InlineData("Z-Image", "diffusion_model.layers.1.attention.qkv", 72)]
    [InlineData("FLUX.2-klein", "lora_unet_single_blocks_1_linear1", 168)]
    [InlineData("SD1.5", "unet.down_blocks.0.attentions.0.proj_in", 32)]
    [InlineData("SD1.5", "lora_unet_input_blocks_1_1_transformer_blocks_0_attn2_to_v", 32)]
    [InlineData("SDXL", "lora_te2_text_model_encoder_layers_0_self_attn_v_proj", 128)]
    public async Task A_LoRA_changes_what_its_names_mean_in_any_layout(string family, string module, int rows)
    {
        using var pipeline = new TinyPipeline(family);
        var plain = await Draw([]);
        var columns = 0;
        foreach (var width in (int[])[16, 24, 32, 64, 128, 192])
        {
            // The columns are those that fit; of another width a file is refused.
            try
            {
                Assert.NotEqual(plain, await Draw([new LoraSource(Lora(width), 2)]));
                columns = width;
            }
            catch (WeightFileException other)
            {
                Assert.Contains($"changes a weight of {rows} rows and {width} columns", other.Message);
            }
        }

        Assert.NotEqual(0, columns);

        string Lora(int width)
        {
            var path = _out.File($"{width}.safetensors");
            new SafetensorsWriter().Add($"{module}.lora_down.weight", [.. Enumerable.Range(0, width).Select(i => MathF.Cos(i))], [1, width])
                .Add($"{module}.lora_up.weight", [.. Enumerable.Range(0, rows).Select(i => MathF.Sin(i))], [rows, 1]).Save(path);
            return path;
        }

        async Task<byte[]> Draw(LoraSource[] loras)
        {
            using var model = ModelCatalog.LoadParts(new() { Model = pipeline.Path, Loras = loras }, _backend);
            return [.. (await new GenerationPipeline(model).GenerateAsync(Small(model, "a red apple", 1, "none") with { Steps = 3 })).Image.Rgb];
        }
    }

    private static GenerationRequest Small(DiffusionModel model, string text, int seed, string policy) => model.Request(text, seed) with
    {
        LatentShape = [model.Denoiser.LatentShape[0], 8, 8],
        Steps = 7,
        Cache = PolicyCatalog.Parse(policy),
    };
}
