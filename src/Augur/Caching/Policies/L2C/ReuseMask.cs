using Augur.Caching.Tokens;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>
/// A table of reuse that nothing was learned for: the control that a learned one has to beat. Every second call reuses the same share of its
/// attention branches and of its feed-forward branches, so that equal shares cost the same.
/// </summary>
public abstract record ReuseMask
{
    private const string Kind = "Mask";

    private static readonly SettingList<RandomReuse> s_random = new(Kind, "random");

    private static readonly SettingList<UniformReuse> s_uniform = new(Kind, "uniform");

    private protected ReuseMask()
    {
    }

    /// <summary>Share of the branches of every second call that is reused.</summary>
    [Setting("share", 0, 1)]
    public double Share { get; init => field = Setting.Checked(this, value); } = 0.5;

    /// <summary>As the command line writes it.</summary>
    public string Name => this is RandomReuse random ? s_random.Format(random) : s_uniform.Format((UniformReuse)this);

    internal static Catalog<ReuseMask> Catalog { get; } = new(
        Kind,
        mask => mask.Name,
        Catalog<ReuseMask>.Entry("random", "Drawn without repetition.", s_random, o => o),
        Catalog<ReuseMask>.Entry("uniform", "Evenly over calls and blocks.", s_uniform, o => o));

    /// <summary>The table for a run.</summary>
    internal ReuseTable For(int callCount, int depth)
    {
        var table = new ReuseTable(callCount, depth);
        var entries = callCount / 2 * depth; // of each kind of branch
        var count = (int)Math.Round(Share * entries);
        for (var kind = 0; kind < 2; kind++)
        {
            foreach (var entry in Choose(count, entries, kind))
            {
                table[(2 * (entry / depth)) + 1, (2 * (entry % depth)) + kind] = true;
            }
        }

        return table;
    }

    /// <summary>The entries that are reused.</summary>
    /// <param name="count">How many.</param>
    /// <param name="entries">Of how many.</param>
    /// <param name="kind">0: attention, 1: feed-forward.</param>
    private protected abstract IEnumerable<int> Choose(int count, int entries, int kind);
}

/// <summary>Branches drawn at random.</summary>
public sealed record RandomReuse : ReuseMask
{
    /// <summary>Of the draw: another seed reuses other branches.</summary>
    [Setting("seed", 0, int.MaxValue, After = "share")]
    public int Seed { get; init => field = Setting.Checked(this, value); }

    private protected override IEnumerable<int> Choose(int count, int entries, int kind)
    {
        var state = ((ulong)Seed << 1) + (ulong)kind;
        return [.. Enumerable.Range(0, entries).Select(entry => (entry, Key: SeededDraws.Next(ref state)))
            .OrderBy(e => e.Key).Take(count).Select(e => e.entry)];
    }
}

/// <summary>Branches at equal distances.</summary>
public sealed record UniformReuse : ReuseMask
{
    private protected override IEnumerable<int> Choose(int count, int entries, int kind) =>
        Enumerable.Range(0, entries).Where(entry => (entry + 1L) * count / entries > (long)entry * count / entries);
}
