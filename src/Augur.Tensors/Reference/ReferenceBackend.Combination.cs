namespace Augur.Tensors.Reference;

/// <content>Linear combinations and divided differences.</content>
public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void LinearCombination(ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor y)
    {
        var batch = y.Shape.Rank == 0 ? 1 : y.Shape[0];
        var rowsPerEntry = y.Shape.Rows / Math.Max(1, batch);
        var perEntry = coefficients.Length != terms.Length;
        for (long r = 0; r < y.Shape.Rows; r++)
        {
            for (var c = 0; c < y.Shape.Columns; c++)
            {
                double sum = 0;
                for (var i = 0; i < terms.Length; i++)
                {
                    var entry = y.Shape.Rank == 1 ? c : (int)(r / rowsPerEntry);
                    sum += (double)coefficients[perEntry ? (i * batch) + entry : i] * Get(terms[i], r, c);
                }

                Set(y, r, c, sum);
            }
        }
    }

    /// <inheritdoc/>
    public override void AddGatedCombination(Tensor x, Tensor gate, ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor y)
    {
        var rowsPerEntry = y.Shape.Rows / Math.Max(1, y.Shape[0]);
        for (long r = 0; r < y.Shape.Rows; r++)
        {
            for (var c = 0; c < y.Shape.Columns; c++)
            {
                double sum = 0;
                for (var i = 0; i < terms.Length; i++)
                {
                    sum += (double)coefficients[i] * Get(terms[i], r, c);
                }

                Set(y, r, c, Get(x, r, c) + (Get(gate, r / rowsPerEntry, c) * sum));
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>In single precision: each step is one rounding, so that every backend has the same bits to give.</remarks>
    public override void UpdateDifferencesInPlace(Tensor feature, ReadOnlySpan<Tensor> differences, int known, float gap)
    {
        var valid = Math.Min(known + 1, differences.Length);
        for (long r = 0; r < feature.Shape.Rows; r++)
        {
            for (var c = 0; c < feature.Shape.Columns; c++)
            {
                var next = (float)Get(feature, r, c);
                for (var i = 0; i < valid; i++)
                {
                    var old = i < known ? (float)Get(differences[i], r, c) : 0;
                    Set(differences[i], r, c, next);
                    next = (next - old) / gap;
                }
            }
        }
    }
}
