using System.CommandLine;
using System.Runtime.InteropServices;
using Augur.Catalogs;
using Augur.Cli.Commands.Compare;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Options;
using Augur.Decoding;
using Augur.Metrics;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Cli;

public sealed class BrokenPictureTests : IDisposable
{
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-broken-").FullName;

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task A_picture_that_is_not_finite_fails_by_name_and_the_others_are_kept(float value)
    {
        using StringWriter output = new(), error = new();
        var code = await new GenerateRun
        {
            Drawing = Read("--count", "3", "--guidance", "1", "--seed", "5"),
            Out = Path.Combine(_folder, "grid.png"),
            Each = true,
            Audit = null,
            Json = false,
            Output = output,
            Error = error,
            Load = backend => Spoilt(backend, row: 1, value),
        }.RunAsync(CancellationToken.None);
        Assert.Equal(1, code);
        Assert.Matches(
            "picture 1 failed: [0-9]+ of 192 values of the final latent are NaN or infinite since step 1 of 4, network call 1 of 4, computed "
            + "\\(none, seed 6\\)",
            error.ToString());
        Assert.Equal(["grid-000.png", "grid-002.png", "grid.png"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("none", "ddim", 1, "step 1 of 4, network call 1 of 4, computed (none, seed 3)")]
    [InlineData("none", "ddim", 3, "step 3 of 4, network call 3 of 4, computed (none, seed 3)")]
    [InlineData("none", "ddim", 4, "step 4 of 4, network call 4 of 4, computed (none, seed 3)")] // which no later call sees
    [InlineData("none", "k-heun", 4, "step 2 of 4, network call 4 of 7, computed (none, seed 3)")]
    [InlineData("fora(interval=3)", "ddim", 2, "step 2 of 4, network call 2 of 4, drafted (fora, seed 3)")]
    public async Task A_picture_that_is_not_finite_is_told_with_the_step_and_the_call_since_which_it_is_not(
        string policy, string sampler, int call, string expected)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = Spoilt(backend, row: 0, float.NaN, call);
        var request = model.Request(1, 3) with
        {
            Sampler = Samplers.Parse(sampler),
            Steps = 4,
            Cache = PolicyCatalog.Parse(policy),
        };
        var problem = await Assert.ThrowsAsync<NotFiniteException>(() => new GenerationPipeline(model).GenerateAsync(request));
        Assert.Contains($"of the final latent are NaN or infinite since {expected}: ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Noise_that_is_not_finite_is_told_from_weights_that_are_not()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = Read().Load(backend);
        var request = model.Request(1, 3) with { Noise = _ => new NoNoise() };
        var problem = await Assert.ThrowsAsync<NotFiniteException>(() => new GenerationPipeline(model).GenerateAsync(request));
        Assert.EndsWith(
            "before the first network call (none, seed 3): the noise or the picture that it began with was not finite.", problem.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_compared_with_pictures_that_are_not_finite()
    {
        var problem = await Assert.ThrowsAsync<NotFiniteException>(() => new CompareRun
        {
            Drawing = Read("bear", "--guidance", "1"),
            Policies = "fora",
            Rounds = 1,
            Out = Path.Combine(_folder, "c.png"),
            Html = null,
            Audit = null,
            Markdown = false,
            Csv = null,
            Json = false,
            CommandLine = "",
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            Load = backend => Spoilt(backend, row: 0, float.NaN),
        }.RunAsync(CancellationToken.None));
        Assert.Contains("NaN or infinite", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("tune", "--speedup", "2", "--trials", "8", "--held-out", "2", "--count", "2")]
    [InlineData("fit", "teacache", "--count", "2", "--degree", "1")]
    [InlineData("generate", "bear")]
    [InlineData("compare", "bear", "--policies", "fora")]
    public async Task Weights_that_are_not_finite_write_nothing(params string[] command)
    {
        var weights = Path.Combine(_model.Folder, "model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        MemoryMarshal.Cast<byte, float>(bytes.AsSpan(bytes.Length / 2 / 4 * 4)).Fill(float.NaN);
        File.WriteAllBytes(weights, bytes);
        var path = Path.Combine(_folder, command[0] is "tune" or "fit" ? "profile.json" : "x.png");
        var (code, _, error) = await CommandLine.Run([.. command, "--model", _model.Folder, "--steps", "4", "--out", path]);
        Assert.Equal(1, code);
        Assert.Contains("NaN", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_picture_counts_what_the_decoder_could_not_say()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var pixels = Tensor.From(backend, [float.NaN, 0, 1, float.NegativeInfinity, 0, 1], [2, 3, 1, 1]);
        Assert.Equal([1, 1], RgbImage.FromPixels(pixels).Select(image => image.NotFiniteCount));
    }

    [Fact]
    public async Task A_decoder_that_is_not_finite_fails_the_sample_and_says_that_the_latent_is()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = Read().Load(backend);
        using var broken = new DiffusionModel(model.Denoiser, new NotANumber(), model.Classes, model.Defaults);
        var problem = await Assert.ThrowsAsync<NotFiniteException>(() => new GenerationPipeline(broken).GenerateAsync(broken.Request(1)));
        Assert.Contains("of the decoded picture, though not of its latent", problem.Message, StringComparison.Ordinal);
        Assert.Equal(192, problem.Result.Image.NotFiniteCount);
    }

    [Fact]
    public async Task Two_black_pictures_are_counted_as_broken_and_not_as_alike()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = Read().Load(backend);
        var sound = await new GenerationPipeline(model).GenerateAsync(model.Request(1));
        var black = sound with { Output = new Picture(new RgbImage(8, 8, new byte[192])), Latent = new float[192] };
        var spoilt = black with { Latent = [.. Enumerable.Repeat(float.NaN, 192)] };
        foreach (var (broken, words) in (IEnumerable<(GenerationResult, string)>)[(black, "one colour"), (spoilt, "latent not finite")])
        {
            var result = new CompareResult("x", [broken, sound], [broken, sound], [1], [1]);
            Assert.Equal(50, result.MeanPsnr);
            Assert.Equal(0.5, result.MeanSsim);
            Assert.Contains(result.Notes, note =>
                note.Contains("pictures show nothing (", StringComparison.Ordinal) && note.Contains(words, StringComparison.Ordinal));
        }

        Assert.Equal(double.PositiveInfinity, PictureDifference.Between(sound, sound).Psnr);
    }

    private DiffusionModel Spoilt(IBackend backend, int row, float value, int from = 1)
    {
        var model = Read().Load(backend);
        return new DiffusionModel(
            new WatchedDenoiser(model.Denoiser)
            {
                After = (call, answer) =>
                {
                    if (call < from)
                    {
                        return answer;
                    }

                    var values = answer.ToArray();
                    values[row * (values.Length / answer.Shape[0])] = value;
                    return Tensor.From(backend, values, answer.Shape);
                },
            },
            model.Decoder,
            model.Classes,
            model.Defaults);
    }

    private Drawing Read(params string[] arguments)
    {
        var options = new DrawingOptions();
        var command = new Command("draw");
        options.AddTo(command);
        return options.Read(command.Parse([.. arguments, "--model", _model.Folder, "--threads", "1"]));
    }

    private sealed class NoNoise : INoiseSource
    {
        public void Fill(Span<float> values) => values.Fill(float.NaN);
    }

    private sealed class NotANumber : IDecoder
    {
        public int PixelsPerCell => 1;

        public Medium Decode(Tensor latent) => new Picture(RgbImage.FromPixels(Tensor.Full(latent.Backend, latent.Shape, float.NaN)).Single());

        public void Dispose()
        {
        }
    }
}
