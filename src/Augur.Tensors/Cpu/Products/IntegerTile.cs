using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <summary>
/// A rectangle of a product with a quantised weight by integers: rows are rounded once for each K block (<see cref="RoundedRows"/>), sixteen
/// outputs at a time become integers and are multiplied with all rows. An output has the bits of <see cref="Reference.IntegerProductFormula"/> on
/// every path.
/// </summary>
internal static unsafe class IntegerTile<TV>
    where TV : struct, IVector<TV>
{
    private const int Columns = MicroKernels.PairColumns;
    private const int Together = 2; // panels that are multiplied with some rows while these are in the nearest cache

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, int tile)
    {
        ref var g = ref *(LinearProduct*)arguments;
        var (rowTile, panelTile) = (tile % g.RowTiles, tile / g.RowTiles);
        var m0 = (int)((long)g.Rows * rowTile / g.RowTiles);
        var rows = (int)((long)g.Rows * (rowTile + 1) / g.RowTiles) - m0;
        var o0 = (int)((long)g.Panels * panelTile / g.PanelTiles) * g.Kernels.Columns;
        var o1 = Math.Min((int)((long)g.Panels * (panelTile + 1) / g.PanelTiles) * g.Kernels.Columns, g.Outputs);
        var group = QuantizedBlocks.GroupElements(g.Format!.Value);
        var area = new Area(rows, QuantizedBlocks.HasMinimum(g.Format.Value));
        for (var k0 = 0; k0 < g.Inputs; k0 += MicroKernels.DepthBlock)
        {
            var depth = Math.Min(MicroKernels.DepthBlock, g.Inputs - k0);
            RoundedRows.Pack(g.X + (m0 * g.XStride) + k0, g.XStride, rows, depth, group, area.Rows, area.Scales, area.Sums);
            if (typeof(TV) == typeof(V128) || !QuantizedPanels.IsSupported)
            {
                IntegerRows.Multiply(ref g, m0, rows, o0, o1, k0, depth, area.Rows, area.Scales, area.Sums);
            }
            else
            {
                Multiply(ref g, area, m0, rows, o0, o1, k0, depth);
            }
        }

        LinearEpilogueRows<TV>.Apply(ref g, m0, m0 + rows, o0, o1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(ref LinearProduct g, in Area area, int m0, int rows, int o0, int o1, int k0, int depth)
    {
        var maxRows = MicroKernels.PairRows(typeof(TV) == typeof(V512) ? CpuPath.Avx512 : CpuPath.Avx2);
        var rowPanels = (rows + maxRows - 1) / maxRows; // rows are shared out evenly among them
        for (var o = o0; o < o1; o += Together * Columns)
        {
            var panels = Math.Min(Together, (o1 - o + Columns - 1) / Columns);
            for (var p = 0; p < panels; p++)
            {
                var first = o + (p * Columns);
                var blocks = IntegerRows.BlocksOf(ref g, first, k0);
                var outputs = new QuantizedOutputs(g.Format!.Value, blocks, g.RowBytes, Math.Min(Columns, g.Outputs - first), null);
                QuantizedPanels.WidenPairs(outputs, depth, g.Kernels, area.Scratch(p), area.Panel(p));
            }

            for (var i = 0; i < rowPanels; i++)
            {
                var begin = (int)((long)rows * i / rowPanels);
                var count = (int)((long)rows * (i + 1) / rowPanels) - begin;
                for (var p = 0; p < panels; p++)
                {
                    var first = o + (p * Columns);
                    var y = g.Y + ((m0 + begin) * g.YStride) + first;
                    var inside = Math.Min(Columns, g.Outputs - first);
                    Start(k0 == 0 ? g.Bias + first : y, k0 == 0 ? 0 : g.YStride, area.Accumulators, count, inside);
                    Fetch(y + (count * g.YStride), g.YStride, Math.Min(count, rows - begin - count));
                    MultiplyPanel(ref g, area, p, begin, count, depth);
                    Finish(area.Accumulators, y, g.YStride, count, inside);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyPanel(ref LinearProduct g, in Area area, int panel, int begin, int count, int depth)
    {
        var group = QuantizedBlocks.GroupElements(g.Format!.Value);
        var groups = depth / group;
        var scratch = area.Scratch(panel);
        var scales = begin * RoundedRows.Scales;
        if (area.Sums != null)
        {
            TakeMinima(area.Sums + scales, QuantizedPanels.PairMinima(scratch), area.Accumulators, count, groups);
        }

        MicroKernels.PairsByRows[count - 1](
            area.Rows + (begin * RoundedRows.Stride), area.Scales + scales, area.Panel(panel), QuantizedPanels.PairScales(scratch), area.Accumulators,
            group, groups);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeMinima(float* sums, float* minima, float* c, int rows, int groups)
    {
        for (var i = 0; i < rows; i++, sums += RoundedRows.Scales, c += Columns)
        {
            var (c0, c1) = (Vector256.Load(c), Vector256.Load(c + 8));
            for (var j = 0; j < groups; j++)
            {
                var sum = Vector256.Create(sums[j]);
                c0 = Fma.MultiplyAddNegated(sum, Vector256.Load(minima + (j * Columns)), c0);
                c1 = Fma.MultiplyAddNegated(sum, Vector256.Load(minima + (j * Columns) + 8), c1);
            }

            c0.Store(c);
            c1.Store(c + 8);
        }
    }

    // The next rows' sums, which are too many to stay nearby between two K blocks.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* y, long stride, int rows)
    {
        for (var i = 0; i < rows; i++, y += stride)
        {
            Sse.Prefetch1(y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Start(float* from, long stride, float* c, int rows, int inside)
    {
        for (var i = 0; i < rows; i++, from += stride, c += Columns)
        {
            if (inside == Columns)
            {
                Vector256.Load(from).Store(c);
                Vector256.Load(from + 8).Store(c + 8);
            }
            else
            {
                new ReadOnlySpan<float>(from, inside).CopyTo(new Span<float>(c, Columns));
                new Span<float>(c + inside, Columns - inside).Clear();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(float* c, float* to, long stride, int rows, int inside)
    {
        for (var i = 0; i < rows; i++, to += stride, c += Columns)
        {
            if (inside == Columns)
            {
                Vector256.Load(c).Store(to);
                Vector256.Load(c + 8).Store(to + 8);
            }
            else
            {
                new ReadOnlySpan<float>(c, inside).CopyTo(new Span<float>(to, inside));
            }
        }
    }

    /// <summary>A tile's working memory; what begins at a multiple of 64 bytes comes first.</summary>
    private readonly struct Area
    {
        private const int ScratchFloats = (QuantizedPanels.ScratchFloats + 15) / 16 * 16;
        private const int PanelFloats = QuantizedPanels.PairPanel / 2;

        private readonly float* _memory;

        public Area(int rows, bool hasMinimum)
        {
            var fixedFloats = (Together * (ScratchFloats + PanelFloats)) + (MicroKernels.PairRows(CpuPath.Avx512) * Columns);
            _memory = ThreadScratch.Floats(fixedFloats + (rows * ((RoundedRows.Stride / 2L) + (2 * RoundedRows.Scales))));
            Accumulators = _memory + (Together * (ScratchFloats + PanelFloats));
            Scales = _memory + fixedFloats;
            Sums = hasMinimum ? Scales + (rows * RoundedRows.Scales) : null;
            Rows = (short*)(Scales + (2 * rows * RoundedRows.Scales));
        }

        public float* Accumulators { get; }

        public float* Scales { get; }

        public float* Sums { get; }

        public short* Rows { get; }

        public float* Scratch(int panel) => _memory + (panel * ScratchFloats);

        public short* Panel(int panel) => (short*)(_memory + (Together * ScratchFloats) + (panel * PanelFloats));
    }
}
