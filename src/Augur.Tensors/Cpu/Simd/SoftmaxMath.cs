using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <summary>What a softmax in base 2 needs of vectors, and of rows of scores that are padded to an even number of them.</summary>
internal static unsafe class SoftmaxMath
{
    /// <summary>The largest of a row of scores; sets the padding to −∞, which weighs nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest<TV>(float* s, int keys, int paddedKeys)
        where TV : struct, IVector<TV>
    {
        for (var j = keys; j < paddedKeys; j++)
        {
            s[j] = float.NegativeInfinity;
        }

        var (m0, m1) = (TV.Load(s), TV.Load(s + TV.Count));
        for (var j = 2 * TV.Count; j < paddedKeys; j += 2 * TV.Count)
        {
            m0 = TV.AtLeast(m0, TV.Load(s + j));
            m1 = TV.AtLeast(m1, TV.Load(s + j + TV.Count));
        }

        return TV.Largest(TV.AtLeast(m0, m1));
    }

    /// <summary>Turns a row of scores into 2^(score − largest); returns their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exponentiate<TV>(float* s, int paddedKeys, float largest)
        where TV : struct, IVector<TV>
    {
        var offset = TV.Create(largest);
        var (t0, t1) = (TV.Create(0), TV.Create(0));
        for (var j = 0; j < paddedKeys; j += 2 * TV.Count)
        {
            var e0 = Exp2OfNonPositive(TV.Load(s + j) - offset);
            var e1 = Exp2OfNonPositive(TV.Load(s + j + TV.Count) - offset);
            TV.Store(e0, s + j);
            TV.Store(e1, s + j + TV.Count);
            t0 += e0;
            t1 += e1;
        }

        return TV.Sum(t0 + t1);
    }

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
