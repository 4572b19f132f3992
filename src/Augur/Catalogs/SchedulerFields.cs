using System.Collections.Immutable;
using Augur.Sampling;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>
/// Reads the fields of a scheduler's configuration and keeps account of them: fields that were not read at the end must be known to belong to other
/// scheduler classes of diffusers, which keeps them in the file when one class is made from another's settings.
/// </summary>
internal sealed class SchedulerFields(ForeignJson json)
{
    // Parameters of diffusers' schedulers at commit 58eb52c that some of the supported classes do not have.
    private static readonly HashSet<string> s_ofOtherClasses =
    [
        "algorithm_type", "alpha_cum_end", "alpha_cum_start", "base_image_seq_len", "base_shift", "beta_end", "beta_schedule",
        "beta_start", "block_length", "clip_denoised", "clip_sample", "clip_sample_range", "correct_steps", "corrector_k",
        "corrector_order", "corrector_selection", "corrector_selection_tau", "corrector_steps", "disable_corrector",
        "dynamic_thresholding_ratio", "editing_threshold", "entropy_bound", "eta", "euler_at_final", "final_sigmas_type", "flow_shift",
        "gamma", "gamma_cum_end", "gamma_cum_start", "interpolation_type", "invert_sigmas", "lambda_min_clipped", "lower_order_final",
        "mask_token_id", "masking_schedule", "max_image_seq_len", "max_shift", "minimal_topk", "noise_sampler_seed", "num_inference_steps",
        "num_vec_classes", "original_inference_steps", "predict_x0", "prediction_type", "predictor_order", "rescale_betas_zero_snr", "rho",
        "s", "s_noise", "sample_max_value", "sampling_eps", "scale_factors", "scaler", "scheduler_type", "set_alpha_to_one", "shift",
        "shift_terminal", "sigma_data", "sigma_max", "sigma_min", "sigma_schedule", "skip_prk_steps", "snr", "snr_shift_scale",
        "solver_order", "solver_p", "solver_type", "stage_range", "stages", "steps_offset", "stochastic_sampling", "t_max", "t_min",
        "tau_func", "threshold", "thresholding", "time_shift_type", "timestep_scaling", "timestep_spacing", "timestep_type",
        "trained_betas", "upscale_mode", "use_beta_sigmas", "use_dynamic_shifting", "use_exponential_sigmas", "use_flow_sigmas",
        "use_karras_sigmas", "use_lu_lambdas", "variance_type",
    ];

    private readonly HashSet<string> _asked = [];

    public double Number(string name, double missing) => Find(name)?.AsNumber() ?? missing;

    public int Integer(string name, int missing) => Find(name)?.AsInteger() ?? missing;

    public bool Flag(string name, bool missing) => Find(name)?.AsFlag() ?? missing;

    public ImmutableArray<double> Numbers(string name) =>
        Find(name) is { } list ? [.. list.AsItems().Select(item => item.AsNumber())] : default;

    public double? OptionalNumber(string name) => Find(name)?.AsNumber();

    /// <summary>The value for one of several accepted words.</summary>
    /// <exception cref="WeightFileException">The field has another word; the message lists the supported ones.</exception>
    public T Choice<T>(string name, string missing, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        var field = Find(name);
        var word = field?.AsText() ?? missing;
        var words = new List<string>();
        foreach (var choice in choices)
        {
            if (choice.Word == word)
            {
                return choice.Value;
            }

            words.Add(choice.Word);
        }

        throw (field ?? json).Error($"is {WeightFileException.Quote(word)}; built {(words.Count == 1 ? "is" : "are")} {string.Join(", ", words)}.");
    }

    /// <summary>Refuses fields that are true.</summary>
    public void RequireOff(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { } field && field.AsFlag())
            {
                throw field.Error("is true; only false is built.");
            }
        }
    }

    /// <summary>The limit on the estimate of x₀; null for none. Dynamic thresholding, which would replace it, is refused.</summary>
    public double? Clip()
    {
        RequireOff("thresholding");
        var range = Number("clip_sample_range", 1);
        return Flag("clip_sample", missing: true) ? range : null;
    }

    public Prediction Prediction() => Choice(
        "prediction_type",
        "epsilon",
        ("epsilon", Sampling.Prediction.Epsilon),
        ("v_prediction", Sampling.Prediction.Velocity),
        ("sample", Sampling.Prediction.Image));

    /// <summary>Completes settings with the fields that all diffusion schedulers have.</summary>
    /// <param name="options">Settings specific to the class.</param>
    /// <param name="spacing">The class's default spacing, if the file gives none.</param>
    /// <param name="start">The class's default of the first beta.</param>
    /// <param name="end">The same of the last.</param>
    /// <param name="schedule">The same of how they grow.</param>
    public TOptions Trained<TOptions>(TOptions options, string spacing, double start = 1e-4, double end = 0.02, string schedule = "linear")
        where TOptions : DiffusionOptions
    {
        var given = Numbers("trained_betas");
        var betas = Choice(
            "beta_schedule",
            schedule,
            ("linear", BetaSchedule.Linear),
            ("scaled_linear", BetaSchedule.ScaledLinear),
            ("squaredcos_cap_v2", BetaSchedule.Cosine));
        return options with
        {
            Betas = given.IsDefault ? betas : BetaSchedule.Given,
            TrainedBetas = given,
            BetaStart = Number("beta_start", start),
            BetaEnd = Number("beta_end", end),
            TrainedStepCount = Integer("num_train_timesteps", 1000),
            ZeroTerminalSnr = Flag("rescale_betas_zero_snr", missing: false),
            Spacing = Choice(
                "timestep_spacing",
                spacing,
                ("leading", TimestepSpacing.Leading),
                ("trailing", TimestepSpacing.Trailing),
                ("linspace", TimestepSpacing.Linspace)),
            StepsOffset = Integer("steps_offset", 0),
        };
    }

    /// <summary>Refuses a field that no known scheduler has, so that it is not silently ignored.</summary>
    public void RequireAllKnown()
    {
        foreach (var (name, field) in json.Fields())
        {
            if (!name.StartsWith('_') && !_asked.Contains(name) && !s_ofOtherClasses.Contains(name))
            {
                throw field.Error("is not a setting that is known of diffusers' schedulers.");
            }
        }
    }

    /// <summary>A field's value; null if it is absent or null.</summary>
    public ForeignJson? Find(string name)
    {
        _asked.Add(name);
        return json.Find(name);
    }
}
