namespace Augur.Vulkan;

/// <summary>A tensor as a kernel sees it: rows of elements, a stride apart, from an address on.</summary>
internal readonly record struct Operand(ulong Address, uint Rows, uint Columns, uint Stride, DType Type)
{
    public uint TypeCode => (uint)Type;

    /// <summary>Bytes that belong to it, gaps between the rows included.</summary>
    public DeviceRange Range => Rows == 0 || Columns == 0
        ? default : new(Address, Address + (((((ulong)Rows - 1) * Stride) + Columns) * (ulong)Type.Size()));

    /// <summary>Whether rows begin where a vector of so many elements may.</summary>
    public bool IsAlignedTo(uint elements) => Address % (elements * (ulong)Type.Size()) == 0 && Stride % elements == 0;

    /// <summary>Each element a row of its own: a tensor of one axis, whose entries are its elements.</summary>
    public Operand AsColumn() => this with { Rows = Columns, Columns = 1, Stride = 1 };
}
