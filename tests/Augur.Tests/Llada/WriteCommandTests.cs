using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using Augur.Catalogs;
using Augur.Cli;
using Augur.Cli.Commands.Write;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;
using Augur.Tests.Cli;
using Augur.Tests.Weights;
using Augur.Tuning;

namespace Augur.Tests.Llada;

/// <summary>What <c>augur write</c> refuses, keeps when it is stopped, and streams.</summary>
public sealed class WriteCommandTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly WriterFolder _folder = new();
    private readonly DiffusionModel _model;

    public WriteCommandTests() => _model = ModelCatalog.Load(_folder.Path, _backend);

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(";", "names no way to write besides the uncached run")]
    [InlineData("none", "names no way to write besides the uncached run")]
    [InlineData("dllm-cache; dllm-cache", "has dllm-cache twice.")]
    [InlineData("dllm-cache + block-cache", "\"dllm-cache + block-cache\" names two caching methods; a way to write has one.")]
    [InlineData("none + block-cache", "names two caching methods")]
    [InlineData("llada + dream", "names two samplers")]
    [InlineData("steps(4) + steps(6)", "names two numbers of steps")]
    [InlineData("dllm-cache +", "names no way to write, or has a + without one.")]
    [InlineData("llada(threshold=0.9) + steps(4)", "decides by itself how many calls it makes; leave steps(4) out, or its threshold.")]
    public async Task A_comparison_that_contradicts_itself_is_refused(string ways, string sentence)
    {
        var (code, _, error) = await CommandLine.Run("write", "Once", "--model", _folder.Path, "--length", "12", "--compare", ways);
        Assert.Equal(2, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--steps 4 --sampler llada(threshold=0.9)", "decides by itself how many calls it makes; leave --steps 4 out, or its threshold.")]
    [InlineData("--policy dllm-cache --compare block-cache", "--compare names its methods itself; put dllm-cache among them, and leave --policy")]
    [InlineData("--sampler llada(threshold=0.9) --compare steps(4)", "how many calls it makes; leave steps(4) out, or its threshold.")]
    public async Task Options_that_contradict_each_other_are_refused(string options, string sentence)
    {
        var (code, _, error) = await CommandLine.Run(["write", "Once", "--model", _folder.Path, "--length", "12", .. options.Split(' ')]);
        Assert.Equal(2, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_uncached_run_takes_part_once_whether_it_is_named_or_not() => Assert.Equal(
        ["block-cache", "dllm-cache + steps(4)"], TextContender.ParseList("none; block-cache; dllm-cache + steps(4)").Select(way => way.Name));

    [Fact]
    public async Task A_comparison_that_is_stopped_tells_the_rows_that_are_whole()
    {
        using var stop = new CancellationTokenSource();
        using StringWriter output = new();
        using var error = new Watcher("33% of 3 texts", stop.Cancel);
        GenerationRequest[] requests = [_model.Request("Once") with { LatentShape = [12], Steps = 12 }];
        var ways = TextContender.ParseList("block-cache; dllm-cache").Prepend(TextContender.Reference).ToArray();
        Assert.Equal(130, await new WriteComparison(error, output).RunAsync(_model, requests, ways, output, stop.Token));
        Assert.Contains("none", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("augur: stopped; 1 of 3 rows are whole.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_that_are_whole_when_a_run_is_stopped_are_written()
    {
        using var interruption = new Interruption(_ => { }, _ => Assert.Fail("The first signal ends nothing."));
        using StringWriter output = new();
        using var error = new Watcher("60% of 1536 steps", () => interruption.Receive(PosixSignal.SIGINT)); // the second half waits for the first
        var code = await CommandRunner.RunAsync(
            new RootCommand { WriteCommand.Create() },
            ["write", "Once", "--count", "64", "--model", _folder.Path, "--length", "24", "--threads", "1"],
            output, error, interruption);
        Assert.Equal(130, code);
        Assert.Contains("augur: stopped; 32 of 64 texts are whole.", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(32, output.ToString().Split("Once").Length - 1);
    }

    [Theory]
    [InlineData("teacache", "f.json")]
    [InlineData("magcache", "f.json")]
    [InlineData("sencache", "f.json")]
    [InlineData("l2c", "f.safetensors")]
    [InlineData("forecast", "f.json")]
    [InlineData("error", "f.json")]
    public async Task Nothing_is_fitted_to_a_model_that_writes(string method, string file)
    {
        var (code, _, error) = await CommandLine.Run("fit", method, "--model", _folder.Path, "--out", _folder.File(file));
        Assert.Equal((2, $"augur: {_folder.Path}: this model writes texts; a fit is made to pictures."), (code, error.Trim()));
    }

    [Theory]
    [InlineData("at temperature 0 nothing is drawn, and the 2 texts of a prompt are equal", "--length 12 --count 2")]
    [InlineData(null, "--length 12 --count 2 --sampler llada(temperature=0.5)")]
    [InlineData(null, "--length 12 --count 2 --sampler llada(remasking=random)")]
    [InlineData("29 tokens in 29 steps have no blocks of 8 to 16 tokens, and are written as one", "--length 29")]
    [InlineData(null, "--length 24")]
    [InlineData(null, "--length 29 --sampler llada")]
    [InlineData("11 of 24 calls in a row were forecast without a check; no method was measured beyond 20 % of a run.",
        "--length 24 --policy taylorseer(interval=12)")]
    public async Task What_is_not_as_one_might_think_is_a_note(string? note, string options)
    {
        var (code, _, error) = await CommandLine.Run(["write", "Once", "--model", _folder.Path, "--threads", "1", .. options.Split(' ')]);
        Assert.True(code == 0, error);
        Assert.True(error.Contains($"Note: {note}", StringComparison.Ordinal) == (note is not null), error);
    }

    [Fact]
    public async Task Progress_of_a_sampler_that_ends_by_itself_never_passes_the_whole()
    {
        var (code, _, error) = await CommandLine.Run(
            "write", "Once upon a time", "--model", _folder.Path, "--length", "12", "--sampler", "llada(threshold=1)", "--threads", "1");
        Assert.Equal(0, code);
        Assert.Contains("100% of 12 steps", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_come_as_a_stream_while_others_join_and_each_text_is_what_it_is_alone()
    {
        var policy = PolicyCatalog.Parse("dllm-cache(response=3)");
        var first = _model.Request("Once upon a time") with { LatentShape = [12], Steps = 12, Previews = true, Cache = policy };
        var second = first with { Condition = _model.Request("The").Condition, Sampler = TokenSamplers.Parse("llada(block=6)") };
        var alone = await new GenerationPipeline(_model).GenerateAsync(first);
        var other = await new GenerationPipeline(_model).GenerateAsync(second);
        await using var engine = new GenerationEngine(_model);
        var ticket = await engine.SubmitAsync(first);
        GenerationTicket? joined = null;
        var known = new List<int>();
        await foreach (var step in ticket.ReadEventsAsync())
        {
            known.Add(((WrittenText)step.Preview!).Tokens.Count(token => token is not null));
            joined ??= known.Count == 3 ? await engine.SubmitAsync(second) : null;
        }

        Assert.Equal(known.Order(), known);
        Assert.True(known.Distinct().Count() > 6, string.Join(' ', known));
        Assert.Equal(alone.Latent, (await ticket.Result).Latent);
        Assert.Equal(other.Latent, (await joined!.Result).Latent);
    }

    [Theory]
    [InlineData("llada", "model.safetensors", "f16")]
    [InlineData("dream", "model.safetensors", "f32")]
    [InlineData("dream", "model.gguf", "f16")]
    public async Task A_converted_model_loads_on_its_own(string name, string file, string type)
    {
        using var source = new WriterFolder(name);
        using var folder = new TemporaryFolder();
        var (code, output, _) = await CommandLine.Run("convert", source.Path, "--type", type, "--out", folder.File(file));
        Assert.Equal(0, code);
        Assert.Contains("Beside it: config.json, tokenizer.json, tokenizer_config.json.", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        using var model = ModelCatalog.Load(folder.Path, _backend);
        Assert.True(model.Writes);
        Assert.NotEmpty((await new GenerationPipeline(model).GenerateAsync(model.Request("Once") with { LatentShape = [6], Steps = 6 })).Latent);
    }

    [Theory]
    [InlineData("llada")]
    [InlineData("dream")]
    public async Task A_converted_file_is_read_without_its_configuration(string name)
    {
        using var source = new WriterFolder(name);
        using var folder = new TemporaryFolder();
        var (code, _, _) = await CommandLine.Run("convert", source.Path, "--type", "f32", "--out", folder.File("model.gguf"));
        Assert.Equal(0, code);
        File.Delete(folder.File("config.json"));
        using var whole = ModelCatalog.Load(source.Path, _backend);
        using var alone = ModelCatalog.Load(folder.Path, _backend);
        Assert.Equal(whole.Denoiser.Name, alone.Denoiser.Name);
        Assert.Equal(await Written(whole), await Written(alone));

        static async Task<float[]> Written(DiffusionModel model) =>
            (await new GenerationPipeline(model).GenerateAsync(model.Request("Once upon a time") with { LatentShape = [12], Steps = 12 })).Latent;
    }

    [Fact]
    public async Task A_folder_of_parts_is_refused_with_the_names_of_those_that_hold_weights()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("scheduler"));
        Directory.Move(_folder.Path, folder.File("transformer"));
        var (code, _, error) = await CommandLine.Run("convert", folder.Path, "--type", "f16", "--out", folder.File("x.safetensors"));
        Directory.Move(folder.File("transformer"), _folder.Path);
        Assert.Equal(1, code);
        Assert.Contains("the weights are in folders of their own (transformer); convert each of them, as ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_of_something_else_is_not_written_over()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), "{}");
        var (code, _, error) = await CommandLine.Run("convert", _folder.Path, "--type", "f16", "--out", folder.File("model.safetensors"));
        Assert.Equal(2, code);
        Assert.Contains("config.json of the model has to lie beside it, and there is another in", error, StringComparison.Ordinal);
        Assert.Equal("{}", File.ReadAllText(folder.File("config.json")));
    }

    /// <summary>Does something when a text has been written.</summary>
    private sealed class Watcher(string wanted, Action found) : StringWriter
    {
        private bool _isFound;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(string? value) => Look(() => base.Write(value));

        public override void WriteLine(string? value) => Look(() => base.WriteLine(value));

        public override void Write(char[] buffer, int index, int count) => Look(() => base.Write(buffer, index, count));

        private void Look(Action write)
        {
            write();
            if (!_isFound && ToString().Contains(wanted, StringComparison.Ordinal))
            {
                _isFound = true;
                found();
            }
        }
    }
}
