using System.Text.Json;
using System.Text.Unicode;

namespace Augur.Tensors.Weights;

/// <summary>
/// A value in an untrusted JSON file. Size and nesting depth are limited, and strings are checked to be valid text. Accessors return the value or
/// throw an error of one sentence that names the file and the field. A null field is treated as absent.
/// </summary>
/// <example><c>json.Find("norm_eps")?.AsNumber() ?? 1e-5</c>; <c>json.Require("num_layers").AsInteger()</c>.</example>
public readonly struct ForeignJson
{
    /// <summary>Default limit on the size of a file: 16 MiB.</summary>
    public const int UsualMaxBytes = 16 << 20;

    private const int MaxDepth = 32;

    // What the reader says to programmers, by a part of it.
    private static readonly (string Reader, string Plain)[] s_plainWords =
    [
        ("does not contain any JSON tokens", "there is nothing in it"),
        ("trailing comma", "a comma stands before a closing bracket"),
        ("Expected depth to be zero", "a bracket is not closed"),
        ("maximum configured depth", $"brackets are nested more than {MaxDepth} deep"),
    ];

    private readonly JsonElement _element;

    private ForeignJson(string file, string field, JsonElement element) => (File, Field, _element) = (file, field, element);

    /// <summary>The file, as messages name it.</summary>
    public string File { get; }

    /// <summary>Path of this value in the file, such as <c>defaults.steps</c> or <c>class_names[2]</c>; empty for the root.</summary>
    public string Field { get; }

    /// <summary>Whether this is an object, which has fields.</summary>
    public bool IsObject => _element.ValueKind == JsonValueKind.Object;

    /// <summary>Whether this is a list, which has items.</summary>
    public bool IsList => _element.ValueKind == JsonValueKind.Array;

    /// <summary>Whether this is a text.</summary>
    public bool IsText => _element.ValueKind == JsonValueKind.String;

    /// <summary>Whether this is true or false.</summary>
    public bool IsFlag => _element.ValueKind is JsonValueKind.True or JsonValueKind.False;

    /// <summary>Whether this is a number.</summary>
    public bool IsNumber => _element.ValueKind == JsonValueKind.Number;

    /// <summary>The JSON text of the value.</summary>
    public string RawText => _element.GetRawText();

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">A longer file is refused; no more than this is ever read.</param>
    /// <exception cref="WeightFileException">It cannot be read, is too long, or is not JSON in UTF-8.</exception>
    public static ForeignJson Read(string path, int maxBytes = UsualMaxBytes) => Parse(path, UntrustedFile.Read(path, maxBytes));

    /// <summary>Reads the content of a file. A byte-order mark of UTF-8 is accepted.</summary>
    /// <param name="file">Name for messages.</param>
    /// <param name="content">Its bytes, which are copied.</param>
    /// <exception cref="WeightFileException">
    /// It is not JSON in UTF-8, is nested too deeply, names a field twice, or holds half a surrogate pair.
    /// </exception>
    public static ForeignJson Parse(string file, ReadOnlySpan<byte> content)
    {
        if (content is [0xff, 0xfe, ..] or [0xfe, 0xff, ..] || content.IndexOf((byte)0) is 0 or 1)
        {
            throw new WeightFileException($"{file}: is written in UTF-16 or UTF-32; save it as UTF-8.");
        }

        var json = content is [0xef, 0xbb, 0xbf, ..] ? content[3..] : content;
        if (!Utf8.IsValid(json))
        {
            throw new WeightFileException($"{file}: holds bytes that are not UTF-8 text.");
        }

        try
        {
            RequireWholeCharacters(file, json);
            var options = new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false };
            using var document = JsonDocument.Parse(json.ToArray(), options);
            return new ForeignJson(file, "", document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new WeightFileException($"{file}: is not valid JSON ({Reason(e)}).", e);
        }
    }

    /// <summary>A field of this object; none where it is absent or null.</summary>
    /// <exception cref="WeightFileException">This is not an object.</exception>
    public ForeignJson? Find(string name)
    {
        RequireObject();
        return _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? Inner(name, value) : null;
    }

    /// <summary>A field of this object.</summary>
    /// <exception cref="WeightFileException">This is not an object, or the field is absent or null.</exception>
    public ForeignJson Require(string name) => Find(name) ?? throw new WeightFileException($"{File}: {Path(name)} is missing.");

    /// <summary>The fields of this object in the order of the file, those that are null left out.</summary>
    /// <exception cref="WeightFileException">This is not an object.</exception>
    public IReadOnlyList<(string Name, ForeignJson Value)> Fields()
    {
        RequireObject();
        var (fields, self) = (new List<(string, ForeignJson)>(), this);
        foreach (var field in _element.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null)
            {
                fields.Add((field.Name, self.Inner(field.Name, field.Value)));
            }
        }

        return fields;
    }

    /// <summary>Checks that this object has no field but these: so that a misspelt field is not silently ignored.</summary>
    /// <exception cref="WeightFileException">It has another field, or is not an object.</exception>
    public void RequireOnly(params ReadOnlySpan<string> known)
    {
        RequireObject();
        foreach (var field in _element.EnumerateObject())
        {
            if (!known.Contains(field.Name))
            {
                var at = Field.Length == 0 ? "" : $" in {Field}";
                throw new WeightFileException(
                    $"{File}: {WeightFileException.Quote(field.Name)}{at} is not a known field; known are {string.Join(", ", known!)}.");
            }
        }
    }

    /// <summary>The items of this list; none of them is null.</summary>
    /// <exception cref="WeightFileException">This is not a list, or an item is null.</exception>
    public IReadOnlyList<ForeignJson> AsItems()
    {
        Expect(IsList, "a list");
        var items = new List<ForeignJson>(_element.GetArrayLength());
        foreach (var element in _element.EnumerateArray())
        {
            var item = new ForeignJson(File, $"{Field}[{items.Count}]", element);
            item.Expect(element.ValueKind != JsonValueKind.Null, "a value");
            items.Add(item);
        }

        return items;
    }

    /// <summary>This text.</summary>
    /// <exception cref="WeightFileException">This is not a text.</exception>
    public string AsText()
    {
        Expect(IsText, "a text");
        return _element.GetString()!;
    }

    /// <summary>This whole number.</summary>
    /// <exception cref="WeightFileException">This is not a whole number of 32 bits.</exception>
    public int AsInteger()
    {
        var integer = 0;
        Expect(IsNumber && _element.TryGetInt32(out integer), "a whole number");
        return integer;
    }

    /// <summary>This number.</summary>
    /// <exception cref="WeightFileException">This is not a finite number.</exception>
    public double AsNumber()
    {
        var number = 0.0;
        Expect(IsNumber && _element.TryGetDouble(out number) && double.IsFinite(number), "a finite number");
        return number;
    }

    /// <summary>This truth value.</summary>
    /// <exception cref="WeightFileException">This is neither true nor false.</exception>
    public bool AsFlag()
    {
        Expect(IsFlag, "true or false");
        return _element.GetBoolean();
    }

    /// <summary>Makes an error about this value; the message begins with the file and the field.</summary>
    /// <param name="sentence">For example <c>is 7; only 8 is built.</c></param>
    public WeightFileException Error(string sentence) => new($"{File}: {(Field.Length == 0 ? "the file" : Field)} {sentence}");

    private void RequireObject() => Expect(IsObject, "an object with fields");

    private void Expect(bool holds, string kind)
    {
        if (!holds)
        {
            throw Error(IsObject || IsList ? $"is {(IsObject ? "an object" : "a list")}, not {kind}."
                : $"is {WeightFileException.Printable(RawText)}, not {kind}.");
        }
    }

    private ForeignJson Inner(string name, JsonElement value) => new(File, Path(name), value);

    private string Path(string name) => Field.Length == 0 ? WeightFileException.Printable(name) : $"{Field}.{WeightFileException.Printable(name)}";

    // A lone surrogate escape such as \ud800 is valid JSON but not valid text: every later access to the string would throw.
    private static void RequireWholeCharacters(string file, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        var field = "";
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
            {
                continue;
            }

            try
            {
                var text = reader.ValueIsEscaped || reader.TokenType == JsonTokenType.PropertyName ? reader.GetString()! : "";
                field = reader.TokenType == JsonTokenType.PropertyName ? text : field;
            }
            catch (InvalidOperationException e)
            {
                var at = field.Length == 0 ? "" : $" in or after field {WeightFileException.Quote(field)}";
                throw new WeightFileException($"{file}: byte {reader.TokenStartIndex}{at}: half a surrogate pair is not text.", e);
            }
        }
    }

    // Removes the path and position that the base library appends to its message.
    private static string Reason(JsonException error)
    {
        var end = error.Message.IndexOf(" Path:", StringComparison.Ordinal) is var path and >= 0 ? path
            : error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal) is var line and >= 0 ? line : error.Message.Length;
        var place = error.LineNumber is { } number ? $"line {number + 1}, byte {error.BytePositionInLine + 1}: " : "";
        var said = WeightFileException.Printable(error.Message.AsSpan(0, end)).TrimEnd('.');
        foreach (var (reader, plain) in s_plainWords)
        {
            said = said.Contains(reader, StringComparison.Ordinal) ? plain : said;
        }

        return place + said;
    }
}
