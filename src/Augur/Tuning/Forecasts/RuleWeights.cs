using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>What a forecaster makes of the computed features, as weights of the features themselves; measured by unit features.</summary>
internal static class RuleWeights
{
    /// <summary>For each computed call, its weights in the drafts of the calls behind the last one.</summary>
    /// <param name="rule">The forecaster.</param>
    /// <param name="computed">Computed calls so far, ascending.</param>
    /// <param name="next">The call at which the drafts end.</param>
    /// <param name="backend">Where it is worked out.</param>
    /// <returns>[computed][drafts].</returns>
    public static double[][] Of(IForecaster rule, int[] computed, int next, IBackend backend)
    {
        using var scope = TensorScope.Begin();
        using var memory = rule.Remember(rule.TermCount, DType.Float32);
        Shape shape = [1, 1, computed.Length];
        for (var i = 0; i < computed.Length; i++)
        {
            var unit = new float[computed.Length];
            unit[i] = 1;
            memory.Observe(Tensor.From(backend, unit, shape), computed[i], forgets: false);
        }

        var weights = computed.Select(_ => new double[next - computed[^1] - 1]).ToArray();
        for (var call = computed[^1] + 1; call < next; call++)
        {
            var formed = Tensor.Empty(backend, shape);
            memory.Forecast(call).WriteTo(formed);
            var values = formed.ToArray();
            for (var i = 0; i < computed.Length; i++)
            {
                weights[i][call - computed[^1] - 1] = values[i];
            }
        }

        return weights;
    }
}
