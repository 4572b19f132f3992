using Augur.Caching.Forecasting;
using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>By what it is seen which tokens of a response have changed.</summary>
public enum TokenChange
{
    /// <summary>The direction of their values.</summary>
    Values,

    /// <summary>The direction of their keys.</summary>
    Keys,

    /// <summary>Nothing: they are drawn.</summary>
    Random,
}

/// <summary>Which values are kept of those that were computed to see what has changed.</summary>
public enum KeptValues
{
    /// <summary>All of them, so that the next call sees what has changed since this one.</summary>
    All,

    /// <summary>Those of the tokens that were chosen, so that small changes add up.</summary>
    Selected,
}

/// <summary>Settings of <see cref="DllmCachePolicy"/>.</summary>
public sealed record DllmCacheOptions
{
    /// <summary>Calls from one refresh of the prompt to the next. The paper has 50 to 100; 25 or fewer for some tasks with Dream.</summary>
    [Setting("prompt", 1, 100000, Unit = "calls")]
    public int Prompt { get; init => field = Setting.Checked(this, value); } = 100;

    /// <summary>Calls from one refresh of the response to the next. The paper has 5 to 10; the default is the released demonstration's.</summary>
    [Setting("response", 1, 100000, Unit = "calls")]
    public int Response { get; init => field = Setting.Checked(this, value); } = 7;

    /// <summary>Share of the response's tokens, those that have changed most, that is computed in every call between; 0 computes none.</summary>
    [Setting("ratio", 0, 1)]
    public double Ratio { get; init => field = Setting.Checked(this, value); } = 0.25;

    /// <summary>By what it is seen which tokens have changed. The paper compares these.</summary>
    [Setting("change")]
    public TokenChange Change { get; init; }

    /// <summary>Which values are kept of those that were computed to see what has changed. The released code keeps all.</summary>
    [Setting("keep")]
    public KeptValues Keep { get; init; }

    /// <summary>
    /// Under guidance, calls from one computed difference of the two answers to the next; between, the row without the prompt is not run. 1 runs both
    /// rows in every call. The first five calls run both, as released.
    /// </summary>
    [Setting("guidance", 1, 100000, Unit = "calls")]
    public int Guidance { get; init => field = Setting.Checked(this, value); } = 1;

    /// <summary>Whether the first layer is computed in full in every call: the released code does so, the paper does not say it.</summary>
    [Setting("first_layer")]
    public bool FirstLayer { get; init; } = true;

    /// <summary>
    /// How what attention and feed-forward parts gave for a token of the response is carried to calls that do not compute it: by any rule of
    /// extrapolation, taught by the response's refreshes. The paper reuses.
    /// </summary>
    [Setting("draft", Catalog = typeof(Forecasters))]
    public IForecaster Draft { get; init; } = new ReuseForecaster();

    /// <summary>Whether only tokens are forecast whose text has been the same since the refresh before the last; the others are reused.</summary>
    [Setting("steady")]
    public bool Steady { get; init; } = true;

    /// <summary>
    /// Where the response's refresh is due, the last layer is run for real behind those that were not; if what it gives is no further than this
    /// from what was answered, ‖answered − computed‖ / ‖computed‖, the refresh is left out (SpeCa's verification). None: every refresh is made, as
    /// published.
    /// </summary>
    [Setting("skip", 0, 100)]
    public double? Skip { get; init => field = Setting.Checked(this, value); }

    /// <summary>Tokens of the response that such a verification computes, as a share.</summary>
    [Setting("verify", 0, 1, AboveMinimum = true, Catalog = typeof(Verifications))]
    public double Sample { get; init => field = Setting.Checked(this, value); } = 0.25;
}

/// <summary>
/// dLLM-Cache (arXiv 2506.06295): a masked diffusion language model is asked for almost the same text again and again. Keys, values and what
/// attention and feed-forward parts gave are kept for each token, the prompt's for long and the response's for a few calls; between, only the tokens
/// of the
/// response whose values have changed most are computed.
/// </summary>
public sealed class DllmCachePolicy : CachePolicy<DllmCacheOptions>
{
    /// <summary>Checks that the settings fit each other.</summary>
    /// <exception cref="ArgumentException">Refreshes are left out by a verification of rows that are not all run.</exception>
    public DllmCachePolicy(DllmCacheOptions? options = null)
        : base(Settings, options)
    {
        if (Options is { Skip: not null, Guidance: > 1 })
        {
            throw new ArgumentException(
                $"Policy dllm-cache: skip={Options.Skip} verifies the rows of a call together, and guidance={Options.Guidance} runs one of them only "
                + "in some calls; guidance is 1.");
        }
    }

    internal static readonly SettingList<DllmCacheOptions> Settings = new("Policy", "dllm-cache");

    /// <summary>Is shown the tokens that a layer chooses: guidance row, call of this row, layer, tokens of each row; for replays.</summary>
    internal Action<int, int, int, int[][]>? ObserveChoice { get; init; }

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        Options.Draft.RequireRun(run.NotNull());
        if (Options.Guidance == 1 || run.RowCount != 2 || run.RowsPerSample != 2)
        {
            return OpenRows(run, row: 0);
        }

        var half = run with { RowCount = 1, RowsPerSample = 1, MemoryBudget = run.MemoryBudget / 2 };
        return new GuidedTextMemory(OpenRows(half, row: 0), OpenRows(half, row: 1), Options.Guidance);
    }

    // Of all rows of a sample, or of one of them.
    private ISampleMemory OpenRows(RunInfo run, int row) => Options.Prompt == 1 && Options.Response == 1
        ? new UncachedMemory(note: null)
        : TextMemory.Open(
            "dllm-cache",
            new Rule(Options, run),
            run,
            Options.FirstLayer ? 1 : 0,
            new(
                Options.Draft is ReuseForecaster ? null : new TextDraft(Options.Draft, Options.Steady, run),
                Options.Skip is { } allowed
                    ? new RefreshCheck(new(ErrorMeasure.NormRatio, Options.Sample, run.Seed), allowed, TextMemory.Response(run.Map)) : null,
                ObserveChoice is { } observe ? (call, layer, tokens) => observe(row, call, layer, tokens) : null));

    /// <summary>When prompt and response are due.</summary>
    private sealed class Rule(DllmCacheOptions options, RunInfo run) : IRefreshRule
    {
        private readonly int _count = (int)(TextMemory.Response(run.Map).Count * options.Ratio);

        public TokenChange Change => options.Change;

        public KeptValues Keep => options.Keep;

        public bool Chooses => _count > 0;

        public TokenRefresh At(NetworkCall call)
        {
            var (prompt, response) = (call.CallIndex % options.Prompt == 0, call.CallIndex % options.Response == 0);
            return prompt && response ? TokenRefresh.Everything
                : response && options.Skip is not null
                ? new TokenRefresh(prompt ? TextMemory.Prompt(run.Map) : null, null, _count) { Skipped = TextMemory.Response(run.Map) }
                : new TokenRefresh(prompt ? TextMemory.Prompt(run.Map) : null, response ? TextMemory.Response(run.Map) : null, response ? 0 : _count);
        }
    }
}
