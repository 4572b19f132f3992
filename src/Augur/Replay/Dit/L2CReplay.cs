using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Models.Dit;

namespace Augur.Replay;

/// <summary>A run of Learning-to-Cache, whose router is among the saved tensors.</summary>
internal sealed class L2CReplay(JsonElement run, string savedPath) : IReplayedMethod
{
    private readonly L2CPolicy _policy = new(new() { Router = savedPath, Threshold = run.GetProperty("thres").GetDouble() });

    public ICachePolicy Policy => _policy;

    public void Compare(DitConfig model, IReadOnlyList<CallOutcome> outcomes, Comparison compare)
    {
        compare.Used("router_logits");
        var expected = run.GetProperty("per_step").EnumerateArray().Select(Reused).ToArray();
        var table = _policy.TableFor(expected.Length, expected[0].Length / 2);
        var calls = Enumerable.Range(0, table.CallCount);
        var reused = calls.SelectMany(call => Enumerable.Range(0, table.BranchCount).Select(branch => table[call, branch] ? 1L : 0));
        compare.Exact("reused branches", [.. reused], [.. expected.SelectMany(e => e)]);
        compare.Exact(
            "decisions",
            [.. outcomes.Select(o => o.Kind == CallKind.Computed ? 1L : 0)],
            [.. expected.Select(e => e.Contains(1) ? 0L : 1)]);
    }

    // 1 for a reused branch: attention and feed-forward of each block in turn.
    private static long[] Reused(JsonElement step) =>
    [
        .. step.GetProperty("reuse_attn").EnumerateArray()
            .Zip(step.GetProperty("reuse_mlp").EnumerateArray())
            .SelectMany(b => (long[])[b.First.GetInt64(), b.Second.GetInt64()]),
    ];
}
