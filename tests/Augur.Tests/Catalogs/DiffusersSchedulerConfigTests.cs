using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Weights;

namespace Augur.Tests.Catalogs;

/// <summary>scheduler_config.json: followed, or refused by name.</summary>
public sealed class DiffusersSchedulerConfigTests : IDisposable
{
    private const string Built =
        "DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler, DPMSolverSDEScheduler, EulerAncestralDiscreteScheduler, "
        + "EulerDiscreteScheduler, FlowMatchEulerDiscreteScheduler, FlowMatchHeunDiscreteScheduler, HeunDiscreteScheduler, LCMScheduler, "
        + "LMSDiscreteScheduler, PNDMScheduler, UniPCMultistepScheduler";

    private const string OldDdim = """
        "_class_name": "DDIMScheduler", "_diffusers_version": "0.12.0.dev0", "clip_sample": false, "num_train_timesteps": 1000, "trained_betas": null
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]

    // As DiT was published: no spacing, which is leading.
    [InlineData(
        OldDdim + """
        , "beta_end": 0.02, "beta_schedule": "linear", "beta_start": 0.0001, "prediction_type": "epsilon", "set_alpha_to_one": true,
        "steps_offset": 0
        """,
        "ddim(spacing=leading)",
        Prediction.Epsilon)]
    [InlineData(
        OldDdim + """, "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "set_alpha_to_one": false, "steps_offset": 1""",
        "ddim(end_at_image=false,spacing=leading,steps_offset=1,betas=scaled_linear,beta_start=0.00085,beta_end=0.012)",
        Prediction.Epsilon)]
    [InlineData(OldDdim + """, "prediction_type": "v_prediction" """, "ddim(spacing=leading)", Prediction.Velocity)]
    [InlineData(OldDdim + """, "prediction_type": "sample", "timestep_spacing": "linspace" """, "ddim(spacing=linspace)", Prediction.Image)]
    [InlineData(
        OldDdim + """, "prediction_type": "v_prediction", "rescale_betas_zero_snr": true, "timestep_spacing": "trailing" """,
        "ddim(spacing=trailing,zero_snr=true)",
        Prediction.Velocity)]

    // What is not said is the class's default: a clip at 1.
    [InlineData(""" "_class_name": "DDIMScheduler" """, "ddim(rederive_noise=false,spacing=leading,clip=1)", Prediction.Epsilon)]
    [InlineData(
        """ "_class_name": "DDPMScheduler", "clip_sample_range": 2.5, "beta_schedule": "squaredcos_cap_v2", "num_train_timesteps": 500 """,
        "ddpm(variance=fixed_small,spacing=leading,betas=cosine,trained_steps=500,clip=2.5)",
        Prediction.Epsilon)]
    [InlineData(
        """ "_class_name": "DDPMScheduler", "clip_sample": false, "variance_type": "learned_range" """,
        "ddpm(spacing=leading)",
        Prediction.Epsilon)]
    [InlineData(
        """ "_class_name": "DDPMScheduler", "clip_sample": false, "variance_type": "fixed_large" """,
        "ddpm(variance=fixed_large,spacing=leading)",
        Prediction.Epsilon)]

    // Python's word for infinity, and settings of other classes that diffusers keeps in the file.
    [InlineData(
        """
        "_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity, "clip_sample": true, "skip_prk_steps": true,
        "solver_type": "midpoint"
        """,
        "dpm++",
        Prediction.Epsilon)]
    [InlineData(
        """
        "_class_name": "DPMSolverMultistepScheduler", "solver_order": 1, "use_karras_sigmas": true, "final_sigmas_type": "sigma_min",
        "lower_order_final": false, "euler_at_final": true, "timestep_spacing": "leading", "steps_offset": 1
        """,
        "dpm++(order=1,lower_order_final=false,end_at_image=false,first_order_final=true,karras=true,spacing=leading,steps_offset=1)",
        Prediction.Epsilon)]
    [InlineData(
        """ "_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": 3.0 """,
        "euler(shift=3,grid=trained)",
        Prediction.Flow)]
    [InlineData(
        """
        "_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0, "use_dynamic_shifting": true, "base_shift": 0.95, "max_shift": 2.05,
        "base_image_seq_len": 1024, "max_image_seq_len": 8192, "shift_terminal": 0.1, "time_shift_type": "linear"
        """,
        "euler(dynamic=true,base_shift=0.95,max_shift=2.05,base_tokens=1024,max_tokens=8192,time_shift=linear,terminal=0.1,grid=trained)",
        Prediction.Flow)]
    [InlineData(
        """ "_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "sde-dpmsolver++", "use_karras_sigmas": true """,
        "dpm++2m-sde(karras=true)",
        Prediction.Epsilon)]
    [InlineData(
        """
        "_class_name": "PNDMScheduler", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "clip_sample": false,
        "set_alpha_to_one": false, "skip_prk_steps": true, "steps_offset": 1, "trained_betas": null
        """,
        "pndm(steps_offset=1,betas=scaled_linear,beta_start=0.00085,beta_end=0.012)",
        Prediction.Epsilon)]
    [InlineData(""" "_class_name": "PNDMScheduler" """, "pndm(runge_kutta=true)", Prediction.Epsilon)]
    [InlineData(
        """ "_class_name": "EulerDiscreteScheduler", "timestep_spacing": "leading", "use_karras_sigmas": true, "prediction_type": "v_prediction" """,
        "k-euler(karras=true,spacing=leading)",
        Prediction.Velocity)]
    [InlineData(
        """ "_class_name": "EulerAncestralDiscreteScheduler", "timestep_spacing": "trailing" """, "euler-a(spacing=trailing)", Prediction.Epsilon)]
    [InlineData(
        """ "_class_name": "HeunDiscreteScheduler" """, "k-heun(beta_start=0.00085,beta_end=0.012)", Prediction.Epsilon)]
    [InlineData(""" "_class_name": "LMSDiscreteScheduler", "final_sigmas_type": "zero" """, "lms", Prediction.Epsilon)]
    [InlineData(
        """ "_class_name": "DPMSolverSDEScheduler", "noise_sampler_seed": null """,
        "dpm++sde(beta_start=0.00085,beta_end=0.012)",
        Prediction.Epsilon)]
    [InlineData(
        """ "_class_name": "UniPCMultistepScheduler", "solver_order": 3, "solver_type": "bh1", "final_sigmas_type": "sigma_min", "solver_p": null """,
        "unipc(order=3,variant=bh1,end_at_image=false)",
        Prediction.Epsilon)]
    [InlineData(
        """ "_class_name": "LCMScheduler", "original_inference_steps": 40 """,
        "lcm(original_steps=40,spacing=leading,betas=scaled_linear,beta_start=0.00085,beta_end=0.012)",
        Prediction.Epsilon)]
    [InlineData(""" "_class_name": "FlowMatchHeunDiscreteScheduler", "shift": 2.0 """, "heun(shift=2,grid=trained)", Prediction.Flow)]
    public void What_the_file_says_is_what_is_drawn_with(string fields, string sampler, Prediction prediction)
    {
        var read = DiffusersScheduler.Read(Save(fields));
        Assert.Equal((sampler, prediction), (read.Sampler.Name, read.Prediction));
    }

    [Fact]
    public void Betas_that_are_given_one_by_one_are_taken()
    {
        var fields = OldDdim.Replace("1000", "3", StringComparison.Ordinal).Replace("null", "[0.1, 0.2, 0.3]", StringComparison.Ordinal);
        var read = DiffusersScheduler.Read(Save(fields));
        Assert.Equal("ddim(spacing=leading,betas=given,trained_steps=3)", read.Sampler.Name);
        Assert.Equal([0.1, 0.2, 0.3], Assert.IsType<DdimSampler>(read.Sampler).Options.TrainedBetas.ToArray());
    }

    [Theory]
    [InlineData(
        """ "_class_name": "KDPM2DiscreteScheduler" """,
        "_class_name is 'KDPM2DiscreteScheduler'; built are " + Built + ".")]
    [InlineData(""" "beta_start": 0.1 """, "_class_name is missing.")]
    [InlineData(OldDdim + """, "prediction_type": "flow" """, "prediction_type is 'flow'; built are epsilon, v_prediction, sample.")]
    [InlineData(OldDdim + """, "beta_schedule": "sigmoid" """, "beta_schedule is 'sigmoid'; built are linear, scaled_linear, squaredcos_cap_v2.")]
    [InlineData(OldDdim + """, "beta_schedule": 7 """, "beta_schedule is 7, not a text.")]
    [InlineData(OldDdim + """, "steps_offset": "1" """, "steps_offset is \"1\", not a whole number.")]
    [InlineData(OldDdim + """, "set_alpha_to_one": 1 """, "set_alpha_to_one is 1, not true or false.")]
    [InlineData(OldDdim + """, "beta_end": [0.02] """, "beta_end is a list, not a finite number.")]
    [InlineData(OldDdim + """, "beta_end": NaN """, "beta_end is \"NaN\", not a finite number.")]
    [InlineData(OldDdim + """, "beta_end": 7 """, "beta_end is 7; it lies above 0 and below 1.")]
    [InlineData(OldDdim + """, "thresholding": true """, "thresholding is true; only false is built.")]
    [InlineData(OldDdim + """, "use_ddim_magic": 3 """, "use_ddim_magic is not a setting that is known of diffusers' schedulers.")]
    [InlineData(""" "_class_name": "DDIMScheduler", "trained_betas": [0.1, 0.2] """, "There are 2 trained betas for 1000 trained timesteps.")]
    [InlineData(""" "_class_name": "DDIMScheduler", "trained_betas": [0.1, null] """, "trained_betas[1] is null, not a value.")]
    [InlineData(
        """ "_class_name": "DDPMScheduler", "variance_type": "learned" """,
        "variance_type is 'learned'; built are fixed_small, fixed_small_log, fixed_large, learned_range.")]
    [InlineData(
        """ "_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "dpmsolver" """,
        "algorithm_type is 'dpmsolver'; built are dpmsolver++, sde-dpmsolver++.")]
    [InlineData(""" "_class_name": "DPMSolverMultistepScheduler", "solver_order": 4 """, "order is 4; it lies between 1 and 3.")]
    [InlineData(""" "_class_name": "DPMSolverMultistepScheduler", "use_lu_lambdas": true """, "use_lu_lambdas is true; only false is built.")]
    [InlineData(
        """ "_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -5.1 """,
        "lambda_min_clipped is '-5.1'; only -Infinity is built.")]
    [InlineData(
        """ "_class_name": "FlowMatchEulerDiscreteScheduler", "stochastic_sampling": true """,
        "stochastic_sampling is true; only false is built.")]
    [InlineData(
        """ "_class_name": "FlowMatchHeunDiscreteScheduler", "num_train_timesteps": 500 """,
        "num_train_timesteps is 500; only 1000 is built.")]
    public void What_cannot_be_followed_is_refused_by_file_field_and_value(string fields, string message)
    {
        var path = Save(fields);
        Assert.Equal($"{path}: {message}", Assert.Throws<WeightFileException>(() => DiffusersScheduler.Read(path)).Message);
    }

    [Fact]
    public async Task A_pipeline_draws_with_the_prediction_and_the_sampler_of_its_scheduler()
    {
        const float Tolerance = 1e-3f;
        var old = await DrawOneStep("epsilon");
        var velocity = await DrawOneStep("v_prediction");
        Assert.Equal(("ddim(spacing=leading)", Prediction.Epsilon), (old.Sampler, old.Prediction));
        Assert.Equal(("ddim(spacing=leading)", Prediction.Velocity), (velocity.Sampler, velocity.Prediction));

        // One step from the last timestep leads to the network's image. From noise x and the same answer o, that is (x − √(1−ᾱ)·o)/√ᾱ where o
        // means ε, and √ᾱ·x − √(1−ᾱ)·o where it means v.
        var alpha = 1.0;
        for (var i = 0; i < 1000; i++)
        {
            alpha *= 1 - (0.0001 + ((0.02 - 0.0001) * i / 999));
        }

        var x = new float[velocity.Latent.Length];
        new TorchCpuNoise(5).Fill(x);
        for (var i = 0; i < x.Length; i++)
        {
            var answer = (x[i] - (Math.Sqrt(alpha) * old.Latent[i])) / Math.Sqrt(1 - alpha);
            Assert.Equal((float)((Math.Sqrt(alpha) * x[i]) - (Math.Sqrt(1 - alpha) * answer)), velocity.Latent[i], Tolerance);
        }
    }

    [Fact]
    public void A_pipeline_of_the_time_when_DiT_was_published_is_read()
    {
        var pipeline = Pipeline("epsilon", networkClass: "Transformer2DModel");
        var source = ModelSource.Find(pipeline);
        Assert.Equal((Prediction.Epsilon, "ddim(spacing=leading)"), (source.Config!.Prediction, source.Defaults.Sampler.Name));
    }

    [Fact]
    public void The_network_s_own_folder_and_file_follow_the_scheduler_beside_them()
    {
        var pipeline = Pipeline("v_prediction");
        var transformer = Path.Combine(pipeline, "transformer");
        foreach (var path in new[] { pipeline, transformer, Path.Combine(transformer, "diffusion_pytorch_model.safetensors") })
        {
            var source = ModelSource.Find(path);
            Assert.Equal((Prediction.Velocity, "ddim(spacing=leading)"), (source.Config!.Prediction, source.Defaults.Sampler.Name));
        }
    }

    private async Task<(string Sampler, Prediction Prediction, float[] Latent)> DrawOneStep(string prediction)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = ModelCatalog.Load(Pipeline(prediction), backend);
        var request = model.Request(2, seed: 5) with { Steps = 1, Guidance = new Guidance(1) };
        var result = await new GenerationPipeline(model).GenerateAsync(request);
        return (model.Defaults.Sampler.Name, model.Denoiser.Prediction, result.Latent);
    }

    // A pipeline as diffusers writes it, of the small networks that diffusers made.
    private string Pipeline(string prediction, string networkClass = "DiTTransformer2DModel")
    {
        var root = _folder.File(prediction);
        Write("model_index.json", """{"_class_name": "DiTPipeline", "scheduler": ["diffusers", "DDIMScheduler"]}""");
        Write("scheduler/scheduler_config.json", $$"""{ {{OldDdim}}, "prediction_type": "{{prediction}}" }""");
        Write("transformer/config.json", $$"""
            {"_class_name": "{{networkClass}}", "num_attention_heads": 4, "attention_head_dim": 8, "in_channels": 4, "out_channels": 8,
             "num_layers": 3, "attention_bias": true, "sample_size": 8, "patch_size": 2, "activation_fn": "gelu-approximate",
             "num_embeds_ada_norm": 10, "norm_type": "ada_norm_zero", "norm_elementwise_affine": false, "norm_eps": 1e-05}
            """);
        Write("vae/config.json", """
            {"_class_name": "AutoencoderKL", "in_channels": 3, "out_channels": 3, "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D"],
             "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D"], "block_out_channels": [16, 32], "layers_per_block": 1, "act_fn": "silu",
             "latent_channels": 4, "norm_num_groups": 8, "sample_size": 16, "scaling_factor": 0.18215}
            """);
        File.Copy(Fixtures.Path("diffusers/dit_weights.safetensors"), Path.Combine(root, "transformer", "diffusion_pytorch_model.safetensors"));
        File.Copy(Fixtures.Path("diffusers/vae_weights.safetensors"), Path.Combine(root, "vae", "diffusion_pytorch_model.safetensors"));
        return root;

        void Write(string file, string text)
        {
            var path = Path.Combine(root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    private string Save(string fields)
    {
        var path = _folder.File("scheduler_config.json");
        File.WriteAllText(path, $$"""{ {{fields}} }""");
        return path;
    }
}
