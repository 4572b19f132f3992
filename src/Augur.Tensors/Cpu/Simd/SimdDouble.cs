using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <summary>A vector of doubles of one instruction path, for sums that decide something or run over whole images.</summary>
internal unsafe interface IDoubleVector<TSelf>
    where TSelf : struct, IDoubleVector<TSelf>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    static abstract TSelf Create(double value);

    static abstract TSelf Load(double* from);

    /// <summary>Loads <see cref="Count"/> singles.</summary>
    static abstract TSelf LoadWidened(float* from);

    static abstract void Store(TSelf x, double* to);

    static abstract TSelf operator +(TSelf x, TSelf y);

    static abstract TSelf operator -(TSelf x, TSelf y);

    static abstract TSelf operator /(TSelf x, TSelf y);

    /// <summary>x · y + z, rounded once where the processor can.</summary>
    static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf z);

    static abstract TSelf Abs(TSelf x);

    /// <summary>The sum of all lanes, in an order that depends on nothing but the path.</summary>
    static abstract double Sum(TSelf x);
}

/// <summary>512-bit vectors: x86 AVX-512 F, BW, DQ and VL.</summary>
internal readonly unsafe struct D512(Vector512<double> v) : IDoubleVector<D512>
{
    private readonly Vector512<double> _v = v;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 Create(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 Load(double* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 LoadWidened(float* from) => new(Avx512F.ConvertToVector512Double(Vector256.Load(from)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(D512 x, double* to) => x._v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 operator +(D512 x, D512 y) => new(x._v + y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 operator -(D512 x, D512 y) => new(x._v - y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 operator /(D512 x, D512 y) => new(x._v / y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 MultiplyAdd(D512 x, D512 y, D512 z) => new(Avx512F.FusedMultiplyAdd(x._v, y._v, z._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 Abs(D512 x) => new(Vector512.Abs(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(D512 x) => D256.Sum(new D256(x._v.GetLower() + x._v.GetUpper()));
}

/// <summary>256-bit vectors: x86 AVX2 and FMA.</summary>
internal readonly unsafe struct D256(Vector256<double> v) : IDoubleVector<D256>
{
    private readonly Vector256<double> _v = v;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 Create(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 Load(double* from) => new(Vector256.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 LoadWidened(float* from) => new(Avx.ConvertToVector256Double(Vector128.Load(from)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(D256 x, double* to) => x._v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 operator +(D256 x, D256 y) => new(x._v + y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 operator -(D256 x, D256 y) => new(x._v - y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 operator /(D256 x, D256 y) => new(x._v / y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 MultiplyAdd(D256 x, D256 y, D256 z) => new(Fma.MultiplyAdd(x._v, y._v, z._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 Abs(D256 x) => new(Vector256.Abs(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(D256 x) => D128.Sum(new D128(x._v.GetLower() + x._v.GetUpper()));
}

/// <summary>128-bit vectors without instructions of one processor family.</summary>
internal readonly unsafe struct D128(Vector128<double> v) : IDoubleVector<D128>
{
    private readonly Vector128<double> _v = v;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 Create(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 Load(double* from) => new(Vector128.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 LoadWidened(float* from) => new(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)from).AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(D128 x, double* to) => x._v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 operator +(D128 x, D128 y) => new(x._v + y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 operator -(D128 x, D128 y) => new(x._v - y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 operator /(D128 x, D128 y) => new(x._v / y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 MultiplyAdd(D128 x, D128 y, D128 z) => new(Vector128.MultiplyAddEstimate(x._v, y._v, z._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 Abs(D128 x) => new(Vector128.Abs(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(D128 x) => x._v[0] + x._v[1];
}
