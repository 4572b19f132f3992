using Augur.Tensors.Weights;

namespace Augur.Catalogs.Lora;

/// <summary>What a LoRA file holds for one linear map or convolution.</summary>
/// <param name="Name">Of the map, in the file's dialect.</param>
/// <param name="Down">[rank, inputs, …].</param>
/// <param name="Up">[outputs, rank, …].</param>
internal sealed record LoraModule(string Name, StoredTensor Down, StoredTensor Up)
{
    /// <summary>[rank, rank, height, width]; null: there is none.</summary>
    public StoredTensor? Mid { get; init; }

    /// <summary>One number; null: it is not given here.</summary>
    public StoredTensor? Alpha { get; init; }

    /// <summary>DoRA's magnitudes; null: it is a plain LoRA.</summary>
    public StoredTensor? Magnitude { get; init; }

    /// <summary>Whether the magnitudes are outputs' whatever their shape.</summary>
    public bool MagnitudeIsOfOutputs { get; init; }

    /// <summary>Names of its tensors in the file.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>Rank of the change.</summary>
    public int Rank => Mid is null ? Down.Shape[0] : Mid.Shape[0];

    /// <summary>Rows of the weight that it changes.</summary>
    public int Outputs => Up.Shape[0];

    /// <summary>The kernel that the change covers, as <c>3x3</c>; null: a matrix, or single cells.</summary>
    public string? Kernel => (Mid ?? Down).Shape is { Rank: 4 } shape && shape[2] * shape[3] > 1 ? $"{shape[2]}x{shape[3]}" : null;

    /// <summary>The first matrix with what stands between, [rank, inputs · kernel], and the second, [outputs, rank].</summary>
    /// <param name="file">For messages.</param>
    /// <exception cref="WeightFileException">Shapes do not fit each other, or a number is not finite.</exception>
    public (float[] Down, float[] Up) Matrices(string file)
    {
        foreach (var tensor in new[] { Down, Up, Mid }.OfType<StoredTensor>())
        {
            tensor.RequireFinite();
        }

        var down = Down.ToSingles();
        return (Mid is null ? down : ThroughMid(file, down), Up.ToSingles());
    }

    /// <summary>Checks that the shapes make a product.</summary>
    /// <exception cref="WeightFileException">They do not; names both.</exception>
    public void RequireShapes(string file)
    {
        var (down, up, mid) = (Down.Shape, Up.Shape, Mid?.Shape);
        var isProduct = down.Rank >= 2 && up.Rank >= 2 && down.ElementCount > 0 && up.ElementCount > 0 && up.ElementCount == (long)up[0] * up[1];
        var fits = isProduct && (mid is not { } kernel ? up[1] == down[0]
            : kernel.Rank == 4 && kernel.ElementCount > 0 && kernel[0] == up[1] && kernel[1] == down[0]
                && down.ElementCount == (long)down[0] * down[1]);
        if (!fits)
        {
            throw new WeightFileException(
                $"{file}: {WeightFileException.Quote(Down.Name)} {down} and {WeightFileException.Quote(Up.Name)} {up}"
                + $"{(mid is { } between ? $" with {between} between them" : "")} make no product of an up matrix and a down matrix.");
        }
    }

    // down'[a, input, cell] = Σ_b mid[a, b, cell] · down[b, input].
    private float[] ThroughMid(string file, float[] down)
    {
        var (kernel, mid) = (Mid!.Shape, Mid.ToSingles());
        var (outer, inner, cells, inputs) = (kernel[0], kernel[1], kernel[2] * kernel[3], Down.Shape[1]);
        if ((long)outer * inputs * cells > Array.MaxLength)
        {
            throw new WeightFileException($"{file}: {WeightFileException.Quote(Name)} is larger than {Array.MaxLength} numbers.");
        }

        var whole = new float[outer * inputs * cells];
        for (var a = 0; a < outer; a++)
        {
            for (var input = 0; input < inputs; input++)
            {
                for (var cell = 0; cell < cells; cell++)
                {
                    double sum = 0;
                    for (var b = 0; b < inner; b++)
                    {
                        sum += (double)mid[(((a * inner) + b) * cells) + cell] * down[(b * inputs) + input];
                    }

                    whole[(((a * inputs) + input) * cells) + cell] = (float)sum;
                }
            }
        }

        return whole;
    }
}
