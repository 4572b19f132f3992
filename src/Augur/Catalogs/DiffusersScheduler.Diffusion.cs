using Augur.Sampling;

namespace Augur.Catalogs;

/// <content>The schedulers of Stable Diffusion's pipelines.</content>
internal sealed partial record DiffusersScheduler
{
    // Those that count in noise levels: Euler, Euler ancestral, Heun, linear multistep, DPM-Solver++ SDE.
    private static DiffusersScheduler Levels(
        SchedulerFields fields, Func<SigmaOptions, ISampler> make, double start = 1e-4, double end = 0.02, bool clips = false)
    {
        fields.RequireOff("use_exponential_sigmas", "use_beta_sigmas");
        fields.Choice("interpolation_type", "linear", ("linear", true));
        fields.Choice("timestep_type", "discrete", ("discrete", true));
        RequireAbsent(fields, "sigma_min", "sigma_max");
        var options = fields.Trained(new SigmaOptions(), spacing: "linspace", start, end) with
        {
            Karras = fields.Flag("use_karras_sigmas", missing: false),
            EndAtImage = fields.Choice("final_sigmas_type", "zero", ("zero", true), ("sigma_min", false)),
            ClipRange = clips && fields.Flag("clip_sample", missing: false) ? fields.Number("clip_sample_range", 1) : null,
        };
        return new(make(options), fields.Prediction());
    }

    private static DiffusersScheduler Pndm(SchedulerFields fields)
    {
        var options = fields.Trained(new PndmOptions(), spacing: "leading") with
        {
            RungeKutta = !fields.Flag("skip_prk_steps", missing: false),
            EndAtImage = fields.Flag("set_alpha_to_one", missing: false),
        };
        return new(new PndmSampler(options), fields.Prediction());
    }

    private static DiffusersScheduler UniPc(SchedulerFields fields)
    {
        fields.RequireOff("thresholding", "use_exponential_sigmas", "use_beta_sigmas", "use_flow_sigmas", "use_dynamic_shifting");
        RequireAbsent(fields, "solver_p", "sigma_min", "sigma_max");
        if (fields.Find("disable_corrector") is { } disabled && disabled.AsItems().Count > 0)
        {
            throw disabled.Error("names steps without a corrector; only an empty list is built.");
        }

        var options = fields.Trained(new UniPcOptions(), spacing: "linspace") with
        {
            Order = fields.Integer("solver_order", 2),
            PredictsImage = fields.Flag("predict_x0", missing: true),
            LowerOrderFinal = fields.Flag("lower_order_final", missing: true),
            EndAtImage = fields.Choice("final_sigmas_type", "zero", ("zero", true), ("sigma_min", false)),
            Karras = fields.Flag("use_karras_sigmas", missing: false),

            // diffusers maps the solver types of other schedulers to bh2.
            Variant = fields.Choice(
                "solver_type",
                "bh2",
                ("bh2", UniPcVariant.Exponential),
                ("bh1", UniPcVariant.Linear),
                ("midpoint", UniPcVariant.Exponential),
                ("heun", UniPcVariant.Exponential),
                ("logrho", UniPcVariant.Exponential)),
        };
        return new(new UniPcSampler(options), fields.Prediction());
    }

    private static DiffusersScheduler Lcm(SchedulerFields fields)
    {
        fields.RequireOff("thresholding");
        var options = fields.Trained(new LcmOptions(), spacing: "leading", 0.00085, 0.012, "scaled_linear") with
        {
            OriginalSteps = fields.Integer("original_inference_steps", 50),
            TimestepScale = fields.Number("timestep_scaling", 10),
            ClipRange = fields.Flag("clip_sample", missing: false) ? fields.Number("clip_sample_range", 1) : null,
        };
        return new(new LcmSampler(options), fields.Prediction());
    }

    private static void RequireAbsent(SchedulerFields fields, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (fields.Find(name) is { } set)
            {
                throw set.Error("is set, which is not built.");
            }
        }
    }
}
