namespace Augur.Tensors.Cpu;

/// <content>Runs the tiles of an operation's kernel on the threads, for the instruction path of the options.</content>
public sealed unsafe partial class CpuBackend
{
    private void Run<TKernel>(TKernel kernel, int tiles)
        where TKernel : unmanaged, ITileKernel
    {
        delegate*<void*, int, void> tile = Options.Path switch
        {
            CpuPath.Avx512 => &Tile<TKernel, V512>,
            CpuPath.Avx2 => &Tile<TKernel, V256>,
            _ => &Tile<TKernel, V128>,
        };
        _workers.Run(tiles, tile, &kernel);
    }

    private void RunDouble<TKernel>(TKernel kernel, int tiles)
        where TKernel : unmanaged, IDoubleTileKernel
    {
        delegate*<void*, int, void> tile = Options.Path switch
        {
            CpuPath.Avx512 => &DoubleTile<TKernel, D512>,
            CpuPath.Avx2 => &DoubleTile<TKernel, D256>,
            _ => &DoubleTile<TKernel, D128>,
        };
        _workers.Run(tiles, tile, &kernel);
    }

    private void RunPlain<TKernel>(TKernel kernel, int tiles)
        where TKernel : unmanaged, IPlainTileKernel => _workers.Run(tiles, &PlainTile<TKernel>, &kernel);

    private static void Tile<TKernel, TV>(void* kernel, int tile)
        where TKernel : unmanaged, ITileKernel
        where TV : struct, IVector<TV> => ((TKernel*)kernel)->Run<TV>(tile);

    private static void DoubleTile<TKernel, TD>(void* kernel, int tile)
        where TKernel : unmanaged, IDoubleTileKernel
        where TD : struct, IDoubleVector<TD> => ((TKernel*)kernel)->Run<TD>(tile);

    private static void PlainTile<TKernel>(void* kernel, int tile)
        where TKernel : unmanaged, IPlainTileKernel => ((TKernel*)kernel)->Run(tile);
}
