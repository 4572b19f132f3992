using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Studies.Flux;

/// <summary>
/// A GGUF file of random weights: uniform around zero with the spread 1/√inputs, so that nothing grows from layer to layer. Blocks are drawn as
/// bytes, not quantised from numbers: twelve billion of them take seconds.
/// </summary>
internal sealed class RandomWeights(int seed)
{
    private const int Piece = 1 << 20; // bytes drawn at once, rounded down to whole blocks
    private readonly GgufWriter _writer = new();
    private readonly Random _random = new(seed);

    /// <summary>Numbers that were announced.</summary>
    public long Count { get; private set; }

    /// <summary>A matrix [outputs, inputs], or a kernel of a convolution with its rows innermost.</summary>
    public RandomWeights Matrix(string name, StoredType type, params int[] shape)
    {
        var inputs = shape.Skip(1).Aggregate(1L, (product, n) => product * n);
        return Add(name, type, [.. shape], 1 / Math.Sqrt(inputs));
    }

    /// <summary>A linear map with its bias.</summary>
    public RandomWeights Linear(string name, StoredType type, int outputs, int inputs) =>
        Matrix($"{name}.weight", type, outputs, inputs).Vector($"{name}.bias", outputs, 0);

    /// <summary>A vector of one number in single precision.</summary>
    public RandomWeights Vector(string name, int count, float value)
    {
        Count += count;
        var values = Enumerable.Repeat(value, count).ToArray();
        _writer.Add(name, StoredType.Float32, [count], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        return this;
    }

    /// <summary>Numbers of a given spread.</summary>
    public RandomWeights Add(string name, StoredType type, Shape shape, double spread)
    {
        Count += shape.ElementCount;
        _writer.Add(name, type, shape, stream => Draw(stream, type, type.Bytes(shape.ElementCount), spread));
        return this;
    }

    /// <summary>Writes all of it.</summary>
    public void Save(string path, string? architecture, TextWriter output)
    {
        if (architecture is not null)
        {
            _writer.Metadata["general.architecture"] = architecture;
        }

        _writer.Save(path);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{path}: {Count / 1e9:0.00} billion numbers, {new FileInfo(path).Length / 1e9:0.00} GB"));
    }

    private void Draw(Stream stream, StoredType type, long bytes, double spread)
    {
        var block = checked((int)type.Bytes(type == StoredType.Q4_K ? 256 : type == StoredType.Q8_0 ? 32 : 1));
        var buffer = new byte[Piece / block * block];
        var halves = type == StoredType.Float16 ? Halves(spread) : [];
        for (var done = 0L; done < bytes;)
        {
            var here = buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes - done));
            _random.NextBytes(here);
            Shape(here, type, block, spread, halves);
            stream.Write(here);
            done += here.Length;
        }
    }

    private static void Shape(Span<byte> bytes, StoredType type, int block, double spread, Half[] halves)
    {
        switch (type)
        {
            case StoredType.Q8_0: // scale, 32 signed bytes of the spread 73.9
                for (var i = 0; i < bytes.Length; i += block)
                {
                    BinaryPrimitives.WriteHalfLittleEndian(bytes[i..], (Half)(spread / 73.9));
                }

                break;
            case StoredType.Q4_K: // scale, minimum, 12 bytes that say 32 for every group's factor of both, 256 numbers of 4 bits, spread 4.61
                for (var i = 0; i < bytes.Length; i += block)
                {
                    BinaryPrimitives.WriteHalfLittleEndian(bytes[i..], (Half)(spread / (32 * 4.61)));
                    BinaryPrimitives.WriteHalfLittleEndian(bytes[(i + 2)..], (Half)(7.5 * spread / (32 * 4.61)));
                    bytes.Slice(i + 4, 8).Fill(0xa0);
                    bytes.Slice(i + 12, 4).Clear();
                }

                break;
            case StoredType.Float16:
                foreach (ref var half in MemoryMarshal.Cast<byte, ushort>(bytes))
                {
                    half = BitConverter.HalfToUInt16Bits(halves[half]);
                }

                break;
            default:
                throw new ArgumentException($"Random weights are Q8_0, Q4_K or Float16, not {type}.");
        }
    }

    // Uniform numbers of a spread, evenly over all 16-bit patterns.
    private static Half[] Halves(double spread) =>
        [.. Enumerable.Range(0, 1 << 16).Select(i => (Half)(((i + 0.5) / (1 << 15) - 1) * Math.Sqrt(3) * spread))];
}
