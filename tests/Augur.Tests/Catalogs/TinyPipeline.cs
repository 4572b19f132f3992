using Augur.Models.Flux2;
using Augur.Models.PixArt;
using Augur.Models.QwenImage;
using Augur.Models.Sd3;
using Augur.Models.UNet;
using Augur.Models.ZImage;
using Augur.Tensors.Weights;
using Augur.Tests.Weights;

namespace Augur.Tests.Catalogs;

/// <summary>
/// A diffusers pipeline folder of one family with random weights, small enough for a test: network, text encoders with tokenizers, autoencoder and
/// scheduler, each with the configuration that the family's published pipelines have. Two pixels a latent cell.
/// </summary>
internal sealed class TinyPipeline : IDisposable
{
    private const string Dpm = """
        {"_class_name": "DPMSolverMultistepScheduler", "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "solver_order": 2,
         "algorithm_type": "dpmsolver++", "prediction_type": "epsilon", "num_train_timesteps": 1000}
        """;

    private const string ScaledLinear = """
        "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000, "prediction_type": "epsilon",
        "steps_offset": 1, "timestep_spacing": "leading", "clip_sample": false, "set_alpha_to_one": false
        """;

    private const string ShiftOf3 = """
        {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": 3.0, "use_dynamic_shifting": false}
        """;

    private static readonly Dictionary<string, Action<TinyPipeline>> s_families = new()
    {
        ["PixArt-α"] = p => p.PixArt("PixArtAlphaPipeline", isAlpha: true),
        ["PixArt-Σ"] = p => p.PixArt("PixArtSigmaPipeline", isAlpha: false),
        ["SD3"] = p => Sd3(p, hasQueryKeyNorm: true),
        ["SD3-medium"] = p => Sd3(p, hasQueryKeyNorm: false),
        ["Qwen-Image"] = QwenImage,
        ["Z-Image"] = ZImage,
        ["FLUX.2-klein"] = Flux2,
        ["SD1.5"] = p => p.UNet(isLarge: false),
        ["SDXL"] = p => p.UNet(isLarge: true),
    };

    private readonly TemporaryFolder _folder = new();

    /// <summary>Writes it.</summary>
    public TinyPipeline(string family) => s_families[family](this);

    /// <summary>The families that have one.</summary>
    public static IEnumerable<string> Families => s_families.Keys;

    /// <summary>The folder.</summary>
    public string Path => _folder.Path;

    public void Dispose() => _folder.Dispose();

    private void PixArt(string pipeline, bool isAlpha)
    {
        var config = new PixArtConfig
        {
            InputSize = 8,
            InChannels = 4,
            HiddenSize = 24,
            Depth = 4,
            HeadCount = 2,
            MlpSize = 48,
            CaptionChannels = 32,
            HasSizeConditions = isAlpha,
        };
        var tensors = PixArtTensors.Diffusers(config);
        tensors.Remove("pos_embed.pos_embed"); // which files of diffusers do not have
        Write("transformer", new TinyWeightsFile().All(tensors), $$"""
            {"_class_name": "{{(isAlpha ? "PixArtTransformer2DModel" : "Transformer2DModel")}}", "num_attention_heads": 2, "sample_size": 8}
            """);
        Texts(TinyParts.T5(32));
        Autoencoder(4, isAlpha ? 0.18215 : 0.13025);
        Finish(pipeline, Dpm);
    }

    private static void Sd3(TinyPipeline p, bool hasQueryKeyNorm)
    {
        var config = new Sd3Config
        {
            InChannels = 16,
            HiddenSize = 24,
            HeadCount = 3,
            Depth = 4,
            HasQueryKeyNorm = hasQueryKeyNorm,
            MlpSize = 48,
            TextChannels = 192,
            PooledChannels = 192,
            PositionSize = 8,
        };
        p.Write("transformer", new TinyWeightsFile().All(Sd3Tensors.Diffusers(config)), """{"_class_name": "SD3Transformer2DModel"}""");
        p.Texts(Projected(64), Projected(128), TinyParts.T5(192));
        p.Autoencoder(16, 1.5305, 0.0609);
        p.Finish("StableDiffusion3Pipeline", ShiftOf3);
    }

    private static void QwenImage(TinyPipeline p)
    {
        var config = new QwenImageConfig { InChannels = 64, HiddenSize = 24, HeadCount = 2, BlockCount = 4, TextChannels = 16, MlpSize = 48 };
        p.Write("transformer", new TinyWeightsFile().All(QwenImageLayouts.Expected(config)), """
            {"_class_name": "QwenImageTransformer2DModel", "axes_dims_rope": [4, 4, 4]}
            """);
        p.Texts(TinyParts.Decoder(16, 2));
        p.Write("vae", TinyParts.CausalAutoencoder(), """
            {"_class_name": "AutoencoderKLQwenImage", "base_dim": 8, "dim_mult": [1, 2], "num_res_blocks": 1, "temperal_downsample": [false],
             "z_dim": 16}
            """);
        p.Finish("QwenImagePipeline", """
            {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "use_dynamic_shifting": true, "base_shift": 0.5,
             "max_shift": 0.9, "base_image_seq_len": 256, "max_image_seq_len": 8192, "shift": 1.0, "shift_terminal": 0.02,
             "time_shift_type": "exponential"}
            """);
    }

    private static void ZImage(TinyPipeline p)
    {
        var config = new ZImageConfig
        {
            InChannels = 64,
            HiddenSize = 24,
            HeadCount = 2,
            BlockCount = 4,
            NoiseRefinerCount = 1,
            ContextRefinerCount = 1,
            TextChannels = 16,
            MlpSize = 48,
            TimeSize = 32,
            VectorSize = 16,
        };
        using var nothing = Checkpoint.FromBytes("nothing.safetensors", new SafetensorsWriter().ToArray());
        p.Write("transformer", new TinyWeightsFile().All(ZImageLayouts.Expected(nothing, config)), """
            {"_class_name": "ZImageTransformer2DModel", "axes_dims": [4, 4, 4]}
            """);
        p.Texts(TinyParts.Decoder(16, 3));
        p.Autoencoder(16, 0.3611, 0.1159);
        p.Finish("ZImagePipeline", ShiftOf3);
    }

    private static void Flux2(TinyPipeline p)
    {
        var config = new Flux2Config
        {
            InChannels = 128,
            HiddenSize = 24,
            HeadCount = 2,
            DoubleBlockCount = 2,
            SingleBlockCount = 2,
            TextChannels = 48,
            MlpSize = 48,
        };
        using var names = Checkpoint.Open(Fixtures.Path("flux2-core/weights.safetensors")); // diffusers' names
        p.Write("transformer", new TinyWeightsFile().All(Flux2Layouts.Expected(names, config)), """
            {"_class_name": "Flux2Transformer2DModel", "axes_dims_rope": [2, 4, 4, 2]}
            """);
        p.Texts(TinyParts.Decoder(16, 28)); // of which layer 27 is read
        var vae = TinyParts.Autoencoder(32).Add("bn.running_mean", new float[128], [128])
            .Add("bn.running_var", [.. Enumerable.Repeat(1f, 128)], [128]);
        p.Write("vae", vae, VaeConfig("AutoencoderKLFlux2", 32, "\"batch_norm_eps\": 0.0001, \"patch_size\": [2, 2]"));
        p.Finish("Flux2KleinPipeline", """
            {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": 3.0, "use_dynamic_shifting": true}
            """);
    }

    private void UNet(bool isLarge)
    {
        var (text, pooled) = isLarge ? (192, 128) : (64, 0);
        var config = new UNetConfig
        {
            BlockChannels = [32, 64],
            LayersPerBlock = 1,
            TransformerDepths = isLarge ? [0, 1] : [1, 0],
            MiddleDepth = 1,
            HeadCounts = [2, 2],
            CrossChannels = text,
            HasLinearProjections = isLarge,
            PooledChannels = pooled,
            SizeChannels = 16,
        };
        var types = isLarge ? ("\"DownBlock2D\", \"CrossAttnDownBlock2D\"", "\"CrossAttnUpBlock2D\", \"UpBlock2D\"")
            : ("\"CrossAttnDownBlock2D\", \"DownBlock2D\"", "\"UpBlock2D\", \"CrossAttnUpBlock2D\"");
        var large = isLarge ? $$"""
            , "use_linear_projection": true, "addition_embed_type": "text_time", "addition_time_embed_dim": 16,
            "projection_class_embeddings_input_dim": {{pooled + (6 * 16)}}
            """ : "";
        Write("unet", new TinyWeightsFile().All(new UNetExpectation(config, new DiffusersUNetNames(2), "").Tensors()), $$"""
            {"_class_name": "UNet2DConditionModel", "block_out_channels": [32, 64], "down_block_types": [{{types.Item1}}],
             "up_block_types": [{{types.Item2}}], "layers_per_block": 1, "attention_head_dim": 2, "cross_attention_dim": {{text}},
             "sample_size": 8{{large}}}
            """);
        Autoencoder(4, isLarge ? 0.13025 : 0.18215);
        if (isLarge)
        {
            Texts(TinyParts.Clip(64, layers: 2), Projected(128));
            Finish("StableDiffusionXLPipeline", $$"""{"_class_name": "EulerDiscreteScheduler", {{ScaledLinear}}}""");
        }
        else
        {
            Texts(TinyParts.Clip(64));
            Finish("StableDiffusionPipeline", $$"""{"_class_name": "PNDMScheduler", "skip_prk_steps": true, {{ScaledLinear}}}""");
        }
    }

    // As diffusers keeps CLIP-L and bigG of SD3 and SDXL.
    private static TinyWeightsFile Projected(int width) => TinyParts.Clip(width, layers: 2).Linear("text_projection", width, width, bias: false);

    // Encoders in their slots, each with its tokenizer.
    private void Texts(params TinyWeightsFile[] encoders)
    {
        foreach (var (index, encoder) in encoders.Index())
        {
            var slot = index == 0 ? "" : $"_{index + 1}";
            Write($"text_encoder{slot}", encoder, null);
            var tokenizer = _folder.File($"tokenizer{slot}");
            if (encoder.Names.Contains("shared.weight"))
            {
                TinyParts.WriteT5Tokenizer(tokenizer);
            }
            else if (encoder.Names.Contains("model.norm.weight"))
            {
                TinyParts.WriteChatTokenizer(tokenizer);
            }
            else
            {
                TinyParts.WriteClipTokenizer(tokenizer);
            }
        }
    }

    private void Autoencoder(int channels, double scale, double shift = 0) => Write("vae", TinyParts.Autoencoder(channels), VaeConfig(
        "AutoencoderKL", channels, FormattableString.Invariant($"\"scaling_factor\": {scale}, \"shift_factor\": {shift}")));

    private static string VaeConfig(string name, int channels, string more) => $$"""
        {"_class_name": "{{name}}", "block_out_channels": [32, 32], "layers_per_block": 1, "latent_channels": {{channels}}, "norm_num_groups": 32,
         "use_quant_conv": false, "use_post_quant_conv": false, {{more}}}
        """;

    private void Write(string part, TinyWeightsFile weights, string? config)
    {
        var name = part is "transformer" or "unet" or "vae" ? "diffusion_pytorch_model" : "model";
        weights.Save(_folder.File($"{part}/{name}.safetensors"));
        if (config is not null)
        {
            System.IO.File.WriteAllText(_folder.File($"{part}/config.json"), config);
        }
    }

    private void Finish(string pipeline, string scheduler)
    {
        Directory.CreateDirectory(_folder.File("scheduler"));
        System.IO.File.WriteAllText(_folder.File("scheduler/scheduler_config.json"), scheduler);
        System.IO.File.WriteAllText(_folder.File("model_index.json"), $$"""{"_class_name": "{{pipeline}}", "_diffusers_version": "0.36.0"}""");
    }
}
