namespace Augur.Tensors;

/// <content>Selection: rows and tokens by index tables, and the tables of the largest scores.</content>
public abstract unsafe partial class HostBackend
{
    /// <inheritdoc/>
    public virtual void GatherRows(Tensor x, Tensor rows, Tensor y)
    {
        RequireBelow(rows, x.Shape[0], nameof(GatherRows));
        var block = x.Shape.Product(1, x.Shape.Rank - 1);
        for (var i = 0; i < rows.Shape.ElementCount; i++)
        {
            CopyRows(x, Index(rows, i) * block, y, i * block, block);
        }

        GC.KeepAlive(rows);
    }

    /// <inheritdoc/>
    public virtual void ScatterRowsInPlace(Tensor x, Tensor rows, Tensor y)
    {
        RequireBelow(rows, y.Shape[0], nameof(ScatterRowsInPlace));
        var block = x.Shape.Product(1, x.Shape.Rank - 1);
        for (var i = 0; i < rows.Shape.ElementCount; i++)
        {
            CopyRows(x, i * block, y, Index(rows, i) * block, block);
        }

        GC.KeepAlive(rows);
    }

    /// <inheritdoc/>
    public virtual void GatherTokens(Tensor x, Tensor indices, Tensor y)
    {
        RequireBelow(indices, x.Shape[1], nameof(GatherTokens));
        for (var i = 0; i < indices.Shape.ElementCount; i++)
        {
            CopyRows(x, ((long)(i / indices.Shape[1]) * x.Shape[1]) + Index(indices, i), y, i, 1);
        }

        GC.KeepAlive(indices);
    }

    /// <inheritdoc/>
    public virtual void ScatterTokensInPlace(Tensor x, Tensor indices, Tensor y)
    {
        RequireBelow(indices, y.Shape[1], nameof(ScatterTokensInPlace));
        for (var i = 0; i < indices.Shape.ElementCount; i++)
        {
            CopyRows(x, i, y, ((long)(i / indices.Shape[1]) * y.Shape[1]) + Index(indices, i), 1);
        }

        GC.KeepAlive(indices);
    }

    /// <inheritdoc/>
    public virtual void TopK(Tensor scores, int k, Tensor indices)
    {
        var n = scores.Shape[1];
        var keys = new double[n];
        var order = new int[n];
        var to = (int*)Address(indices);
        for (var row = 0; row < scores.Shape[0]; row++)
        {
            var from = (float*)Address(scores) + (row * scores.RowStride);
            for (var i = 0; i < n; i++)
            {
                keys[i] = float.IsNaN(from[i]) ? double.PositiveInfinity : Math.Min(from[i], double.MaxValue); // NaN before infinity
                order[i] = i;
            }

            Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
            order.AsSpan(0, k).CopyTo(new Span<int>(to + ((long)row * k), k));
        }
    }

    /// <summary>Element <paramref name="i"/> of an index table, counted without gaps.</summary>
    internal static int Index(Tensor table, long i)
    {
        var (row, column) = Math.DivRem(i, table.Shape.Columns);
        return ((int*)Address(table))[(row * table.RowStride) + column];
    }

    /// <summary>Checks the elements of an index table.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is negative, or not below the limit.</exception>
    internal static void RequireBelow(Tensor table, int limit, string operation)
    {
        for (long row = 0; row < table.Shape.Rows; row++)
        {
            foreach (var index in new ReadOnlySpan<int>((int*)Address(table) + (row * table.RowStride), table.Shape.Columns))
            {
                if ((uint)index >= (uint)limit)
                {
                    throw new ArgumentOutOfRangeException(nameof(table), $"{operation}: index {index} is not below {limit}.");
                }
            }
        }

        GC.KeepAlive(table);
    }

    private static void CopyRows(Tensor x, long fromRow, Tensor y, long toRow, long rows)
    {
        var size = x.Type.Size();
        var bytes = (long)x.Shape.Columns * size;
        for (long r = 0; r < rows; r++)
        {
            var from = (byte*)Address(x) + ((fromRow + r) * x.RowStride * size);
            var to = (byte*)Address(y) + ((toRow + r) * y.RowStride * size);
            Buffer.MemoryCopy(from, to, bytes, bytes);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }
}
