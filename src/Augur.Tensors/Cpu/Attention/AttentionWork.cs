namespace Augur.Tensors.Cpu;

/// <summary>One attention with all its addresses, and how it is cut into tiles: some queries of one head of one batch entry.</summary>
internal unsafe struct AttentionWork
{
    /// <summary>Keys of one block; the scores of a row panel with them are one packed panel of A.</summary>
    public const int KeyBlock = MicroKernels.DepthBlock;

    /// <summary>Work below which waking another thread costs more than it saves, in FLOPs.</summary>
    private const double SmallWork = 1e7;

    /// <summary>Queries of a tile at most: keys and values are packed once per tile, and the sums of a tile stay in the second-level cache.</summary>
    private const int TileQueries = 504;

    /// <summary>Queries of a tile at least, when tiles are made smaller to use several threads.</summary>
    private const int FewestTileQueries = 84;

    /// <summary>
    /// Queries of a tile whose column sums are added up on their own; the order of the sums depends on it, so that it must not depend on the number
    /// of threads.
    /// </summary>
    private const int ColumnSumQueries = 252;

    public float* Q, K, V, Y;
    public long QStride, KStride, VStride, YStride;
    public int Batch, Heads, Queries, Keys, Width;
    public float Scale;
    public KernelSet Kernels;

    /// <summary>Neighbouring heads of queries that share one head of keys and values; at least 1.</summary>
    public int HeadsPerKeyHead;

    /// <summary>Keys of each entry; null: all.</summary>
    public int* KeyCounts;

    /// <summary>Whether query i sees the keys up to i + Keys − Queries only.</summary>
    public bool IsCausal;

    /// <summary>Added to the scaled scores, rows <see cref="BiasStride"/> apart; null: nothing.</summary>
    public float* Bias;

    /// <summary>Floats between the biases of two queries, and between those of two heads (0: the same for all).</summary>
    public long BiasStride, BiasHeadStride;

    public int QueryTiles { get; private set; }

    /// <summary>Keys rounded up to whole panels.</summary>
    public readonly int PaddedKeys => (Keys + Kernels.Columns - 1) / Kernels.Columns * Kernels.Columns;

    public readonly int Tiles => Batch * Heads * QueryTiles;

    public readonly bool IsSmall => 4.0 * Batch * Heads * Queries * Keys * Width < SmallWork;

    /// <summary>Chooses the tiles; results do not depend on them.</summary>
    public void Split(int threads)
    {
        QueryTiles = (Queries + TileQueries - 1) / TileQueries;
        while (threads > 1 && !IsSmall && Tiles < 2 * threads && Queries / (QueryTiles + 1) >= FewestTileQueries)
        {
            QueryTiles++;
        }
    }

    /// <summary>Chooses the tiles by the number of queries alone, for sums that run over the queries of a tile.</summary>
    public void SplitForColumnSums() => QueryTiles = (Queries + ColumnSumQueries - 1) / ColumnSumQueries;
}
