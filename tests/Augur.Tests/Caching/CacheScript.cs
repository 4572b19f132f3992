using System.Text;
using Augur.Caching;
using Augur.Tensors;

namespace Augur.Tests.Caching;

/// <summary>Runs a cache without a network: every verification is given a draft with a chosen error.</summary>
internal static class CacheScript
{
    public static readonly Shape Stream = [2, 4];

    public static RunInfo Run(int calls, int depth = 4, int rows = 1) =>
        new() { Map = Map(depth, Stream, [2, 3], [1, 2]), CallCount = calls, RowCount = rows };

    /// <summary>A chain of blocks with two branches each, which offers every signal, or none, and costs nothing.</summary>
    public static NetworkMap Map(int depth, Shape stream, Shape output, Shape grid, bool offersSignals = true) => new(
        [
            new(Site.Output, stream, output, 0, 0) { Signals = offersSignals ? [Signal.NetworkInput] : [] },
            new(Site.Span(0, depth), stream, stream, 0, 0) { Signals = offersSignals ? [Signal.ModulatedInput] : [] },
            .. Enumerable.Range(0, depth).SelectMany(layer => (NetworkSite[])
            [
                new(Site.Block(layer), stream, stream, 0, 0),
                new(Site.Attention(layer), stream, stream, 0, 0) { Signals = offersSignals ? [Signal.AttentionReceived, Signal.ValueNorms] : [] },
                new(Site.Mlp(layer), stream, stream, 0, 0),
            ]),
        ],
        [new TokenRange(TokenGroup.All, 0, stream[0], grid)],
        Enumerable.Range(1, depth - 1));

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
            var isDraft = cache.Begin(new NetworkCall(i, calls, calls - i)).IsDraft;
            foreach (var site in run.Map.Sites.Select(s => s.Site).Where(s => !isDraft || s.Kind == SiteKind.Block))
            {
                var answer = cache.Ask(new Question(site, computed));
                answer.Observe?.Invoke(computed, computed);
                if (isDraft && answer.IsVerified)
                {
                    letter = 'v';
                    answer.Verify(Tensor.Full(backend, [1, 2, 4], 1 + errorAt(i)), computed);
                }
            }

            letter = isDraft && letter == 'F' ? 't' : letter;

            var outcome = cache.End();
            if (outcome.Kind == CallKind.Rejected)
            {
                letter = 'R';
                Assert.False(cache.Begin(new NetworkCall(i, calls, calls - i, MustCompute: true)).IsDraft);
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
