using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <summary>512-bit vectors: x86 AVX-512 F, BW, DQ and VL.</summary>
internal readonly unsafe struct V512(Vector512<float> v) : IVector<V512>
{
    private readonly Vector512<float> _v = v;

    public static int Count => 16;

    /// <summary>The lanes.</summary>
    public Vector512<float> Value => _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V512 x, float* to) => x._v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 LoadBFloat16(ushort* from) => new((Avx512F.ConvertToVector512Int32(Vector256.Load(from)) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(V512 x, ushort* to)
    {
        var bits = x._v.AsUInt32(); // as SimdHalf's, with the instruction that narrows a whole vector
        var upper = bits >> 16;
        var rounded = (bits + Vector512.Create(0x7fffu) + (upper & Vector512<uint>.One)) >> 16;
        var isNumber = Vector512.Equals(x._v, x._v).AsUInt32();
        Avx512F.ConvertToVector256UInt16(Vector512.ConditionalSelect(isNumber, rounded, upper | Vector512.Create(0x40u))).Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator +(V512 x, V512 y) => new(x._v + y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator -(V512 x, V512 y) => new(x._v - y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator *(V512 x, V512 y) => new(x._v * y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator /(V512 x, V512 y) => new(x._v / y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 MultiplyAdd(V512 x, V512 y, V512 z) => new(Avx512F.FusedMultiplyAdd(x._v, y._v, z._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 SubtractProduct(V512 z, V512 x, V512 y) => new(Avx512F.FusedMultiplyAddNegated(x._v, y._v, z._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 AtLeast(V512 x, V512 low) => new(Avx512F.Max(low._v, x._v)); // the second operand is the result where one is NaN

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 AtMost(V512 x, V512 high) => new(Avx512F.Min(high._v, x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Abs(V512 x) => new(Vector512.Abs(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Round(V512 x) => new(Avx512F.RoundScale(x._v, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Scale(V512 x, V512 n) => new(Avx512F.Scale(x._v, n._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 SelectNegative(V512 condition, V512 whenNegative, V512 otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(condition._v, Vector512<float>.Zero), whenNegative._v, otherwise._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 SwapPairs(V512 x) => new(Avx512F.Permute4x32(x._v, 0b10_11_00_01));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V512 x) => V256.Sum(new V256(x._v.GetLower() + x._v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(V512 x) => V256.Largest(new V256(Vector256.MaxNative(x._v.GetLower(), x._v.GetUpper())));
}
