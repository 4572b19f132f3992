using System.Runtime.InteropServices;

namespace Augur.Vulkan;

/// <content>Attention.</content>
public sealed partial class VulkanBackend
{
    // The widest head whose output a subgroup of the matrix unit holds in its registers.
    private const uint WidestMatrixHead = 128;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The output is an operand, or there are no keys.</exception>
    public void Attention(Tensor q, Tensor k, Tensor v, int heads, float scale, in AttentionOptions options, Tensor y)
    {
        const string Operation = nameof(Attention);
        var (queries, keys, values, to) = (View(q, Operation), View(k, Operation), View(v, Operation), Output(y, Operation));
        var (bias, counts) = (ViewOptional(options.Bias, Operation), ViewOptional(options.KeyCounts?.Tensor, Operation));
        if ((ulong)to.Rows * to.Columns == 0)
        {
            return;
        }

        if (k.Shape[1] == 0)
        {
            throw new ArgumentException($"Attention: queries {q.Shape} have no keys in {k.Shape}.");
        }

        if (to.Address == queries.Address || to.Address == keys.Address || to.Address == values.Address)
        {
            throw new ArgumentException($"Attention: the output {y} is one of the operands.");
        }

        var (entries, width) = ((uint)q.Shape[0], queries.Columns / (uint)heads);
        var arguments = new AttentionArguments
        {
            Q = queries.Address,
            K = keys.Address,
            V = values.Address,
            Y = to.Address,
            Bias = bias?.Address ?? 0,
            Counts = counts?.Address ?? 0,
            Queries = (uint)q.Shape[1],
            Keys = (uint)k.Shape[1],
            Width = width,
            HeadsPerKeyHead = options.KeyHeads == 0 ? 1 : (uint)(heads / options.KeyHeads),
            Parts = 1,
            QStride = queries.Stride,
            KStride = keys.Stride,
            VStride = values.Stride,
            YStride = to.Stride,
            BiasHeadStride = bias is { } b && options.Bias!.Shape[0] > 1 ? (uint)q.Shape[1] * b.Stride : 0,
            BiasStride = bias?.Stride ?? 0,
            Options = Flag(bias is not null) | (Flag(counts is not null) << 1),
            Scale = scale,
        };
        var isMatrix = UsesMatrixUnit && width <= WidestMatrixHead;
        var (pipeline, tile) = isMatrix
            ? OnMatrixUnit(queries, keys, values, to, width, options.IsCausal)
            : Plain(queries, keys, values, to, width, options.IsCausal, ref arguments);
        _queue.Dispatch(pipeline, arguments, (Groups(arguments.Queries, tile), (uint)heads, entries * arguments.Parts),
            [queries.Range, keys.Range, values.Range, bias?.Range ?? default, counts?.Range ?? default], [to.Range],
            4.0 * queries.Rows * arguments.Keys * queries.Columns * (isMatrix ? 1 : PlainFactor));
    }

    private (VulkanPipeline Pipeline, uint Tile) Plain(Operand q, Operand k, Operand v, Operand y, uint width, bool isCausal,
        ref AttentionArguments arguments)
    {
        const uint Tile = 32, PlainThreads = Tile / 4 * 8, MostSlices = 4;
        var slices = Math.Min(MostSlices, System.Numerics.BitOperations.RoundUpToPowerOf2(Groups(width, 32)));
        arguments.Parts = Groups(width, slices * 32);
        return (Kernel("attention", PlainThreads, slices, Flag(isCausal), q.TypeCode, k.TypeCode, v.TypeCode, y.TypeCode), Tile);
    }

    private (VulkanPipeline Pipeline, uint Tile) OnMatrixUnit(Operand q, Operand k, Operand v, Operand y, uint width, bool isCausal)
    {
        var (subgroup, subgroups) = (MatrixSubgroup, 8u);
        while (subgroups > 1 && (SharedOfAttention(subgroups, width) > SharedBytes || subgroups * subgroup > MostThreads))
        {
            subgroups /= 2;
        }

        var isAligned = width % 8 == 0 && q.IsAlignedTo(8) && k.IsAlignedTo(8) && v.IsAlignedTo(8);
        var name = Device.Unit == MatrixUnit.Emulated ? "attention_emulated" : "attention_mma";
        return (Device.Kernels.Get(name, subgroup, subgroups * subgroup, subgroups, width, Flag(isCausal), subgroup, Flag(isAligned), q.TypeCode,
            k.TypeCode, v.TypeCode, y.TypeCode), subgroups * 16);
    }

    // Keys, values, each subgroup's 16 rows of softmax weights and of scores; the emulation also keeps the queries there.
    private uint SharedOfAttention(uint subgroups, uint width)
    {
        var row = (Groups(width, 16) * 2) + 1;
        var vectors = (2 * 32 * row) + (subgroups * 16 * 5) + (Device.Unit == MatrixUnit.Emulated ? subgroups * 16 * row : 0);
        return (vectors * 16) + (subgroups * 16 * 36 * 4);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct AttentionArguments
    {
        public ulong Q, K, V, Y, Bias, Counts;
        public uint Queries, Keys, Width, HeadsPerKeyHead, Parts, QStride, KStride, VStride, YStride, BiasHeadStride, BiasStride, Options;
        public float Scale;
    }
}
