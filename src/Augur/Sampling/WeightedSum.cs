using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>The one operation that samplers are made of.</summary>
internal static class WeightedSum
{
    /// <summary>Σ factors[i] · terms[i] with factors from double arithmetic, each rounded once.</summary>
    public static Tensor Sum(params ReadOnlySpan<(double Factor, Tensor Term)> parts)
    {
        var terms = new Tensor[parts.Length];
        Span<float> factors = stackalloc float[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            (factors[i], terms[i]) = ((float)parts[i].Factor, parts[i].Term);
        }

        return Tensor.Combine(terms, factors);
    }
}
