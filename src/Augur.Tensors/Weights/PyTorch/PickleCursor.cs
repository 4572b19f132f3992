using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Augur.Tensors.Weights.PyTorch;

/// <summary>Reads the operands of pickle instructions; every length is checked against the file before it is used.</summary>
internal sealed class PickleCursor(WeightSource source, long begin, long end)
{
    private const int LongestLine = 512;
    private const int WidestInteger = 1024;

    /// <summary>Byte of the file that is read next.</summary>
    public long Position { get; private set; } = begin;

    /// <summary>An error at a byte of the file.</summary>
    public WeightFileException Error(long at, string sentence) => source.Error($"byte {at}: {sentence}");

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public string Text(long length) => Encoding.UTF8.GetString(Take(length));

    public void Skip(long length) => Take(length);

    /// <summary>A two's complement integer of a given width; a long where it fits.</summary>
    public object Integer(long width)
    {
        if (width > WidestInteger)
        {
            throw Error(Position, $"an integer of {width} bytes is too long; the limit is {WidestInteger}.");
        }

        var value = new BigInteger(Take(width));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    /// <summary>The rest of a line of text.</summary>
    public string Line()
    {
        var window = source.Slice(Position, (int)Math.Min(LongestLine, end - Position));
        var length = window.IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Error(Position, $"a line of the pickle does not end within {LongestLine} bytes.");
        }

        var line = Encoding.UTF8.GetString(window[..length]);
        Position += length + 1;
        return line;
    }

    /// <summary>A line with an integer, or 00 and 01 for truth values.</summary>
    public object IntegerLine()
    {
        var at = Position;
        var line = Line();
        return line switch
        {
            "00" => false,
            "01" => true,
            _ => long.TryParse(line.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw Error(at, $"{WeightFileException.Quote(line)} is not an integer of 64 bits."),
        };
    }

    /// <summary>A line with a floating-point number.</summary>
    public double DoubleLine()
    {
        var at = Position;
        var line = Line();
        return double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Error(at, $"{WeightFileException.Quote(line)} is not a number.");
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > end - Position || count > Array.MaxLength)
        {
            throw Error(Position, count == 1
                ? "the pickle ends without its stop instruction."
                : $"the pickle would need {count} more bytes, but has {end - Position}.");
        }

        var taken = source.Slice(Position, (int)count);
        Position += count;
        return taken;
    }
}
