using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Augur.Tensors.Cpu;

namespace Augur.Bench;

/// <summary>The most multiply-adds one thread can do: twelve independent chains that touch no memory.</summary>
internal static class Peak
{
    private const int Steps = 20000;
    private const int Chains = 12;

    /// <summary>GFLOP of one call of <see cref="Loop"/>.</summary>
    public static double Work(CpuPath path) => 2.0 * Steps * Chains * Lanes(path) / 1e9;

    public static Action Loop(CpuPath path) => path switch
    {
        CpuPath.Avx512 => () => s_sink = Loop512(),
        CpuPath.Avx2 => () => s_sink = Loop256(),
        _ => () => s_sink = Loop128(),
    };

    private static float s_sink;

    private static int Lanes(CpuPath path) => path switch { CpuPath.Avx512 => 16, CpuPath.Avx2 => 8, _ => 4 };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Loop512()
    {
        var (x, y) = (Vector512.Create(0.5f), Vector512.Create(0.25f));
        Vector512<float> c0 = x, c1 = x, c2 = x, c3 = x, c4 = x, c5 = x, c6 = x, c7 = x, c8 = x, c9 = x, c10 = x, c11 = x;
        for (var i = 0; i < Steps; i++)
        {
            c0 = Avx512F.FusedMultiplyAdd(x, y, c0); c1 = Avx512F.FusedMultiplyAdd(x, y, c1); c2 = Avx512F.FusedMultiplyAdd(x, y, c2);
            c3 = Avx512F.FusedMultiplyAdd(x, y, c3); c4 = Avx512F.FusedMultiplyAdd(x, y, c4); c5 = Avx512F.FusedMultiplyAdd(x, y, c5);
            c6 = Avx512F.FusedMultiplyAdd(x, y, c6); c7 = Avx512F.FusedMultiplyAdd(x, y, c7); c8 = Avx512F.FusedMultiplyAdd(x, y, c8);
            c9 = Avx512F.FusedMultiplyAdd(x, y, c9); c10 = Avx512F.FusedMultiplyAdd(x, y, c10); c11 = Avx512F.FusedMultiplyAdd(x, y, c11);
        }

        return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Loop256()
    {
        var (x, y) = (Vector256.Create(0.5f), Vector256.Create(0.25f));
        Vector256<float> c0 = x, c1 = x, c2 = x, c3 = x, c4 = x, c5 = x, c6 = x, c7 = x, c8 = x, c9 = x, c10 = x, c11 = x;
        for (var i = 0; i < Steps; i++)
        {
            c0 = Fma.MultiplyAdd(x, y, c0); c1 = Fma.MultiplyAdd(x, y, c1); c2 = Fma.MultiplyAdd(x, y, c2);
            c3 = Fma.MultiplyAdd(x, y, c3); c4 = Fma.MultiplyAdd(x, y, c4); c5 = Fma.MultiplyAdd(x, y, c5);
            c6 = Fma.MultiplyAdd(x, y, c6); c7 = Fma.MultiplyAdd(x, y, c7); c8 = Fma.MultiplyAdd(x, y, c8);
            c9 = Fma.MultiplyAdd(x, y, c9); c10 = Fma.MultiplyAdd(x, y, c10); c11 = Fma.MultiplyAdd(x, y, c11);
        }

        return Vector256.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Loop128()
    {
        var (x, y) = (Vector128.Create(0.5f), Vector128.Create(0.25f));
        Vector128<float> c0 = x, c1 = x, c2 = x, c3 = x, c4 = x, c5 = x, c6 = x, c7 = x, c8 = x, c9 = x, c10 = x, c11 = x;
        for (var i = 0; i < Steps; i++)
        {
            c0 = Vector128.MultiplyAddEstimate(x, y, c0); c1 = Vector128.MultiplyAddEstimate(x, y, c1); c2 = Vector128.MultiplyAddEstimate(x, y, c2);
            c3 = Vector128.MultiplyAddEstimate(x, y, c3); c4 = Vector128.MultiplyAddEstimate(x, y, c4); c5 = Vector128.MultiplyAddEstimate(x, y, c5);
            c6 = Vector128.MultiplyAddEstimate(x, y, c6); c7 = Vector128.MultiplyAddEstimate(x, y, c7); c8 = Vector128.MultiplyAddEstimate(x, y, c8);
            c9 = Vector128.MultiplyAddEstimate(x, y, c9); c10 = Vector128.MultiplyAddEstimate(x, y, c10);
            c11 = Vector128.MultiplyAddEstimate(x, y, c11);
        }

        return Vector128.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }
}
