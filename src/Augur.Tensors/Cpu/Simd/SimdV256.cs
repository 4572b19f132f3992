using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <summary>256-bit vectors: x86 AVX2 and FMA.</summary>
internal readonly unsafe struct V256(Vector256<float> v) : IVector<V256>
{
    private readonly Vector256<float> _v = v;

    public static int Count => 8;

    /// <summary>The lanes.</summary>
    public Vector256<float> Value => _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Load(float* from) => new(Vector256.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V256 x, float* to) => x._v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 LoadBFloat16(ushort* from) => new((Avx2.ConvertToVector256Int32(from) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(V256 x, ushort* to)
    {
        var halves = SimdHalf.NarrowToBFloat16(x._v.AsUInt32());
        Vector128.Narrow(halves.GetLower(), halves.GetUpper()).Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator +(V256 x, V256 y) => new(x._v + y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator -(V256 x, V256 y) => new(x._v - y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator *(V256 x, V256 y) => new(x._v * y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator /(V256 x, V256 y) => new(x._v / y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 MultiplyAdd(V256 x, V256 y, V256 z) => new(Fma.MultiplyAdd(x._v, y._v, z._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 SubtractProduct(V256 z, V256 x, V256 y) => new(Fma.MultiplyAddNegated(x._v, y._v, z._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 AtLeast(V256 x, V256 low) => new(Avx.Max(low._v, x._v)); // the second operand is the result where one is NaN

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 AtMost(V256 x, V256 high) => new(Avx.Min(high._v, x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Abs(V256 x) => new(Vector256.Abs(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Round(V256 x) => new(Avx.RoundToNearestInteger(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Scale(V256 x, V256 n)
    {
        // In two steps, because 2ⁿ alone may be out of a single's range where x · 2ⁿ is not.
        var whole = Avx.ConvertToVector256Int32(n._v);
        var half = whole >> 1;
        return new(x._v * PowerOfTwo(half) * PowerOfTwo(whole - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 SelectNegative(V256 condition, V256 whenNegative, V256 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(condition._v, Vector256<float>.Zero), whenNegative._v, otherwise._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 SwapPairs(V256 x) => new(Avx.Permute(x._v, 0b10_11_00_01));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V256 x) => V128.Sum(new V128(x._v.GetLower() + x._v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(V256 x) => V128.Largest(new V128(Vector128.MaxNative(x._v.GetLower(), x._v.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<int> n) => ((n + Vector256.Create(127)) << 23).AsSingle();
}
