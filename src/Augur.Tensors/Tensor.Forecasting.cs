namespace Augur.Tensors;

/// <content>Operations of feature forecasting, composed of the others until the backends have them in one pass.</content>
public sealed partial class Tensor
{
    /// <summary>Overwrites this tensor with x + gate ⊙ Σ coefficients[i] · terms[i].</summary>
    public void AddGatedCombinationInPlace(Tensor x, Tensor gate, ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients) =>
        CopyFromInPlace(x.AddGated(gate, Combine(terms, coefficients)));

    /// <summary>TaylorSeer's recursion in place: new₀ = feature, newᵢ₊₁ = (newᵢ − oldᵢ) / gap, of which the first <paramref name="known"/> old ones count.</summary>
    public static void UpdateDifferencesInPlace(Tensor feature, ReadOnlySpan<Tensor> differences, int known, float gap)
    {
        using var scope = TensorScope.Begin();
        var fresh = feature.Copy();
        for (var i = 0; i < differences.Length && i <= known; i++)
        {
            var next = i < known && i + 1 < differences.Length ? Combine([fresh, differences[i]], [1 / gap, -1 / gap]) : fresh;
            differences[i].CopyFromInPlace(fresh);
            fresh = next;
        }
    }
}
