using System.Buffers.Binary;
using System.Text;

namespace Augur.Tensors.Weights.Gguf;

/// <summary>Reads the numbers and texts of a GGUF file's beginning one after the other, never past its end.</summary>
internal sealed class GgufCursor(WeightSource source)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where the next read begins, in bytes from the start of the file.</summary>
    public long Position { get; private set; }

    public long Remaining => source.Length - Position;

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint), what));

    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), what));

    public ReadOnlySpan<byte> Take(int count, string what)
    {
        var bytes = source.Read(Position, count, what);
        Position += count;
        return bytes;
    }

    /// <summary>A length or count that the rest of the file can hold.</summary>
    /// <param name="leastBytes">Bytes that each of what is counted takes at least.</param>
    /// <param name="what">For messages.</param>
    public long Count(int leastBytes, string what)
    {
        var at = Position;
        var count = UInt64(what);
        return count <= (ulong)(Remaining / leastBytes) ? (long)count
            : throw source.Error($"byte {at}: {what} is {count}, more than the {Remaining} bytes that follow can hold.");
    }

    /// <summary>Passes over so many bytes, which are there.</summary>
    public void Skip(long count) => Position += count;

    public string Text(int mostBytes, string what)
    {
        var at = Position;
        var length = Count(1, $"the length of {what}");
        if (length > mostBytes)
        {
            throw source.Error($"byte {at}: {what} is {length} bytes long; at most {mostBytes} are possible.");
        }

        try
        {
            return s_strict.GetString(Take((int)length, what));
        }
        catch (DecoderFallbackException e)
        {
            throw new WeightFileException(source.Error($"byte {at}: {what} is not UTF-8.").Message, e);
        }
    }
}
