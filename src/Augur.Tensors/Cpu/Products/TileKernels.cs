namespace Augur.Tensors.Cpu;

/// <summary>An operation's operands together with the code for one tile of it, in single precision.</summary>
/// <remarks>A struct of pointers and numbers that lies on the caller's stack while the tiles run on several threads.</remarks>
internal interface ITileKernel
{
    void Run<TV>(int tile)
        where TV : struct, IVector<TV>;
}

/// <summary>An operation's operands together with the code for one tile of it, in double precision.</summary>
internal interface IDoubleTileKernel
{
    void Run<TD>(int tile)
        where TD : struct, IDoubleVector<TD>;
}

/// <summary>An operation's operands together with the code for one tile of it, the same on every path: data movement and selection.</summary>
internal interface IPlainTileKernel
{
    void Run(int tile);
}
