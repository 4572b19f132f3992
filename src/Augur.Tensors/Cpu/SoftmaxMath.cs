using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <summary>What a softmax in base 2 needs of vectors.</summary>
internal static class SoftmaxMath
{
    /// <summary>2ˣ for x ≤ 0; below -126 the result stays at 2⁻¹²⁶. NaN stays NaN. Relative error below 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Exp2OfNonPositive<TV>(TV x)
        where TV : struct, IVector<TV>
    {
        x = TV.AtLeast(x, TV.Create(-126f));
        var n = TV.Round(x);
        var r = x - n;
        var p = TV.MultiplyAdd(TV.Create(1.535336188e-4f), r, TV.Create(1.339887440e-3f));
        p = TV.MultiplyAdd(p, r, TV.Create(9.618437357e-3f));
        p = TV.MultiplyAdd(p, r, TV.Create(5.550332548e-2f));
        p = TV.MultiplyAdd(p, r, TV.Create(2.402264791e-1f));
        p = TV.MultiplyAdd(p, r, TV.Create(6.931472028e-1f));
        p = TV.MultiplyAdd(p, r, TV.Create(1));
        return TV.Scale(p, n);
    }
}
