using System.Runtime.InteropServices;

namespace Augur.Vulkan;

/// <content>Norms and rotary positions.</content>
public sealed partial class VulkanBackend
{
    /// <inheritdoc/>
    public void LayerNorm(Tensor x, Tensor? shift, Tensor? scale, float epsilon, Tensor y) =>
        Norm(0, x, shift, scale, 1, epsilon, y, RowsPerEntry(x), nameof(LayerNorm));

    /// <inheritdoc/>
    public void AffineLayerNorm(Tensor x, Tensor weight, Tensor? bias, float epsilon, Tensor y) =>
        Norm(1, x, bias, weight, 1, epsilon, y, 1, nameof(LayerNorm));

    /// <inheritdoc/>
    public void RmsNorm(Tensor x, Tensor? weight, int heads, float epsilon, Tensor y) =>
        Norm(2, x, null, weight, (uint)heads, epsilon, y, 1, nameof(RmsNorm));

    /// <inheritdoc/>
    public void GroupNorm(Tensor x, int groups, Tensor weight, Tensor bias, float epsilon, Activation activation, Tensor y)
    {
        const uint ChunkElements = 8192;
        const string Operation = nameof(GroupNorm);
        var (from, to, factor, offset) = (View(x, Operation), Output(y, Operation), View(weight, Operation), View(bias, Operation));
        var (entries, channels) = ((uint)x.Shape[0], (uint)x.Shape[3]);
        var pixels = (uint)(x.Shape[1] * x.Shape[2]);
        if ((ulong)from.Rows * from.Columns == 0)
        {
            return;
        }

        var chunkPixels = Math.Max(1, ChunkElements / (channels / (uint)groups));
        var chunks = Groups(pixels, chunkPixels);
        var statistics = Memory.Rent(8L * entries * groups * chunks);
        var arguments = new GroupArguments
        {
            X = from.Address,
            Statistics = statistics.Address,
            Weight = factor.Address,
            Bias = offset.Address,
            Y = to.Address,
            Pixels = pixels,
            Channels = channels,
            Groups = (uint)groups,
            ChunkPixels = chunkPixels,
            Chunks = chunks,
            Activation = (uint)activation,
            Epsilon = epsilon,
        };
        var first = new StatisticsArguments
        {
            X = from.Address,
            Statistics = statistics.Address,
            Pixels = pixels,
            Channels = channels,
            Groups = (uint)groups,
            ChunkPixels = chunkPixels,
            Chunks = chunks,
        };
        var (grid, work) = ((chunks, (uint)groups, entries), 8.0 * from.Rows * from.Columns);
        _queue.Dispatch(Kernel("group_statistics", Threads, from.TypeCode), first, grid, [from.Range], [statistics.Range], work);
        _queue.Dispatch(Kernel("group_norm", Threads, from.TypeCode, to.TypeCode), arguments, grid,
            [from.Range, statistics.Range, factor.Range, offset.Range], [to.Range], work);
        Memory.Return(statistics); // may be lent again at once: the recorder orders what overlaps
    }

    /// <inheritdoc/>
    public void Rotate(Tensor x, Tensor cosines, Tensor sines, RotaryPairs pairs, int heads, Tensor y)
    {
        const string Operation = nameof(Rotate);
        var (from, to, cosine, sine) = (View(x, Operation), Output(y, Operation), View(cosines, Operation), View(sines, Operation));
        var width = from.Columns / (uint)heads;
        var count = (ulong)from.Rows * (uint)heads * (width - cosine.Columns);
        if (count == 0)
        {
            return;
        }

        var arguments = new RotateArguments
        {
            X = from.Address,
            Cosines = cosine.Address,
            Sines = sine.Address,
            Y = to.Address,
            Rows = from.Rows,
            Heads = (uint)heads,
            Width = width,
            Pairs = cosine.Columns,
            XStride = from.Stride,
            YStride = to.Stride,
            CosineStride = cosine.Stride,
            SineStride = sine.Stride,
            Tokens = cosines.Shape.Rank == 3 ? 0 : (uint)x.Shape[1],
        };
        _queue.Dispatch(Kernel("rotate", Threads, Flag(pairs == RotaryPairs.Halves), from.TypeCode, to.TypeCode), arguments, Elements(count),
            [from.Range, cosine.Range, sine.Range], [to.Range], 8.0 * count);
    }

    private void Norm(uint mode, Tensor x, Tensor? a, Tensor? b, uint heads, float epsilon, Tensor y, uint rowsPerEntry, string operation)
    {
        var (from, to, offset, factor) = (View(x, operation), Output(y, operation), ViewOptional(a, operation), ViewOptional(b, operation));
        if ((ulong)from.Rows * from.Columns == 0)
        {
            return;
        }

        // The number of threads decides the order of the sums, so it depends on the row's length only.
        var width = from.Columns / heads;
        var threads = width <= 128 ? 32u : 256;
        var all = (ulong)from.Rows * heads;
        var across = (uint)Math.Min(all, 32768);
        var pipeline = Kernel("norm", threads, mode, Flag(a is not null), Flag(b is not null), from.TypeCode, offset?.TypeCode ?? 0,
            factor?.TypeCode ?? 0, to.TypeCode);
        var arguments = new NormArguments
        {
            X = from.Address,
            A = offset?.Address ?? 0,
            B = factor?.Address ?? 0,
            Y = to.Address,
            Rows = from.Rows,
            Columns = width,
            Heads = heads,
            XStride = from.Stride,
            YStride = to.Stride,
            AStride = offset?.Stride ?? 0,
            BStride = factor?.Stride ?? 0,
            RowsPerEntry = rowsPerEntry,
            Across = across,
            Epsilon = epsilon,
        };
        _queue.Dispatch(pipeline, arguments, (across, Groups(all, across), 1), [from.Range, offset?.Range ?? default, factor?.Range ?? default],
            [to.Range], 8.0 * from.Rows * from.Columns);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct NormArguments
    {
        public ulong X, A, B, Y;
        public uint Rows, Columns, Heads, XStride, YStride, AStride, BStride, RowsPerEntry, Across;
        public float Epsilon;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct StatisticsArguments
    {
        public ulong X, Statistics;
        public uint Pixels, Channels, Groups, ChunkPixels, Chunks;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct GroupArguments
    {
        public ulong X, Statistics, Weight, Bias, Y;
        public uint Pixels, Channels, Groups, ChunkPixels, Chunks, Activation;
        public float Epsilon;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct RotateArguments
    {
        public ulong X, Cosines, Sines, Y;
        public uint Rows, Heads, Width, Pairs, XStride, YStride, CosineStride, SineStride, Tokens;
    }
}
