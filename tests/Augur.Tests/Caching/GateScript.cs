using System.Text;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Tensors;

namespace Augur.Tests.Caching;

/// <summary>What a scripted call shows a gate; each value stands for a whole tensor.</summary>
/// <param name="Signal">The modulated input.</param>
/// <param name="Input">What the first block reads.</param>
/// <param name="Front">What the blocks before the gate write.</param>
/// <param name="Output">What the blocks behind it write.</param>
/// <param name="NoiseToSignal">Of the latent; not known unless given.</param>
internal readonly record struct Shown(float Signal = 1, float Input = 0, float Front = 1, float Output = 1, double NoiseToSignal = double.NaN);

/// <summary>Runs a cache that decides before a span of blocks without a network: every call shows it chosen values.</summary>
internal static class GateScript
{
    /// <summary>The calls of a run as letters: F computed, r the span reused. What was supplied is appended to <paramref name="supplied"/>.</summary>
    public static string Play(
        string policy, int calls, Func<int, Shown> show, IBackend backend, List<CallOutcome>? outcomes = null, List<float>? supplied = null)
    {
        using var scope = TensorScope.Begin();
        var run = CacheScript.Run(calls);
        using var cache = PolicyCatalog.Parse(policy).Open(run);
        var all = run.Map.Blocks;
        var letters = new StringBuilder();
        for (var i = 0; i < calls; i++)
        {
            var shown = show(i);
            var plan = cache.Begin(new NetworkCall(i, calls, calls - i, NoiseToSignal: shown.NoiseToSignal));
            var (front, end) = plan.Cuts is [var first, var second] ? (first, second) : (0, run.Map.BlockCount);
            var (before, behind) = (Site.Span(0, front), Site.Span(front, end - front));
            var stream = Full(shown.Input);
            if (front > 0)
            {
                Assert.Equal(Answer.Compute, cache.Ask(new Question(all, stream, _ => Full(shown.Signal))));
                var answered = cache.Ask(new Question(before, stream));
                Assert.True(answered.Runs);
                answered.Observe!(stream, Full(shown.Front));
                stream = Full(shown.Front);
            }

            var answer = cache.Ask(new Question(behind, stream, behind == all ? _ => Full(shown.Signal) : null));
            if (answer.Supplies)
            {
                var formed = Full(0);
                answer.Forecast!().At(stream).WriteTo(formed);
                supplied?.Add(formed.ToArray()[0]);
            }
            else
            {
                Assert.True(answer.Runs);
                answer.Observe!(stream, Full(shown.Output));
            }

            letters.Append(answer.Supplies ? 'r' : 'F');
            var outcome = cache.End();
            Assert.Equal(!answer.Supplies, outcome.Kind == CallKind.Computed);
            outcomes?.Add(outcome);
        }

        return letters.ToString();

        Tensor Full(float value) => Tensor.Full(backend, [1, 2, 4], value);
    }
}
