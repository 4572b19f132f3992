using System.Runtime.InteropServices;

namespace Augur.Tensors.Weights;

/// <summary>One tensor of a conversion.</summary>
/// <param name="Tensor">As it is stored.</param>
/// <param name="Type">What it becomes.</param>
public sealed record ConvertedTensor(StoredTensor Tensor, StoredType Type);

/// <summary>What a conversion did.</summary>
/// <param name="Tensors">What each tensor became.</param>
/// <param name="RelativeError">
/// Of the tensors that became quantised: root of the sum of squared differences over root of the sum of squares; 0 if there are none.
/// </param>
public sealed record ConversionReport(IReadOnlyList<ConvertedTensor> Tensors, double RelativeError);

/// <summary>
/// Writes the weights of a checkpoint in another precision. Matrices take the type that is asked for; vectors stay in single precision, and small
/// tensors, kernels of convolutions and the maps at a network's ends, which are few and matter most, in half or their own precision.
/// </summary>
public static class WeightConversion
{
    private const int SmallElements = 1024;

    // Names of the maps into and out of image models, which their own tools never quantise either.
    private static readonly string[] s_ends =
    [
        "txt_in", "img_in", "time_in", "vector_in", "guidance_in", "final_layer", "context_embedder", "t_embedder", "y_embedder", "x_embedder",
        "pos_embed", "time_embed", "label_emb", "time_text_embed", "proj_out", "norm_out", "relative_attention_bias", "patch_embedding",
    ];

    /// <summary>Whether a type can be asked for.</summary>
    public static bool CanMake(StoredType type) => type is StoredType.Float32 or StoredType.Float16 or StoredType.BFloat16
        || (type.IsBlocks() && type.Quantized() is { } format && Quantizer.CanMake(format));

    /// <summary>What each tensor of a checkpoint becomes, in the order of names.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="type">What matrices become; see <see cref="CanMake"/>.</param>
    /// <exception cref="ArgumentException">The type cannot be made.</exception>
    public static IReadOnlyList<ConvertedTensor> Plan(Checkpoint checkpoint, StoredType type)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (!CanMake(type))
        {
            throw new ArgumentException($"Weights can be read as {type} but not written as such.", nameof(type));
        }

        return [.. checkpoint.Tensors.Values.OrderBy(t => t.Name, NaturalOrder.Instance).Select(t => new ConvertedTensor(t, Target(t, type)))];
    }

    /// <summary>Writes a GGUF file.</summary>
    /// <param name="plan">As <see cref="Plan"/> makes it.</param>
    /// <param name="description">What the file says of the model; null: nothing.</param>
    /// <param name="path">The file, which is replaced when the new one is whole.</param>
    /// <param name="advance">Called after each tensor.</param>
    /// <param name="cancellationToken">Looked at before each tensor.</param>
    /// <exception cref="WeightFileException">A weight is NaN or infinite, or GGUF has no such numbers.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static ConversionReport WriteGguf(
        IReadOnlyList<ConvertedTensor> plan, GgufDescription? description, string path, Action? advance = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var (error, writer) = (new ErrorOfBlocks(), new GgufWriter());
        if (description?.Architecture is { } architecture)
        {
            writer.Metadata["general.architecture"] = architecture;
        }

        foreach (var (key, value) in description?.Integers ?? new Dictionary<string, uint>())
        {
            writer.Integers[key] = value;
        }

        foreach (var (key, value) in description?.Singles ?? new Dictionary<string, float>())
        {
            writer.Singles[key] = value;
        }

        foreach (var converted in plan)
        {
            writer.Add(converted.Tensor.Name, converted.Type, converted.Tensor.Shape, stream =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                stream.Write(Convert(converted, error));
                advance?.Invoke();
            });
        }

        writer.Save(path);
        return new ConversionReport(plan, error.Relative);
    }

    /// <summary>Writes a safetensors file; all of it is made in memory first.</summary>
    /// <param name="plan">As <see cref="Plan"/> makes it, without quantised types.</param>
    /// <param name="path">The file, which is replaced when the new one is whole.</param>
    /// <param name="advance">Called after each tensor.</param>
    /// <param name="cancellationToken">Looked at before each tensor.</param>
    /// <exception cref="ArgumentException">A type is quantised.</exception>
    /// <exception cref="WeightFileException">A weight is NaN or infinite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static ConversionReport WriteSafetensors(
        IReadOnlyList<ConvertedTensor> plan, string path, Action? advance = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var writer = new SafetensorsWriter();
        foreach (var converted in plan)
        {
            cancellationToken.ThrowIfCancellationRequested();
            writer.Add(converted.Tensor.Name, converted.Type, Convert(converted, new ErrorOfBlocks()), converted.Tensor.Shape);
            advance?.Invoke();
        }

        writer.Save(path);
        return new ConversionReport(plan, 0);
    }

    private static StoredType Target(StoredTensor tensor, StoredType wanted)
    {
        var shape = tensor.Shape;
        if (tensor.Type.IsInteger())
        {
            return tensor.Type;
        }

        if (shape.Rank < 2 || wanted == StoredType.Float32)
        {
            return StoredType.Float32;
        }

        if (!wanted.IsBlocks())
        {
            return wanted;
        }

        var kept = tensor.Type switch
        {
            StoredType.Float32 or StoredType.Float64 => StoredType.Float32,
            StoredType.BFloat16 => StoredType.BFloat16,
            _ => StoredType.Float16,
        };
        if (shape.Rank > 2 || shape.ElementCount <= SmallElements || tensor.Name.Split('.').Any(s_ends.Contains))
        {
            return shape.ElementCount <= SmallElements ? StoredType.Float32 : kept;
        }

        return FitsRows(wanted, shape) ? wanted : FitsRows(StoredType.Q8_0, shape) ? StoredType.Q8_0 : kept;
    }

    private static bool FitsRows(StoredType type, Shape shape) => shape[1] % type.Quantized()!.Value.BlockElements() == 0;

    private static byte[] Convert(ConvertedTensor converted, ErrorOfBlocks error)
    {
        var (tensor, type) = (converted.Tensor, converted.Type);
        tensor.RequireFinite();
        if (tensor.Type == type && tensor.Scales.IsEmpty)
        {
            return tensor.Bytes.ToArray();
        }

        var values = tensor.ToSingles();
        if (type.IsBlocks())
        {
            return Blocks(values, tensor.Shape[1], type.Quantized()!.Value, error);
        }

        return type switch
        {
            StoredType.Float32 => MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
            StoredType.Float16 => Halves(tensor, values),
            StoredType.BFloat16 => MemoryMarshal.AsBytes(Array.ConvertAll(values, RoundToBFloat16).AsSpan()).ToArray(),
            _ => throw new ArgumentException($"Tensor '{tensor.Name}' cannot become {type}."),
        };
    }

    private static byte[] Halves(StoredTensor tensor, float[] values)
    {
        var halves = Array.ConvertAll(values, value => (Half)value);
        return Array.FindIndex(halves, half => !Half.IsFinite(half)) is var index and >= 0
            ? throw new WeightFileException(FormattableString.Invariant(
                $"tensor '{tensor.Name}' holds {values[index]:R} as element {index}, which half precision cannot hold; bf16 can."))
            : MemoryMarshal.AsBytes(halves.AsSpan()).ToArray();
    }

    private static ushort RoundToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    private static byte[] Blocks(float[] values, int columns, QuantizedFormat format, ErrorOfBlocks error)
    {
        var (rows, rowBytes) = (values.Length / columns, (int)format.RowBytes(columns));
        var blocks = new byte[(long)rows * rowBytes];
        Parallel.For(0, rows, row =>
        {
            var from = values.AsSpan(row * columns, columns);
            var to = blocks.AsSpan(row * rowBytes, rowBytes);
            Quantizer.Quantize(format, from, to);
            var back = new float[columns];
            format.Widen(to, back);
            error.Add(from, back);
        });
        return blocks;
    }

    /// <summary>Collects what quantising changes; from any thread.</summary>
    private sealed class ErrorOfBlocks
    {
        private readonly Lock _lock = new();
        private double _difference;
        private double _magnitude;

        public double Relative => _magnitude > 0 ? Math.Sqrt(_difference / _magnitude) : 0;

        public void Add(ReadOnlySpan<float> values, ReadOnlySpan<float> back)
        {
            double difference = 0, magnitude = 0;
            for (var i = 0; i < values.Length; i++)
            {
                var d = (double)values[i] - back[i];
                difference += d * d;
                magnitude += (double)values[i] * values[i];
            }

            lock (_lock)
            {
                _difference += difference;
                _magnitude += magnitude;
            }
        }
    }
}
