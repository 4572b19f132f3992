namespace Augur.Tensors.Weights;

/// <summary>Some consecutive rows of a stored matrix with those of its bias, as a part of a linear map.</summary>
/// <param name="Weight">Name of the matrix [<paramref name="Of"/>, inputs].</param>
/// <param name="Bias">Name of its bias [<paramref name="Of"/>], read where the map has one.</param>
/// <param name="Of">Rows of the whole matrix.</param>
/// <param name="First">The first row of the part.</param>
/// <param name="Count">How many, at least 1.</param>
public readonly record struct WeightRows(string Weight, string Bias, int Of, int First, int Count)
{
    /// <summary>Some rows of <c>name.weight</c> and <c>name.bias</c>.</summary>
    public WeightRows(string name, int of, int first, int count)
        : this($"{name}.weight", $"{name}.bias", of, first, count)
    {
    }

    /// <summary>All rows of <c>name.weight</c> and <c>name.bias</c>.</summary>
    public static WeightRows All(string name, int rows) => new(name, rows, 0, rows);
}
