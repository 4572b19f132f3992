using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <summary>
/// Products of rounded rows with quantised weights, one output after the other, on any processor; the bits of <see cref="IntegerTile{TV}"/>.
/// </summary>
internal static unsafe class IntegerRows
{
    /// <summary>The block of an output at which a K block begins.</summary>
    public static byte* BlocksOf(ref LinearProduct g, int output, int k0) =>
        g.Data + ((((long)g.FirstPanel * g.Kernels.Columns) + output) * g.RowBytes) + g.Format!.Value.RowBytes(k0);

    /// <summary>Adds one K block to the sums in y, which begin with the bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref LinearProduct g, int m0, int rows, int o0, int o1, int k0, int depth, short* a, float* scales, float* sums)
    {
        var format = g.Format!.Value;
        var group = QuantizedBlocks.GroupElements(format);
        var numbers = stackalloc sbyte[QuantizedBlocks.Chunk];
        var weightScales = stackalloc float[2 * QuantizedBlocks.ChunkScales];
        var minima = weightScales + QuantizedBlocks.ChunkScales;
        for (var o = o0; o < o1; o++)
        {
            QuantizedBlocks.Unpack(format, BlocksOf(ref g, o, k0), depth, numbers, weightScales, minima);
            for (var i = 0; i < rows; i++)
            {
                var y = g.Y + ((m0 + i) * g.YStride) + o;
                var rowScales = scales + (i * RoundedRows.Scales);
                var sum = k0 == 0 ? g.Bias[o] : *y;
                for (var j = 0; sums != null && j < depth / group; j++)
                {
                    sum = MathF.FusedMultiplyAdd(-sums[(i * RoundedRows.Scales) + j], minima[j], sum);
                }

                for (var j = 0; j < depth / group; j++)
                {
                    var products = Dot(a + (i * RoundedRows.Stride) + (j * group), numbers + (j * group), group);
                    sum = MathF.FusedMultiplyAdd(products * weightScales[j], rowScales[j], sum);
                }

                *y = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Dot(short* a, sbyte* b, int count)
    {
        var sum = Vector128<int>.Zero;
        for (var i = 0; i < count; i += 8)
        {
            var (x, y) = (Vector128.Load(a + i), Vector128.WidenLower(Vector128.CreateScalar(*(long*)(b + i)).AsSByte()));
            if (Sse2.IsSupported)
            {
                sum += Sse2.MultiplyAddAdjacent(x, y);
            }
            else
            {
                sum += (Vector128.WidenLower(x) * Vector128.WidenLower(y)) + (Vector128.WidenUpper(x) * Vector128.WidenUpper(y));
            }
        }

        return Vector128.Sum(sum);
    }
}
