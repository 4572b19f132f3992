using System.Globalization;
using System.Text.Json;
using Augur.Conditioning;

namespace Augur.Requests;

/// <summary>The raw value of a field, with conversions to the field's type that refuse an invalid value in one sentence.</summary>
/// <param name="Name">The field's name for messages: <c>--steps</c>, <c>"steps"</c>.</param>
/// <param name="Text">The value as text.</param>
/// <param name="Kind">Kind of the JSON value; null: plain text from a form or command line, which may be read as any type.</param>
internal readonly record struct RequestValue(string Name, string Text, JsonValueKind? Kind)
{
    public int Integer(int least, int most) =>
        NumberText.Integer(Name, Only(JsonValueKind.Number, NumberText.WholeNumber(least, most)), least, most);

    public double Number(string values, Func<double, bool> isAllowed) =>
        NumberText.Number(Name, Only(JsonValueKind.Number, values), values, isAllowed);

    public long Seed() => NumberText.Seed(Name, Only(JsonValueKind.Number, NumberText.SeedValues));

    /// <summary>Whether the text is a whole number from 2^63 to 2^64 − 1, which fits only an unsigned seed.</summary>
    public bool IsUnsigned => ulong.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits > long.MaxValue;

    public long Bytes() => Kind == JsonValueKind.Number ? ByteSize.Parse(Name, Text)
        : ByteSize.Parse(Name, Only(JsonValueKind.String, ByteSize.Values));

    /// <param name="values">The accepted values, in words.</param>
    public string Words(string values) => Only(JsonValueKind.String, values) is { Length: > 0 } text
        ? text
        : throw NumberText.Wrong(Name, Text, values);

    /// <summary>A text, which may be empty.</summary>
    /// <param name="values">The accepted values, in words.</param>
    public string AnyText(string values) => Only(JsonValueKind.String, values);

    public PictureSize Size() => Kind == JsonValueKind.Number ? Integer(1, RequestDescription.MaxSize)
        : PictureSize.Parse(Name, Only(JsonValueKind.String, PictureSize.Values));

    public PictureBox Box() => PictureBox.Parse(Name, Only(JsonValueKind.String, PictureBox.Values));

    public GuidanceInterval Interval() => GuidanceInterval.TryParse(Only(JsonValueKind.String, GuidanceInterval.Values), out var interval) ? interval
        : throw NumberText.Wrong(Name, Text, GuidanceInterval.Values);

    public T Choice<T>(params (string Word, T Value)[] words)
    {
        var values = string.Join(" or ", words.Select(w => w.Word));
        var text = Only(JsonValueKind.String, values);
        var at = Array.FindIndex(words, w => w.Word == text);
        return at >= 0 ? words[at].Value : throw NumberText.Wrong(Name, text, values);
    }

    public bool Flag() => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        null when bool.TryParse(Text, out var value) => value,
        _ => throw Wrong("true or false"),
    };

    public ClassChoice Class() => Kind switch
    {
        JsonValueKind.Number => ClassChoice.Numbered(Integer(0, int.MaxValue)),
        JsonValueKind.String or null => ClassChoice.Named(Words("the name or the number of a class")),
        _ => throw Wrong("the name or the number of a class"),
    };

    private string Only(JsonValueKind wanted, string values) => Kind is null || Kind == wanted ? Text : throw Wrong(values);

    private ArgumentException Wrong(string values) => Kind switch
    {
        JsonValueKind.Array => new ArgumentException($"{Name} is a list; it is {values}."),
        JsonValueKind.Object => new ArgumentException($"{Name} is an object; it is {values}."),
        JsonValueKind.String => new ArgumentException($"{Name} is the text \"{Text}\"; it is {values}."),
        JsonValueKind.Number => new ArgumentException($"{Name} is the number {Text}; it is {values}."),
        _ => NumberText.Wrong(Name, Text, values),
    };
}
