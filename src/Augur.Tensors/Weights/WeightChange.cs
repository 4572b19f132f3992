using System.Numerics;

namespace Augur.Tensors.Weights;

/// <summary>Of which matrix the norms are by which DoRA divides.</summary>
public enum DoraNorm
{
    /// <summary>The changed one, as defined (Liu et al., 2024, arXiv 2402.09353, equation 5).</summary>
    Changed,

    /// <summary>The unchanged one where there is a magnitude per output, as ComfyUI has it.</summary>
    Unchanged,
}

/// <summary>
/// A change of a stored weight by a product of two small matrices (LoRA, Hu et al., 2021, arXiv 2106.09685): some rows W become
/// W + strength · factor · up · down. With magnitudes (DoRA) they become W + strength · (m ⊙ V / ‖V‖ − W), where V = W + factor · up · down.
/// A weight of more than two axes counts as a matrix [outermost, all others].
/// </summary>
public sealed class WeightChange
{
    /// <summary>The tensor that is changed.</summary>
    public required string Name { get; init; }

    /// <summary>Where the change comes from, for messages: a file's name.</summary>
    public string Origin { get; init; } = "a change";

    /// <summary>The first row that is changed.</summary>
    public int FirstRow { get; init; }

    /// <summary>[rows, rank].</summary>
    public required float[] Up { get; init; }

    /// <summary>[rank, columns].</summary>
    public required float[] Down { get; init; }

    /// <summary>Columns of up, rows of down, at least 1.</summary>
    public required int Rank { get; init; }

    /// <summary>What belongs to the product: alpha over rank.</summary>
    public float Factor { get; init; } = 1;

    /// <summary>How much of the change is made; 1: all, 0: none, negative: the opposite.</summary>
    public float Strength { get; init; } = 1;

    /// <summary>DoRA's magnitudes, one per row, or one per input (whose columns are consecutive); null: none.</summary>
    public float[]? Magnitudes { get; init; }

    /// <summary>Whether the magnitudes are the inputs'.</summary>
    public bool MagnitudesAreOfInputs { get; init; }

    /// <summary>Of which matrix the norms are.</summary>
    public DoraNorm Norm { get; init; }

    /// <summary>How many rows are changed.</summary>
    public int Rows => Up.Length / Rank;

    /// <summary>Length of a row.</summary>
    public int Columns => Down.Length / Rank;

    /// <summary>The same change of rows that stand so many further down.</summary>
    internal WeightChange Below(int rows) =>
        new() { Name = Name, Origin = Origin, FirstRow = FirstRow + rows, Up = Up, Down = Down, Rank = Rank, Factor = Factor, Strength = Strength };

    /// <summary>Changes a weight in place.</summary>
    /// <param name="weight">[all rows, columns].</param>
    internal void Apply(float[] weight)
    {
        var columns = Columns;
        var own = Magnitudes is null ? null : weight.AsSpan(FirstRow * columns, Rows * columns).ToArray();
        var factor = Magnitudes is null ? Strength * Factor : Factor;
        Parallel.For(0, Rows, row => AddProduct(weight.AsSpan((FirstRow + row) * columns, columns), row, factor));
        if (own is not null)
        {
            Rescale(weight.AsSpan(FirstRow * columns, own.Length), own);
        }
    }

    // One row of up times down, added. The terms come in the order of the ranks, so that the sum does not depend on the width of vectors.
    private void AddProduct(Span<float> row, int index, float factor)
    {
        for (var rank = 0; rank < Rank; rank++)
        {
            var coefficient = factor * Up[(index * Rank) + rank];
            var down = Down.AsSpan(rank * row.Length, row.Length);
            var i = 0;
            for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                (new Vector<float>(row[i..]) + (coefficient * new Vector<float>(down[i..]))).CopyTo(row[i..]);
            }

            for (; i < row.Length; i++)
            {
                row[i] += coefficient * down[i];
            }
        }
    }

    private void Rescale(Span<float> changed, float[] own)
    {
        // A small number keeps ComfyUI's division from failing at a row of zeros; the definition has none.
        var added = Norm == DoraNorm.Unchanged ? Math.BitIncrement(1f) - 1 : 0;
        var width = MagnitudesAreOfInputs ? Columns / Magnitudes!.Length : 0;
        var norms = new double[Magnitudes!.Length];
        ReadOnlySpan<float> measured = Norm == DoraNorm.Unchanged && !MagnitudesAreOfInputs ? own : changed;
        for (var i = 0; i < measured.Length; i++)
        {
            norms[IndexOf(i)] += (double)measured[i] * measured[i];
        }

        for (var i = 0; i < changed.Length; i++)
        {
            var at = IndexOf(i);
            var whole = changed[i] * (Magnitudes[at] / (Math.Sqrt(norms[at]) + added));
            changed[i] = (float)(own[i] + (Strength * (whole - own[i])));
        }

        int IndexOf(int i) => MagnitudesAreOfInputs ? i % Columns / width : i / Columns;
    }
}
