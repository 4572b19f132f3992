using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <content>Panels of integers.</content>
internal static unsafe partial class QuantizedPanels
{
    /// <summary>16-bit integers of a panel.</summary>
    public const int PairPanel = Outputs * Depth;

    /// <summary>
    /// The numbers of up to 256 inputs of sixteen outputs, before they are scaled, with two inputs of an output side by side. Not for 8-bit floats.
    /// </summary>
    /// <param name="outputs">What is widened.</param>
    /// <param name="depth">Inputs, a whole number of blocks.</param>
    /// <param name="set">The kernels, for turning the scales.</param>
    /// <param name="scratch">Working memory, in which scales and minima stay.</param>
    /// <param name="to">Receives the panel, [inputs / 2][outputs][2].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WidenPairs(in QuantizedOutputs outputs, int depth, in KernelSet set, float* scratch, short* to)
    {
        TurnBlocks(outputs, depth, set, scratch);
        var from = Turned0(scratch);
        for (var end = from + (depth * Outputs); from < end; from += 2 * Outputs, to += 2 * Outputs)
        {
            var (even, odd) = (Vector128.Load(from), Vector128.Load(from + Outputs));
            Avx2.ConvertToVector256Int16(Sse2.UnpackLow(even, odd)).Store(to);
            Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(even, odd)).Store(to + Outputs);
        }
    }

    /// <summary>The scales that are left in the working memory, [groups][outputs].</summary>
    public static float* PairScales(float* scratch) => Scales0(scratch);

    /// <summary>The minima that are left in the working memory, [groups][outputs].</summary>
    public static float* PairMinima(float* scratch) => Scales0(scratch) + Scales;
}
