namespace Augur.Caching.Policies;

/// <summary>
/// Which residual branches a run reuses from the call directly before, one bit per call, block and branch: known before the run begins.
/// </summary>
/// <param name="callCount">Network calls of the run.</param>
/// <param name="depth">Blocks of the network.</param>
internal sealed class ReuseTable(int callCount, int depth)
{
    private readonly bool[] _reused = new bool[callCount * 2 * depth];

    public int CallCount => callCount;

    public int Depth => depth;

    /// <summary>Branches of a call: attention and feed-forward of every block, in the order in which they are passed.</summary>
    public int BranchCount => 2 * depth;

    /// <summary>Whether branch q of a call is reused; 2·layer is attention, 2·layer + 1 feed-forward.</summary>
    public bool this[int call, int branch]
    {
        get => _reused[(call * BranchCount) + branch];
        set => _reused[(call * BranchCount) + branch] = value;
    }

    /// <summary>The branches that a call reuses, in the order in which they are passed; none of a call that the run does not make.</summary>
    public IEnumerable<Site> ReusedAt(int call) => call < callCount ? Enumerable.Range(0, BranchCount).Where(q => this[call, q]).Select(SiteOf) : [];

    /// <summary>Refuses a network whose blocks have other branches than self-attention and feed-forward.</summary>
    /// <exception cref="ArgumentException">They have.</exception>
    public static NetworkMap Require(NetworkMap map)
    {
        var depth = map.BlockCount > 0 ? map.BlockCount : map.RequireChain("Policy l2c").BlockCount;
        return map.Branches.Select(b => b.Site).SequenceEqual(Enumerable.Range(0, 2 * depth).Select(SiteOf)) ? map
            : throw new ArgumentException(
                "Policy l2c: its tables have an attention and a feed-forward branch for each block; this network's blocks have others.");
    }

    /// <summary>The site of branch q.</summary>
    public static Site SiteOf(int branch) => branch % 2 == 0 ? Site.Attention(branch / 2) : Site.Mlp(branch / 2);
}
