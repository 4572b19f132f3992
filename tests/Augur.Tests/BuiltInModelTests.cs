using Augur.Catalogs;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tuning;

namespace Augur.Tests;

public sealed class BuiltInModelTests
{
    [Fact]
    public void It_fits_its_configuration_and_names_its_classes()
    {
        var found = ModelInspection.Inspect(ModelCatalog.BuiltInPath);
        Assert.Empty(found.Missing);
        Assert.Empty(found.Unused);
        Assert.Contains("octopus", found.Classes);
        Assert.True(found.Weights.ByteCount < 40_000_000, $"{found.Weights.ByteCount} bytes");
    }

    [Fact]
    public void A_program_without_the_package_is_told_its_name()
    {
        var missing = Assert.Throws<WeightFileException>(() => BuiltInFiles.Find("models/emoji", "the built-in model", "/program"));
        Assert.Equal(
            "/program/models/emoji: the built-in model is not beside the program; the package Augur.Models.Emoji brings it.", missing.Message);
    }

    [Fact]
    public void Nothing_to_load_or_to_compute_on_is_an_argument_error()
    {
        using var backend = new CpuBackend();
        Assert.Equal("path", Assert.Throws<ArgumentNullException>(() => ModelCatalog.Load(null!, backend)).ParamName);
        Assert.Equal("backend", Assert.Throws<ArgumentNullException>(() => ModelCatalog.LoadBuiltIn(null!)).ParamName);
    }

    [Fact]
    public async Task It_draws_what_it_is_asked_for_on_white()
    {
        using var backend = new CpuBackend();
        using var model = ModelCatalog.LoadBuiltIn(backend);
        string[] names = ["red apple", "green apple", "lemon", "dolphin"];
        var results = await new GenerationPipeline(model).GenerateAsync([.. names.Select(n => model.Request(n, seed: 5) with { Steps = 20 })]);
        var colours = results.Select(r => MeanColour(r.Image)).ToArray();
        Assert.True(colours[0].Red > colours[0].Green + 40, $"a red apple is red, not {colours[0]}");
        Assert.True(colours[1].Green > colours[1].Red + 10, $"a green apple is green, not {colours[1]}");
        Assert.True(colours[2].Blue < colours[2].Red - 60 && colours[2].Blue < colours[2].Green - 60, $"a lemon is yellow, not {colours[2]}");
        Assert.True(colours[3].Blue > colours[3].Red + 30, $"a dolphin is blue, not {colours[3]}");
        Assert.All(results, r => Assert.All(r.Image.Rgb[..3].ToArray(), corner => Assert.True(corner > 200, "the corner is white")));
    }

    [Fact]
    public void Every_word_of_quality_has_a_profile_that_held_it_on_pictures_its_search_never_saw()
    {
        var weights = ModelIdentity.HashOf(ModelCatalog.BuiltInPath);
        var speed = 1.5;
        foreach (var word in QualityWord.All)
        {
            var path = ModelCatalog.FindProfile(modelPath: null, word.Word) ?? throw new FileNotFoundException(word.Word);
            var (_, policy, about) = Profile.Read(path);
            Assert.NotEqual("none", policy);
            Assert.Equal((weights, "ddim", 50, 50, 2.0), (about.Weights, about.Sampler, about.Steps, about.Calls, about.Guidance));
            Assert.True(about.PsnrLower >= word.Psnr, $"{word} asks for {word.Psnr} dB");
            Assert.True(about.FloorPsnr == word.Floor && about.ShareBelow <= word.Share, $"{word} allows {word.Share:0.##%} below {word.Floor} dB");
            Assert.True(about.Speedup > speed, $"{word} is faster than the word before");
            speed = about.Speedup!.Value;
        }
    }

    // Of the middle quarter of the picture.
    private static (double Red, double Green, double Blue) MeanColour(RgbImage image)
    {
        var sums = new double[3];
        for (var y = image.Height / 4; y < image.Height * 3 / 4; y++)
        {
            for (var x = image.Width / 4; x < image.Width * 3 / 4; x++)
            {
                for (var c = 0; c < 3; c++)
                {
                    sums[c] += image.Rgb[(3 * ((y * image.Width) + x)) + c];
                }
            }
        }

        var count = image.Width * image.Height / 4.0;
        return (sums[0] / count, sums[1] / count, sums[2] / count);
    }
}
