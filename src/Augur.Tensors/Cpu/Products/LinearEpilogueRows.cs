using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <summary>
/// y = residual + gate ⊙ activation(y) on rows that were just finished. The last lanes of a row use the same vector code as all others.
/// </summary>
internal static unsafe class LinearEpilogueRows<TV>
    where TV : struct, IVector<TV>
{
    public static void Apply(ref LinearProduct g, int rowBegin, int rowEnd, int columnBegin, int columnEnd)
    {
        switch (g.Activation)
        {
            case Activation.None:
                if (g.Gate != null || g.Residual != null)
                {
                    Apply<Identity>(ref g, rowBegin, rowEnd, columnBegin, columnEnd);
                }

                break;
            case Activation.Silu:
                Apply<SiluFunction>(ref g, rowBegin, rowEnd, columnBegin, columnEnd);
                break;
            case Activation.GeluTanh:
                Apply<GeluTanhFunction>(ref g, rowBegin, rowEnd, columnBegin, columnEnd);
                break;
            case Activation.GeluErf:
                Apply<GeluErfFunction>(ref g, rowBegin, rowEnd, columnBegin, columnEnd);
                break;
            case Activation.GeluQuick:
                Apply<GeluQuickFunction>(ref g, rowBegin, rowEnd, columnBegin, columnEnd);
                break;
            case Activation.Tanh:
                Apply<TanhFunction>(ref g, rowBegin, rowEnd, columnBegin, columnEnd);
                break;
            default:
                Apply<ExpFunction>(ref g, rowBegin, rowEnd, columnBegin, columnEnd);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TFunction>(ref LinearProduct g, int rowBegin, int rowEnd, int columnBegin, int columnEnd)
        where TFunction : IFunction
    {
        var count = columnEnd - columnBegin;
        for (var row = rowBegin; row < rowEnd; row++)
        {
            var y = g.Y + (row * g.YStride) + columnBegin;
            var gate = g.Gate == null ? null : g.Gate + (row / g.RowsPerGate * g.GateStride) + columnBegin;
            var residual = g.Residual == null ? null : g.Residual + (row * g.ResidualStride) + columnBegin;
            var i = 0;
            for (; i + (2 * TV.Count) <= count; i += 2 * TV.Count) // two at a time hide the latency
            {
                var j = i + TV.Count;
                var (v, w) = (TFunction.Apply(TV.Load(y + i)), TFunction.Apply(TV.Load(y + j)));
                if (residual != null)
                {
                    var (r, s) = (TV.Load(residual + i), TV.Load(residual + j));
                    (v, w) = gate == null ? (r + v, s + w)
                        : (TV.MultiplyAdd(TV.Load(gate + i), v, r), TV.MultiplyAdd(TV.Load(gate + j), w, s));
                }
                else if (gate != null)
                {
                    (v, w) = (TV.Load(gate + i) * v, TV.Load(gate + j) * w);
                }

                TV.Store(v, y + i);
                TV.Store(w, y + j);
            }

            for (; i < count; i += TV.Count)
            {
                var left = Math.Min(TV.Count, count - i);
                var v = TFunction.Apply(Simd.LoadPartial<TV>(y + i, left));
                if (residual != null)
                {
                    var r = Simd.LoadPartial<TV>(residual + i, left);
                    v = gate == null ? r + v : TV.MultiplyAdd(Simd.LoadPartial<TV>(gate + i, left), v, r);
                }
                else if (gate != null)
                {
                    v = Simd.LoadPartial<TV>(gate + i, left) * v;
                }

                Simd.StorePartial(v, y + i, left);
            }
        }
    }
}
