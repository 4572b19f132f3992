namespace Augur.Tensors.Weights;

/// <summary>
/// Joins 8-bit float weights with the scales that files keep beside them: <c>X.scale_weight</c> with the marker <c>scaled_fp8</c>, or
/// <c>X.weight_scale</c>. A weight is its numbers times its scale; scales of activations serve products in 8 bits and are not needed.
/// </summary>
internal static class Float8Scales
{
    private const string Weight = ".weight";
    private const string Marker = "scaled_fp8";
    private static readonly string[] s_scales = [".scale_weight", ".weight_scale"];
    private static readonly string[] s_companions = [".scale_input", ".input_scale", ".comfy_quant"];

    /// <summary>The same tensors, with scales inside the weights that they belong to and not beside them.</summary>
    /// <exception cref="WeightFileException">A scale has not one number, nor one per row, or is not finite; a weight has two scales.</exception>
    public static CheckpointContents Attach(string file, CheckpointContents contents)
    {
        var all = contents.Tensors;
        var marker = all.Keys.FirstOrDefault(n => IsMarker(n, all[n]));
        string[] scaled = [.. all.Keys.Where(n => IsFloat8(all[n]) && n.EndsWith(Weight, StringComparison.Ordinal) && ScalesOf(all, n).Length > 0)];
        if (marker is null && scaled.Length == 0)
        {
            return contents;
        }

        var tensors = new Dictionary<string, StoredTensor>(all);
        foreach (var name in scaled)
        {
            tensors[name] = all[name].Scaled(Read(file, all, name));
            var stem = name[..^Weight.Length];
            foreach (var ending in s_scales.Concat(s_companions))
            {
                tensors.Remove(stem + ending);
            }
        }

        if (marker is not null)
        {
            tensors.Remove(marker);
        }

        return contents with { Tensors = tensors };
    }

    private static float[] Read(string file, Dictionary<string, StoredTensor> all, string name)
    {
        var weight = all[name];
        if (ScalesOf(all, name) is not [var scaleName])
        {
            throw new WeightFileException($"{file}: tensor {WeightFileException.Quote(name)} has two scales.");
        }

        var scale = all[scaleName];
        var rows = weight.Shape.Rank == 0 ? 1 : weight.Shape[0];
        if (scale.Shape.ElementCount != 1 && scale.Shape.ElementCount != rows)
        {
            throw new WeightFileException(
                $"{file}: tensor {WeightFileException.Quote(scaleName)} {scale.Shape} is neither one scale nor one for each of the {rows} rows of "
                + $"{WeightFileException.Quote(name)}.");
        }

        if (scale.Type.IsInteger())
        {
            throw new WeightFileException(
                $"{file}: tensor {WeightFileException.Quote(scaleName)} holds {scale.Type} numbers where a scale is needed.");
        }

        scale.RequireFinite();
        return scale.ToSingles();
    }

    private static string[] ScalesOf(Dictionary<string, StoredTensor> all, string weight) =>
        [.. s_scales.Select(ending => weight[..^Weight.Length] + ending).Where(all.ContainsKey)];

    private static bool IsFloat8(StoredTensor tensor) => tensor.Type is StoredType.Float8E4M3 or StoredType.Float8E5M2;

    private static bool IsMarker(string name, StoredTensor tensor) => IsFloat8(tensor) && tensor.Shape.ElementCount <= 2
        && (name == Marker || name.EndsWith("." + Marker, StringComparison.Ordinal));
}
