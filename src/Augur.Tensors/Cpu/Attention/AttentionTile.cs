using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <summary>Some queries of one head against all its keys: scores, softmax and weighted values, a block of keys at a time.</summary>
/// <remarks>
/// Per block, keys are transposed into panels [panel][channel][key] and values copied into panels [panel][key][channel]; both products then run
/// through the micro-kernels, row panel by row panel. Scores are in base 2: the scale of the queries contains log₂ e.
/// </remarks>
internal static unsafe class AttentionTile<TV>
    where TV : struct, IVector<TV>
{
    private const int Stride = MicroKernels.RowStride;
    private const int KeyBlock = AttentionWork.KeyBlock;
    internal const float Log2OfE = 1.44269504f;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, int tile)
    {
        ref var g = ref *(AttentionWork*)arguments;
        var (queryTile, head, entry) = (tile % g.QueryTiles, tile / g.QueryTiles % g.Heads, tile / g.QueryTiles / g.Heads);
        var q0 = (int)((long)g.Queries * queryTile / g.QueryTiles);
        var queries = (int)((long)g.Queries * (queryTile + 1) / g.QueryTiles) - q0;
        var (width, maxRows, columns) = (g.Width, g.Kernels.MaxRows, g.Kernels.Columns);
        var padded = (width + TV.Count - 1) / TV.Count * TV.Count;
        var rowPanels = (queries + maxRows - 1) / maxRows;

        var keyPanels = ThreadScratch.Floats((2L * KeyBlock * (padded + 16)) + (2 * maxRows * Stride) + ((long)queries * (padded + 2)) + 1024);
        var valuePanels = keyPanels + (KeyBlock * padded);
        var a = valuePanels + (KeyBlock * padded); // a row panel of queries
        var scores = a + (maxRows * Stride);
        var sums = scores + (maxRows * Stride); // [queries, padded]
        var zeros = sums + ((long)queries * padded);
        var square = zeros + columns;
        var largest = square + (TV.Count * TV.Count);
        var totals = largest + queries;
        new Span<float>(zeros, columns).Clear();

        var at = head * width;
        var keyAt = head / g.HeadsPerKeyHead * width;
        var q = g.Q + ((((long)entry * g.Queries) + q0) * g.QStride) + at;
        var k = g.K + ((long)entry * g.Keys * g.KStride) + keyAt;
        var v = g.V + ((long)entry * g.Keys * g.VStride) + keyAt;
        var bias = g.Bias == null ? null : g.Bias + (head * g.BiasHeadStride) + (q0 * g.BiasStride);
        var allKeys = g.KeyCounts == null ? g.Keys : g.KeyCounts[entry];
        var firstSees = g.IsCausal ? q0 + g.Keys - g.Queries + 1 : allKeys; // keys that the tile's first query sees; each later one sees one more
        var lastKey = g.IsCausal ? Math.Min(allKeys, firstSees + queries - 1) : allKeys;
        for (var k0 = 0; k0 < lastKey; k0 += KeyBlock)
        {
            var keys = Math.Min(KeyBlock, lastKey - k0);
            var paddedKeys = (keys + columns - 1) / columns * columns;
            PackKeys(ref g, k + (k0 * g.KStride), keys, paddedKeys, keyPanels, square);
            PackValues(v + (k0 * g.VStride), g.VStride, keys, width, padded, valuePanels);
            for (var panel = 0; panel < rowPanels; panel++)
            {
                var r0 = (int)((long)queries * panel / rowPanels);
                var rows = (int)((long)queries * (panel + 1) / rowPanels) - r0;
                for (var d0 = 0; d0 < width; d0 += MicroKernels.DepthBlock)
                {
                    var depth = Math.Min(MicroKernels.DepthBlock, width - d0);
                    PackQueries(q + (r0 * g.QStride) + d0, g.QStride, rows, depth, g.Scale * Log2OfE, a);
                    var product = g.Kernels.Streamed[rows - 1];
                    for (var j = 0; j < paddedKeys; j += columns)
                    {
                        product(a, keyPanels + ((long)j * width) + (d0 * columns), scores + j, Stride, depth, d0 == 0 ? zeros : null);
                    }
                }

                if (bias != null)
                {
                    for (var i = 0; i < rows; i++)
                    {
                        AddBias(scores + (i * Stride), bias + ((r0 + i) * g.BiasStride) + k0, keys);
                    }
                }

                var start = k0 == 0 ? zeros : null;
                if (g.IsCausal && firstSees + r0 < k0 + keys)
                {
                    // Some of these queries do not see all of these keys: each goes alone over those it sees, as if there were no others.
                    for (var i = 0; i < rows; i++)
                    {
                        var seen = Math.Min(keys, firstSees + r0 + i - k0);
                        if (seen <= 0)
                        {
                            continue;
                        }

                        float* row = scores + (i * Stride), rowSums = sums + ((long)(r0 + i) * padded);
                        var paddedSeen = (seen + columns - 1) / columns * columns;
                        SoftmaxRow(row, seen, paddedSeen, k0 == 0, rowSums, padded, largest + r0 + i, totals + r0 + i);
                        Weigh(ref g, row, 1, seen, valuePanels, padded, rowSums, start);
                    }

                    continue;
                }

                for (var i = 0; i < rows; i++)
                {
                    float* row = scores + (i * Stride), rowSums = sums + ((long)(r0 + i) * padded);
                    SoftmaxRow(row, keys, paddedKeys, k0 == 0, rowSums, padded, largest + r0 + i, totals + r0 + i);
                }

                Weigh(ref g, scores, rows, keys, valuePanels, padded, sums + ((long)r0 * padded), start);
            }
        }

        var y = g.Y + ((((long)entry * g.Queries) + q0) * g.YStride) + at;
        for (var i = 0; i < queries; i++)
        {
            WriteRow(sums + ((long)i * padded), 1 / totals[i], y + (i * g.YStride), width);
        }
    }

    internal static void PackKeys(ref AttentionWork g, float* k, int keys, int paddedKeys, float* panels, float* square)
    {
        var (width, columns) = (g.Width, g.Kernels.Columns);
        for (var j = 0; j < paddedKeys; j += TV.Count)
        {
            var to = panels + ((long)(j / columns) * columns * width) + (j % columns);
            var rows = Math.Clamp(keys - j, 0, TV.Count);
            for (var d = 0; d < width; d += TV.Count)
            {
                var inside = Math.Min(TV.Count, width - d);
                var from = k + (j * g.KStride) + d;
                if (rows == TV.Count && inside == TV.Count)
                {
                    g.Kernels.Transpose(from, (nint)g.KStride, to + (d * columns), columns);
                    continue;
                }

                new Span<float>(square, TV.Count * TV.Count).Clear();
                for (var i = 0; i < rows; i++)
                {
                    new ReadOnlySpan<float>(from + (i * g.KStride), inside).CopyTo(new Span<float>(square + (i * TV.Count), TV.Count));
                }

                for (var c = 0; c < inside; c++)
                {
                    for (var i = 0; i < TV.Count; i++)
                    {
                        to[((d + c) * columns) + i] = square[(i * TV.Count) + c];
                    }
                }
            }
        }
    }

    // Panels two vectors wide, and one of a single vector where the padded width is an odd number of vectors.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackValues(float* v, long stride, int keys, int width, int padded, float* panels)
    {
        var columns = 2 * TV.Count;
        for (var d = 0; d < padded; d += TV.Count)
        {
            var panel = d / columns * columns;
            var panelWidth = Math.Min(columns, padded - panel);
            var to = panels + (panel * KeyBlock) + (d - panel);
            var from = v + d;
            if (d + TV.Count <= width)
            {
                for (var j = 0; j < keys; j++, from += stride, to += panelWidth)
                {
                    TV.Store(TV.Load(from), to);
                }
            }
            else
            {
                for (var j = 0; j < keys; j++, from += stride, to += panelWidth)
                {
                    TV.Store(Simd.LoadPartial<TV>(from, width - d), to);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void PackQueries(float* q, long stride, int rows, int depth, float scale, float* to)
    {
        var factor = TV.Create(scale);
        for (var i = 0; i < rows; i++, q += stride, to += Stride)
        {
            var d = 0;
            for (; d + TV.Count <= depth; d += TV.Count)
            {
                TV.Store(TV.Load(q + d) * factor, to + d);
            }

            for (; d < depth; d++)
            {
                to[d] = q[d] * scale;
            }
        }
    }

    // Scores are in base 2, so the bias is brought there too.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddBias(float* s, float* bias, int keys)
    {
        TV factor = TV.Create(Log2OfE), least = TV.Create(AttentionOptions.LeastBias);
        for (var j = 0; j < keys; j += TV.Count)
        {
            var inside = Math.Min(TV.Count, keys - j);
            var limited = TV.AtLeast(Simd.LoadTerm<TV>(bias, j, inside, isBFloat16: false), least);
            TV.Store(TV.MultiplyAdd(limited, factor, TV.Load(s + j)), s + j); // a row of scores is padded to whole vectors
        }
    }

    // Turns a row of scores into weights relative to the largest score so far, and brings the row's sums to the same footing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxRow(float* s, int keys, int paddedKeys, bool first, float* sums, int padded, float* largest, float* total)
    {
        var newLargest = SoftmaxMath.Largest<TV>(s, keys, paddedKeys);
        newLargest = first || newLargest > *largest ? newLargest : *largest;
        var sum = SoftmaxMath.Exponentiate<TV>(s, paddedKeys, newLargest);
        if (!first && newLargest != *largest)
        {
            var factor = SoftmaxMath.Exp2OfNonPositive(TV.Create(*largest) - TV.Create(newLargest));
            for (var d = 0; d < padded; d += TV.Count)
            {
                TV.Store(TV.Load(sums + d) * factor, sums + d);
            }

            TV.Store(factor * TV.Create(*total), s + paddedKeys); // the panel's row has 16 floats to spare
            *total = s[paddedKeys];
        }

        *total = first ? sum : *total + sum;
        *largest = newLargest;
    }

    private static void Weigh(ref AttentionWork g, float* weights, int rows, int keys, float* values, int padded, float* sums, float* start)
    {
        var columns = g.Kernels.Columns;
        var d = 0;
        for (; d + columns <= padded; d += columns)
        {
            g.Kernels.Streamed[rows - 1](weights, values + ((long)d * KeyBlock), sums + d, padded, keys, start);
        }

        if (d < padded)
        {
            g.Kernels.Narrow[rows - 1](weights, values + ((long)d * KeyBlock), sums + d, padded, keys, start);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteRow(float* sums, float factor, float* y, int width)
    {
        var f = TV.Create(factor);
        var d = 0;
        for (; d + TV.Count <= width; d += TV.Count)
        {
            TV.Store(TV.Load(sums + d) * f, y + d);
        }

        for (; d < width; d++)
        {
            y[d] = sums[d] * factor;
        }
    }
}
