using System.Text.Json;

namespace Augur.Tensors.Weights;

/// <summary>
/// Reads the JSON header of a safetensors file: for each tensor its type, shape and position in the data. A token reader is used because JsonDocument
/// would silently accept duplicate names.
/// </summary>
internal ref struct SafetensorsHeader
{
    private const string MetadataKey = "__metadata__";
    private readonly WeightSource _source;
    private readonly List<SafetensorsEntry> _entries = [];
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<string, string> _metadata = [];
    private Utf8JsonReader _json;

    private SafetensorsHeader(WeightSource source, ReadOnlySpan<byte> header)
    {
        _source = source;
        _json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 3 });
    }

    /// <summary>The entries in file order, each with a possible shape and type; their positions in the data are not yet checked.</summary>
    public static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(WeightSource source, ReadOnlySpan<byte> header)
    {
        var parser = new SafetensorsHeader(source, header);
        try
        {
            parser.ParseAll();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not UTF-8, or half a surrogate pair.
            throw new WeightFileException(source.Error($"the header is not valid JSON at byte {8 + parser._json.BytesConsumed}.").Message, e);
        }

        return (parser._entries, parser._metadata);
    }

    private void ParseAll()
    {
        _json.Read();
        Expect(JsonTokenType.StartObject, "the header");
        while (NextName() is { } name)
        {
            if (!_names.Add(name))
            {
                throw _source.Error($"tensor {WeightFileException.Quote(name)} is listed twice.");
            }

            if (name == MetadataKey)
            {
                ParseMetadata();
            }
            else
            {
                ParseTensor(name);
            }
        }

        if (_json.Read())
        {
            throw _source.Error($"more follows the header's closing brace at byte {8 + _json.TokenStartIndex}.");
        }
    }

    private void ParseMetadata()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null)
        {
            return; // some writers store null instead of empty metadata
        }

        Expect(JsonTokenType.StartObject, MetadataKey);
        while (NextName() is { } key)
        {
            _json.Read();
            if (_json.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            Expect(JsonTokenType.String, $"metadata {WeightFileException.Quote(key)}");
            if (!_metadata.TryAdd(key, _json.GetString()!))
            {
                throw _source.Error($"metadata {WeightFileException.Quote(key)} is listed twice.");
            }
        }
    }

    private void ParseTensor(string name)
    {
        var tensor = $"tensor {WeightFileException.Quote(name)}";
        StoredType? type = null;
        Shape? shape = null;
        (long Begin, long End)? place = null;
        _json.Read();
        Expect(JsonTokenType.StartObject, tensor);
        while (NextName() is { } key)
        {
            var isRepeated = key switch { "dtype" => type.HasValue, "shape" => shape.HasValue, "data_offsets" => place.HasValue, _ => false };
            if (isRepeated)
            {
                throw _source.Error($"{tensor} gives its {key} twice.");
            }

            switch (key)
            {
                case "dtype":
                    type = ParseType(tensor);
                    break;
                case "shape":
                    shape = StoredShape.Create(_source, name, ParseNumbers(Shape.MaxRank, $"the shape of {tensor}"));
                    break;
                case "data_offsets":
                    place = ParseNumbers(2, $"data_offsets of {tensor}") is [var begin, var end]
                        ? (begin, end)
                        : throw _source.Error($"data_offsets of {tensor} are not two numbers.");
                    break;
                default:
                    throw _source.Error($"{tensor} has an unknown key {WeightFileException.Quote(key)}.");
            }
        }

        _entries.Add(new SafetensorsEntry(
            name,
            type ?? throw _source.Error($"{tensor} has no dtype."),
            shape ?? throw _source.Error($"{tensor} has no shape."),
            place?.Begin ?? throw _source.Error($"{tensor} has no data_offsets."),
            place.Value.End));
    }

    private StoredType ParseType(string tensor)
    {
        _json.Read();
        Expect(JsonTokenType.String, $"the dtype of {tensor}");
        var name = _json.GetString()!;
        return StoredTypes.TryParseSafetensors(name, out var type)
            ? type
            : throw _source.Error($"{tensor} has an unknown dtype {WeightFileException.Quote(name)}.");
    }

    private long[] ParseNumbers(int most, string what)
    {
        _json.Read();
        Expect(JsonTokenType.StartArray, what);
        var numbers = new List<long>(most);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (numbers.Count == most)
            {
                throw _source.Error($"{what} has more than {most} numbers.");
            }

            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var number) || number < 0)
            {
                throw _source.Error($"{what} has an entry that is not an integer from 0 to 2^63 - 1.");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private string? NextName()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.PropertyName ? _json.GetString() : null;
    }

    private readonly void Expect(JsonTokenType type, string what)
    {
        if (_json.TokenType != type)
        {
            var kind = type switch { JsonTokenType.StartObject => "object", JsonTokenType.StartArray => "array", _ => "string" };
            throw _source.Error($"{what} is not a JSON {kind}.");
        }
    }
}

/// <summary>One tensor of the header; positions are bytes from the beginning of the data.</summary>
internal sealed record SafetensorsEntry(string Name, StoredType Type, Shape Shape, long Begin, long End);
