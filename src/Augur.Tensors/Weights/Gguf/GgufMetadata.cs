using System.Buffers.Binary;
using System.Globalization;

namespace Augur.Tensors.Weights.Gguf;

/// <summary>The metadata of a GGUF file: texts for display, and the few entries that say how the tensors are to be read.</summary>
internal sealed class GgufMetadata
{
    public const string Architecture = "general.architecture";
    private const string Alignment = "general.alignment";
    private const string OriginalShape = "comfy.gguf.orig_shape.";
    private const int MostKeyBytes = 1 << 16; // the format's own limit
    private const int MostTextBytes = 1 << 20;
    private const int MostShown = 32; // numbers of an array that are shown
    private const int UInt32Type = 4, Int32Type = 5, BoolType = 7, TextType = 8, ArrayType = 9;
    private static readonly string[] s_names =
        ["UINT8", "INT8", "UINT16", "INT16", "UINT32", "INT32", "FLOAT32", "BOOL", "STRING", "ARRAY", "UINT64", "INT64", "FLOAT64"];

    private static readonly int[] s_sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

    private readonly WeightSource _source;
    private readonly GgufCursor _cursor;

    private GgufMetadata(WeightSource source, GgufCursor cursor) => (_source, _cursor) = (source, cursor);

    /// <summary>Entries as text; arrays that are long by their length.</summary>
    public Dictionary<string, string> Entries { get; } = [];

    /// <summary>Shapes that tensors had before they were stored in another, outermost axis first.</summary>
    public Dictionary<string, long[]> Shapes { get; } = [];

    /// <summary>Every tensor begins at a multiple of so many bytes after the start of the data.</summary>
    public long DataAlignment { get; private set; } = 32;

    /// <summary>Reads so many entries.</summary>
    /// <exception cref="WeightFileException">One is damaged, or given twice.</exception>
    public static GgufMetadata Read(WeightSource source, GgufCursor cursor, long count)
    {
        var metadata = new GgufMetadata(source, cursor);
        for (long i = 0; i < count; i++)
        {
            metadata.ReadEntry();
        }

        return metadata;
    }

    private void ReadEntry()
    {
        var key = _cursor.Text(MostKeyBytes, "a metadata key");
        var what = $"metadata {WeightFileException.Quote(key)}";
        if (key.Length == 0)
        {
            throw _source.Error($"byte {_cursor.Position}: a metadata key is empty.");
        }

        var type = Type(what);
        var text = key switch
        {
            Alignment => ReadAlignment(type).ToString(CultureInfo.InvariantCulture),
            Architecture when type != TextType => throw _source.Error($"{what} is {s_names[type]} where STRING is needed."),
            _ when key.StartsWith(OriginalShape, StringComparison.Ordinal) =>
                Listed((Shapes[key[OriginalShape.Length..]] = ReadShape(type, what)).Select(n => n.ToString(CultureInfo.InvariantCulture))),
            _ => ReadValue(type, what),
        };
        if (!Entries.TryAdd(key, text))
        {
            throw _source.Error($"{what} is given twice.");
        }
    }

    private int Type(string what)
    {
        var type = _cursor.UInt32($"the type of {what}");
        return type < s_names.Length ? (int)type : throw _source.Error($"{what} has the unknown type {type}.");
    }

    private long ReadAlignment(int type)
    {
        if (type != UInt32Type)
        {
            throw _source.Error($"metadata '{Alignment}' is {s_names[type]} where UINT32 is needed.");
        }

        var alignment = _cursor.UInt32(Alignment);
        return uint.IsPow2(alignment) ? DataAlignment = alignment
            : throw _source.Error($"metadata '{Alignment}' is {alignment}, which is not a power of two.");
    }

    private long[] ReadShape(int type, string what)
    {
        var inner = type == ArrayType ? Type(what) : type;
        if (type != ArrayType || inner != Int32Type)
        {
            throw _source.Error($"{what} is {(type == ArrayType ? "an array of " : "")}{s_names[inner]} where an array of INT32 is needed.");
        }

        var count = _cursor.Count(sizeof(int), $"the length of {what}");
        if (count > Shape.MaxRank)
        {
            throw _source.Error($"{what} has {count} axes; at most {Shape.MaxRank} are possible.");
        }

        var shape = new long[count];
        for (var i = 0; i < count; i++)
        {
            shape[i] = (int)_cursor.UInt32(what);
            if (shape[i] < 0)
            {
                throw _source.Error($"{what} has the impossible extent {shape[i]}.");
            }
        }

        return shape;
    }

    private string ReadValue(int type, string what) => type switch
    {
        TextType => _cursor.Text(MostTextBytes, what),
        ArrayType => ReadArray(what),
        _ => Number(type, _cursor.Take(s_sizes[type], what), what),
    };

    private string ReadArray(string what)
    {
        var type = Type(what);
        if (type == ArrayType)
        {
            throw _source.Error($"{what} is an array of arrays.");
        }

        var isText = type == TextType;
        var count = _cursor.Count(isText ? sizeof(long) : s_sizes[type], $"the length of {what}");
        if (isText)
        {
            for (long i = 0; i < count; i++)
            {
                _cursor.Skip(_cursor.Count(1, $"the length of text {i} of {what}"));
            }
        }
        else if (count <= MostShown)
        {
            return Listed(Enumerable.Range(0, (int)count).Select(_ => Number(type, _cursor.Take(s_sizes[type], what), what)).ToArray());
        }
        else
        {
            _cursor.Skip(count * s_sizes[type]);
        }

        return $"{count} of {s_names[type]}";
    }

    private static string Listed(IEnumerable<string> values) => $"[{string.Join(", ", values)}]";

    private string Number(int type, ReadOnlySpan<byte> bytes, string what)
    {
        var plain = CultureInfo.InvariantCulture;
        return type switch
        {
            0 => bytes[0].ToString(plain),
            1 => ((sbyte)bytes[0]).ToString(plain),
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes).ToString(plain),
            3 => BinaryPrimitives.ReadInt16LittleEndian(bytes).ToString(plain),
            UInt32Type => BinaryPrimitives.ReadUInt32LittleEndian(bytes).ToString(plain),
            Int32Type => BinaryPrimitives.ReadInt32LittleEndian(bytes).ToString(plain),
            6 => BinaryPrimitives.ReadSingleLittleEndian(bytes).ToString(plain),
            BoolType => bytes[0] <= 1 ? bytes[0].ToString(plain)
                : throw _source.Error($"{what} is {bytes[0]}, where 0 and 1 are the truth values."),
            10 => BinaryPrimitives.ReadUInt64LittleEndian(bytes).ToString(plain),
            11 => BinaryPrimitives.ReadInt64LittleEndian(bytes).ToString(plain),
            _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes).ToString(plain),
        };
    }
}
