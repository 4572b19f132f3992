using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <content>Products of 16-bit integers, which AVX2 adds two and two (vpmaddwd); with AVX-512 there are registers for more rows.</content>
/// <remarks>
/// A function takes (rows, their scales, a panel of pairs, its scales, sums of singles, inputs of a group, groups). A group's products are added
/// exactly: 32 of them, of at most 32,767 and 128, stay below 2²⁷. Then sum = integers · weights' scale · rows' scale + sum, with the last product
/// not rounded.
/// </remarks>
internal static unsafe partial class MicroKernels
{
    /// <summary>Columns of a panel of pairs, and of the sums.</summary>
    public const int PairColumns = 16;

    /// <summary>The functions, indexed by the number of rows less one.</summary>
    public static delegate*<short*, float*, short*, float*, float*, nint, nint, void>* PairsByRows => PairKernels.Table;

    /// <summary>The most rows of a function that suits the path.</summary>
    public static int PairRows(CpuPath path) => path == CpuPath.Avx512 ? 14 : 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(Vector256<int> sum, Vector256<float> weightScale, Vector256<float> scale, float* c) =>
        Fma.MultiplyAdd(Avx.Multiply(Avx.ConvertToVector256Single(sum), weightScale), scale, Vector256.Load(c)).Store(c);

    private static class PairKernels
    {
        public static readonly delegate*<short*, float*, short*, float*, float*, nint, nint, void>* Table = Make();

        private static delegate*<short*, float*, short*, float*, float*, nint, nint, void>* Make()
        {
            var kernels = Pairs;
            var table = (delegate*<short*, float*, short*, float*, float*, nint, nint, void>*)RuntimeHelpers.AllocateTypeAssociatedMemory(
                typeof(MicroKernels), kernels.Length * sizeof(void*));
            for (var i = 0; i < kernels.Length; i++)
            {
                table[i] = kernels[i];
            }

            return table;
        }
    }
}
