using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <summary>Some queries of one head against all its keys: what each key receives of their softmax, summed over the queries in order.</summary>
/// <remarks>
/// The head's keys are packed once, as <see cref="AttentionTile{TV}"/> packs a block of them; a row panel of queries then has its scores with all
/// keys side by side, so that they are computed once although the softmax needs their largest and their sum first. Y takes a row of padded keys per
/// tile.
/// </remarks>
internal static unsafe class AttentionColumnTile<TV>
    where TV : struct, IVector<TV>
{
    private const int Spare = 16; // floats between rows of scores, so that the rows do not fall into the same cache sets

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, int tile)
    {
        ref var g = ref *(AttentionWork*)arguments;
        var (queryTile, head, entry) = (tile % g.QueryTiles, tile / g.QueryTiles % g.Heads, tile / g.QueryTiles / g.Heads);
        var q0 = (int)((long)g.Queries * queryTile / g.QueryTiles);
        var queries = (int)((long)g.Queries * (queryTile + 1) / g.QueryTiles) - q0;
        var (width, maxRows, columns) = (g.Width, g.Kernels.MaxRows, g.Kernels.Columns);
        var paddedKeys = g.PaddedKeys;
        var scoreStride = paddedKeys + Spare;

        var keyPanels = ThreadScratch.Floats(((long)paddedKeys * width) + (maxRows * (MicroKernels.RowStride + scoreStride + 1L)) + 1024);
        var a = keyPanels + ((long)paddedKeys * width); // a row panel of queries
        var scores = a + (maxRows * MicroKernels.RowStride);
        var zeros = scores + ((long)maxRows * scoreStride);
        var square = zeros + columns;
        var factors = square + (TV.Count * TV.Count);
        new Span<float>(zeros, columns).Clear();

        var at = head * width;
        var q = g.Q + ((((long)entry * g.Queries) + q0) * g.QStride) + at;
        AttentionTile<TV>.PackKeys(ref g, g.K + ((long)entry * g.Keys * g.KStride) + at, g.Keys, paddedKeys, keyPanels, square);
        var sums = g.Y + (tile * g.YStride);
        new Span<float>(sums, paddedKeys).Clear();
        var rowPanels = (queries + maxRows - 1) / maxRows;
        for (var panel = 0; panel < rowPanels; panel++)
        {
            var r0 = (int)((long)queries * panel / rowPanels);
            var rows = (int)((long)queries * (panel + 1) / rowPanels) - r0;
            Scores(ref g, q + (r0 * g.QStride), rows, a, keyPanels, scores, scoreStride, zeros);
            for (var i = 0; i < rows; i++)
            {
                var row = scores + (i * (long)scoreStride);
                factors[i] = 1 / SoftmaxMath.Exponentiate<TV>(row, paddedKeys, SoftmaxMath.Largest<TV>(row, g.Keys, paddedKeys));
            }

            AddRows(scores, scoreStride, factors, rows, sums, paddedKeys);
        }
    }

    private static void Scores(ref AttentionWork g, float* q, int rows, float* a, float* keyPanels, float* scores, int scoreStride, float* zeros)
    {
        var columns = g.Kernels.Columns;
        var product = g.Kernels.Streamed[rows - 1];
        for (var d0 = 0; d0 < g.Width; d0 += MicroKernels.DepthBlock)
        {
            var depth = Math.Min(MicroKernels.DepthBlock, g.Width - d0);
            AttentionTile<TV>.PackQueries(q + d0, g.QStride, rows, depth, g.Scale * AttentionTile<TV>.Log2OfE, a);
            for (var j = 0; j < g.PaddedKeys; j += columns)
            {
                product(a, keyPanels + ((long)j * g.Width) + (d0 * columns), scores + j, scoreStride, depth, d0 == 0 ? zeros : null);
            }
        }
    }

    // Row after row into each column, so that the order of the sums does not depend on how the queries fall into panels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows(float* weights, int stride, float* factors, int rows, float* sums, int paddedKeys)
    {
        for (var j = 0; j < paddedKeys; j += 2 * TV.Count)
        {
            var (s0, s1) = (TV.Load(sums + j), TV.Load(sums + j + TV.Count));
            var w = weights + j;
            for (var i = 0; i < rows; i++, w += stride)
            {
                var factor = TV.Create(factors[i]);
                s0 = TV.MultiplyAdd(TV.Load(w), factor, s0);
                s1 = TV.MultiplyAdd(TV.Load(w + TV.Count), factor, s1);
            }

            TV.Store(s0, sums + j);
            TV.Store(s1, sums + j + TV.Count);
        }
    }
}
