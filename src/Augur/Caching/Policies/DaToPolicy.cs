using Augur.Caching.Tokens;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>How the base tokens of <see cref="DaToPolicy"/> are chosen.</summary>
public enum BaseTokens
{
    /// <summary>In each window that of the largest score: dynamics and noise.</summary>
    Score,

    /// <summary>In each window any, the same for all rows (<c>local_random</c> of the released code, as ToMe for Stable Diffusion chooses).</summary>
    Random,
}

/// <summary>Settings of <see cref="DaToPolicy"/>. The defaults are the released ones, but where the option says otherwise.</summary>
public sealed record DaToOptions
{
    // The vector in the released script, found by a search on Stable Diffusion 1.5: 6 full calls, 38 shallow, 7 reused.
    private static readonly double[] s_published =
    [
        0, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 0, 0, 2, 1, 1, 1, 0, 2, 1, 0, 1,
        1, 1, 1, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    ];

    /// <summary>
    /// How deep each call behind the first is computed: 0 the last answer is reused, 1 the outermost layers are run, 2 and above everything. A run of
    /// another length stretches the list. None: every call is computed.
    /// </summary>
    [Setting("depth", 0, 100, None = "none")]
    public IReadOnlyList<double> Depth { get; init => field = Setting.Checked(this, value); } = s_published;

    /// <summary>
    /// Share of the tokens that is pruned from self-attention at full resolution, one for all calls or a list over the timesteps from 1000 down to 0.
    /// 0 prunes none.
    /// </summary>
    [Setting("ratio", 0, 1, BelowMaximum = true)]
    public IReadOnlyList<double> Ratio { get; init => field = Setting.Checked(this, value); } = [0.4];

    /// <summary>Rows of a window, which keeps one base token.</summary>
    [Setting("window_rows", 1, 64, Unit = "tokens")]
    public int WindowRows { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Columns of a window.</summary>
    [Setting("window_columns", 1, 64, Unit = "tokens")]
    public int WindowColumns { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>How base tokens are chosen.</summary>
    [Setting("base")]
    public BaseTokens Base { get; init; }

    /// <summary>Weight of the change of the answer between the last two calls in a token's score.</summary>
    [Setting("dynamics", -100, 100)]
    public double Dynamics { get; init => field = Setting.Checked(this, value); } = 0.1;

    /// <summary>Weight of unit noise in a token's score.</summary>
    [Setting("noise", 0, 100)]
    public double Noise { get; init => field = Setting.Checked(this, value); } = 0.1;

    /// <summary>
    /// Whether the sign of the dynamics is drawn at each pruning, as in the released code, so that half of the time the least dynamic token of a
    /// window is its base. Ours: no, as the paper describes it.
    /// </summary>
    [Setting("random_sign")]
    public bool HasRandomSign { get; init; }

    /// <summary>Whether all guidance rows have the base tokens of the last one, the unconditional.</summary>
    [Setting("align")]
    public bool AlignsRows { get; init; } = true;

    /// <summary>Whether a token's norm is rounded to half precision before similarities are formed, as in the released code. Ours: no.</summary>
    [Setting("half_norms")]
    public bool RoundsNorms { get; init; }

    /// <summary>Whether tokens are pruned in some call.</summary>
    internal bool Prunes => Ratio.Any(ratio => ratio > 0);

    /// <summary>What makes a token a base.</summary>
    internal DynamicsScoreOptions Score => new() { Weight = Dynamics, Noise = Noise, HasRandomSign = HasRandomSign, AlignsRows = AlignsRows };
}

/// <summary>
/// DaTo (arXiv 2501.00375): a U-Net's calls are computed to different depths, and within self-attention at full resolution tokens that others stand
/// for are pruned, so that what changes most still attends and is attended to.
/// </summary>
public sealed class DaToPolicy : CachePolicy<DaToOptions>
{
    internal static readonly SettingList<DaToOptions> Settings = new("Policy", "dato");

    /// <summary>A method with these settings, or the defaults.</summary>
    /// <exception cref="ArgumentException">More is pruned than windows leave.</exception>
    public DaToPolicy(DaToOptions? options = null)
        : base(Settings, options)
    {
        var most = 1 - (1.0 / (Options.WindowRows * Options.WindowColumns));
        if (Options.Ratio.Any(ratio => ratio > most))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Policy dato: ratio={Options.Ratio.Max()} prunes base tokens of windows of {Options.WindowRows}x{Options.WindowColumns}; ")
                + FormattableString.Invariant($"at most {most} is left beside them."));
        }
    }

    /// <summary>Where draws come from, and who is told of prunings; for replays.</summary>
    internal Func<RunInfo, IPruningDraws> Draws { get; init; } = run => new SeededPruning(run.Seed);

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var depths = Enumerable.Range(0, run.CallCount).Select(call => DepthAt(call, run.CallCount)).ToArray();
        if (depths.Any(depth => depth == 1))
        {
            DeepCachePolicy.LevelOf(run.Map, "dato", 0);
        }

        if (Options.Prunes)
        {
            ShrunkAttention.Require(
                run.Map, "Policy dato prunes self-attention over the whole grid of tokens, which this network cannot do without some.");
        }

        return DaToMemory.Open(Options, run, depths, Draws(run));
    }

    // The list's entry for a call behind the first; a run of the list's length plus one takes each once.
    private int DepthAt(int call, int callCount) => call == 0 || Options.Depth.Count == 0 ? 2
        : (int)Options.Depth[Math.Min(Options.Depth.Count - 1, (int)((call - 1L) * Options.Depth.Count / (callCount - 1)))];
}
