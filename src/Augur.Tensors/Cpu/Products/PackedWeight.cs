using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Augur.Tensors.Cpu;

/// <summary>
/// A weight in the order in which the micro-kernels read it: [K block of 256][panel of columns][k][column], with the bias behind it. Half-precision
/// weights stay in two bytes: each 32-bit lane holds the columns j and j + lanes of a panel. Quantised weights stay in their blocks, row after row,
/// where a file is mapped inside the file, and become panels as they are used.
/// </summary>
internal sealed unsafe class PackedWeight(HostBuffer buffer, CpuPath path, int panels) : PackedLinear
{
    private HostBuffer? _buffer = buffer;
    private Func<IDisposable?>? _hold;
    private IDisposable? _held;
    private byte* _mapped;

    /// <summary>The path whose kernels read this order.</summary>
    public CpuPath Path => path;

    /// <summary>Panels across the outputs; the last one is filled up with zeros.</summary>
    public int Panels { get; } = panels;

    /// <summary>Panels of the whole weight, of which this may be a slice.</summary>
    public int BlockPanels { get; private init; } = panels;

    /// <summary>The first panel of this weight among <see cref="BlockPanels"/>.</summary>
    public int FirstPanel { get; private init; }

    /// <summary>The first panel of the first K block of the whole weight.</summary>
    public byte* Data => _mapped == null ? (byte*)Buffer.Pointer : _mapped;

    /// <summary>One float per column of all panels.</summary>
    public float* Bias { get; private init; }

    /// <summary>Bytes between the rows of a quantised weight.</summary>
    public long RowBytes { get; private init; }

    /// <summary>A factor per row of an 8-bit float weight; null: 1.</summary>
    public float* Scales { get; private init; }

    private HostBuffer Buffer => _buffer ?? throw new ObjectDisposedException(
        nameof(PackedLinear), $"A weight [{Outputs}, {Inputs}] was used after its release.");

    public static PackedWeight Create(HostBackend backend, CpuPath path, Tensor weight, Tensor? bias)
    {
        var columns = MicroKernels.For(path).Columns;
        var (outputs, inputs) = (weight.Shape[0], weight.Shape[1]);
        var panels = (outputs + columns - 1) / columns;
        var type = weight.Type == DType.Float16 && !AllFinite(weight) ? DType.Float32 : weight.Type;
        var weightBytes = (long)panels * columns * inputs * type.Size();
        weightBytes = (weightBytes + 63) / 64 * 64;
        var buffer = (HostBuffer)backend.Rent(weightBytes + ((long)panels * columns * sizeof(float)));
        var packed = new PackedWeight(buffer, path, panels)
        {
            Inputs = inputs,
            Outputs = outputs,
            Type = type,
            Bias = (float*)((byte*)buffer.Pointer + weightBytes),
        };
        packed.FillBias(bias, panels * columns);
        for (var block = 0; block < inputs; block += MicroKernels.DepthBlock)
        {
            packed.FillBlock(weight, block, Math.Min(MicroKernels.DepthBlock, inputs - block), columns);
        }

        return packed;
    }

    public static PackedWeight Create(HostBackend backend, CpuPath path, QuantizedMatrix weight, Tensor? bias)
    {
        var columns = MicroKernels.For(path).Columns;
        var panels = (weight.Rows + columns - 1) / columns;
        var padded = panels * columns;
        var held = weight.Hold?.Invoke();
        var weightBytes = held is null ? (weight.Bytes.Length + 63L) / 64 * 64 : 0;
        var scales = weight.Scales.Length == 0 ? 0 : padded;
        HostBuffer buffer;
        try
        {
            buffer = (HostBuffer)backend.Rent(weightBytes + (((long)padded + scales) * sizeof(float)));
        }
        catch
        {
            held?.Dispose();
            throw;
        }

        var bias0 = (float*)((byte*)buffer.Pointer + weightBytes);
        var packed = new PackedWeight(buffer, path, panels)
        {
            Inputs = weight.Columns,
            Outputs = weight.Rows,
            Type = DType.Float32,
            Format = weight.Format,
            RowBytes = weight.RowBytes,
            Bias = bias0,
            Scales = scales == 0 ? null : bias0 + padded,
        };
        if (held is null)
        {
            weight.Bytes.CopyTo(new Span<byte>(buffer.Pointer, weight.Bytes.Length));
        }
        else
        {
            packed._mapped = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(weight.Bytes)); // which stays there while it is held
            (packed._hold, packed._held) = (weight.Hold, held);
        }

        packed.FillBias(bias, padded);
        for (var row = 0; scales > 0 && row < weight.Rows; row++)
        {
            packed.Scales[row] = weight.ScaleOf(row);
        }

        return packed;
    }

    /// <inheritdoc/>
    public override PackedLinear? Slice(int start, int count)
    {
        var columns = MicroKernels.For(Path).Columns;
        if (start % columns != 0 || (count % columns != 0 && start + count != Outputs))
        {
            return null;
        }

        Buffer.AddHolder();
        return new PackedWeight(Buffer, Path, (count + columns - 1) / columns)
        {
            Inputs = Inputs,
            Outputs = count,
            Type = Type,
            Format = Format,
            RowBytes = RowBytes,
            Scales = Scales == null ? null : Scales + start,
            Bias = Bias + start,
            BlockPanels = BlockPanels,
            FirstPanel = FirstPanel + (start / columns),
            _mapped = _mapped,
            _hold = _hold,
            _held = _hold?.Invoke(),
        };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Interlocked.Exchange(ref _buffer, null)?.RemoveHolder();
            Interlocked.Exchange(ref _held, null)?.Dispose();
            _mapped = null;
        }
    }

    private void FillBias(Tensor? bias, int padded)
    {
        new Span<float>(Bias, padded).Clear();
        for (var i = 0; bias is not null && i < Outputs; i++)
        {
            Bias[i] = Read(bias, i);
        }
    }

    private static bool AllFinite(Tensor weight)
    {
        foreach (var value in new ReadOnlySpan<ushort>(HostBackend.Address(weight), checked((int)weight.Shape.ElementCount)))
        {
            if ((value & 0x7c00) == 0x7c00)
            {
                return false;
            }
        }

        return true;
    }

    private static float Read(Tensor x, long i) => x.Type switch
    {
        DType.Float32 => ((float*)HostBackend.Address(x))[i],
        DType.Float16 => (float)((Half*)HostBackend.Address(x))[i],
        _ => BitConverter.UInt32BitsToSingle((uint)((ushort*)HostBackend.Address(x))[i] << 16),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillBlock(Tensor weight, int block, int depth, int columns)
    {
        var from = HostBackend.Address(weight);
        var (lanes, width) = (columns / 2, Panels * columns);
        for (var panel = 0; panel < Panels; panel++)
        {
            var start = ((long)block * width) + ((long)panel * columns * depth);
            var inside = Math.Min(columns, Outputs - (panel * columns));
            if (inside < columns)
            {
                new Span<byte>(Data + (start * Type.Size()), columns * depth * Type.Size()).Clear();
            }

            for (var j = 0; j < inside; j++)
            {
                var first = (((long)(panel * columns) + j) * Inputs) + block;
                if (Type != DType.Float32)
                {
                    var to = (ushort*)Data + start + (2 * (j % lanes)) + (j / lanes);
                    for (var k = 0; k < depth; k++)
                    {
                        to[k * columns] = ((ushort*)from)[first + k];
                    }
                }
                else
                {
                    var to = (float*)Data + start + j;
                    for (var k = 0; k < depth; k++)
                    {
                        to[k * columns] = weight.Type == DType.Float32 ? ((float*)from)[first + k] : (float)((Half*)from)[first + k];
                    }
                }
            }
        }
    }
}
