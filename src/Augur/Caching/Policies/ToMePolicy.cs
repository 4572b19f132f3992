using Augur.Caching.Tokens;
using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="ToMePolicy"/>. The defaults are those of ToMe for Stable Diffusion.</summary>
public sealed record ToMeOptions
{
    /// <summary>Share of the tokens that is merged into others, at most those that are no destination; 0 merges none.</summary>
    [Setting("ratio", 0, 1, BelowMaximum = true)]
    public double Ratio { get; init => field = Setting.Checked(this, value); } = 0.5;

    /// <summary>Rows of a window, which has one destination.</summary>
    [Setting("window_rows", 1, 64, Unit = "tokens")]
    public int WindowRows { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Columns of a window.</summary>
    [Setting("window_columns", 1, 64, Unit = "tokens")]
    public int WindowColumns { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Whether the destination of a window is drawn at each merging; otherwise it is the first.</summary>
    [Setting("random")]
    public bool IsRandom { get; init; } = true;
}

/// <summary>
/// ToMe for Stable Diffusion (arXiv 2303.17604): before self-attention at full resolution similar tokens are merged into their mean, and its output
/// goes to all of them. Nothing is kept from call to call.
/// </summary>
public sealed class ToMePolicy(ToMeOptions? options = null) : CachePolicy<ToMeOptions>(Settings, options)
{
    internal static readonly SettingList<ToMeOptions> Settings = new("Policy", "tome");

    /// <summary>Where draws come from; for replays.</summary>
    internal Func<RunInfo, IPruningDraws> Draws { get; init; } = run => new SeededPruning(run.Seed);

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) => Options.Ratio == 0 ? new UncachedMemory(note: null)
        : run.Map.Branches.Any(b => DaToMemory.IsPruned(run.Map, b.Site)) ? new Memory(Options, run, Draws(run))
        : throw new ArgumentException("Policy tome merges tokens of self-attention over the whole grid, which this network cannot do.");

    /// <summary>Merges in every call; for one sample.</summary>
    private sealed class Memory(ToMeOptions options, RunInfo run, IPruningDraws draws) : ISampleMemory
    {
        private NetworkCall _call;
        private int _mergings;
        private bool _merges;

        public long ByteCount => 0;

        public CallPlan Begin(NetworkCall call)
        {
            (_call, _merges) = (call, !call.MustCompute);
            return _merges ? CallPlan.Draft : CallPlan.Compute;
        }

        public Answer Ask(Question question)
        {
            var site = question.Site;
            if (!_merges || !DaToMemory.IsPruned(run.Map, site))
            {
                return Answer.Compute;
            }

            Tensor? feature = null;
            return Answer.MergedTokens(
                input => Choose(site, input),
                (groups, fresh) => feature = fresh.GatherTokens(groups.Labels),
                () => new Forecast((Tensor[])[feature!], (float[])[1]));
        }

        public CallOutcome End() => new(_merges ? CallKind.Partial : CallKind.Computed);

        public void Dispose()
        {
        }

        private TokenGroups Choose(Site site, Tensor input)
        {
            var grid = run.Map.Tokens[0].Grid;
            var windows = new TokenWindows(grid[0], grid[1], options.WindowRows, options.WindowColumns);
            var draw = new PruningDraw(_call.CallIndex, site, _mergings++);
            var places = options.IsRandom ? draws.Places(draw, windows.Count, windows.Size) : new int[windows.Count];
            return TokenMerging.Of(input, windows.At(places), (int)(input.Shape[1] * options.Ratio)).Groups;
        }
    }
}
