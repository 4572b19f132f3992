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
    public static string Play(string policy, int calls, Func<int, Shown> show, IBackend backend, List<CallOutcome>? outcomes = null, List<float>? supplied = null)
    {
        using var scope = TensorScope.Begin();
        var run = CacheScript.Run(calls);
        using var cache = PolicyCatalog.Parse(policy).Open(run);
        var (front, end) = cache.Cuts is [var first, var second] ? (first, second) : (0, run.Depth);
        var (all, before, behind) = (Site.Span(0, run.Depth), Site.Span(0, front), Site.Span(front, end - front));
        var letters = new StringBuilder();
        for (var i = 0; i < calls; i++)
        {
            var shown = show(i);
            cache.Begin(new NetworkCall(i, calls, calls - i, NoiseToSignal: shown.NoiseToSignal));
            if (cache.Wants(all, Signal.ModulatedInput))
            {
                cache.Take(all, Signal.ModulatedInput, Full(shown.Signal));
            }

            var stream = Full(shown.Input);
            if (front > 0)
            {
                Assert.Equal(Answer.Compute, cache.Ask(all));
                Assert.Equal(Answer.ComputeAndObserve, cache.Ask(before));
                cache.Observe(before, stream, Full(shown.Front));
                stream = Full(shown.Front);
            }

            var answer = cache.Ask(behind);
            if (answer == Answer.Supply)
            {
                var formed = Full(0);
                cache.Supply(behind).At(stream).WriteTo(formed);
                supplied?.Add(formed.ToArray()[0]);
            }
            else
            {
                Assert.Equal(Answer.ComputeAndObserve, answer);
                cache.Observe(behind, stream, Full(shown.Output));
            }

            letters.Append(answer == Answer.Supply ? 'r' : 'F');
            var outcome = cache.End();
            Assert.Equal(answer != Answer.Supply, outcome.Kind == CallKind.Computed);
            outcomes?.Add(outcome);
        }

        return letters.ToString();

        Tensor Full(float value) => Tensor.Full(backend, [1, 2, 4], value);
    }
}
