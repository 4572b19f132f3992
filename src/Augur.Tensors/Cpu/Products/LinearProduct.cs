namespace Augur.Tensors.Cpu;

/// <summary>One product with all its addresses, and how it is cut into tiles.</summary>
internal unsafe struct LinearProduct(PackedWeight weight)
{
    /// <summary>Outputs of one tile: a K block of their weights (576 KiB) stays in the second-level cache while the rows pass.</summary>
    private const int TileOutputs = 576;

    /// <summary>
    /// Outputs of one tile of a weight that is widened: each panel of it passes once, and the more there are, the less often rows are packed.
    /// </summary>
    private const int WidenedTileOutputs = 2304;

    /// <summary>Rows of one tile; 512 packed ones (a K block of them is 544 KiB) stay in the second-level cache while widened weights pass.</summary>
    private const int TileRows = 512;

    /// <summary>Work below which waking another thread costs more than it saves, in FLOPs.</summary>
    private const double SmallWork = 1.5e7;

    /// <summary>
    /// Work of a tile when several threads share the tiles out: a thread that is preempted delays one tile at most. Of a large product the tiles are
    /// larger, <see cref="SharedTiles"/> a thread: each packs its rows and widens its weights anew.
    /// </summary>
    private const double SharedTileWork = 2.5e7;

    private const int SharedTiles = 16;

    public float* X, Y, Gate, Residual;
    public long XStride, YStride, GateStride, ResidualStride;
    public int Rows, RowsPerGate;
    public Activation Activation;

    public readonly byte* Data = weight.Data;
    public readonly float* Bias = weight.Bias;
    public readonly int Inputs = weight.Inputs, Outputs = weight.Outputs, Panels = weight.Panels;
    public readonly int BlockPanels = weight.BlockPanels, FirstPanel = weight.FirstPanel;
    public readonly DType Type = weight.Type;
    public readonly QuantizedFormat? Format = weight.Format;
    public readonly long RowBytes = weight.RowBytes;
    public readonly float* Scales = weight.Scales;
    public readonly KernelSet Kernels = MicroKernels.For(weight.Path);

    public int RowTiles { get; private set; }

    public int PanelTiles { get; private set; }

    public readonly int Tiles => RowTiles * PanelTiles;

    public readonly bool IsSmall => Work < SmallWork;

    private readonly double Work => 2.0 * Rows * Inputs * Outputs;

    /// <summary>Chooses the tiles; results do not depend on them.</summary>
    public void Split(int threads)
    {
        RowTiles = Math.Max(1, (Rows + TileRows - 1) / TileRows);
        var tileOutputs = Format is not null || Type != DType.Float32 ? WidenedTileOutputs : TileOutputs;
        PanelTiles = Math.Min(Panels, Math.Max(1, (Outputs + tileOutputs - 1) / tileOutputs));
        if (threads == 1 || IsSmall)
        {
            return;
        }

        var tileWork = Math.Max(SharedTileWork, Work / (SharedTiles * threads));
        while (Tiles % threads != 0 || Tiles < 2 * threads || Work / Tiles > tileWork)
        {
            if (Tiles >= threads && Work / Tiles < SmallWork / 4)
            {
                break;
            }

            // Every row tile widens a quantised weight anew, so that its panels are shared out first.
            if (Panels / PanelTiles >= 4 && (Format is not null || Rows / RowTiles < 8 * Kernels.MaxRows))
            {
                PanelTiles++;
            }
            else if (Rows / RowTiles >= 8 * Kernels.MaxRows)
            {
                RowTiles++;
            }
            else
            {
                break;
            }
        }
    }
}
