using Augur.Catalogs;
using Augur.Models.UNet;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Cli;
using Augur.Tests.Weights;

namespace Augur.Tests.Catalogs;

/// <summary>
/// Networks of Stable Diffusion 2's width answer with noise (512 pixels) or with velocity (768 pixels) and have the same tensors: a file alone does
/// not say which.
/// </summary>
public sealed class UNetPredictionTests : IDisposable
{
    private const string Remark = " does not say what its answer means: noise is taken, and networks for 768 pixels of this size "
        + "answer with velocity; the pipeline's scheduler_config.json beside the file would say";

    private readonly CpuBackend _backend = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_single_file_alone_is_taken_to_answer_with_noise_and_whoever_draws_with_it_is_told()
    {
        var path = Write(marker: null);
        using (var model = ModelCatalog.Load(path, _backend))
        {
            Assert.Equal(Prediction.Epsilon, Assert.IsType<UNetModel>(model.Denoiser).Config.Prediction);
            Assert.Contains(
                model.Remarks, remark => remark.StartsWith(path, StringComparison.Ordinal) && remark.EndsWith(Remark, StringComparison.Ordinal));
        }

        Assert.Equal("epsilon", ModelInspection.Inspect(path).Sizes["output"]);
        string[] options = ["--model", path, "--size", "64", "--steps", "2", "--policy", "none", "--out", _folder.File("g.png")];
        var (code, output, error) = await CommandLine.Run(["generate", "a red apple", .. options]);
        Assert.True(code == 0, error);
        Assert.Contains(Remark, (output + error).ReplaceLineEndings(" "));
    }

    [Theory]
    [InlineData("v_prediction", null, Prediction.Velocity)]
    [InlineData("epsilon", null, Prediction.Epsilon)]
    [InlineData(null, "v_pred", Prediction.Velocity)] // an empty tensor, as fine-tunes have it
    public async Task A_scheduler_beside_the_file_or_a_mark_in_it_says_what_the_answer_means(string? type, string? marker, Prediction expected)
    {
        var path = Write(marker);
        if (type is not null)
        {
            File.WriteAllText(_folder.File("scheduler_config.json"), $$"""
                {"_class_name": "DDIMScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "clip_sample": false,
                 "num_train_timesteps": 1000, "prediction_type": "{{type}}", "set_alpha_to_one": false, "steps_offset": 1}
                """);
        }

        using var model = ModelCatalog.Load(path, _backend);
        Assert.Equal(expected, Assert.IsType<UNetModel>(model.Denoiser).Config.Prediction);
        Assert.DoesNotContain(model.Remarks, remark => remark.Contains("what its answer means", StringComparison.Ordinal));
        var drawn = await Draw(model);
        File.Delete(_folder.File("scheduler_config.json"));
        using var alone = ModelCatalog.Load(Write(marker: null), _backend);
        var sampler = model.Defaults.Sampler;
        var taken = await Draw(alone, sampler);
        Assert.Equal(expected == Prediction.Epsilon, drawn.AsSpan().SequenceEqual(taken)); // another meaning, another picture
    }

    private static async Task<byte[]> Draw(DiffusionModel model, ISampler? sampler = null)
    {
        var request = model.Request("a red apple", seed: 5) with
        {
            LatentShape = [4, 8, 8],
            Steps = 2,
            Sampler = sampler ?? model.Defaults.Sampler,
            Cache = PolicyCatalog.Parse("none"),
        };
        return [.. (await new GenerationPipeline(model).GenerateAsync(request)).Image.Rgb];
    }

    // Network, text encoder and autoencoder under the original prefixes, with the tokenizer beside.
    private string Write(string? marker)
    {
        var config = new UNetConfig
        {
            BlockChannels = [64, 128],
            LayersPerBlock = 1,
            TransformerDepths = [1, 0],
            MiddleDepth = 1,
            HeadCounts = [1, 2],
            CrossChannels = 1024,
            HasLinearProjections = true,
        };
        var writer = new SafetensorsWriter();
        var network = new UNetExpectation(config, new OriginalUNetNames(2, 1), "").Tensors();
        new TinyWeightsFile().All(network).Into(writer, "model.diffusion_model.");
        TinyParts.Clip(1024).Into(writer, "cond_stage_model.transformer.");
        TinyParts.Autoencoder(4).Into(writer, "first_stage_model.");
        if (marker is not null)
        {
            writer.Add(marker, Array.Empty<float>(), [0]);
        }

        TinyParts.WriteClipTokenizer(_folder.Path);
        var path = _folder.File("sd2.safetensors");
        writer.Save(path);
        return path;
    }
}
