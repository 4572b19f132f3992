using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Data movement over several threads.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Permute(Tensor x, ReadOnlySpan<int> axes, Tensor y)
    {
        if (x.Type.Size() == sizeof(float))
        {
            Permute<uint>(x, axes, y);
        }
        else
        {
            Permute<ushort>(x, axes, y);
        }
    }

    /// <inheritdoc/>
    public override void UpsampleNearest2x(Tensor x, Tensor y)
    {
        if (x.Shape.ElementCount == 0)
        {
            return;
        }

        var walk = RowWalk.ByRow([x.Shape[0] * x.Shape[1], 4 * x.Shape[2] * x.Shape[3]]);
        RunPlain(
            new UpsampleKernel { Walk = walk, X = (float*)Address(x), Y = (float*)Address(y), Width = x.Shape[2], Channels = x.Shape[3] },
            walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    private void Permute<T>(Tensor x, ReadOnlySpan<int> axes, Tensor y)
        where T : unmanaged
    {
        if (y.Shape.ElementCount == 0)
        {
            return;
        }

        var kernel = new PermuteKernel<T> { X = (T*)Address(x), Y = (T*)Address(y) };
        for (var a = 0; a < axes.Length; a++)
        {
            kernel.AddAxis(y.Shape[a], x.Shape.Product(axes[a] + 1, x.Shape.Rank));
        }

        kernel.Walk = RowWalk.ByRow([checked((int)(y.Shape.ElementCount / kernel.RowLength)), kernel.RowLength]);
        RunPlain(kernel, kernel.Walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    /// <summary>Walks y in order, in rows of its innermost axis; axes that are neighbours in x too count as one.</summary>
    private struct PermuteKernel<T> : IPlainTileKernel
        where T : unmanaged
    {
        public RowWalk Walk;
        public T* X;
        public T* Y;
        private fixed int _extents[Shape.MaxRank];
        private fixed long _strides[Shape.MaxRank]; // how far x moves when y's axis advances by one
        private int _axes;

        /// <summary>Extent of the innermost axis.</summary>
        public readonly int RowLength => _axes == 0 ? 1 : _extents[_axes - 1];

        public void AddAxis(int extent, long stride)
        {
            if (extent == 1)
            {
                return;
            }

            if (_axes > 0 && _strides[_axes - 1] == stride * extent)
            {
                _extents[_axes - 1] *= extent;
                _strides[_axes - 1] = stride;
                return;
            }

            _extents[_axes] = extent;
            _strides[_axes++] = stride;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int tile)
        {
            var (row, end) = Walk.Tile(tile);
            var n = RowLength;
            var stride = _axes == 0 ? 1 : _strides[_axes - 1];
            var at = stackalloc int[Shape.MaxRank]; // where the row lies on the outer axes
            var from = X + Begin(row, at);
            for (var to = Y + (row * n); row < end; row++, to += n)
            {
                if (stride == 1)
                {
                    Unsafe.CopyBlockUnaligned(to, from, (uint)(n * sizeof(T)));
                }
                else
                {
                    var next = from;
                    for (var i = 0; i < n; i++, next += stride)
                    {
                        to[i] = *next;
                    }
                }

                for (var a = _axes - 2; a >= 0; a--)
                {
                    from += _strides[a];
                    if (++at[a] < _extents[a])
                    {
                        break;
                    }

                    from -= _strides[a] * _extents[a];
                    at[a] = 0;
                }
            }
        }

        private readonly long Begin(long row, int* at)
        {
            long offset = 0;
            for (var a = _axes - 2; a >= 0; a--)
            {
                (row, var index) = Math.DivRem(row, _extents[a]);
                at[a] = (int)index;
                offset += index * _strides[a];
            }

            return offset;
        }
    }

    private struct UpsampleKernel : IPlainTileKernel
    {
        public RowWalk Walk;
        public float* X;
        public float* Y;
        public int Width;
        public int Channels;

        public readonly void Run(int tile)
        {
            long from = (long)Width * Channels, to = 2 * from;
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var upper = Y + (row * 2 * to);
                for (var column = 0; column < Width; column++)
                {
                    var pixel = new ReadOnlySpan<float>(X + (row * from) + ((long)column * Channels), Channels);
                    pixel.CopyTo(new Span<float>(upper + (2L * column * Channels), Channels));
                    pixel.CopyTo(new Span<float>(upper + (((2L * column) + 1) * Channels), Channels));
                }

                Buffer.MemoryCopy(upper, upper + to, to * sizeof(float), to * sizeof(float));
            }
        }
    }
}
