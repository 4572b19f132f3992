using Augur.Caching.Forecasting;
using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>When the forecast of the first block learns from its real output.</summary>
public enum GateLearning
{
    /// <summary>At every call that is computed: the paper, and its code for DiT.</summary>
    [Word("from-start")]
    FromStart,

    /// <summary>
    /// From the end of the warm-up on, as the released code for FLUX: the first call behind it finds no forecast, so that it is computed.
    /// </summary>
    [Word("after-warmup")]
    AfterWarmup,

    /// <summary>
    /// Never, as that code was published: it asks whether a tensor is the constant False, which none is, and so every call is computed.
    /// </summary>
    [Word("never")]
    Never,
}

/// <summary>Settings of <see cref="CgTaylorPolicy"/>; the defaults are those of the released README for DiT.</summary>
public sealed record CgTaylorOptions
{
    /// <summary>Relative error of the first block's forecast below which the last block's is trusted; 0 computes all.</summary>
    [Setting("threshold", 0, 1000)]
    public double Threshold { get; init => field = Setting.Checked(this, value); } = 0.008;

    /// <summary>The rule that forecasts the first block's output, to be held against the real one.</summary>
    [Setting("gate", Catalog = typeof(Forecasters))]
    public IForecaster Gate { get; init; } = new TaylorForecaster(3);

    /// <summary>The rule that forecasts the last block's output.</summary>
    [Setting("draft", Catalog = typeof(Forecasters))]
    public IForecaster Draft { get; init; } = new TaylorForecaster(1);

    /// <summary>Calls computed at the beginning (<c>mid_cor</c> + 1 in the released code).</summary>
    [Setting("warmup", 1, 1000, Unit = "calls")]
    public int Warmup { get; init => field = Setting.Checked(this, value); } = 3;

    /// <summary>When the gate's forecast learns; anything but the default is for comparison with released code.</summary>
    [Setting("learns")]
    public GateLearning Learns { get; init; } = GateLearning.FromStart;

    /// <summary>Precision of the kept outputs. What decides is float32 in either case.</summary>
    [Setting("state", Only = [DType.Float32, DType.BFloat16])]
    public DType State { get; init => field = Setting.Checked(this, value); }

    /// <summary>Whether each sample decides for itself, or all samples of a batch together, as the released code does.</summary>
    [Setting("decide")]
    public DecisionScope Decide { get; init; }
}

/// <summary>
/// CG-Taylor (arXiv 2508.02240): the first block of every call is computed, and how well its output could have been forecast says whether the
/// last block's output may be, so that the blocks in between are skipped. Where a network keeps picture and text apart, the gate looks at the
/// picture's tokens, as released for FLUX.
/// </summary>
public sealed class CgTaylorPolicy(CgTaylorOptions? options = null) : CachePolicy<CgTaylorOptions>(Settings, options)
{
    internal static readonly SettingList<CgTaylorOptions> Settings = new("Policy", "cg-taylor");

    /// <summary>Is shown what the gate looks at, in every call; for parity checks.</summary>
    internal Action<NetworkCall, Tensor>? ObserveFront { get; init; }

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var span = GatedSpan.OrLevel("cg-taylor", run, 1, 0);
        var front = GatedSpan.FeatureOf(run.Map, span.Front);
        TokenRange? picture = run.Map.Tokens is [{ Group: TokenGroup.Image } first, _, ..] ? first : null;
        var watched = run.RowCount * (long)(picture?.Count ?? front[0]) * front[1];
        var fit = MemoryFit.Of("cg-taylor", run, Options.State, [(Options.Gate, watched), (Options.Draft, span.Elements(run))], otherElements: 0);
        return !fit.IsEnough ? new UncachedMemory(fit.Note)
            : new GatedSpanMemory(
                span,
                new FrontForecastGate(Options, fit.Remember(0, Options.Gate), picture) { ObserveFront = ObserveFront },
                new SpanMemory(fit.Remember(1, Options.Draft), isChange: false),
                fit.Note);
    }
}
