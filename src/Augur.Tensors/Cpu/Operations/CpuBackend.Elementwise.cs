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

        MultiplyMapped<Identity>(x, y, z);
    }

    /// <inheritdoc/>
    /// <remarks>A NaN stays NaN.</remarks>
    public override void Clamp(Tensor x, float low, float high, Tensor y)
    {
        var walk = RowWalk.Flat(y.Shape, x.IsDense && y.IsDense);
        Run(new ElementKernel<Clamped> { Walk = walk, X = walk.Of<float>(x), Result = walk.Of<float>(y), Formula = new(low, high) }, walk.Tiles);
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
        Run(
            new ElementKernel<MappedProduct<TF>> { Walk = walk, X = walk.Of<float>(x), Y = walk.Of<float>(gate), Result = walk.Of<float>(z) },
            walk.Tiles);
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
            new ElementKernel<GateTimesBranch>
            {
                Walk = walk,
                X = walk.Of<float>(x),
                Y = walk.Of<float>(branch),
                Z = new((float*)Address(gate), gate.RowStride, rowStride: 0), // one row for all of an entry
                Result = walk.Of<float>(y),
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
        Run(new ElementKernel<Mapped<TF>> { Walk = walk, X = walk.Of<float>(x), Result = walk.Of<float>(y) }, walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    /// <summary>What is written of each element, of one to three that are read.</summary>
    private interface IElementFormula
    {
        /// <summary>How many are read, 1 to 3; in place of the others stand the constants.</summary>
        static abstract int Inputs { get; }

        (float Y, float Z) Constants { get; }

        TV Of<TV>(TV x, TV y, TV z)
            where TV : struct, IVector<TV>;
    }

    /// <summary>Writes a formula of each element.</summary>
    private struct ElementKernel<TF> : ITileKernel
        where TF : struct, IElementFormula
    {
        public TF Formula;
        public RowWalk Walk;
        public WalkedRows<float> X;
        public WalkedRows<float> Y;
        public WalkedRows<float> Z;
        public WalkedRows<float> Result;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                float* x = X.At(entry, within), y = TF.Inputs > 1 ? Y.At(entry, within) : x, z = TF.Inputs > 2 ? Z.At(entry, within) : x;
                Row<TV>(Formula, x, y, z, Result.At(entry, within), Walk.Columns(within));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Row<TV>(TF formula, float* x, float* y, float* z, float* result, long n)
            where TV : struct, IVector<TV>
        {
            TV second = TV.Create(formula.Constants.Y), third = TV.Create(formula.Constants.Z);
            long i = 0;
            for (; i + (2 * TV.Count) <= n; i += 2 * TV.Count) // two at a time hide the latency of the polynomials
            {
                var now = At(formula, x + i, y + i, z + i, second, third);
                var next = At(formula, x + i + TV.Count, y + i + TV.Count, z + i + TV.Count, second, third);
                TV.Store(now, result + i);
                TV.Store(next, result + i + TV.Count);
            }

            for (; i + TV.Count <= n; i += TV.Count)
            {
                TV.Store(At(formula, x + i, y + i, z + i, second, third), result + i);
            }

            if (i < n)
            {
                var rest = n - i;
                second = TF.Inputs > 1 ? Simd.LoadPartial<TV>(y + i, rest) : second;
                third = TF.Inputs > 2 ? Simd.LoadPartial<TV>(z + i, rest) : third;
                Simd.StorePartial(formula.Of(Simd.LoadPartial<TV>(x + i, rest), second, third), result + i, rest);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV At<TV>(TF formula, float* x, float* y, float* z, TV second, TV third)
            where TV : struct, IVector<TV> =>
            formula.Of(TV.Load(x), TF.Inputs > 1 ? TV.Load(y) : second, TF.Inputs > 2 ? TV.Load(z) : third);
    }

    private readonly struct Mapped<TF> : IElementFormula
        where TF : struct, IFunction
    {
        public static int Inputs => 1;

        public (float Y, float Z) Constants => default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Of<TV>(TV x, TV y, TV z)
            where TV : struct, IVector<TV> => TF.Apply(x);
    }

    private readonly struct MappedProduct<TF> : IElementFormula
        where TF : struct, IFunction
    {
        public static int Inputs => 2;

        public (float Y, float Z) Constants => default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Of<TV>(TV x, TV y, TV z)
            where TV : struct, IVector<TV> => x * TF.Apply(y);
    }

    private readonly struct Clamped(float low, float high) : IElementFormula
    {
        public static int Inputs => 1;

        public (float Y, float Z) Constants => (low, high);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Of<TV>(TV x, TV y, TV z)
            where TV : struct, IVector<TV> => TV.AtMost(TV.AtLeast(x, y), z);
    }

    // x + z · y: the gate is the last, because it has rows of its own.
    private readonly struct GateTimesBranch : IElementFormula
    {
        public static int Inputs => 3;

        public (float Y, float Z) Constants => default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Of<TV>(TV x, TV y, TV z)
            where TV : struct, IVector<TV> => TV.MultiplyAdd(z, y, x);
    }
}
