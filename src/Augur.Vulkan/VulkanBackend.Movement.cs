using System.Runtime.InteropServices;

namespace Augur.Vulkan;

/// <content>Elements moved as they are, and pictures resized.</content>
public sealed partial class VulkanBackend
{
    /// <inheritdoc/>
    public void Permute(Tensor x, ReadOnlySpan<int> axes, Tensor y)
    {
        var (from, to) = (View(x, nameof(Permute)), Output(y, nameof(Permute)));
        var arguments = new MoveArguments { X = from.Address, Y = to.Address, Rows = to.Rows, Columns = to.Columns };
        for (var a = 0; a < Shape.MaxRank; a++)
        {
            arguments.Extents[a] = 1;
        }

        // Strides[a] is how far x moves when y's axis a advances by one; outer axes of extent 1 before them.
        var pad = Shape.MaxRank - axes.Length;
        for (var a = 0; a < axes.Length; a++)
        {
            arguments.Strides[pad + a] = (uint)x.Shape.Product(axes[a] + 1, x.Shape.Rank);
            arguments.Extents[pad + a] = (uint)y.Shape[a];
        }

        Move(3, from, default, to, arguments);
    }

    /// <inheritdoc/>
    public void GatherRows(Tensor x, Tensor rows, Tensor y) => Select(1, x, rows, y, x, isRows: true, nameof(GatherRows));

    /// <inheritdoc/>
    public void ScatterRowsInPlace(Tensor x, Tensor rows, Tensor y) => Select(2, x, rows, y, y, isRows: true, nameof(ScatterRowsInPlace));

    /// <inheritdoc/>
    public void GatherTokens(Tensor x, Tensor indices, Tensor y) => Select(1, x, indices, y, x, isRows: false, nameof(GatherTokens));

    /// <inheritdoc/>
    public void ScatterTokensInPlace(Tensor x, Tensor indices, Tensor y) => Select(2, x, indices, y, y, isRows: false, nameof(ScatterTokensInPlace));

    /// <inheritdoc/>
    public void UpsampleNearest2x(Tensor x, Tensor y) => Picture(0, x, default, y, nameof(UpsampleNearest2x));

    /// <inheritdoc/>
    public void Pool2d(Tensor x, Pooling pooling, PoolWindow window, Tensor y) => Picture(
        pooling switch
        {
            Pooling.Max => 1,
            Pooling.Mean => 2,
            Pooling.MeanWithPadding => 3,
            _ => throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "not a pooling"),
        },
        x,
        window,
        y,
        nameof(Pool2d));

    // Rows between views of one type.
    private void Move(Operand x, Operand y) => Move(0, x, default, y, new MoveArguments
    {
        X = x.Address,
        Y = y.Address,
        Rows = y.Rows,
        Columns = y.Columns,
        XStride = x.Stride,
        YStride = y.Stride,
    });

    // Tokens of each entry by a table [batch, k], or whole entries by a table [k]: rows of a block each.
    private void Select(uint operation, Tensor x, Tensor indices, Tensor y, Tensor indexed, bool isRows, string name)
    {
        var limit = isRows ? indexed.Shape[0] : indexed.Shape[1];
        RequireBelow(indices, limit, name);
        var (from, table, to) = (View(x, name), View(indices, name), Output(y, name));
        var moved = operation == 1 ? to : from;
        Move(operation, from, table, to, new MoveArguments
        {
            X = from.Address,
            Y = to.Address,
            Table = table.Address,
            Faults = _faults.Address,
            Rows = moved.Rows,
            Columns = moved.Columns,
            XStride = from.Stride,
            YStride = to.Stride,
            Block = isRows ? (uint)Math.Max(1, x.Shape.Product(1, x.Shape.Rank - 1)) : 1,
            K = Math.Max(1, table.Columns),
            EntryRows = isRows ? 0 : (uint)limit,
            Limit = (uint)limit,
            TableStride = table.Stride,
        });
    }

    private void Move(uint operation, Operand x, Operand table, Operand y, in MoveArguments arguments)
    {
        var size = y.Type.Size();
        if (size is not (2 or 4))
        {
            throw new ArgumentException($"{y.Type} elements hold sums for the host to read, and are not moved.");
        }

        var count = (ulong)arguments.Rows * arguments.Columns;
        if (count > 0)
        {
            // What a scatter leaves as it is counts as read: the whole of y has to be there.
            _queue.Dispatch(
                Kernel("movement", Threads, operation, Flag(size == 4)), arguments, Elements(count), [x.Range, table.Range], [y.Range], count);
        }
    }

    private void Picture(uint operation, Tensor x, PoolWindow window, Tensor y, string name)
    {
        var (from, to) = (View(x, name), Output(y, name));
        var count = (ulong)to.Rows * to.Columns;
        if (count == 0)
        {
            return;
        }

        var arguments = new PictureArguments
        {
            X = from.Address,
            Y = to.Address,
            Count = (uint)count,
            Height = (uint)x.Shape[1],
            Width = (uint)x.Shape[2],
            Channels = (uint)x.Shape[3],
            OutHeight = (uint)y.Shape[1],
            OutWidth = (uint)y.Shape[2],
            WindowHeight = (uint)window.Height,
            WindowWidth = (uint)window.Width,
            Stride = (uint)window.Stride,
            Top = (uint)window.Padding.Top,
            Left = (uint)window.Padding.Left,
        };
        _queue.Dispatch(Kernel("picture", Threads, operation), arguments, Elements(count), [from.Range], [to.Range],
            count * (double)Math.Max(1, window.Height * window.Width));
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct MoveArguments
    {
        public ulong X, Y, Table, Faults;
        public uint Rows, Columns, XStride, YStride, Block, K, EntryRows, Limit, TableStride;
        public SixNumbers Extents, Strides;
    }

    [System.Runtime.CompilerServices.InlineArray(Shape.MaxRank)]
    private struct SixNumbers
    {
        private uint _first;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct PictureArguments
    {
        public ulong X, Y;
        public uint Count, Height, Width, Channels, OutHeight, OutWidth, WindowHeight, WindowWidth, Stride, Top, Left;
    }
}
