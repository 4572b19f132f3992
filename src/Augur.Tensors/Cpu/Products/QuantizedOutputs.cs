namespace Augur.Tensors.Cpu;

/// <summary>Sixteen outputs of a quantised weight at one block of inputs.</summary>
/// <param name="format">Format of the blocks.</param>
/// <param name="blocks">The first block of the first output.</param>
/// <param name="rowBytes">Bytes between outputs.</param>
/// <param name="count">Outputs that there are, at most 16; the others are zero.</param>
/// <param name="factors">Factors of the outputs, of 8-bit floats only; null: 1.</param>
internal readonly unsafe struct QuantizedOutputs(QuantizedFormat format, byte* blocks, long rowBytes, int count, float* factors)
{
    public readonly QuantizedFormat Format = format;
    public readonly byte* Blocks = blocks;
    public readonly long RowBytes = rowBytes;
    public readonly int Count = count;
    public readonly float* Factors = factors;
}
