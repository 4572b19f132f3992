using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>Linear combinations of tensors, the only arithmetic of a sampler's update.</summary>
internal static class WeightedSum
{
    /// <summary>Σ factor · term over the parts; the factors are computed in double precision and each is rounded to single once.</summary>
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
