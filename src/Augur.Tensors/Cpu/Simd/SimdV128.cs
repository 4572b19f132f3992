using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Augur.Tensors.Cpu;

/// <summary>128-bit vectors without instructions of one processor family.</summary>
internal readonly unsafe struct V128(Vector128<float> v) : IVector<V128>
{
    private readonly Vector128<float> _v = v;

    public static int Count => 4;

    /// <summary>The lanes.</summary>
    public Vector128<float> Value => _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Create(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Load(float* from) => new(Vector128.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V128 x, float* to) => x._v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 LoadBFloat16(ushort* from) => new((Vector128.WidenLower(Vector64.Load(from).ToVector128Unsafe()) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(V128 x, ushort* to)
    {
        var halves = SimdHalf.NarrowToBFloat16(x._v.ToVector256Unsafe().AsUInt32()).GetLower();
        Vector128.Narrow(halves, halves).GetLower().Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator +(V128 x, V128 y) => new(x._v + y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator -(V128 x, V128 y) => new(x._v - y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator *(V128 x, V128 y) => new(x._v * y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator /(V128 x, V128 y) => new(x._v / y._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 MultiplyAdd(V128 x, V128 y, V128 z) => new(Vector128.MultiplyAddEstimate(x._v, y._v, z._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 SubtractProduct(V128 z, V128 x, V128 y) => new(Vector128.MultiplyAddEstimate(-x._v, y._v, z._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 AtLeast(V128 x, V128 low) => new(Vector128.ConditionalSelect(Vector128.LessThan(x._v, low._v), low._v, x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 AtMost(V128 x, V128 high) => new(Vector128.ConditionalSelect(Vector128.GreaterThan(x._v, high._v), high._v, x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Abs(V128 x) => new(Vector128.Abs(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Round(V128 x) => new(Vector128.Round(x._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Scale(V128 x, V128 n)
    {
        // In two steps, because 2ⁿ alone may be out of a single's range where x · 2ⁿ is not.
        var whole = Vector128.ConvertToInt32(n._v);
        var half = whole >> 1;
        return new(x._v * PowerOfTwo(half) * PowerOfTwo(whole - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 SelectNegative(V128 condition, V128 whenNegative, V128 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(condition._v, Vector128<float>.Zero), whenNegative._v, otherwise._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 SwapPairs(V128 x) => new(Vector128.Shuffle(x._v, Vector128.Create(1, 0, 3, 2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V128 x) => x._v[0] + x._v[1] + (x._v[2] + x._v[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(V128 x)
    {
        var pairs = Vector128.MaxNative(x._v, Vector128.Shuffle(x._v, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2)))[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PowerOfTwo(Vector128<int> n) => ((n + Vector128.Create(127)) << 23).AsSingle();
}
