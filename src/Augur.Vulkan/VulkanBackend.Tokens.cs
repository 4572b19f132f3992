using System.Runtime.InteropServices;

namespace Augur.Vulkan;

/// <content>Scores, selections and clusters of tokens; error sums.</content>
public sealed partial class VulkanBackend
{
    private const uint TokenThreads = 64;

    // Rows of workgroups in one dispatch: every device takes 65535.
    private const uint MostRows = 32768;

    /// <inheritdoc/>
    public void HeadNorms(Tensor x, int heads, Tensor norms)
    {
        var (from, to) = (View(x, nameof(HeadNorms)), Output(norms, nameof(HeadNorms)));
        Tokens(0, from, default, to, default, new TokenArguments
        {
            Count = (uint)norms.Shape.ElementCount,
            Tokens = (uint)x.Shape[1],
            Channels = from.Columns,
            Heads = (uint)heads,
        });
    }

    /// <inheritdoc/>
    public void NearestCentroidsL1(Tensor x, Tensor centroids, Tensor labels)
    {
        const string Operation = nameof(NearestCentroidsL1);
        var (from, others, to) = (View(x, Operation), View(centroids, Operation), Output(labels, Operation));
        Tokens(1, from, others, to, default, new TokenArguments
        {
            Count = from.Rows,
            Tokens = (uint)x.Shape[1],
            Clusters = (uint)centroids.Shape[1],
            Channels = from.Columns,
        });
    }

    /// <inheritdoc/>
    public void ClusterMeans(Tensor x, Tensor labels, Tensor means)
    {
        const string Operation = nameof(ClusterMeans);
        RequireBelow(labels, means.Shape[1], Operation);
        var (from, table, to) = (View(x, Operation), View(labels, Operation), Output(means, Operation));
        Tokens(2, from, default, to, table, new TokenArguments
        {
            Count = (uint)means.Shape.ElementCount,
            Tokens = (uint)x.Shape[1],
            Clusters = (uint)means.Shape[1],
            Channels = from.Columns,
        });
    }

    /// <inheritdoc/>
    public void BlendGatheredTokensInPlace(Tensor fresh, Tensor labels, float ratio, Tensor y)
    {
        const string Operation = "BlendGatheredTokens";
        RequireBelow(labels, fresh.Shape[1], Operation);
        var (from, table, to) = (View(fresh, Operation), View(labels, Operation), Output(y, Operation));
        Tokens(3, from, default, to, table, new TokenArguments
        {
            Count = (uint)y.Shape.ElementCount,
            Tokens = (uint)y.Shape[1],
            Clusters = (uint)fresh.Shape[1],
            Channels = to.Columns,
            Ratio = ratio,
        });
    }

    /// <inheritdoc/>
    public void TopK(Tensor scores, int k, Tensor indices)
    {
        var (from, to) = (View(scores, nameof(TopK)), Output(indices, nameof(TopK)));
        if (k == 0)
        {
            return;
        }

        for (uint first = 0; first < from.Rows; first += MostRows)
        {
            var arguments = new TopKArguments
            {
                Scores = from.Address,
                Places = to.Address,
                N = from.Columns,
                K = (uint)k,
                Stride = from.Stride,
                PlaceStride = to.Stride,
                FirstRow = first,
            };
            var rows = Math.Min(MostRows, from.Rows - first);
            _queue.Dispatch(Kernel("top_k", Threads), arguments, (Groups(from.Columns, Threads), rows, 1), [from.Range], [to.Range],
                (double)rows * from.Columns * from.Columns);
        }
    }

    /// <inheritdoc/>
    public void AttentionColumnSums(Tensor q, Tensor k, int heads, float scale, Tensor sums)
    {
        const string Operation = nameof(AttentionColumnSums);
        const uint StatisticsThreads = 64;
        var (queries, keys, to) = (View(q, Operation), View(k, Operation), Output(sums, Operation));
        if ((ulong)to.Rows * to.Columns == 0)
        {
            return;
        }

        var entries = (uint)q.Shape[0];
        var statistics = Memory.Rent(8L * queries.Rows * heads);
        var arguments = new ColumnSumArguments
        {
            Q = queries.Address,
            K = keys.Address,
            Statistics = statistics.Address,
            Sums = to.Address,
            Queries = (uint)q.Shape[1],
            Keys = (uint)k.Shape[1],
            Heads = (uint)heads,
            Width = queries.Columns / (uint)heads,
            QStride = queries.Stride,
            KStride = keys.Stride,
            SumStride = to.Stride,
            Scale = scale,
        };
        var work = 2.0 * queries.Rows * k.Shape[1] * queries.Columns;
        _queue.Dispatch(Kernel("column_statistics", StatisticsThreads), arguments, ((uint)q.Shape[1], (uint)heads, entries),
            [queries.Range, keys.Range], [statistics.Range], 2 * work);
        _queue.Dispatch(Kernel("column_sums", StatisticsThreads), arguments, (Groups((uint)k.Shape[1], StatisticsThreads), entries, 1),
            [queries.Range, keys.Range, statistics.Range], [to.Range], work);
        Memory.Return(statistics);
    }

    /// <inheritdoc/>
    public void RowErrorSums(Tensor x, Tensor y, ErrorMeasure measure, Tensor sums)
    {
        const uint ErrorThreads = 64, Chunk = 16384;
        const string Operation = nameof(RowErrorSums);
        var (a, b, to) = (View(x, Operation), View(y, Operation), Output(sums, Operation));
        var entries = (uint)sums.Shape[0];
        var count = (uint)ErrorSums.Count(measure);
        if (entries == 0)
        {
            return;
        }

        var isVector = x.Shape.Rank == 1; // each element an entry
        (a, b) = isVector ? (a.AsColumn(), b.AsColumn()) : (a, b);
        var length = (uint)(x.Shape.ElementCount / entries);
        var chunks = Groups(length, Chunk);
        var parts = Memory.Rent(Math.Max(8, 8L * Math.Min(entries, MostRows) * chunks * count));
        var rowsOfEntry = a.Rows / entries;
        for (uint first = 0; first < entries; first += MostRows)
        {
            var some = Math.Min(MostRows, entries - first);
            var arguments = new ErrorArguments
            {
                X = a.Address + ((ulong)first * rowsOfEntry * a.Stride * sizeof(float)),
                Y = b.Address + ((ulong)first * rowsOfEntry * b.Stride * sizeof(float)),
                Parts = parts.Address,
                Sums = to.Address + ((ulong)first * count * 2 * sizeof(float)),
                Length = length,
                Columns = a.Columns,
                XStride = a.Stride,
                YStride = b.Stride,
                Chunk = Chunk,
                Chunks = chunks,
            };
            _queue.Dispatch(Kernel("row_errors_partial", ErrorThreads, (uint)measure), arguments, (chunks, some, 1), [a.Range, b.Range],
                [parts.Range], 100.0 * some * length);
            _queue.Dispatch(Kernel("row_errors", ErrorThreads, (uint)measure), arguments, (1, some, 1), [parts.Range], [to.Range], some * 100.0);
        }

        Memory.Return(parts);
    }

    private void Tokens(uint operation, Operand x, Operand a, Operand y, Operand labels, TokenArguments arguments)
    {
        if (arguments.Count == 0)
        {
            return;
        }

        (arguments.X, arguments.A, arguments.Y) = (x.Address, a.Address, y.Address);
        (arguments.Labels, arguments.Faults) = (labels.Address, _faults.Address);
        (arguments.XStride, arguments.AStride, arguments.YStride, arguments.LabelStride) = (x.Stride, a.Stride, y.Stride, labels.Stride);
        var (tx, ty) = operation == 3 ? (x.TypeCode, y.TypeCode) : (0, 0);
        var each = operation switch { 0 => x.Columns * 20.0, 1 => 20.0 * arguments.Clusters * x.Columns, 2 => arguments.Tokens * 3.0, _ => 4.0 };
        _queue.Dispatch(Kernel("tokens", TokenThreads, operation, tx, ty), arguments, Elements(arguments.Count, TokenThreads),
            [x.Range, a.Range, labels.Range], [y.Range], arguments.Count * each);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct TokenArguments
    {
        public ulong X, A, Y, Labels, Faults;
        public uint Count, Tokens, Clusters, Channels, Heads, XStride, AStride, YStride, LabelStride;
        public float Ratio;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct TopKArguments
    {
        public ulong Scores, Places;
        public uint N, K, Stride, PlaceStride, FirstRow;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct ColumnSumArguments
    {
        public ulong Q, K, Statistics, Sums;
        public uint Queries, Keys, Heads, Width, QStride, KStride, SumStride;
        public float Scale;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct ErrorArguments
    {
        public ulong X, Y, Parts, Sums;
        public uint Length, Columns, XStride, YStride, Chunk, Chunks;
    }
}
