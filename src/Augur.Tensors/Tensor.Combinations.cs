namespace Augur.Tensors;

/// <content>Linear combinations and divided differences: the arithmetic of samplers and forecasters. Terms may be kept as BFloat16.</content>
public sealed partial class Tensor
{
    /// <summary>Σ coefficients[i] · terms[i] in one pass over memory; the basic operation of forecasters and samplers.</summary>
    /// <param name="terms">One or more tensors [batch, …] of one shape, each Float32 or BFloat16.</param>
    /// <param name="coefficients">One per term; or terms × batch, term-major, when each entry of the outermost axis has its own.</param>
    /// <returns>The sum, Float32.</returns>
    public static Tensor Combine(ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients)
    {
        if (terms.Length == 0)
        {
            throw new ArgumentException("Combine: there are no terms.");
        }

        terms[0].RequireCoefficients(terms, coefficients);
        var y = Empty(terms[0].Backend, terms[0].Shape);
        y.Backend.LinearCombination(terms, coefficients, y);
        return y;
    }

    /// <summary>Overwrites this Float32 tensor with a linear combination, of which it may itself be a term.</summary>
    /// <param name="terms">Tensors of this shape, each Float32 or BFloat16.</param>
    /// <param name="coefficients">One per term; or terms × batch, term-major, when each entry of the outermost axis has its own.</param>
    /// <exception cref="ArgumentException">Shapes, types or the number of coefficients do not fit.</exception>
    public void CombineInPlace(ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients)
    {
        RequireType(DType.Float32, nameof(Combine));
        RequireCoefficients(terms, coefficients);
        Backend.LinearCombination(terms, coefficients, this);
    }

    /// <summary>
    /// Overwrites this tensor with x + gate ⊙ Σ coefficients[i] · terms[i] in one pass over memory: a gated residual branch whose output is
    /// forecast. Bit for bit what <see cref="Combine"/> and then <see cref="AddGated"/> give.
    /// </summary>
    /// <param name="x">Float32 [batch, …, channels], this shape; may be this tensor.</param>
    /// <param name="gate">Float32 [batch, channels].</param>
    /// <param name="terms">Tensors of this shape, each Float32 or BFloat16.</param>
    /// <param name="coefficients">One per term.</param>
    /// <exception cref="ArgumentException">Shapes, types or the number of coefficients do not fit.</exception>
    public void AddGatedCombinationInPlace(Tensor x, Tensor gate, ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients)
    {
        const string Operation = "AddGatedCombination";
        RequireType(DType.Float32, Operation);
        x.NotNull().RequireType(DType.Float32, Operation);
        gate.NotNull().RequireType(DType.Float32, Operation);
        RequireSameShape(x, Operation);
        RequirePerBatch(gate, Operation);
        RequireTerms(terms, Operation);
        if (coefficients.Length != terms.Length)
        {
            throw new ArgumentException($"{Operation}: {terms.Length} terms need as many coefficients, not {coefficients.Length}.");
        }

        Backend.AddGatedCombination(x, gate, terms, coefficients, this);
    }

    /// <summary>
    /// Updates divided differences with a newly computed feature (TaylorSeer, arXiv 2503.06923, section 3), in one pass over memory: new₀ = feature,
    /// newᵢ₊₁ = (newᵢ − oldᵢ) / gap. Afterwards min(known + 1, differences.Length) of them are valid.
    /// </summary>
    /// <param name="feature">Float32, any shape.</param>
    /// <param name="differences">
    /// One or more tensors of that shape, each Float32 or BFloat16 (rounded to nearest even only as it is stored), lowest order first; overwritten.
    /// They are distinct.
    /// </param>
    /// <param name="known">How many differences are valid on entry, 0 to differences.Length; what the others hold is not read.</param>
    /// <param name="gap">Distance from the last observation to this one, in the unit in which the forecast will count; may be negative.</param>
    /// <exception cref="ArgumentException">Shapes or types do not fit, or there is no difference to write.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Known is out of range, or gap is 0 or not finite although differences are known.</exception>
    public static void UpdateDifferencesInPlace(Tensor feature, ReadOnlySpan<Tensor> differences, int known, float gap)
    {
        const string Operation = "UpdateDifferences";
        feature.NotNull().RequireType(DType.Float32, Operation);
        feature.RequireTerms(differences, Operation);
        if (differences.Length == 0)
        {
            throw new ArgumentException($"{Operation}: there is no difference to take in {feature}.");
        }

        if (known < 0 || known > differences.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(known), $"{Operation}: {known} of {differences.Length} differences cannot be known.");
        }

        if (known > 0 && (gap == 0 || !float.IsFinite(gap)))
        {
            throw new ArgumentOutOfRangeException(nameof(gap), $"{Operation}: a gap of {gap} with {known} known differences.");
        }

        feature.Backend.UpdateDifferencesInPlace(feature, differences, known, gap);
    }

    private void RequireCoefficients(ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients)
    {
        RequireTerms(terms, nameof(Combine));
        var perEntry = (long)terms.Length * (Shape.Rank == 0 ? 1 : Shape[0]);
        if (coefficients.Length != terms.Length && coefficients.Length != perEntry)
        {
            throw new ArgumentException(
                $"Combine: {terms.Length} terms {Shape} need {terms.Length} or {perEntry} coefficients, not {coefficients.Length}.");
        }
    }

    private void RequireTerms(ReadOnlySpan<Tensor> terms, string operation)
    {
        foreach (var term in terms)
        {
            RequireSameShape(term, operation);
            if (term.Type is not (DType.Float32 or DType.BFloat16))
            {
                throw new ArgumentException($"{operation}: terms are Float32 or BFloat16, not {term}.");
            }
        }
    }
}
