using System.Numerics;
using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Pooling.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    /// <remarks>Channels are independent and every place enters in one order, so that all paths give the same bits.</remarks>
    public override void Pool2d(Tensor x, Pooling pooling, PoolWindow window, Tensor y)
    {
        if (!Enum.IsDefined(pooling))
        {
            throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "not a pooling");
        }

        if (y.Shape.ElementCount == 0)
        {
            return;
        }

        var walk = RowWalk.ByRow([checked((int)y.Shape.Rows), y.Shape.Columns]);
        RunPlain(new PoolKernel(x, pooling, window, y) { Walk = walk }, walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    /// <summary>Gathers the places under the window of each of a range of output pixels.</summary>
    private struct PoolKernel(Tensor x, Pooling pooling, PoolWindow window, Tensor y) : IPlainTileKernel
    {
        private readonly float* _x = (float*)Address(x);
        private readonly float* _y = (float*)Address(y);
        private readonly int _height = x.Shape[1];
        private readonly int _width = x.Shape[2];
        private readonly int _channels = x.Shape[3];
        private readonly int _outHeight = y.Shape[1];
        private readonly int _outWidth = y.Shape[2];

        public RowWalk Walk { get; set; }

        public readonly void Run(int tile)
        {
            var (pixel, end) = Walk.Tile(tile);
            for (; pixel < end; pixel++)
            {
                var (line, outColumn) = Math.DivRem(pixel, _outWidth);
                var (image, outRow) = Math.DivRem(line, _outHeight);
                var top = (outRow * window.Stride) - window.Padding.Top;
                var left = (outColumn * window.Stride) - window.Padding.Left;
                var rows = (Math.Max(0, top), Math.Min(_height, top + window.Height));
                var columns = (Math.Max(0, left), Math.Min(_width, left + window.Width));
                Pool(image, rows, columns, _y + (pixel * _channels));
            }
        }

        private readonly void Pool(long image, (long Begin, long End) rows, (long Begin, long End) columns, float* to)
        {
            var first = true;
            for (var row = rows.Begin; row < rows.End; row++)
            {
                var from = _x + (((((image * _height) + row) * _width) + columns.Begin) * _channels);
                for (var column = columns.Begin; column < columns.End; column++, from += _channels)
                {
                    if (first)
                    {
                        new ReadOnlySpan<float>(from, _channels).CopyTo(new Span<float>(to, _channels));
                        first = false;
                    }
                    else if (pooling == Pooling.Max)
                    {
                        TakeLarger(from, to, _channels);
                    }
                    else
                    {
                        Add(from, to, _channels);
                    }
                }
            }

            if (pooling != Pooling.Max)
            {
                var inside = (rows.End - rows.Begin) * (columns.End - columns.Begin);
                Divide(to, pooling == Pooling.Mean ? inside : window.Height * window.Width, _channels);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void TakeLarger(float* from, float* to, int n)
        {
            var i = 0;
            for (; i + Vector<float>.Count <= n; i += Vector<float>.Count)
            {
                Vector.Max(Vector.Load(to + i), Vector.Load(from + i)).Store(to + i); // NaN of either stays
            }

            for (; i < n; i++)
            {
                to[i] = MathF.Max(to[i], from[i]);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Add(float* from, float* to, int n)
        {
            var i = 0;
            for (; i + Vector<float>.Count <= n; i += Vector<float>.Count)
            {
                (Vector.Load(to + i) + Vector.Load(from + i)).Store(to + i);
            }

            for (; i < n; i++)
            {
                to[i] += from[i];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Divide(float* to, float count, int n)
        {
            var i = 0;
            for (; i + Vector<float>.Count <= n; i += Vector<float>.Count)
            {
                (Vector.Load(to + i) / Vector.Create(count)).Store(to + i);
            }

            for (; i < n; i++)
            {
                to[i] /= count;
            }
        }
    }
}
