using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <summary>A rectangle of a product: some rows by some panels of outputs, all K blocks, then what follows the product.</summary>
internal static unsafe class LinearTile<TV>
    where TV : struct, IVector<TV>
{
    private const int FewRowPanels = 8; // at most; their packed rows stay in the second-level cache beside the weights

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, int tile)
    {
        ref var g = ref *(LinearProduct*)arguments;
        var (rowTile, panelTile) = (tile % g.RowTiles, tile / g.RowTiles);
        var m0 = (int)((long)g.Rows * rowTile / g.RowTiles);
        var rows = (int)((long)g.Rows * (rowTile + 1) / g.RowTiles) - m0;
        var p0 = (int)((long)g.Panels * panelTile / g.PanelTiles);
        var p1 = (int)((long)g.Panels * (panelTile + 1) / g.PanelTiles);
        var maxRows = g.Kernels.MaxRows;
        var columns = g.Kernels.Columns;
        var rowPanels = (rows + maxRows - 1) / maxRows; // rows are shared out evenly among them
        var quantized = g.Format is not null;
        var few = quantized && rows <= QuantizedPanels.FewRows && TurnsBlocks(ref g) && !g.Format!.Value.IsFloat8();
        var widen = quantized || (g.Type != DType.Float32 && rowPanels > 1);

        // Row panels that are packed together: a panel of weights is widened once for all of them, or passes once through the nearest cache where the
        // rows are too few to make up for weights that come from memory.
        var together = widen || rowPanels <= FewRowPanels ? rowPanels : 1;
        var memory = ThreadScratch.Floats(((long)together * maxRows * MicroKernels.RowStride) + (maxRows * columns)
            + (widen ? MicroKernels.DepthBlock * columns : 0) + (quantized ? QuantizedScratch : 0));
        var wide = memory + (quantized ? QuantizedScratch : 0);
        var edge = wide + (widen ? MicroKernels.DepthBlock * columns : 0);
        var packed = edge + (maxRows * columns);
        var kernels = KernelsFor(g, rowPanels);
        var firstKernels = widen ? kernels : KernelsFor(g, 1); // the first row panel fetches weights that the others find in cache
        var size = g.Type.Size();
        for (var k0 = 0; k0 < g.Inputs; k0 += MicroKernels.DepthBlock)
        {
            var depth = Math.Min(MicroKernels.DepthBlock, g.Inputs - k0);
            var last = k0 + depth == g.Inputs;
            var block = g.Data + ((((long)k0 * g.BlockPanels) + ((long)g.FirstPanel * depth)) * columns * size);
            for (var group = 0; group < rowPanels; group += together)
            {
                var groupEnd = Math.Min(rowPanels, group + together);
                var r0 = m0 + (int)((long)rows * group / rowPanels);
                var r1 = m0 + (int)((long)rows * groupEnd / rowPanels);
                for (var i = group; i < groupEnd; i++)
                {
                    var begin = m0 + (int)((long)rows * i / rowPanels);
                    var count = m0 + (int)((long)rows * (i + 1) / rowPanels) - begin;
                    PackRows(g.X + (begin * g.XStride) + k0, g.XStride, count, depth, packed + ((i - group) * maxRows * MicroKernels.RowStride));
                }

                for (var p = p0; p < p1; p++)
                {
                    void* b = block + ((long)p * columns * depth * size);
                    if (few)
                    {
                        b = null;
                    }
                    else if (quantized)
                    {
                        WidenQuantized(ref g, p, k0, depth, memory, wide);
                        b = wide;
                    }
                    else if (widen)
                    {
                        Widen(g.Type, (uint*)b, wide, depth * TV.Count);
                        b = wide;
                    }

                    var bias = k0 == 0 ? g.Bias + (p * columns) : null;
                    for (var i = group; i < groupEnd; i++)
                    {
                        var begin = m0 + (int)((long)rows * i / rowPanels);
                        var count = m0 + (int)((long)rows * (i + 1) / rowPanels) - begin;
                        var a = packed + ((i - group) * maxRows * MicroKernels.RowStride);
                        var product = (i == 0 ? firstKernels : kernels)[count - 1];
                        var c = g.Y + (begin * g.YStride) + ((long)p * columns);
                        if ((p + 1) * columns <= g.Outputs)
                        {
                            if (few)
                            {
                                MultiplyFew(ref g, p, k0, depth, memory, a, count, c, g.YStride, bias);
                            }
                            else
                            {
                                product(a, b, c, (nint)g.YStride, depth, bias);
                            }
                        }
                        else
                        {
                            var inside = g.Outputs - (p * columns);
                            if (bias == null)
                            {
                                CopyBlock(c, g.YStride, edge, columns, count, inside);
                            }

                            if (few)
                            {
                                MultiplyFew(ref g, p, k0, depth, memory, a, count, edge, columns, bias);
                            }
                            else
                            {
                                product(a, b, edge, columns, depth, bias);
                            }

                            CopyBlock(edge, columns, c, g.YStride, count, inside);
                        }
                    }
                }

                if (last)
                {
                    LinearEpilogueRows<TV>.Apply(ref g, r0, r1, p0 * columns, Math.Min(p1 * columns, g.Outputs));
                }
            }
        }
    }

    private static bool TurnsBlocks(ref LinearProduct g) => QuantizedPanels.IsSupported && g.Kernels.Columns >= QuantizedPanels.Outputs;

    private static int QuantizedScratch => Math.Max(QuantizedPanels.ScratchFloats, TV.Count * MicroKernels.RowStride);

    private static delegate*<float*, void*, float*, nint, nint, float*, void>* KernelsFor(in LinearProduct g, int rowPanels) => g.Type switch
    {
        DType.BFloat16 when rowPanels == 1 => g.Kernels.BFloat16,
        DType.Float16 when rowPanels == 1 => g.Kernels.Float16,
        _ => rowPanels == 1 && g.Format is null ? g.Kernels.Streamed : g.Kernels.Single, // a single pass over the weights reads them from memory
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRows(float* x, long stride, int rows, int depth, float* to)
    {
        for (var i = 0; i < rows; i++, x += stride, to += MicroKernels.RowStride)
        {
            var k = 0;
            for (; k + (4 * TV.Count) <= depth; k += 4 * TV.Count)
            {
                var (v0, v1) = (TV.Load(x + k), TV.Load(x + k + TV.Count));
                var (v2, v3) = (TV.Load(x + k + (2 * TV.Count)), TV.Load(x + k + (3 * TV.Count)));
                TV.Store(v0, to + k);
                TV.Store(v1, to + k + TV.Count);
                TV.Store(v2, to + k + (2 * TV.Count));
                TV.Store(v3, to + k + (3 * TV.Count));
            }

            for (; k < depth; k++)
            {
                to[k] = x[k];
            }
        }
    }

    private static void CopyBlock(float* from, long fromStride, float* to, long toStride, int rows, int columns)
    {
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                to[(i * toStride) + j] = from[(i * fromStride) + j];
            }
        }
    }

    // Blocks lie along the inputs and panels along the outputs: some outputs are widened and turned together.
    private static void WidenQuantized(ref LinearProduct g, int panel, int k0, int depth, float* scratch, float* to)
    {
        var (format, columns) = (g.Format!.Value, g.Kernels.Columns);
        var first = g.Data + ((((long)g.FirstPanel + panel) * columns * g.RowBytes) + format.RowBytes(k0));
        if (!TurnsBlocks(ref g))
        {
            WidenRows(ref g, first, panel * columns, depth, scratch, to);
            return;
        }

        for (var c = 0; c < columns; c += QuantizedPanels.Outputs)
        {
            QuantizedPanels.Widen(OutputsAt(ref g, (panel * columns) + c, k0), depth, g.Kernels, scratch, to + c, columns);
        }
    }

    // So few rows are multiplied while the weight is widened; a as packed rows, c the sums at the panel's first column.
    private static void MultiplyFew(
        ref LinearProduct g, int panel, int k0, int depth, float* scratch, float* a, int rows, float* c, long stride, float* bias)
    {
        var columns = g.Kernels.Columns;
        for (var i = 0; i < columns; i += QuantizedPanels.Outputs)
        {
            var outputs = OutputsAt(ref g, (panel * columns) + i, k0);
            QuantizedPanels.Multiply(outputs, depth, g.Kernels, scratch, a, rows, c + i, (nint)stride, bias == null ? null : bias + i);
        }
    }

    private static QuantizedOutputs OutputsAt(ref LinearProduct g, int output, int k0)
    {
        var format = g.Format!.Value;
        var first = g.Data + ((((long)g.FirstPanel * g.Kernels.Columns) + output) * g.RowBytes) + format.RowBytes(k0);
        var count = Math.Clamp(g.Outputs - output, 0, QuantizedPanels.Outputs);
        return new QuantizedOutputs(format, first, g.RowBytes, count, g.Scales == null ? null : g.Scales + output);
    }

    // Rows as singles, turned into the panel's order a square at a time.
    private static void WidenRows(ref LinearProduct g, byte* first, int output0, int depth, float* rows, float* to)
    {
        var (format, columns) = (g.Format!.Value, g.Kernels.Columns);
        for (var c = 0; c < columns; c += TV.Count)
        {
            for (var i = 0; i < TV.Count; i++)
            {
                var output = output0 + c + i;
                if (output < g.Outputs)
                {
                    var factor = g.Scales == null ? 1 : g.Scales[output];
                    QuantizedRows.Widen(format, first + ((c + i) * g.RowBytes), depth, factor, rows + (i * MicroKernels.RowStride));
                }
                else
                {
                    new Span<float>(rows + (i * MicroKernels.RowStride), depth).Clear();
                }
            }

            for (var k = 0; k < depth; k += TV.Count)
            {
                g.Kernels.Transpose(rows + k, MicroKernels.RowStride, to + ((long)k * columns) + c, columns);
            }
        }
    }

    private static void Widen(DType type, uint* from, float* to, int count)
    {
        if (typeof(TV) == typeof(V512))
        {
            MicroKernels.WidenAvx512(type == DType.BFloat16, from, to, count);
        }
        else if (typeof(TV) == typeof(V256))
        {
            MicroKernels.WidenAvx2(type == DType.BFloat16, from, to, count);
        }
        else
        {
            MicroKernels.WidenPortable(type == DType.BFloat16, from, to, count);
        }
    }
}
