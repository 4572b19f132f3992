using System.Globalization;
using System.Text.Json;

namespace Augur.Requests;

/// <summary>A field's value as it was written, turned into what the field is, or refused in one sentence.</summary>
/// <param name="Name">The field as the writer knows it: <c>--steps</c>, <c>"steps"</c>.</param>
/// <param name="Text">What was written.</param>
/// <param name="Kind">What JSON says it is; null: plain text, which may be anything.</param>
internal readonly record struct RequestValue(string Name, string Text, JsonValueKind? Kind)
{
    public int Integer(int least, int most) =>
        NumberText.Integer(Name, Only(JsonValueKind.Number, NumberText.WholeNumber(least, most)), least, most);

    public double Number(string values, Func<double, bool> isAllowed) =>
        NumberText.Number(Name, Only(JsonValueKind.Number, values), values, isAllowed);

    public long Seed() => NumberText.Seed(Name, Only(JsonValueKind.Number, NumberText.SeedValues));

    /// <summary>Whether a seed needs all of its bits for its size.</summary>
    public bool IsUnsigned => ulong.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits > long.MaxValue;

    public long Bytes() => Kind == JsonValueKind.Number ? ByteSize.Parse(Name, Text)
        : ByteSize.Parse(Name, Only(JsonValueKind.String, ByteSize.Values));

    /// <param name="values">What it may be, in words.</param>
    public string Words(string values) => Only(JsonValueKind.String, values) is { Length: > 0 } text
        ? text
        : throw NumberText.Wrong(Name, Text, values);

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
