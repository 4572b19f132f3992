using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Augur.Tensors.Cpu;

/// <summary>
/// Conversions between singles and the two half-precision formats, to nearest with ties to even; NaN stays NaN. They are exact
/// definitions, the same on every path, so there is one source of 256 bits, which the compiler splits where the processor has less.
/// </summary>
internal static unsafe class SimdHalf
{
    private const int Lanes = 8;

    /// <summary>Float32 to BFloat16.</summary>
    public static void ToBFloat16(float* x, ushort* y, long n) => Narrow<BFloat16Format>(x, y, n);

    /// <summary>Float32 to Float16.</summary>
    public static void ToFloat16(float* x, ushort* y, long n) => Narrow<Float16Format>(x, y, n);

    /// <summary>BFloat16 to Float32.</summary>
    public static void FromBFloat16(ushort* x, float* y, long n) => Widen<BFloat16Format>(x, y, n);

    /// <summary>Float16 to Float32.</summary>
    public static void FromFloat16(ushort* x, float* y, long n) => Widen<Float16Format>(x, y, n);

    /// <summary>The bits of singles to those of BFloat16, in the lower half of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> NarrowToBFloat16(Vector256<uint> single) => BFloat16Format.Narrow(single);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow<TFormat>(float* x, ushort* y, long n)
        where TFormat : struct, IHalfFormat
    {
        long i = 0;
        for (; i + (2 * Lanes) <= n; i += 2 * Lanes)
        {
            var lower = TFormat.Narrow(Vector256.Load((uint*)x + i));
            var upper = TFormat.Narrow(Vector256.Load((uint*)x + i + Lanes));
            Vector256.Narrow(lower, upper).Store(y + i);
        }

        for (; i < n; i++)
        {
            y[i] = (ushort)TFormat.Narrow(Vector256.Create(((uint*)x)[i]))[0];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen<TFormat>(ushort* x, float* y, long n)
        where TFormat : struct, IHalfFormat
    {
        long i = 0;
        for (; i + (2 * Lanes) <= n; i += 2 * Lanes)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Load(x + i));
            TFormat.Widen(lower).Store((uint*)y + i);
            TFormat.Widen(upper).Store((uint*)y + i + Lanes);
        }

        for (; i < n; i++)
        {
            ((uint*)y)[i] = TFormat.Widen(Vector256.Create((uint)x[i]))[0];
        }
    }

    /// <summary>A half-precision format; both sides as bits, the half in the lower 16 of a lane.</summary>
    private interface IHalfFormat
    {
        static abstract Vector256<uint> Narrow(Vector256<uint> single);

        static abstract Vector256<uint> Widen(Vector256<uint> half);
    }

    private readonly struct BFloat16Format : IHalfFormat
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<uint> Narrow(Vector256<uint> single)
        {
            var upper = single >> 16;
            var rounded = (single + Vector256.Create(0x7fffu) + (upper & Vector256<uint>.One)) >> 16;
            var isNaN = Vector256.GreaterThan((single & Vector256.Create(0x7fffffffu)).AsInt32(), Vector256.Create(0x7f800000)).AsUInt32();
            return Vector256.ConditionalSelect(isNaN, upper | Vector256.Create(0x40u), rounded);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<uint> Widen(Vector256<uint> half) => half << 16;
    }

    private readonly struct Float16Format : IHalfFormat
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<uint> Narrow(Vector256<uint> single)
        {
            var magnitude = single & Vector256.Create(0x7fffffffu);
            var sign = (single ^ magnitude) >> 16;

            // Rebase the exponent from 127 to 15 and round by an addition that carries; from 65520 on that gives infinity.
            var odd = (magnitude >> 13) & Vector256<uint>.One;
            var normal = (magnitude - Vector256.Create(112u << 23) + Vector256.Create(0xfffu) + odd) >> 13;
            normal = Vector256.Min(normal, Vector256.Create(0x7c00u));

            // Below 2⁻¹⁴: adding ½ makes the floating-point unit round to multiples of 2⁻²⁴, the step of Float16's subnormals.
            var subnormal = (magnitude.AsSingle() + Vector256.Create(0.5f)).AsUInt32() - Vector256.Create(0x3f000000u);
            var isSmall = Vector256.LessThan(magnitude.AsInt32(), Vector256.Create(113 << 23)).AsUInt32();
            var isNaN = Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create(0x7f800000)).AsUInt32();
            var finite = Vector256.ConditionalSelect(isSmall, subnormal, normal);
            return sign | Vector256.ConditionalSelect(isNaN, Vector256.Create(0x7e00u), finite);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<uint> Widen(Vector256<uint> half)
        {
            var magnitude = half & Vector256.Create(0x7fffu);
            var sign = (half ^ magnitude) << 16;
            var rebased = (magnitude << 13).AsSingle() * Vector256.Create(5.192296858534828e33f); // 2¹¹²: exact, subnormals too
            var special = Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create(0x7bff)).AsUInt32();
            return sign | rebased.AsUInt32() | (special & Vector256.Create(0x7f800000u));
        }
    }
}
