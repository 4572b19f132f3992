using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <summary>Elementary functions on vectors, for kernels and for the epilogues of products. NaN stays NaN.</summary>
internal static class SimdMath
{
    /// <summary>eˣ over the whole range of singles; relative error below 2e-7 where the result is normal.</summary>
    /// <remarks>x = n·ln 2 + r with ln 2 in two parts (Cody and Waite), a polynomial of degree 6 for eʳ, and a scaling by 2ⁿ.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Exp<TV>(TV x)
        where TV : struct, IVector<TV>
    {
        x = TV.AtMost(TV.AtLeast(x, TV.Create(-104f)), TV.Create(89f)); // beyond, the result is 0 or infinity
        var n = TV.Round(x * TV.Create(1.44269504f));
        var r = TV.SubtractProduct(x, n, TV.Create(0.693359375f));
        r = TV.SubtractProduct(r, n, TV.Create(-2.12194440e-4f));
        var p = TV.MultiplyAdd(TV.Create(1.9875691500e-4f), r, TV.Create(1.3981999507e-3f));
        p = TV.MultiplyAdd(p, r, TV.Create(8.3334519073e-3f));
        p = TV.MultiplyAdd(p, r, TV.Create(4.1665795894e-2f));
        p = TV.MultiplyAdd(p, r, TV.Create(1.6666665459e-1f));
        p = TV.MultiplyAdd(p, r, TV.Create(0.5f));
        p = TV.MultiplyAdd(p, r * r, r) + TV.Create(1);
        return TV.Scale(p, n);
    }

    // eˣ limited to normal results, for uses where it is added to 1 or negligible: subnormal numbers are a hundred times slower.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV ExpWithoutSubnormals<TV>(TV x)
        where TV : struct, IVector<TV> => Exp(TV.AtLeast(x, TV.Create(-87f)));

    /// <summary>x · sigmoid(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Silu<TV>(TV x)
        where TV : struct, IVector<TV> => x / (TV.Create(1) + ExpWithoutSubnormals(TV.Create(0) - x));

    /// <summary>x · sigmoid(1.702x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV GeluQuick<TV>(TV x)
        where TV : struct, IVector<TV> => x / (TV.Create(1) + ExpWithoutSubnormals(x * TV.Create(-1.702f)));

    /// <summary>½x · (1 + tanh(√(2/π) · (x + 0.044715x³))); absolute error below 1e-6.</summary>
    /// <remarks>As x · sigmoid(2√(2/π) · (x + 0.044715x³)): one exponential and one division.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV GeluTanh<TV>(TV x)
        where TV : struct, IVector<TV>
    {
        const float Factor = -2 * 0.7978845608f;
        var u = x * TV.MultiplyAdd(x * x, TV.Create(Factor * 0.044715f), TV.Create(Factor));
        return x / (TV.Create(1) + ExpWithoutSubnormals(u));
    }

    /// <summary>tanh x; relative error below 1e-6.</summary>
    /// <remarks>Near 0 by the polynomial of Cephes' tanhf, elsewhere as 1 − 2/(1 + e²ˣ), which would cancel there.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Tanh<TV>(TV x)
        where TV : struct, IVector<TV>
    {
        var z = x * x;
        var p = TV.MultiplyAdd(TV.Create(-5.70498872745e-3f), z, TV.Create(2.06390887954e-2f));
        p = TV.MultiplyAdd(p, z, TV.Create(-5.37397155531e-2f));
        p = TV.MultiplyAdd(p, z, TV.Create(1.33314422036e-1f));
        p = TV.MultiplyAdd(p, z, TV.Create(-3.33332819422e-1f));
        var near = TV.MultiplyAdd(p * z, x, x);
        var far = TV.Create(1) - (TV.Create(2) / (TV.Create(1) + ExpWithoutSubnormals(x + x)));
        return TV.SelectNegative(TV.Abs(x) - TV.Create(0.625f), near, far);
    }

    /// <summary>½x · (1 + erf(x/√2)); absolute error below 1e-6.</summary>
    /// <remarks>erf by formula 7.1.26 of Abramowitz and Stegun (1964).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV GeluErf<TV>(TV x)
        where TV : struct, IVector<TV>
    {
        var z = TV.Abs(x) * TV.Create(0.70710678f);
        var t = TV.Create(1) / TV.MultiplyAdd(z, TV.Create(0.3275911f), TV.Create(1));
        var p = TV.MultiplyAdd(TV.Create(1.061405429f), t, TV.Create(-1.453152027f));
        p = TV.MultiplyAdd(p, t, TV.Create(1.421413741f));
        p = TV.MultiplyAdd(p, t, TV.Create(-0.284496736f));
        p = TV.MultiplyAdd(p, t, TV.Create(0.254829592f));
        var upperTail = p * t * ExpWithoutSubnormals(TV.Create(0) - (z * z)) * TV.Create(0.5f); // (1 − erf(|z|)) / 2
        return x * TV.SelectNegative(x, upperTail, TV.Create(1) - upperTail);
    }
}

/// <summary>A function of each lane, as a type, so that a kernel that takes it is compiled with the function inside.</summary>
internal interface IFunction
{
    static abstract TV Apply<TV>(TV x)
        where TV : struct, IVector<TV>;
}

/// <summary><see cref="Activation.None"/>.</summary>
internal readonly struct Identity : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x)
        where TV : struct, IVector<TV> => x;
}

/// <summary><see cref="Activation.Silu"/>.</summary>
internal readonly struct SiluFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x)
        where TV : struct, IVector<TV> => SimdMath.Silu(x);
}

/// <summary><see cref="Activation.GeluTanh"/>.</summary>
internal readonly struct GeluTanhFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x)
        where TV : struct, IVector<TV> => SimdMath.GeluTanh(x);
}

/// <summary><see cref="Activation.GeluErf"/>.</summary>
internal readonly struct GeluErfFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x)
        where TV : struct, IVector<TV> => SimdMath.GeluErf(x);
}

/// <summary><see cref="Activation.GeluQuick"/>.</summary>
internal readonly struct GeluQuickFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x)
        where TV : struct, IVector<TV> => SimdMath.GeluQuick(x);
}

/// <summary><see cref="Activation.Tanh"/>.</summary>
internal readonly struct TanhFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x)
        where TV : struct, IVector<TV> => SimdMath.Tanh(x);
}

/// <summary><see cref="Activation.Exp"/>.</summary>
internal readonly struct ExpFunction : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x)
        where TV : struct, IVector<TV> => SimdMath.Exp(x);
}
