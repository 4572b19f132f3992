namespace Augur.Tensors.Cpu;

/// <content>Attention.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    /// <remarks>
    /// One pass over blocks of 256 keys with a running maximum and sum per query (Milakov and Gimelshein, 2018; Dao et al., 2022): the scores are
    /// never in memory as a whole. A query's result does not depend on the other queries of its call.
    /// </remarks>
    public override void Attention(Tensor q, Tensor k, Tensor v, int heads, float scale, in AttentionOptions options, Tensor y)
    {
        if (WidenedOperands.AreNeeded(q, k, v, y))
        {
            using var wide = new WidenedOperands(this);
            Attention(wide.Read(q), wide.Read(k), wide.Read(v), heads, scale, options, wide.Write(y));
            wide.Finish();
            return;
        }

        var (queries, keys, channels) = (q.Shape[1], k.Shape[1], q.Shape[2]);
        if (q.Shape.ElementCount == 0)
        {
            return;
        }

        if (keys == 0)
        {
            throw new ArgumentException($"Attention: queries {q.Shape} have no keys in {k.Shape}.");
        }

        var work = new AttentionWork
        {
            Q = (float*)Address(q),
            K = (float*)Address(k),
            V = (float*)Address(v),
            Y = (float*)Address(y),
            QStride = q.RowStride,
            KStride = k.RowStride,
            VStride = v.RowStride,
            YStride = y.RowStride,
            Batch = q.Shape[0],
            Heads = heads,
            Queries = queries,
            Keys = keys,
            Width = channels / heads,
            Scale = scale,
            Kernels = MicroKernels.For(Options.Path),
            HeadsPerKeyHead = options.KeyHeads == 0 ? 1 : heads / options.KeyHeads,
            IsCausal = options.IsCausal,
        };
        if (work.Y == work.Q || work.Y == work.K || work.Y == work.V)
        {
            throw new ArgumentException($"Attention: the output {y} is one of the operands.");
        }

        if (options.Bias is { } bias)
        {
            work.Bias = (float*)Address(bias);
            work.BiasStride = bias.RowStride;
            work.BiasHeadStride = bias.Shape[0] == 1 ? 0 : queries * bias.RowStride;
        }

        var counts = options.KeyCounts is { } table ? table.Indices : default;
        fixed (int* keyCounts = counts)
        {
            work.KeyCounts = keyCounts;
            RunAttention(ref work);
        }

        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(v);
        GC.KeepAlive(options.Bias);
        GC.KeepAlive(y);
    }

    private void RunAttention(ref AttentionWork work)
    {
        delegate*<void*, int, void> tile = Options.Path switch
        {
            CpuPath.Avx512 => &AttentionTile<V512>.Run,
            CpuPath.Avx2 => &AttentionTile<V256>.Run,
            _ => &AttentionTile<V128>.Run,
        };
        work.Split(Options.Threads);
        var copy = work; // on the stack, where its address is good for all threads until the run has ended
        RunTiles(copy.Tiles, copy.IsSmall, tile, &copy);
    }
}
