using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>The two halves of a step of k-means over tokens.</content>
public sealed unsafe partial class CpuBackend
{
    private const double TinyCount = 1e-8; // as in ClusCa's released code: an empty cluster has the mean 0
    private const int MeanColumns = 128; // of a tile: the sums of 16 clusters stay in the first-level cache

    /// <inheritdoc/>
    public override void NearestCentroidsL1(Tensor x, Tensor centroids, Tensor labels)
    {
        if (x.Shape[2] == 0)
        {
            new Span<int>(Address(labels), checked((int)labels.Shape.ElementCount)).Clear(); // all distances are 0
            return;
        }

        var walk = RowWalk.ByRow(x.Shape);
        Run(
            new NearestKernel
            {
                Walk = walk,
                X = walk.Of<float>(x),
                Centroids = (float*)Address(centroids),
                CentroidStride = centroids.RowStride,
                Clusters = centroids.Shape[1],
                Labels = (int*)Address(labels),
                LabelStride = labels.RowStride,
                Columns = x.Shape[2],
            },
            walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(centroids);
        GC.KeepAlive(labels);
    }

    /// <inheritdoc/>
    public override void ClusterMeans(Tensor x, Tensor labels, Tensor means)
    {
        RequireBelow(labels, means.Shape[1], nameof(ClusterMeans));
        Fill(means, 0);
        if (means.Shape.ElementCount == 0)
        {
            return;
        }

        var tilesPerEntry = (x.Shape[2] + MeanColumns - 1) / MeanColumns;
        using var counts = new Scratch(this, means.Shape.Rows * sizeof(int));
        var kernel = new MeanKernel
        {
            X = (float*)Address(x),
            XStride = x.RowStride,
            Labels = (int*)Address(labels),
            LabelStride = labels.RowStride,
            Counts = (int*)counts.Pointer,
            Means = (float*)Address(means),
            MeanStride = means.RowStride,
            Tokens = x.Shape[1],
            Clusters = means.Shape[1],
            Columns = x.Shape[2],
            TilesPerEntry = tilesPerEntry,
        };
        kernel.Count(x.Shape[0]);
        Run(kernel, checked(x.Shape[0] * tilesPerEntry));
        GC.KeepAlive(x);
        GC.KeepAlive(labels);
        GC.KeepAlive(means);
    }

    private struct NearestKernel : ITileKernel
    {
        private const int Together = 4; // independent sums, which hide the latency of additions

        public RowWalk Walk;
        public WalkedRows<float> X;
        public float* Centroids;
        public long CentroidStride;
        public int Clusters;
        public int* Labels;
        public long LabelStride;
        public int Columns;

        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var distances = stackalloc float[Together];
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, token) = Walk.Locate(row);
                var centroids = Centroids + (entry * Clusters * CentroidStride);
                var (nearest, least) = (0, float.PositiveInfinity);
                for (var c = 0; c < Clusters; c += Together)
                {
                    Distances<TV>(X.At(entry, token), centroids, c, distances);
                    for (var i = 0; i < Together; i++)
                    {
                        (nearest, least) = distances[i] < least ? (c + i, distances[i]) : (nearest, least);
                    }
                }

                Labels[(entry * LabelStride) + token] = nearest;
            }
        }

        // Beyond the last centroid, the last one is repeated; it is not less than itself, so that the result is the same.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Distances<TV>(float* x, float* centroids, int first, float* distances)
            where TV : struct, IVector<TV>
        {
            var c0 = centroids + (first * CentroidStride);
            var c1 = centroids + (Math.Min(first + 1, Clusters - 1) * CentroidStride);
            var c2 = centroids + (Math.Min(first + 2, Clusters - 1) * CentroidStride);
            var c3 = centroids + (Math.Min(first + 3, Clusters - 1) * CentroidStride);
            TV d0 = TV.Create(0), d1 = d0, d2 = d0, d3 = d0;
            var i = 0;
            for (; i + TV.Count <= Columns; i += TV.Count)
            {
                var v = TV.Load(x + i);
                d0 += TV.Abs(v - TV.Load(c0 + i));
                d1 += TV.Abs(v - TV.Load(c1 + i));
                d2 += TV.Abs(v - TV.Load(c2 + i));
                d3 += TV.Abs(v - TV.Load(c3 + i));
            }

            if (i < Columns)
            {
                var rest = Columns - i;
                var v = Simd.LoadPartial<TV>(x + i, rest);
                d0 += TV.Abs(v - Simd.LoadPartial<TV>(c0 + i, rest));
                d1 += TV.Abs(v - Simd.LoadPartial<TV>(c1 + i, rest));
                d2 += TV.Abs(v - Simd.LoadPartial<TV>(c2 + i, rest));
                d3 += TV.Abs(v - Simd.LoadPartial<TV>(c3 + i, rest));
            }

            (distances[0], distances[1], distances[2], distances[3]) = (TV.Sum(d0), TV.Sum(d1), TV.Sum(d2), TV.Sum(d3));
        }
    }

    /// <summary>Some columns of all clusters of an entry; each element sums its tokens in order.</summary>
    private struct MeanKernel : ITileKernel
    {
        public float* X;
        public long XStride;
        public int* Labels;
        public long LabelStride;
        public int* Counts;
        public float* Means;
        public long MeanStride;
        public int Tokens;
        public int Clusters;
        public int Columns;
        public int TilesPerEntry;

        public readonly void Count(int batch)
        {
            new Span<int>(Counts, batch * Clusters).Clear();
            for (var entry = 0; entry < batch; entry++)
            {
                for (var n = 0; n < Tokens; n++)
                {
                    Counts[(entry * Clusters) + Labels[(entry * LabelStride) + n]]++;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var (entry, part) = Math.DivRem(tile, TilesPerEntry);
            var (begin, end) = (part * MeanColumns, Math.Min(Columns, (part + 1) * MeanColumns));
            var means = Means + ((long)entry * Clusters * MeanStride);
            for (var n = 0; n < Tokens; n++)
            {
                var x = X + ((((long)entry * Tokens) + n) * XStride);
                var sum = means + (Labels[(entry * LabelStride) + n] * MeanStride);
                for (var i = begin; i < end; i += TV.Count)
                {
                    var inside = Math.Min(TV.Count, end - i);
                    var total = Simd.LoadTerm<TV>(sum, i, inside, isBFloat16: false) + Simd.LoadTerm<TV>(x, i, inside, isBFloat16: false);
                    Simd.StoreTerm(total, sum, i, inside, isBFloat16: false);
                }
            }

            for (var c = 0; c < Clusters; c++)
            {
                var count = TV.Create((float)(Counts[(entry * Clusters) + c] + TinyCount));
                var mean = means + (c * MeanStride);
                for (var i = begin; i < end; i += TV.Count)
                {
                    var inside = Math.Min(TV.Count, end - i);
                    Simd.StoreTerm(Simd.LoadTerm<TV>(mean, i, inside, isBFloat16: false) / count, mean, i, inside, isBFloat16: false);
                }
            }
        }
    }
}
