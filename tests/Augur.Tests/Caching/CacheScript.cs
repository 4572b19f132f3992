using System.Text;
using Augur.Caching;
using Augur.Tensors;

namespace Augur.Tests.Caching;

/// <summary>Runs a cache without a network: every verification is given a draft with a chosen error.</summary>
internal static class CacheScript
{
    public static readonly Shape Stream = [2, 4];

    public static RunInfo Run(int calls, int depth = 4, int rows = 1) => new()
    {
        Depth = depth,
        CallCount = calls,
        RowCount = rows,
        Stream = Stream,
        Output = [2, 3],
        Grid = [1, 2],
    };

    /// <summary>
    /// The calls of a run as letters: F computed, t drafted, v drafted and verified, R rejected and computed. The draft of call i is off by
    /// <paramref name="errorAt"/>(i), relative to a computed feature of ones.
    /// </summary>
    public static string Play(ICachePolicy policy, int calls, Func<int, float> errorAt, IBackend backend, List<CallOutcome>? outcomes = null)
    {
        using var scope = TensorScope.Begin();
        var run = Run(calls);
        using var cache = policy.Open(run);
        var computed = Tensor.Full(backend, [1, 2, 4], 1);
        var letters = new StringBuilder();
        for (var i = 0; i < calls; i++)
        {
            var letter = 'F';
            if (cache.Begin(new NetworkCall(i, calls, calls - i)) == CallPlan.Draft)
            {
                letter = 't';
                if (cache.Ask(Site.Block(run.Depth - 1)) is Answer.ComputeAndVerify or Answer.SupplyAndVerify)
                {
                    letter = 'v';
                    cache.Judge(Site.Block(run.Depth - 1), Tensor.Full(backend, [1, 2, 4], 1 + errorAt(i)), computed);
                }
            }

            var outcome = cache.End();
            if (outcome.Kind == CallKind.Rejected)
            {
                letter = 'R';
                Assert.Equal(CallPlan.Compute, cache.Begin(new NetworkCall(i, calls, calls - i, MustCompute: true)));
                Assert.Equal(CallKind.Computed, cache.End().Kind);
            }

            outcomes?.Add(outcome);
            letters.Append(letter);
        }

        return letters.ToString();
    }

    /// <summary>Where a letter stands.</summary>
    public static int[] Positions(this string calls, char letter) => [.. Enumerable.Range(0, calls.Length).Where(i => calls[i] == letter)];
}
