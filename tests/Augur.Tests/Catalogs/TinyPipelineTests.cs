using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
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
        string[] policies = family is "SD1.5" or "SDXL" ? ["none", "taylorseer(interval=3,order=1)", "deepcache(interval=3)", "augur"]
            : ["none", "taylorseer(interval=3,order=1)", "speca", "augur"]; // a U-Net is no chain of blocks
        foreach (var policy in policies)
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

    private static GenerationRequest Small(DiffusionModel model, string text, int seed, string policy) => model.Request(text, seed) with
    {
        LatentShape = [model.Denoiser.LatentShape[0], 8, 8],
        Steps = 7,
        Cache = PolicyCatalog.Parse(policy),
    };
}
