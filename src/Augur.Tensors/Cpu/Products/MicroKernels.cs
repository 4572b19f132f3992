using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <summary>
/// Products of a packed panel of A (at most <see cref="KernelSet.MaxRows"/> rows, <see cref="RowStride"/> floats apart) and a packed panel of B
/// ([depth][columns]), with the result in registers throughout. The generated files hold one function per path, weight type and row count.
/// </summary>
/// <remarks>
/// A function takes (a, b, c, floats between rows of c, depth ≥ 1, bias): it starts from the bias, or from c where bias is null, and writes c.
/// Tables are indexed by the number of rows less one.
/// </remarks>
internal static unsafe partial class MicroKernels
{
    /// <summary>Floats between rows of a packed panel of A: a K block and 16 more, so that the rows do not fall into the same cache sets.</summary>
    public const int RowStride = 272;

    /// <summary>The most k-steps of one call; results are exact across blocks because the sums are kept as they are.</summary>
    public const int DepthBlock = 256;

    /// <summary>The functions of one path.</summary>
    public static KernelSet For(CpuPath path) => path switch
    {
        CpuPath.Avx512 => Avx512Kernels.Set,
        CpuPath.Avx2 => Avx2Kernels.Set,
        _ => PortableKernels.Set,
    };

    /// <summary>Widens packed pairs (two bytes a weight) to the order of single-precision panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WidenAvx512(bool bfloat16, uint* from, float* to, int count)
    {
        for (var i = 0; i < count; i += 16)
        {
            var w = Vector512.Load(from + i);
            var low = bfloat16 ? Avx512F.ShiftLeftLogical(w, 16).AsSingle() : WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            var high = bfloat16 ? Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle() : WidenHalf512(w);
            low.Store(to + (2 * i));
            high.Store(to + (2 * i) + 16);
        }
    }

    /// <inheritdoc cref="WidenAvx512"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WidenAvx2(bool bfloat16, uint* from, float* to, int count)
    {
        for (var i = 0; i < count; i += 8)
        {
            var w = Vector256.Load(from + i);
            var low = bfloat16 ? Avx2.ShiftLeftLogical(w, 16).AsSingle() : WidenHalf256(Avx2.ShiftLeftLogical(w, 16));
            var high = bfloat16 ? Avx2.And(w, Vector256.Create(0xffff0000u)).AsSingle() : WidenHalf256(w);
            low.Store(to + (2 * i));
            high.Store(to + (2 * i) + 8);
        }
    }

    /// <inheritdoc cref="WidenAvx512"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WidenPortable(bool bfloat16, uint* from, float* to, int count)
    {
        for (var i = 0; i < count; i += 4)
        {
            var w = Vector128.Load(from + i);
            var low = bfloat16 ? Vector128.ShiftLeft(w, 16).AsSingle() : WidenHalf128(Vector128.ShiftLeft(w, 16));
            var high = bfloat16 ? (w & Vector128.Create(0xffff0000u)).AsSingle() : WidenHalf128(w);
            low.Store(to + (2 * i));
            high.Store(to + (2 * i) + 4);
        }
    }

    // Classes of their own, so that a path's functions are looked up only where that path can run.
    private static class Avx512Kernels
    {
        public static readonly KernelSet Set =
            new(14, 16, Avx512Single, Avx512Streamed, Avx512BFloat16, Avx512Float16, Avx512Narrow, &TransposeAvx512);
    }

    private static class Avx2Kernels
    {
        public static readonly KernelSet Set = new(6, 8, Avx2Single, Avx2Streamed, Avx2BFloat16, Avx2Float16, Avx2Narrow, &TransposeAvx2);
    }

    private static class PortableKernels
    {
        public static readonly KernelSet Set =
            new(6, 4, PortableSingle, PortableSingle, PortableBFloat16, PortableFloat16, PortableNarrow, &TransposePortable);
    }

    private static void TransposePortable(float* x, nint xStride, float* y, nint yStride)
    {
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                y[(j * yStride) + i] = x[(i * xStride) + j];
            }
        }
    }

    // The upper 16 bits of each lane, an IEEE half, as a single. A normal number's exponent moves from bias 15 to 127; a subnormal one is
    // read as 2^-14 · (1 + fraction) and has 2^-14 taken away, which is exact and meets no subnormal single (those are slow). Infinities
    // and NaN come out wrong: such weights are not packed in halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> WidenHalf512(Vector512<uint> lanes)
    {
        var sign = Avx512F.And(lanes, Vector512.Create(0x80000000u));
        var magnitude = Avx512F.And(Avx512F.ShiftRightLogical(lanes, 3), Vector512.Create(0x0fffe000u));
        var normal = Avx512F.Add(magnitude, Vector512.Create(112u << 23));
        var subnormal = Avx512F.Subtract(Avx512F.Add(magnitude, Vector512.Create(113u << 23)).AsSingle(), Vector512.Create(113u << 23).AsSingle());
        var isSubnormal = Avx512F.CompareLessThan(magnitude, Vector512.Create(1u << 23));
        return Avx512F.Or(Avx512F.BlendVariable(normal, subnormal.AsUInt32(), isSubnormal), sign).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> WidenHalf256(Vector256<uint> lanes)
    {
        var sign = Avx2.And(lanes, Vector256.Create(0x80000000u));
        var magnitude = Avx2.And(Avx2.ShiftRightLogical(lanes, 3), Vector256.Create(0x0fffe000u));
        var normal = Avx2.Add(magnitude, Vector256.Create(112u << 23));
        var subnormal = Avx.Subtract(Avx2.Add(magnitude, Vector256.Create(113u << 23)).AsSingle(), Vector256.Create(113u << 23).AsSingle());
        var isNormal = Avx2.CompareGreaterThan(magnitude.AsInt32(), Vector256.Create((1 << 23) - 1)).AsSingle();
        return Avx.Or(Avx.BlendVariable(subnormal, normal.AsSingle(), isNormal), sign.AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> WidenHalf128(Vector128<uint> lanes)
    {
        var sign = lanes & Vector128.Create(0x80000000u);
        var magnitude = Vector128.ShiftRightLogical(lanes, 3) & Vector128.Create(0x0fffe000u);
        var normal = magnitude + Vector128.Create(112u << 23);
        var subnormal = (magnitude + Vector128.Create(113u << 23)).AsSingle() - Vector128.Create(113u << 23).AsSingle();
        var isNormal = Vector128.GreaterThan(magnitude.AsInt32(), Vector128.Create((1 << 23) - 1)).AsUInt32();
        return (Vector128.ConditionalSelect(isNormal, normal, subnormal.AsUInt32()) | sign).AsSingle();
    }
}
