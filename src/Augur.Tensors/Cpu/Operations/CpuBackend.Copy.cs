using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Filling, copying and conversion.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An index table was given.</exception>
    public override void Fill(Tensor x, float value)
    {
        var walk = RowWalk.Flat(x.Shape, x.IsDense);
        if (x.Type == DType.Float32)
        {
            RunPlain(new FillKernel<float> { Walk = walk, X = walk.Of<float>(x), Value = value }, walk.Tiles);
        }
        else
        {
            ushort half;
            Convert(&value, DType.Float32, &half, x.Type, 1);
            RunPlain(new FillKernel<ushort> { Walk = walk, X = walk.Of<ushort>(x), Value = half }, walk.Tiles);
        }

        GC.KeepAlive(x);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An index table and numbers.</exception>
    public override void Copy(Tensor x, Tensor y)
    {
        var walk = RowWalk.Flat(y.Shape, x.IsDense && y.IsDense);
        if (x.Type == y.Type && x.Type.Size() == sizeof(float))
        {
            RunPlain(new CopyKernel<float> { Walk = walk, X = walk.Of<float>(x), Y = walk.Of<float>(y) }, walk.Tiles);
        }
        else if (x.Type == y.Type)
        {
            RunPlain(new CopyKernel<ushort> { Walk = walk, X = walk.Of<ushort>(x), Y = walk.Of<ushort>(y) }, walk.Tiles);
        }
        else if (x.Type == DType.Int32 || y.Type == DType.Int32)
        {
            throw new ArgumentException($"Copy: {x} cannot become {y}.");
        }
        else if (x.Type == DType.Float32)
        {
            RunPlain(
                new ConvertKernel<float, ushort> { Walk = walk, X = walk.Of<float>(x), From = x.Type, Y = walk.Of<ushort>(y), To = y.Type },
                walk.Tiles);
        }
        else if (y.Type == DType.Float32)
        {
            RunPlain(
                new ConvertKernel<ushort, float> { Walk = walk, X = walk.Of<ushort>(x), From = x.Type, Y = walk.Of<float>(y), To = y.Type },
                walk.Tiles);
        }
        else
        {
            RunPlain(
                new ConvertKernel<ushort, ushort> { Walk = walk, X = walk.Of<ushort>(x), From = x.Type, Y = walk.Of<ushort>(y), To = y.Type },
                walk.Tiles);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    private static void Convert(void* x, DType from, void* y, DType to, long n)
    {
        switch (from, to)
        {
            case (DType.Float32, DType.Float16):
                SimdHalf.ToFloat16((float*)x, (ushort*)y, n);
                break;
            case (DType.Float32, DType.BFloat16):
                SimdHalf.ToBFloat16((float*)x, (ushort*)y, n);
                break;
            case (DType.Float16, DType.Float32):
                SimdHalf.FromFloat16((ushort*)x, (float*)y, n);
                break;
            case (DType.BFloat16, DType.Float32):
                SimdHalf.FromBFloat16((ushort*)x, (float*)y, n);
                break;
            case (DType.Float16, DType.BFloat16) or (DType.BFloat16, DType.Float16):
                ConvertThroughSingle((ushort*)x, from, (ushort*)y, to, n);
                break;
            default:
                throw new ArgumentException($"Arithmetic is not done on {(from == DType.Float32 ? to : from)}.");
        }
    }

    private static void ConvertThroughSingle(ushort* x, DType from, ushort* y, DType to, long n)
    {
        const int Block = 512;
        var singles = stackalloc float[Block];
        for (long i = 0; i < n; i += Block)
        {
            var count = Math.Min(Block, n - i);
            Convert(x + i, from, singles, DType.Float32, count);
            Convert(singles, DType.Float32, y + i, to, count);
        }
    }

    private struct FillKernel<T> : IPlainTileKernel
        where T : unmanaged
    {
        public RowWalk Walk;
        public WalkedRows<T> X;
        public T Value;

        public readonly void Run(int tile)
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                new Span<T>(X.At(entry, within), (int)Walk.Columns(within)).Fill(Value);
            }
        }
    }

    private struct CopyKernel<T> : IPlainTileKernel
        where T : unmanaged
    {
        public RowWalk Walk;
        public WalkedRows<T> X;
        public WalkedRows<T> Y;

        public readonly void Run(int tile)
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                Unsafe.CopyBlockUnaligned(Y.At(entry, within), X.At(entry, within), (uint)(Walk.Columns(within) * sizeof(T)));
            }
        }
    }

    private struct ConvertKernel<TFrom, TTo> : IPlainTileKernel
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        public RowWalk Walk;
        public WalkedRows<TFrom> X;
        public DType From;
        public WalkedRows<TTo> Y;
        public DType To;

        public readonly void Run(int tile)
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                Convert(X.At(entry, within), From, Y.At(entry, within), To, Walk.Columns(within));
            }
        }
    }
}
