using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tests.Vulkan;

namespace Augur.Tests.Cli;

/// <summary><c>--device</c>: what computes is chosen by name, and a name that is none is one sentence.</summary>
public sealed class DeviceTests : IDisposable
{
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-device").FullName;

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_picture_is_drawn_on_the_device_that_was_asked_for()
    {
        var (code, output, _) = await CommandLine.Run(
            "generate", "--class", "1", "--steps", "2", "--json", "--device", "reference", "--model", _model.Folder, "--out",
                Path.Combine(_folder, "g.png"));
        Assert.Equal(0, code);
        Assert.Contains("reference (plain loops, double sums)", output);
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("compare", "--policies", "none")]
    [InlineData("bench", "--policies", "none")]
    [InlineData("replay", "nowhere")]
    public async Task A_device_that_is_not_there_is_wrong_use_and_named_with_those_there_are(params string[] command)
    {
        var (code, _, error) = await CommandLine.Run([.. command, "--device", "abacus:0"]);
        Assert.Equal(2, code);
        Assert.Contains("There is no device 'abacus:0'; it can be cpu, reference, vulkan:N.", error);
    }

    [Fact]
    public async Task What_can_be_computed_on_is_listed_by_the_words_that_device_takes()
    {
        var (code, output, _) = await CommandLine.Run("devices");
        Assert.Equal(0, code);
        Assert.Contains("  cpu ", output);
        Assert.Contains(VulkanForTests.IsThere ? "vulkan:0" : "vulkan", output);
        var (jsonCode, json, _) = await CommandLine.Run("devices", "--json");
        Assert.Equal(0, jsonCode);
        using var document = System.Text.Json.JsonDocument.Parse(json);
        var choices = document.RootElement.GetProperty("devices").EnumerateArray().Select(d => d.GetProperty("choice").GetString()!).ToArray();
        Assert.Equal(["cpu", "reference"], choices[..2]);
        Assert.All(choices, choice => Augur.Catalogs.BackendCatalog.Parse(choice));
    }

    [Fact]
    public async Task The_report_says_in_which_type_activations_were_kept()
    {
        var (code, output, _) = await CommandLine.Run(
            "generate", "--class", "1", "--steps", "2", "--json", "--activations", "bfloat16", "--threads", "1", "--model", _model.Folder, "--out",
                Path.Combine(_folder, "h.png"));
        Assert.Equal(0, code);
        Assert.Contains("1 thread, BFloat16 activations)", output);
    }

    [Fact]
    public async Task Products_of_integers_are_refused_where_no_weight_is_quantised()
    {
        var (code, _, error) = await CommandLine.Run(
            "generate", "--class", "1", "--steps", "2", "--json", "--precision", "int16", "--threads", "1", "--model", _model.Folder, "--out",
                Path.Combine(_folder, "i.png"));
        Assert.Equal(2, code);
        Assert.Contains("--precision int16 multiplies quantised weights by integers, and this model has none", error);
    }

    [Fact]
    public async Task Products_of_integers_draw_almost_the_same_picture_where_weights_are_quantised()
    {
        var model = Path.Combine(_folder, "model.gguf");
        Assert.Equal(0, (await CommandLine.Run("convert", _model.Folder, "--type", "q8_0", "--out", model)).Code);
        var (code, output, error) = await CommandLine.Run(
            "generate", "--class", "1", "--steps", "2", "--json", "--precision", "int16", "--threads", "1", "--model", model, "--out",
                Path.Combine(_folder, "i.png"));
        Assert.True(code == 0, error);
        Assert.Contains("Int16 products with quantised weights", output);
        var (singles, integers) = (await Latent(model, integerProducts: false), await Latent(model, integerProducts: true));
        Assert.NotEqual(singles, integers);
        Assert.InRange(singles.Zip(integers, (x, y) => Math.Abs(x - y)).Max(), 0, 0.01);
    }

    [Fact]
    public async Task Activations_that_are_none_are_wrong_use()
    {
        var (code, _, error) = await CommandLine.Run("generate", "--activations", "float8");
        Assert.Equal(2, code);
        Assert.Contains("--activations is float32, float16 or bfloat16, not 'float8'.", error);
    }

    [Fact]
    public async Task A_precision_that_is_none_is_wrong_use()
    {
        var (code, _, error) = await CommandLine.Run("generate", "--precision", "bfloat16");
        Assert.Equal(2, code);
        Assert.Contains("--precision is float32, float16 or int16, not 'bfloat16'.", error);
    }

    private static async Task<float[]> Latent(string path, bool integerProducts)
    {
        using var backend = BackendCatalog.Open("cpu", new BackendSettings { Threads = 1, IntegerProducts = integerProducts });
        using var model = ModelCatalog.Load(path, backend);
        Assert.Equal(integerProducts, backend.HasIntegerWeights);
        return (await new GenerationPipeline(model).GenerateAsync(
            new GenerationRequest { Condition = new ClassCondition(1), Steps = 2 })).Latent;
    }
}
