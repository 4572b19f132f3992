namespace Augur.Tensors.Weights;

/// <content>Linear maps that files keep in parts.</content>
public sealed partial class WeightScope
{
    /// <summary>
    /// A linear map that is stored in parts, which follow each other in its outputs. Its weight has the parts' own precision or blocks if all have
    /// the same, and otherwise single precision. The caller disposes it.
    /// </summary>
    /// <param name="inputs">Inputs of all parts.</param>
    /// <param name="bias">Whether every part has a bias.</param>
    /// <param name="rows">The parts.</param>
    /// <exception cref="WeightFileException">A tensor is missing, has another shape, or holds integers, NaN or infinity.</exception>
    public PackedLinear Joined(int inputs, bool bias, params ReadOnlySpan<WeightRows> rows)
    {
        if (_trace is not null)
        {
            return Traced(rows, inputs);
        }

        using var scope = TensorScope.Begin();
        var outputs = 0;
        var stored = new StoredTensor[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            stored[i] = Take(rows[i].Weight, [rows[i].Of, inputs]);
            outputs += rows[i].Count;
        }

        var shift = bias ? Tensors.Tensor.Empty(_backend, [1, outputs]) : null;
        for (int i = 0, first = 0; shift is not null && i < rows.Length; first += rows[i++].Count)
        {
            var part = InSingle(Take(rows[i].Bias, [rows[i].Of])).Reshape([1, rows[i].Of]);
            shift.Columns(first, rows[i].Count).CopyFromInPlace(part.Columns(rows[i].First, rows[i].Count));
        }

        shift = shift?.Reshape([outputs]);
        return stored[0].PackedFormat is { } format && Array.TrueForAll(stored, part => part.PackedFormat == format)
            ? JoinedBlocks(stored, rows, format, shift)
            : Own(_backend.Pack(JoinedFloats(stored, rows, outputs, inputs), shift));
    }

    private Tensor JoinedFloats(StoredTensor[] stored, ReadOnlySpan<WeightRows> rows, int outputs, int inputs)
    {
        var parts = Array.ConvertAll(stored, part => part.ToTensor(_backend));
        if (parts.Any(part => part.Type != parts[0].Type))
        {
            parts = Array.ConvertAll(stored, InSingle); // the one precision that holds all others
        }

        var weight = Tensors.Tensor.Empty(_backend, [outputs, inputs], parts[0].Type);
        for (int i = 0, first = 0; i < parts.Length; first += rows[i++].Count)
        {
            weight.Rows(first, rows[i].Count).CopyFromInPlace(parts[i].Rows(rows[i].First, rows[i].Count));
        }

        return weight;
    }

    private PackedLinear JoinedBlocks(StoredTensor[] stored, ReadOnlySpan<WeightRows> rows, QuantizedFormat format, Tensor? shift)
    {
        var (outputs, inputs) = (0, stored[0].Shape[1]);
        foreach (var part in rows)
        {
            outputs += part.Count;
        }

        var bytes = new byte[checked((int)(outputs * format.RowBytes(inputs)))];
        float[] scales = stored.Any(part => part.Scales.Length > 0) ? new float[outputs] : [];
        var changes = new List<WeightChange>();
        for (int i = 0, first = 0; i < stored.Length; first += rows[i++].Count)
        {
            var part = stored[i].PackedRows(rows[i].First, rows[i].Count);
            part.Bytes.CopyTo(bytes.AsSpan((int)(first * part.RowBytes)));
            for (var row = 0; scales.Length > 0 && row < part.Rows; row++)
            {
                scales[first + row] = part.ScaleOf(row);
            }

            changes.AddRange(stored[i].ChangesOf(rows[i].First, rows[i].Count).Select(change => change.Below(first)));
        }

        return Own(_backend.Pack(new QuantizedMatrix(format, outputs, inputs, bytes, scales), shift), [.. changes]);
    }
}
