using Augur.Sampling;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>The content of a pipeline's <c>scheduler/scheduler_config.json</c>: how the network was trained, and the pipeline's sampler.</summary>
/// <remarks>
/// Fields are interpreted as in diffusers at commit 58eb52c: an absent or null field has the class's default, and a field of another class has no
/// effect. Unsupported values are refused by name. One difference: under linspace, the steps of diffusers' DDIMScheduler do not end at the next
/// visited timestep; those here do (see <see cref="DdimSampler"/>).
/// </remarks>
/// <param name="Sampler">The pipeline's sampler with its settings.</param>
/// <param name="Prediction">What the network's output means.</param>
internal sealed partial record DiffusersScheduler(ISampler Sampler, Prediction Prediction)
{
    private const string Classes =
        "DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler, DPMSolverSDEScheduler, EulerAncestralDiscreteScheduler, "
        + "EulerDiscreteScheduler, FlowMatchEulerDiscreteScheduler, FlowMatchHeunDiscreteScheduler, HeunDiscreteScheduler, LCMScheduler, "
        + "LMSDiscreteScheduler, PNDMScheduler, UniPCMultistepScheduler";

    /// <summary>Reads the scheduler of the pipeline that contains a network's folder; null if there is none.</summary>
    /// <param name="networkFolder">A pipeline's <c>transformer</c> folder.</param>
    /// <exception cref="WeightFileException">It asks for something that is not supported; the message names file, field and value.</exception>
    public static DiffusersScheduler? Beside(string networkFolder)
    {
        var pipeline = Path.GetDirectoryName(Path.GetFullPath(networkFolder).TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(pipeline ?? networkFolder, "scheduler", "scheduler_config.json");
        return File.Exists(path) ? Read(path) : null;
    }

    /// <summary>Reads a <c>scheduler_config.json</c>.</summary>
    /// <exception cref="WeightFileException">
    /// The file is not a scheduler's configuration, or asks for something that is not supported; the message names file, field and value.
    /// </exception>
    public static DiffusersScheduler Read(string path)
    {
        if (new FileInfo(path).Length > ForeignJson.UsualMaxBytes)
        {
            throw new WeightFileException($"{path}: more than {ForeignJson.UsualMaxBytes} bytes are too many for a file of this kind.");
        }

        try
        {
            var json = ForeignJson.Parse(path, PythonConstants.Quote(File.ReadAllBytes(path)));
            return Read(json, json.Require("_class_name").AsText());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new WeightFileException($"{path}: cannot be read ({error.Message.TrimEnd('.')}).", error);
        }
    }

    /// <summary>Reads a configuration as that of a given class.</summary>
    /// <param name="json">The configuration.</param>
    /// <param name="className">Name of the scheduler class in diffusers.</param>
    /// <exception cref="WeightFileException">It asks for something that is not supported; the message names file, field and value.</exception>
    public static DiffusersScheduler Read(ForeignJson json, string className)
    {
        var fields = new SchedulerFields(json);
        try
        {
            var read = className switch
            {
                "DDIMScheduler" => Ddim(fields),
                "DDPMScheduler" => Ddpm(fields),
                "DPMSolverMultistepScheduler" => DpmSolver(fields),
                "DPMSolverSDEScheduler" => Levels(fields, o => new DpmSdeSampler(o), 0.00085, 0.012),
                "EulerDiscreteScheduler" => Levels(fields, o => new EulerSampler(o)),
                "EulerAncestralDiscreteScheduler" => Levels(fields, o => new EulerAncestralSampler(o)),
                "HeunDiscreteScheduler" => Levels(fields, o => new HeunSampler(o), 0.00085, 0.012, clips: true),
                "LCMScheduler" => Lcm(fields),
                "LMSDiscreteScheduler" => Levels(fields, o => new LmsSampler(o)),
                "PNDMScheduler" => Pndm(fields),
                "UniPCMultistepScheduler" => UniPc(fields),
                "FlowMatchEulerDiscreteScheduler" => FlowEuler(fields),
                "FlowMatchHeunDiscreteScheduler" => FlowHeun(fields),
                _ => throw new WeightFileException($"{json.File}: _class_name is {WeightFileException.Quote(className)}; built are {Classes}."),
            };
            fields.RequireAllKnown();
            return read;
        }
        catch (ArgumentException error)
        {
            throw new WeightFileException($"{json.File}: {error.Message}", error);
        }
    }

    private static DiffusersScheduler Ddim(SchedulerFields fields)
    {
        var clip = fields.Clip();
        var options = fields.Trained(new DdimOptions(), spacing: "leading") with
        {
            ClipRange = clip,
            RederiveNoise = clip is null, // without a clip it makes no difference
            EndAtImage = fields.Flag("set_alpha_to_one", missing: true),
        };
        return new(new DdimSampler(options), fields.Prediction());
    }

    private static DiffusersScheduler Ddpm(SchedulerFields fields)
    {
        var options = fields.Trained(new DdpmOptions(), spacing: "leading") with
        {
            ClipRange = fields.Clip(),

            // "fixed_small_log" takes a logarithm and reverts it, so that it equals fixed_small.
            Variance = fields.Choice(
                "variance_type",
                "fixed_small",
                ("fixed_small", DdpmVariance.FixedSmall),
                ("fixed_small_log", DdpmVariance.FixedSmall),
                ("fixed_large", DdpmVariance.FixedLarge),
                ("learned_range", DdpmVariance.Automatic)),
        };
        return new(new DdpmSampler(options), fields.Prediction());
    }

    private static DiffusersScheduler DpmSolver(SchedulerFields fields)
    {
        fields.RequireOff("thresholding", "use_exponential_sigmas", "use_beta_sigmas", "use_lu_lambdas", "use_flow_sigmas", "use_dynamic_shifting");
        var isStochastic = fields.Choice("algorithm_type", "dpmsolver++", ("dpmsolver++", false), ("sde-dpmsolver++", true));

        // diffusers maps the solver types of other schedulers to the midpoint rule.
        fields.Choice("solver_type", "midpoint", ("midpoint", true), ("logrho", true), ("bh1", true), ("bh2", true));
        if (fields.Find("lambda_min_clipped") is { } clipped && !(clipped.IsText && clipped.AsText() == "-Infinity"))
        {
            throw clipped.Error($"is {WeightFileException.Quote(clipped.RawText)}; only -Infinity is built.");
        }

        var options = fields.Trained(new DpmSolverPlusPlusOptions(), spacing: "linspace") with
        {
            Order = fields.Integer("solver_order", 2),
            LowerOrderFinal = fields.Flag("lower_order_final", missing: true),
            FirstOrderFinal = fields.Flag("euler_at_final", missing: false),
            EndAtImage = fields.Choice("final_sigmas_type", "zero", ("zero", true), ("sigma_min", false)),
            Karras = fields.Flag("use_karras_sigmas", missing: false),
        };
        return new(isStochastic ? new Dpm2MSdeSampler(options) : new DpmSolverPlusPlusSampler(options), fields.Prediction());
    }

    private static DiffusersScheduler FlowEuler(SchedulerFields fields)
    {
        fields.RequireOff("invert_sigmas", "use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas", "stochastic_sampling");
        var isDynamic = fields.Flag("use_dynamic_shifting", missing: false);
        var kind = fields.Choice("time_shift_type", "exponential", ("exponential", FlowShift.Exponential), ("linear", FlowShift.Linear));
        return new(new FlowEulerSampler(Flow(fields) with
        {
            Shift = isDynamic ? 1 : fields.Number("shift", 1),
            Dynamic = isDynamic,
            ShiftKind = isDynamic ? kind : FlowShift.Exponential,
            BaseShift = fields.Number("base_shift", 0.5),
            MaxShift = fields.Number("max_shift", 1.15),
            BaseTokenCount = fields.Integer("base_image_seq_len", 256),
            MaxTokenCount = fields.Integer("max_image_seq_len", 4096),
            Terminal = fields.OptionalNumber("shift_terminal"),
        }), Prediction.Flow);
    }

    private static DiffusersScheduler FlowHeun(SchedulerFields fields) =>
        new(new FlowHeunSampler(Flow(fields) with { Shift = fields.Number("shift", 1) }), Prediction.Flow);

    private static FlowOptions Flow(SchedulerFields fields) =>
        fields.Find("num_train_timesteps") is { } count && count.AsInteger() != FlowOptions.TrainedStepCount
            ? throw count.Error($"is {count.AsInteger()}; only {FlowOptions.TrainedStepCount} is built.")
            : new FlowOptions { Grid = FlowGrid.TrainedRange };
}
