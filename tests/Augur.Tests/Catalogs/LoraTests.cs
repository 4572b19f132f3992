using Augur.Catalogs;
using Augur.Catalogs.Lora;
using Augur.Fuzz;
using Augur.Models.Flux;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Cli;
using Augur.Tests.Weights;

namespace Augur.Tests.Catalogs;

/// <summary>LoRAs of every dialect on a model of every layout; the numbers themselves are held against other implementations by the replay.</summary>
public sealed class LoraTests : IDisposable
{
    private const int Width = 128, Rank = 2;
    private readonly TinyFluxPipeline _flux = new();
    private readonly TemporaryFolder _out = new();
    private readonly CpuBackend _backend = new();

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
        _flux.Dispose();
        _out.Dispose();
    }

    [Fact]
    public async Task Every_dialect_changes_a_model_of_every_layout_in_the_same_way()
    {
        var plain = await Draw(_flux.Pipeline);
        var expected = await Draw(_flux.Pipeline, new LoraSource(Kohya(), 0.5));
        Assert.NotEqual(plain, expected);
        foreach (var lora in (string[])[Original(), Diffusers(), Kohya()])
        {
            Assert.Equal(expected, await Draw(_flux.Pipeline, new LoraSource(lora, 0.5)));
            Assert.Equal(expected, await Draw(null, new LoraSource(lora, 0.5))); // the original layout
        }
    }

    [Fact]
    public async Task LoRAs_add_up_and_one_of_scale_0_changes_no_bit()
    {
        var plain = await Draw(_flux.Pipeline);
        Assert.Equal(plain, await Draw(_flux.Pipeline, new LoraSource(Kohya(), 0)));
        Near(plain, await Draw(_flux.Pipeline, new LoraSource(Kohya(), 0.5), new LoraSource(Diffusers(), -0.5)));
        Near(
            await Draw(_flux.Pipeline, new LoraSource(Kohya(), 0.5)),
            await Draw(_flux.Pipeline, new LoraSource(Kohya(), 0.25), new LoraSource(Original(), 0.25)));

        // Sums of weights are rounded in another order.
        static void Near(byte[] expected, byte[] actual) => Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Fact]
    public async Task A_change_of_modulations_shows_beside_a_model_that_keeps_those_without_it()
    {
        var lora = Save("modulation", ("lora_unet_double_blocks_0_img_mod_lin", 6 * Width, Width));
        using var plain = ModelCatalog.LoadParts(new() { Model = _flux.Pipeline }, _backend);
        using var changed = ModelCatalog.LoadParts(new() { Model = _flux.Pipeline, Loras = [new LoraSource(lora)] }, _backend);
        using var unkept = ModelCatalog.LoadParts(
            new() { Model = _flux.Pipeline, Loras = [new LoraSource(lora)] }, _backend, new() { ModulationBudget = 0 });
        var without = await Draw(plain);
        Assert.NotEqual(without, await Draw(changed));
        Assert.Equal(without, await Draw(plain));
        Assert.Equal(await Draw(unkept), await Draw(changed));
        Assert.Equal((true, true, 0), (Kept(plain) > 0, Kept(changed) > 0, Kept(unkept)));

        static long Kept(DiffusionModel model) => ((IModulatedNetwork)model.Denoiser).Modulations.ByteCount;
    }

    [Fact]
    public async Task A_quantised_model_takes_the_change_beside_its_blocks()
    {
        var quantised = _out.File("q8_0.gguf");
        var (code, _, error) = await CommandLine.Run("convert", _flux.Network, "--type", "q8_0", "--out", quantised);
        Assert.True(code == 0, error);
        var lora = new LoraSource(Kohya(), 0.5);
        var paths = new ModelPaths { Model = _flux.Pipeline, Transformer = quantised };
        var (plain, changed) = (await Draw(paths), await Draw(paths with { Loras = [lora] }));
        var inFloats = await Draw(_flux.Pipeline, lora);
        Assert.True(4 * Distance(changed, inFloats) < Distance(changed, plain), $"{Distance(changed, inFloats)} and {Distance(changed, plain)}");

        static double Distance(byte[] one, byte[] other) => one.Zip(other).Average(pair => Math.Abs(pair.First - pair.Second));
    }

    [Fact]
    public async Task A_text_encoders_change_shows_in_the_picture()
    {
        var plain = await Draw(_flux.Pipeline);
        var clip = Save("clip", ("lora_te1_text_model_encoder_layers_0_mlp_fc1", 64, 64));
        var t5 = Save("t5", ("lora_te3_encoder_block_0_layer_0_SelfAttention_q", 32, 32));
        Assert.NotEqual(plain, await Draw(_flux.Pipeline, new LoraSource(clip, 3)));
        Assert.NotEqual(plain, await Draw(_flux.Pipeline, new LoraSource(t5, 3)));
    }

    [Fact]
    public async Task Keys_without_a_place_are_an_error_that_names_them_or_a_remark()
    {
        var lora = Save("some", ("lora_unet_double_blocks_0_img_mlp_0", 64, Width), ("lora_unet_double_blocks_9_img_mlp_0", 64, Width));
        var sentence = $"{lora}: 2 keys ('lora_unet_double_blocks_9_img_mlp_0.lora_down.weight', "
            + $"'lora_unet_double_blocks_9_img_mlp_0.lora_up.weight') have no place in {_flux.Pipeline}";
        Assert.Equal($"{sentence}; --lora-partly applies the rest.", RefusalOf(new LoraSource(lora)));
        using var model = ModelCatalog.LoadParts(
            new() { Model = _flux.Pipeline, Loras = [new LoraSource(lora)] }, _backend, new() { LorasMayBePartial = true });
        Assert.Equal([sentence], model.Remarks);
        var (code, output, error) = await Generate("--lora", $"{lora}:0.5", "--lora-partly");
        Assert.True(code == 0, error);
        Assert.Contains("have no place", output.ReplaceLineEndings(" "));
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_a_sentence()
    {
        Refused("is no LoRA; it is FILE or FILE:SCALE", () => LoraSource.Parse("style.safetensors:strong"));
        Refused("the scale of a LoRA is a number up to 3e38 either way, not Infinity.", () => LoraSource.Parse("style.safetensors:1e999"));
        Assert.Equal(new LoraSource("C:/a b/style.safetensors", -0.5), LoraSource.Parse("C:/a b/style.safetensors:-0.5"));
        Assert.Equal(new LoraSource("C:/style.safetensors"), LoraSource.Parse("C:/style.safetensors"));
        if (!OperatingSystem.IsWindows())
        {
            using var files = new TemporaryFolder();
            var named = Path.Combine(files.Path, "a:0.5");
            System.IO.File.WriteAllText(named, "");
            Assert.Equal(new LoraSource(named), LoraSource.Parse(named));
        }

        Refused("this is a T5 text encoder, not a LoRA, which --lora gives.", () => RefusalOf(_flux.T5File));
        Refused("this LoRA changes nothing of", () => RefusalOf(Save("sd", ("lora_unet_mid_block_attentions_0_proj_in", 8, 8))));
        const string Key = "lora_unet_double_blocks_0_img_mlp_0";
        Refused("changes a weight of 32 rows and 128 columns, but that of", () => RefusalOf(Save("rows", (Key, 32, Width))));
        Refused("changes a weight of 64 rows and 16 columns, but that of", () => RefusalOf(Save("columns", (Key, 64, 16))));
        Refused("[64, 3] make no product of an up matrix and a down matrix.", () => RefusalOf(File("ranks", Pair(Key, 64, Width)
            .Select(t => t.Name.EndsWith("lora_up.weight", StringComparison.Ordinal) ? (t.Name, new float[64 * 3], [64, 3]) : t))));
        Refused("holds NaN as element 5", () => RefusalOf(File("nan", Pair(Key, 64, Width).Select(t => (t.Name, WithNaN(t.Values), t.Shape)))));
        Refused("alpha is one number.", () => RefusalOf(File("alphas", Pair(Key, 64, Width).Append(($"{Key}.alpha", [1f, 2], [2])))));
        Refused("is no finite number.", () => RefusalOf(File("alpha", Pair(Key, 64, Width).Append(($"{Key}.alpha", [float.PositiveInfinity], [1])))));
        Refused(
            "has shape [7], which is no magnitude for each of 64 outputs or of 128 inputs.",
            () => RefusalOf(File("dora", Pair(Key, 64, Width).Append(($"{Key}.dora_scale", new float[7], [7])))));
        Refused("are the same matrix.", () => RefusalOf(File("twice", Pair(Key, 64, Width).Append(($"{Key}.lora_A.weight", [1f, 2], [1, 2])))));
        Refused("this LoRA changes nothing of", () => RefusalOf(File("half", Pair(Key, 64, Width).Take(1))));

        static float[] WithNaN(float[] values)
        {
            values[5] = float.NaN;
            return values;
        }
    }

    [Fact]
    public void Classes_take_no_LoRA()
    {
        var error = Assert.Throws<WeightFileException>(() => ModelCatalog.LoadParts(new() { Loras = [new LoraSource(Kohya())] }, _backend));
        Assert.Contains("models of the family DiT take no LoRA.", error.Message);
    }

    [Fact]
    public async Task A_picture_tells_its_LoRAs_and_how_strong_they_were()
    {
        var (code, _, error) = await Generate("--lora", $"{Kohya()}:0.5", "--lora", Diffusers());
        Assert.True(code == 0, error);
        var text = System.Text.Encoding.Latin1.GetString(System.IO.File.ReadAllBytes(_out.File("g.png")));
        Assert.Contains("\"loras\":[\"kohya.safetensors:0.5\",\"diffusers.safetensors\"]", text);
        Assert.Contains("\"scale\":0.5", text);
    }

    [Theory]
    [InlineData("sd_kohya", "LoRA, names of kohya", "3 maps of text encoder 1, 1 map of text encoder 2, 10 maps of the network", "1 to 4", 0)]
    [InlineData("flux_kohya", "LoRA, names of kohya", "6 maps of the network", "1 to 4", 3)]
    [InlineData("flux_bfl", "LoRA, names of the original code (BFL, ComfyUI)", "2 maps of the text encoder clip_l", "1 to 4", 0)]
    [InlineData("flux_diffusers", "LoRA, names of PEFT and diffusers", "2 maps of text encoder 1", "1 to 4", 0)]
    [InlineData("sd_dora", "DoRA, names of kohya", "3 maps of the network", "2", 0)]
    [InlineData("sd_diffusers_old", "LoRA, names of diffusers' attention processors", "3 maps of the network", "2 to 4", 0)]
    public void Inspection_says_what_a_LoRA_changes(string file, string architecture, string changes, string ranks, int unused)
    {
        var found = ModelInspection.Inspect(Fixtures.Path($"lora/{file}.safetensors"));
        Assert.Equal(architecture, found.Architecture);
        Assert.Contains(changes, found.Sizes["changes"]);
        Assert.Equal(ranks, found.Sizes["ranks"]);
        Assert.Equal(unused, found.Unused.Count);
    }

    [Fact]
    public async Task Inspection_of_a_model_whose_parts_come_apart_says_what_a_LoRA_changes_in_it()
    {
        var lora = Save("two", ("lora_unet_double_blocks_0_img_attn_qkv", 3 * Width, Width), ("lora_te1_text_model_encoder_layers_0_mlp_fc1", 64, 64),
            ("lora_unet_double_blocks_9_img_mlp_0", 64, Width));
        var (code, output, error) = await CommandLine.Run(
            "inspect", "--transformer", _flux.Network, "--text-encoder", _flux.ClipFile, "--text-encoder-2", _flux.T5File, "--vae", _flux.VaeFile,
            "--lora", $"{lora}:0.5");
        Assert.True(code == 0, error);
        Assert.Contains($"{lora}:0.5 changes 1 tensor of the network and 1 tensor of text encoder 1; 2 keys (", output);
        Assert.DoesNotContain("missing:", output);
    }

    [Fact]
    public void Damaged_files_are_applied_or_refused_in_one_sentence()
    {
        FuzzSeed[] seeds =
        [
            .. Directory.EnumerateFiles(Fixtures.Path("lora"), "flux_*.safetensors").Where(f => !f.Contains("expected", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select(f => new FuzzSeed(Path.GetFileName(f), SeedKind.Safetensors, System.IO.File.ReadAllBytes(f))),
        ];
        var mutator = new Mutator(seeds, new Random(7));
        var network = LoraTarget.Network(new ModelPart(Fixtures.Path("flux-core/weights.safetensors")), FluxLayouts.Traces);
        using var fit = new LoraFit([network]);
        var (applied, refused) = (0, 0);
        for (var i = 0; i < 800; i++)
        {
            var (seed, bytes) = mutator.Next();
            try
            {
                using var file = LoraFile.Of(Checkpoint.FromBytes(seed.Name, bytes));
                fit.Add(file, 1);
                applied++;
            }
            catch (WeightFileException sentence)
            {
                Assert.DoesNotContain('\n', sentence.Message);
                refused++;
            }
        }

        Assert.True(applied > 20 && refused > 200, $"{applied} applied, {refused} refused: the mutations lost their edge.");
    }

    private string Kohya() => Save(
        "kohya", ("lora_unet_double_blocks_0_img_attn_qkv", 3 * Width, Width), ("lora_unet_single_blocks_0_linear1", 448, Width));

    private string Original() => Save(
        "original", ("diffusion_model.double_blocks.0.img_attn.qkv", 3 * Width, Width), ("diffusion_model.single_blocks.0.linear1", 448, Width));

    // The same change with queries, keys and values apart.
    private string Diffusers()
    {
        var tensors = new List<(string, float[], int[])>();
        Split("double_blocks_0_img_attn_qkv", 3 * Width, "transformer_blocks.0.attn.", ("to_q", Width), ("to_k", Width), ("to_v", Width));
        Split(
            "single_blocks_0_linear1", 448, "single_transformer_blocks.0.", ("attn.to_q", Width), ("attn.to_k", Width), ("attn.to_v", Width),
            ("proj_mlp", 64));
        return File("diffusers", tensors);

        void Split(string kohya, int rows, string block, params (string Name, int Rows)[] parts)
        {
            var pair = Pair($"lora_unet_{kohya}", rows, Width).ToArray();
            var start = 0;
            foreach (var (name, count) in parts)
            {
                tensors.Add(($"transformer.{block}{name}.lora_A.weight", pair[0].Values, [Rank, Width]));
                tensors.Add(($"transformer.{block}{name}.lora_B.weight", pair[1].Values[(start * Rank)..((start + count) * Rank)], [count, Rank]));
                start += count;
            }
        }
    }

    private string Save(string name, params (string Module, int Rows, int Columns)[] modules) =>
        File(name, modules.SelectMany(module => Pair(module.Module, module.Rows, module.Columns)));

    private static IEnumerable<(string Name, float[] Values, int[] Shape)> Pair(string module, int rows, int columns) =>
    [
        ($"{module}.lora_down.weight", Numbers(Rank * columns, 1), [Rank, columns]),
        ($"{module}.lora_up.weight", Numbers(rows * Rank, 2), [rows, Rank]),
    ];

    private string File(string name, IEnumerable<(string Name, float[] Values, int[] Shape)> tensors)
    {
        var writer = new SafetensorsWriter();
        foreach (var (tensor, values, shape) in tensors)
        {
            writer.Add(tensor, values, [.. shape]);
        }

        writer.Save(_out.File($"{name}.safetensors"));
        return _out.File($"{name}.safetensors");
    }

    private static float[] Numbers(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => 0.25f * MathF.Sign(MathF.Sin((i * 0.7f) + seed)))];

    private async Task<byte[]> Draw(string? pipeline, params LoraSource[] loras)
    {
        var paths = pipeline is not null ? new ModelPaths { Model = pipeline }
            : new ModelPaths { Model = _flux.AllInOne, Tokenizers = [_flux.ClipTokenizer, _flux.T5Tokenizer] };
        return await Draw(paths with { Loras = loras });
    }

    private async Task<byte[]> Draw(ModelPaths paths)
    {
        using var model = ModelCatalog.LoadParts(paths, _backend);
        return await Draw(model);
    }

    private static async Task<byte[]> Draw(DiffusionModel model)
    {
        var request = model.Request("a red apple", seed: 42) with { LatentShape = [16, 8, 8], Steps = 3 };
        return [.. (await new GenerationPipeline(model).GenerateAsync(request)).Image.Rgb];
    }

    private async Task<(int Code, string Output, string Error)> Generate(params string[] options) => await CommandLine.Run(
        ["generate", "a red apple", "--steps", "1", "--size", "16", "--model", _flux.Pipeline, "--out", _out.File("g.png"), .. options]);

    private string RefusalOf(string lora) => throw new WeightFileException(RefusalOf(new LoraSource(lora)));

    private string RefusalOf(LoraSource lora) => Assert.Throws<WeightFileException>(() => ModelCatalog.LoadParts(
        new() { Model = _flux.Pipeline, Loras = [lora] }, _backend).Dispose()).Message;

    private static void Refused(string sentence, Func<object> read)
    {
        var error = Assert.ThrowsAny<Exception>(() => _ = read());
        Assert.Contains(sentence, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
