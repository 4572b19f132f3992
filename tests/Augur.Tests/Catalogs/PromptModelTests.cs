using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Cli;
using Augur.Tests.Weights;

namespace Augur.Tests.Catalogs;

/// <summary>From files to pictures by prompt, for each layout in which people have a model.</summary>
public sealed class PromptModelTests : IDisposable
{
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
    public async Task A_pipeline_one_file_and_parts_by_themselves_draw_the_same_picture()
    {
        var pipeline = await Draw(new() { Model = _flux.Pipeline });
        Assert.Equal(32, pipeline.Image.Width);
        Assert.True(pipeline.Image.Rgb.ToArray().Distinct().Count() > 16);
        Assert.Equal(pipeline.Image.Rgb.ToArray(), (await Draw(Apart)).Image.Rgb.ToArray());
        Assert.Equal(pipeline.Image.Rgb.ToArray(), (await Draw(OneFile)).Image.Rgb.ToArray());
    }

    [Fact]
    public async Task Text_encoders_may_be_given_in_any_order_and_parts_from_a_file_that_holds_all()
    {
        var pipeline = await Draw(new() { Model = _flux.Pipeline });
        var swapped = Apart with { TextEncoders = [_flux.T5File, _flux.ClipFile], Tokenizers = [_flux.T5Tokenizer, _flux.ClipTokenizer] };
        Assert.Equal(pipeline.Image.Rgb.ToArray(), (await Draw(swapped)).Image.Rgb.ToArray());
        var borrowed = Apart with { TextEncoders = [_flux.AllInOne], Autoencoder = _flux.AllInOne };
        Assert.Equal(pipeline.Image.Rgb.ToArray(), (await Draw(borrowed)).Image.Rgb.ToArray());
    }

    [Fact]
    public async Task The_hubs_cache_with_its_links_is_a_pipeline()
    {
        var snapshot = _out.File("models--someone--flux/snapshots/0123456789abcdef");
        foreach (var file in Directory.EnumerateFiles(_flux.Pipeline, "*", SearchOption.AllDirectories))
        {
            var link = Path.Combine(snapshot, Path.GetRelativePath(_flux.Pipeline, file));
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, file);
        }

        Directory.CreateDirectory(_out.File("models--someone--flux/refs"));
        File.WriteAllText(_out.File("models--someone--flux/refs/main"), "0123456789abcdef");
        var whole = await Draw(new() { Model = _flux.Pipeline });
        Assert.Equal(whole.Image.Rgb.ToArray(), (await Draw(new() { Model = _out.File("models--someone--flux") })).Image.Rgb.ToArray());
    }

    [Fact]
    public async Task A_prompt_decides_the_picture_and_an_empty_one_is_allowed()
    {
        using var model = ModelCatalog.Load(_flux.Pipeline, _backend);
        var pictures = new List<byte[]>();
        foreach (var prompt in (string[])["a red apple", "a red pear", ""])
        {
            pictures.Add((await new GenerationPipeline(model).GenerateAsync(Small(model.Request(prompt, seed: 42)))).Image.Rgb.ToArray());
        }

        Assert.Equal(3, pictures.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public async Task Encoders_are_read_with_the_first_prompt_and_dropped_under_a_budget()
    {
        using var model = ModelCatalog.LoadParts(new() { Model = _flux.Pipeline }, _backend, new() { TextEncoderBudget = 0 });
        var before = _backend.BytesInUse;
        var requests = ((string[])["a red apple", "a bear"]).Select(prompt => Small(model.Request(prompt))).ToArray();
        Assert.Equal(2, model.EncodePrompts(requests).Count);
        Assert.Equal(before, _backend.BytesInUse);
        var encoded = await new GenerationPipeline(model).GenerateAsync(requests[0]);
        using var keeps = ModelCatalog.Load(_flux.Pipeline, _backend);
        before = _backend.BytesInUse;
        Assert.Equal(encoded.Image.Rgb.ToArray(), (await new GenerationPipeline(keeps).GenerateAsync(requests[0])).Image.Rgb.ToArray());
        Assert.True(_backend.BytesInUse > before);
    }

    [Fact]
    public void What_is_missing_is_said_with_the_file_to_look_for_and_its_option()
    {
        Refused(Apart with { Autoencoder = null }, "this model draws latents; give the autoencoder that decodes them (ae.safetensors, "
            + "or vae/ of a diffusers pipeline) with --vae.");
        Refused(Apart with { TextEncoders = [_flux.ClipFile] }, "FLUX.1 reads prompts through T5, which is missing; give t5xxl_fp16.safetensors, "
            + "or text_encoder_2/ of a diffusers pipeline with --text-encoder-2.");
        Refused(Apart with { TextEncoders = [_flux.ClipFile, _flux.OtherT5File] }, "this is T5 of width 48, but this FLUX.1 reads T5 of width 32;");
        Refused(Apart with { Tokenizers = [_flux.ClipTokenizer] }, "the tokenizer of this T5 is missing; give spiece.model or tokenizer.json");
        Refused(Apart with { Autoencoder = _flux.T5File }, "this is a T5 text encoder, not an autoencoder, which --vae gives.");
        Refused(Apart with { TextEncoders = [_flux.VaeFile] }, "this is an autoencoder, not a text encoder, which --text-encoder gives.");
        Refused(new() { Model = _flux.T5File }, "this is a T5 text encoder, which draws nothing by itself; give it with --text-encoder,");
        Refused(new() { Model = _flux.VaeFile }, "this is an autoencoder, which draws nothing by itself; give it with --vae,");
        var lora = new TinyWeightsFile().Add("transformer.x_embedder.lora_A.weight", new float[8], [2, 4])
            .Add("transformer.x_embedder.lora_B.weight", new float[8], [4, 2]).Save(_out.File("lora.safetensors"));
        Refused(new() { Model = lora }, "this is a LoRA, a change to a model and no model itself; give it with --lora,");
    }

    [Fact]
    public void Inspection_says_what_each_file_is_and_what_is_missing()
    {
        var pipeline = ModelInspection.Inspect(_flux.Pipeline);
        Assert.Equal("FLUX 1+1x128, diffusers layout", pipeline.Architecture);
        Assert.Empty(pipeline.Missing);
        Assert.Empty(pipeline.Unused);
        Assert.Equal($"T5 of width 32 in {Path.Combine(_flux.Pipeline, "text_encoder_2")}", pipeline.Notes["text 2"]);
        var alone = ModelInspection.Inspect(_flux.Network);
        Assert.StartsWith("missing: CLIP of width 64 (clip_l.safetensors", alone.Notes["text 1"]);
        Assert.Contains("--vae", alone.Notes["autoencoder"]);
        Assert.Equal("T5 of width 32", ModelInspection.Inspect(_flux.T5File).Architecture);
        Assert.Equal("AutoencoderKL", ModelInspection.Inspect(_flux.VaeFile).Architecture);
        Assert.StartsWith("FLUX 1+1x128, original layout", ModelInspection.Inspect(_flux.AllInOne).Architecture);
    }

    [Theory]
    [InlineData("sd15", "U-Net 8-8-8-8, original layout", 1)]
    [InlineData("sdxl", "U-Net 8-8, original layout", 2)]
    [InlineData("sd3", "original layout", 3)]
    [InlineData("flux_all_in_one", "FLUX 1+1x16, original layout", 2)]
    public void A_file_with_all_parts_is_told_by_its_tensors(string file, string architecture, int texts)
    {
        var found = ModelInspection.Inspect(Fixtures.Path($"single-file/{file}.safetensors"));
        Assert.EndsWith(architecture, found.Architecture);
        Assert.Empty(found.Missing);
        Assert.Empty(found.Unused);
        Assert.Equal(texts, found.Notes.Count(note => note.Key.StartsWith("text", StringComparison.Ordinal)
            && !note.Value.StartsWith("missing", StringComparison.Ordinal)));
        Assert.Contains("*)", found.Notes["autoencoder"]);
    }

    [Fact]
    public async Task A_model_of_few_steps_runs_uncached_and_says_that_caching_has_little_to_take()
    {
        using var schnell = new TinyFluxPipeline(hasGuidance: false);
        using var model = ModelCatalog.Load(schnell.Pipeline, _backend);
        var request = Small(model.Request("a red apple"));
        Assert.Equal((4, 1.0, "euler"), (request.Steps, request.Guidance!.Value.Scale, request.Sampler!.Name));
        Assert.Equal("every call is computed: this model needs only 4 steps, which leave caching little to take", model.Choose(request).Reason);
        using var dev = ModelCatalog.Load(_flux.Pipeline, _backend);
        Assert.Equal((28, "euler(dynamic=true)"), (dev.Defaults.Steps, dev.Defaults.Sampler.Name));
        Assert.Contains("this model has no profile", dev.Choose(dev.Request("x")).Reason);
        Assert.NotNull((await new GenerationPipeline(model).GenerateAsync(request)).Image);
    }

    [Fact]
    public async Task Generate_draws_a_prompt_and_its_picture_tells_what_it_was_made_from()
    {
        var grid = _out.File("grid.png");
        var (code, output, error) = await CommandLine.Run(
            "generate", "a (red:1.2) apple", "--steps", "4", "--model", _flux.Pipeline, "--size", "32x48", "--seed", "42", "--out", grid);
        Assert.Equal((0, ""), (code, code == 0 ? "" : error));
        Assert.Contains("\"(red:1.2)\" is left as text", output);
        Assert.Contains("1 prompt encoded in", error);
        var text = PngText(grid);
        Assert.Contains("\"prompt\":\"a (red:1.2) apple\"", text.Replace("\\u0022", "\"", StringComparison.Ordinal));
        Assert.Contains("text_encoder_2/model.safetensors", text);
    }

    [Theory]
    [InlineData("are multiples of 4 pixels for this model, and the height of 33 is none; the nearest is 32.", "--size", "33")]
    [InlineData("--size is \"big\"; it is a number of pixels from 1 to 8192, or WIDTHxHEIGHT.", "--size", "big")]
    [InlineData("follows no negative prompt", "--negative", "blue")]
    [InlineData("--class: this model draws prompts, not classes; give a prompt.", "--class", "3")]
    [InlineData("This model draws prompts; say what to draw, with a prompt or --prompts-file.", "--count", "2")]
    public async Task What_a_prompt_model_cannot_draw_is_refused_in_a_sentence(string sentence, params string[] options)
    {
        string[] subject = options[0] is "--class" or "--count" ? [] : ["apple"];
        var (code, _, error) = await CommandLine.Run(
            ["generate", .. subject, "--steps", "1", "--model", _flux.Pipeline, "--out", _out.File("g.png"), .. options]);
        Assert.NotEqual(0, code);
        Assert.Contains(sentence, error.ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task A_file_of_prompts_is_drawn_line_by_line_and_compared_and_measured()
    {
        var prompts = _out.File("prompts.txt");
        File.WriteAllText(prompts, "a red apple\n\n  a bear  \r\n");
        string[] shared = ["--prompts-file", prompts, "--model", _flux.Pipeline, "--size", "16", "--steps", "3"];
        await Succeeds("compare", [.. shared, "--policies", "fora(interval=2)", "--rounds", "1", "--out", _out.File("c.png")]);
        var text = PngText(_out.File("c.png"));
        Assert.Contains("\"prompt\":\"a red apple\"", text);
        Assert.Contains("\"prompt\":\"a bear\"", text);
        await Succeeds("bench", [.. shared, "--policies", "fora(interval=2)", "--baselines", "none", "--out", _out.File("bench")]);
        await Succeeds("fit magcache", [.. shared, "--out", _out.File("mag.json")]);
        await Succeeds(
            "generate", [.. shared, "--policy", "fora(interval=2)", "--audit", "--audit-out", _out.File("a.html"), "--out", _out.File("g.png")]);
        string[] target = ["--speedup", "1.4", "--policy", "fora(interval=2)", "--held-out", "2", "--count", "2"];
        await Succeeds("tune", [.. shared, .. target, "--out", _out.File("p.json")]);
    }

    private static async Task Succeeds(string command, string[] options)
    {
        var (code, _, error) = await CommandLine.Run([.. command.Split(' '), .. options]);
        Assert.True(code == 0, $"{command}: {error}");
    }

    private ModelPaths Apart => new()
    {
        Transformer = _flux.Network,
        TextEncoders = [_flux.ClipFile, _flux.T5File],
        Tokenizers = [_flux.ClipTokenizer, _flux.T5Tokenizer],
        Autoencoder = _flux.VaeFile,
    };

    private ModelPaths OneFile => new() { Model = _flux.AllInOne, Tokenizers = [_flux.ClipTokenizer, _flux.T5Tokenizer] };

    private static GenerationRequest Small(GenerationRequest request) => request with { LatentShape = [16, 16, 16], Steps = 4 };

    private async Task<GenerationResult> Draw(ModelPaths paths)
    {
        using var model = ModelCatalog.LoadParts(paths, _backend);
        return await new GenerationPipeline(model).GenerateAsync(Small(model.Request("a red apple", seed: 42)));
    }

    private void Refused(ModelPaths paths, string sentence)
    {
        var error = Assert.Throws<WeightFileException>(() => ModelCatalog.LoadParts(paths, _backend).Dispose());
        Assert.Contains(sentence, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static string PngText(string path) => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(path));
}
