using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Functions and products of each element.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Multiply(Tensor x, Tensor y, Tensor z)
    {
        if (WidenedOperands.AreNeeded(x, y, z))
        {
            using var wide = new WidenedOperands(this);
            Multiply(wide.Read(x), wide.Read(y), wide.Write(z));
            wide.Finish();
            return;
        }

        var walk = RowWalk.Flat(z.Shape, x.IsDense && y.IsDense && z.IsDense);
        Run(new MultiplyKernel { Walk = walk, X = walk.Of<float>(x), Y = walk.Of<float>(y), Z = walk.Of<float>(z) }, walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(z);
    }

    /// <inheritdoc/>
    /// <remarks>A NaN stays NaN.</remarks>
    public override void Clamp(Tensor x, float low, float high, Tensor y)
    {
        var walk = RowWalk.Flat(y.Shape, x.IsDense && y.IsDense);
        Run(new ClampKernel { Walk = walk, X = walk.Of<float>(x), Y = walk.Of<float>(y), Low = low, High = high }, walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    /// <inheritdoc/>
    public override void Activate(Tensor x, Activation activation, Tensor y)
    {
        if (WidenedOperands.AreNeeded(x, y))
        {
            using var wide = new WidenedOperands(this);
            Activate(wide.Read(x), activation, wide.Write(y));
            wide.Finish();
            return;
        }

        switch (activation)
        {
            case Activation.None:
                Copy(x, y);
                break;
            case Activation.GeluQuick:
                Map<GeluQuickFunction>(x, y);
                break;
            case Activation.Silu:
                Map<SiluFunction>(x, y);
                break;
            case Activation.GeluTanh:
                Map<GeluTanhFunction>(x, y);
                break;
            case Activation.GeluErf:
                Map<GeluErfFunction>(x, y);
                break;
            case Activation.Exp:
                Map<ExpFunction>(x, y);
                break;
            case Activation.Tanh:
                Map<TanhFunction>(x, y);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation");
        }
    }

    /// <inheritdoc/>
    public override void MultiplyActivated(Tensor x, Tensor gate, Activation activation, Tensor z)
    {
        if (WidenedOperands.AreNeeded(x, gate, z))
        {
            using var wide = new WidenedOperands(this);
            MultiplyActivated(wide.Read(x), wide.Read(gate), activation, wide.Write(z));
            wide.Finish();
            return;
        }

        switch (activation)
        {
            case Activation.None:
                Multiply(x, gate, z);
                break;
            case Activation.Silu:
                MultiplyMapped<SiluFunction>(x, gate, z);
                break;
            case Activation.GeluTanh:
                MultiplyMapped<GeluTanhFunction>(x, gate, z);
                break;
            case Activation.GeluErf:
                MultiplyMapped<GeluErfFunction>(x, gate, z);
                break;
            case Activation.GeluQuick:
                MultiplyMapped<GeluQuickFunction>(x, gate, z);
                break;
            case Activation.Exp:
                MultiplyMapped<ExpFunction>(x, gate, z);
                break;
            case Activation.Tanh:
                MultiplyMapped<TanhFunction>(x, gate, z);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation");
        }
    }

    private void MultiplyMapped<TF>(Tensor x, Tensor gate, Tensor z)
        where TF : struct, IFunction
    {
        var walk = RowWalk.Flat(z.Shape, x.IsDense && gate.IsDense && z.IsDense);
        Run(new MultiplyMappedKernel<TF> { Walk = walk, X = walk.Of<float>(x), Gate = walk.Of<float>(gate), Z = walk.Of<float>(z) }, walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(gate);
        GC.KeepAlive(z);
    }

    /// <inheritdoc/>
    public override void AddGated(Tensor x, Tensor gate, Tensor branch, Tensor y)
    {
        if (WidenedOperands.AreNeeded(x, gate, branch, y))
        {
            using var wide = new WidenedOperands(this);
            AddGated(wide.Read(x), wide.Read(gate), wide.Read(branch), wide.Write(y));
            wide.Finish();
            return;
        }

        var walk = RowWalk.ByRow(y.Shape);
        Run(
            new AddGatedKernel
            {
                Walk = walk,
                X = walk.Of<float>(x),
                Branch = walk.Of<float>(branch),
                Y = walk.Of<float>(y),
                Gate = (float*)Address(gate),
                GateStride = gate.RowStride,
            },
            walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(gate);
        GC.KeepAlive(branch);
        GC.KeepAlive(y);
    }

    private void Map<TF>(Tensor x, Tensor y)
        where TF : struct, IFunction
    {
        var walk = RowWalk.Flat(y.Shape, x.IsDense && y.IsDense);
        Run(new MapKernel<TF> { Walk = walk, X = walk.Of<float>(x), Y = walk.Of<float>(y) }, walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    private struct MapKernel<TF> : ITileKernel
        where TF : struct, IFunction
    {
        public RowWalk Walk;
        public WalkedRows<float> X;
        public WalkedRows<float> Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                Row<TV>(X.At(entry, within), Y.At(entry, within), Walk.Columns(within));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Row<TV>(float* x, float* y, long n)
            where TV : struct, IVector<TV>
        {
            long i = 0;
            for (; i + (2 * TV.Count) <= n; i += 2 * TV.Count) // two at a time hide the latency of the polynomials
            {
                var first = TF.Apply(TV.Load(x + i));
                var second = TF.Apply(TV.Load(x + i + TV.Count));
                TV.Store(first, y + i);
                TV.Store(second, y + i + TV.Count);
            }

            for (; i + TV.Count <= n; i += TV.Count)
            {
                TV.Store(TF.Apply(TV.Load(x + i)), y + i);
            }

            if (i < n)
            {
                Simd.StorePartial(TF.Apply(Simd.LoadPartial<TV>(x + i, n - i)), y + i, n - i);
            }
        }
    }

    private struct MultiplyKernel : ITileKernel
    {
        public RowWalk Walk;
        public WalkedRows<float> X;
        public WalkedRows<float> Y;
        public WalkedRows<float> Z;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                float* x = X.At(entry, within), y = Y.At(entry, within), z = Z.At(entry, within);
                var n = Walk.Columns(within);
                long i = 0;
                for (; i + TV.Count <= n; i += TV.Count)
                {
                    TV.Store(TV.Load(x + i) * TV.Load(y + i), z + i);
                }

                for (; i < n; i++)
                {
                    z[i] = x[i] * y[i]; // one rounding, as in the vector
                }
            }
        }
    }

    private struct MultiplyMappedKernel<TF> : ITileKernel
        where TF : struct, IFunction
    {
        public RowWalk Walk;
        public WalkedRows<float> X;
        public WalkedRows<float> Gate;
        public WalkedRows<float> Z;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                float* x = X.At(entry, within), gate = Gate.At(entry, within), z = Z.At(entry, within);
                var n = Walk.Columns(within);
                long i = 0;
                for (; i + (2 * TV.Count) <= n; i += 2 * TV.Count)
                {
                    var first = TV.Load(x + i) * TF.Apply(TV.Load(gate + i));
                    var second = TV.Load(x + i + TV.Count) * TF.Apply(TV.Load(gate + i + TV.Count));
                    TV.Store(first, z + i);
                    TV.Store(second, z + i + TV.Count);
                }

                for (; i < n; i += TV.Count)
                {
                    var inside = Math.Min(TV.Count, n - i);
                    var factor = TF.Apply(Simd.LoadTerm<TV>(gate, i, inside, isBFloat16: false));
                    Simd.StoreTerm(Simd.LoadTerm<TV>(x, i, inside, isBFloat16: false) * factor, z, i, inside, isBFloat16: false);
                }
            }
        }
    }

    private struct ClampKernel : ITileKernel
    {
        public RowWalk Walk;
        public WalkedRows<float> X;
        public WalkedRows<float> Y;
        public float Low;
        public float High;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            TV low = TV.Create(Low), high = TV.Create(High);
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                float* x = X.At(entry, within), y = Y.At(entry, within);
                var n = Walk.Columns(within);
                long i = 0;
                for (; i + TV.Count <= n; i += TV.Count)
                {
                    TV.Store(TV.AtMost(TV.AtLeast(TV.Load(x + i), low), high), y + i);
                }

                if (i < n)
                {
                    Simd.StorePartial(TV.AtMost(TV.AtLeast(Simd.LoadPartial<TV>(x + i, n - i), low), high), y + i, n - i);
                }
            }
        }
    }

    private struct AddGatedKernel : ITileKernel
    {
        public RowWalk Walk;
        public WalkedRows<float> X;
        public WalkedRows<float> Branch;
        public WalkedRows<float> Y;
        public float* Gate;
        public long GateStride;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                float* x = X.At(entry, within), branch = Branch.At(entry, within), y = Y.At(entry, within);
                var gate = Gate + (entry * GateStride);
                var n = Walk.Columns(within);
                long i = 0;
                for (; i + TV.Count <= n; i += TV.Count)
                {
                    TV.Store(TV.MultiplyAdd(TV.Load(gate + i), TV.Load(branch + i), TV.Load(x + i)), y + i);
                }

                if (i < n)
                {
                    var rest = n - i;
                    var sum = TV.MultiplyAdd(
                        Simd.LoadPartial<TV>(gate + i, rest), Simd.LoadPartial<TV>(branch + i, rest), Simd.LoadPartial<TV>(x + i, rest));
                    Simd.StorePartial(sum, y + i, rest);
                }
            }
        }
    }
}
