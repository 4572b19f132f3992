using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Augur.Tensors.Cpu;

/// <summary>
/// Rows of activations as 16-bit integers with a scale for each 32: x ≈ q · scale, scale = largest magnitude / 32,767, q rounded to the nearest and
/// ties to even. The bits are those of <see cref="Reference.IntegerProductFormula"/> on every processor.
/// </summary>
internal static unsafe class RoundedRows
{
    /// <summary>Activations that share a scale.</summary>
    public const int Block = 32;

    /// <summary>The largest integer.</summary>
    public const int Largest = short.MaxValue;

    /// <summary>16-bit integers between rows: a K block and 16 more, so that the rows do not fall into the same cache sets.</summary>
    public const int Stride = MicroKernels.RowStride;

    /// <summary>Scales of a row's K block at most, and sums.</summary>
    public const int Scales = QuantizedBlocks.ChunkScales;

    /// <summary>Magnitudes below are scaled up before they are divided by, as their reciprocals would not be finite.</summary>
    public const float Tiny = 1.2621774e-29f; // 2⁻⁹⁶

    /// <summary>Rounds one K block of some rows.</summary>
    /// <param name="x">The first activation.</param>
    /// <param name="xStride">Floats between rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="depth">Activations of a row, a multiple of 32, at most <see cref="MicroKernels.DepthBlock"/>.</param>
    /// <param name="group">Activations for which a scale is written, 16 or 32.</param>
    /// <param name="to">Receives the integers, rows <see cref="Stride"/> apart.</param>
    /// <param name="scales">Receives a scale for each group, rows <see cref="Scales"/> apart; NaN where an activation is not finite.</param>
    /// <param name="sums">Receives the sum of each group's rounded activations, likewise; null: not wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* x, long xStride, int rows, int depth, int group, short* to, float* scales, float* sums)
    {
        for (var i = 0; i < rows; i++, x += xStride, to += Stride, scales += Scales)
        {
            for (var k = 0; k < depth; k += Block)
            {
                var scale = Round(x + k, to + k);
                for (var j = k; j < k + Block; j += group)
                {
                    scales[j / group] = scale;
                    if (sums != null)
                    {
                        sums[(i * Scales) + (j / group)] = Sum(to + j, group) * scale;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Round(float* x, short* to)
    {
        var magnitudes = Vector256<int>.Zero; // bits of magnitudes are ordered as these are, and NaN above all
        for (var i = 0; i < Block; i += 8)
        {
            magnitudes = Vector256.Max(magnitudes, Vector256.Load((int*)x + i) & Vector256.Create(int.MaxValue));
        }

        var four = Vector128.Max(magnitudes.GetLower(), magnitudes.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        var bits = Math.Max(four[0], four[1]);
        if (bits is 0 or >= 0x7f800000)
        {
            new Span<short>(to, Block).Clear();
            return bits == 0 ? 0 : float.NaN;
        }

        var largest = BitConverter.Int32BitsToSingle(bits);
        var up = largest < Tiny ? 1 / Tiny : 1;
        var inverse = (float)(Largest / ((double)largest * up));
        var (u, f) = (Vector256.Create(up), Vector256.Create(inverse));
        for (var i = 0; i < Block; i += 16)
        {
            var low = Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Load(x + i) * u * f));
            var high = Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Load(x + i + 8) * u * f));
            Vector256.Narrow(low, high).Store(to + i);
        }

        return (float)(largest / (double)Largest);
    }

    private static int Sum(short* x, int count)
    {
        var sum = Vector128<int>.Zero;
        for (var i = 0; i < count; i += 8)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(x + i));
            sum += low + high;
        }

        return Vector128.Sum(sum);
    }
}
