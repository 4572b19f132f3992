namespace Augur.Tensors.Cpu;

/// <summary>
/// How an operation walks its operands: entries (of the outermost axis) of rows of columns, in tiles of consecutive rows. Where the entries of
/// all operands are dense and the column does not matter, an entry is cut into rows of <see cref="FlatColumns"/>; its last may be shorter.
/// </summary>
/// <remarks>How an entry is cut depends on its own shape and on strides: not on the number of entries, nor on threads.</remarks>
internal readonly struct RowWalk
{
    /// <summary>Length of the rows into which a dense entry is cut: small enough to stay in the first-level cache with its operands.</summary>
    public const int FlatColumns = 2048;

    private const long TileElements = 16384;
    private const long ParallelElements = 65536;

    private readonly long _columns;
    private readonly long _lastColumns;
    private readonly long _rowsPerTile;
    private readonly bool _flat;

    private RowWalk(long entries, long rowsPerEntry, long columns, long lastColumns, bool flat, int weight)
    {
        (Entries, Rows, RowsPerEntry, _columns, _lastColumns, _flat) = (entries, entries * rowsPerEntry, rowsPerEntry, columns, lastColumns, flat);
        _rowsPerTile = Rows * columns * weight < ParallelElements ? Rows : Math.Max(1, TileElements / (columns * weight));
        Tiles = checked((int)((Rows + _rowsPerTile - 1) / _rowsPerTile));
    }

    /// <summary>Entries that are told apart; 1 where nothing differs between them.</summary>
    public long Entries { get; }

    /// <summary>Rows of all entries together; 0 where there is nothing to do.</summary>
    public long Rows { get; }

    /// <summary>Rows of one entry.</summary>
    public long RowsPerEntry { get; }

    /// <summary>Number of tiles; 1 where sharing the work out would cost more than it saves.</summary>
    public int Tiles { get; }

    /// <summary>The rows of a tensor as they are: for operations to which the column matters.</summary>
    /// <param name="shape">Shape of the operands.</param>
    /// <param name="weight">How many times as long as an operation of two operands in the cache takes over an element.</param>
    public static RowWalk ByRow(Shape shape, int weight = 1)
    {
        var entries = shape.Rank < 2 ? 1 : shape[0];
        return shape.ElementCount == 0 ? default : new RowWalk(entries, shape.Rows / entries, shape.Columns, shape.Columns, flat: false, weight);
    }

    /// <summary>
    /// Element by element, the same for all entries. <paramref name="dense"/>: no operand has gaps; <paramref name="weight"/>: as for
    /// <see cref="ByRow"/>.
    /// </summary>
    public static RowWalk Flat(Shape shape, bool dense, int weight = 1) =>
        shape.ElementCount == 0 ? default : dense ? Cut(1, shape.ElementCount, weight) : ByRow(shape, weight);

    /// <summary>Element by element, with something that differs between the entries of the outermost axis.</summary>
    /// <param name="shape">Shape of the operands.</param>
    /// <param name="denseEntries">No operand has gaps within an entry.</param>
    /// <param name="weight">As for <see cref="ByRow"/>.</param>
    public static RowWalk FlatEntries(Shape shape, bool denseEntries, int weight = 1)
    {
        var entries = shape.Rank == 0 ? 1 : shape[0];
        return shape.ElementCount == 0 ? default : denseEntries ? Cut(entries, shape.ElementCount / entries, weight) : ByRow(shape, weight);
    }

    /// <summary>Whether a tensor has no gaps within an entry of the outermost axis.</summary>
    public static bool HasDenseEntries(Tensor x) => x.Shape.Rank < 3 || x.RowStride == x.Shape.Columns || x.Shape.Product(1, x.Shape.Rank - 1) <= 1;

    /// <summary>First row of a tile, and the row after its last.</summary>
    public (long Begin, long End) Tile(int index) => (index * _rowsPerTile, Math.Min(Rows, (index + 1) * _rowsPerTile));

    /// <summary>The entry a row belongs to, and the row's place in it.</summary>
    public (long Entry, long Within) Locate(long row) => Math.DivRem(row, RowsPerEntry);

    /// <summary>Elements of a row.</summary>
    public long Columns(long within) => within == RowsPerEntry - 1 ? _lastColumns : _columns;

    /// <summary>A tensor's place in this walk.</summary>
    public unsafe WalkedRows<T> Of<T>(Tensor x)
        where T : unmanaged
    {
        var entryStride = x.Shape.Rank < 2 ? 1 : x.Shape.Product(1, x.Shape.Rank - 1) * x.RowStride;
        return new WalkedRows<T>((T*)HostBackend.Address(x), entryStride, _flat ? _columns : x.RowStride);
    }

    /// <summary>The place in this walk of a tensor that may be Float32 or BFloat16.</summary>
    public unsafe WalkedTerm OfTerm(Tensor x) => x.Type == DType.BFloat16
        ? new WalkedTerm(Of<ushort>(x).InBytes, isBFloat16: true)
        : new WalkedTerm(Of<float>(x).InBytes, isBFloat16: false);

    private static RowWalk Cut(long entries, long elements, int weight)
    {
        var columns = Math.Min(elements, FlatColumns);
        var rows = (elements + columns - 1) / columns;
        return new RowWalk(entries, rows, columns, elements - ((rows - 1) * columns), flat: true, weight);
    }
}

/// <summary>Where a tensor's rows lie in a <see cref="RowWalk"/>.</summary>
internal readonly unsafe struct WalkedRows<T>(T* data, long entryStride, long rowStride)
    where T : unmanaged
{
    /// <summary>First element of a row.</summary>
    public T* At(long entry, long within) => data + (entry * entryStride) + (within * rowStride);

    /// <summary>The same rows, counted in bytes.</summary>
    public WalkedRows<byte> InBytes => new((byte*)data, entryStride * sizeof(T), rowStride * sizeof(T));
}

/// <summary>Where the rows of a term lie whose type is known only as the kernel runs.</summary>
internal readonly unsafe struct WalkedTerm(WalkedRows<byte> rows, bool isBFloat16)
{
    /// <summary>BFloat16; otherwise Float32.</summary>
    public bool IsBFloat16 { get; } = isBFloat16;

    /// <summary>First element of a row.</summary>
    public void* At(long entry, long within) => rows.At(entry, within);
}
