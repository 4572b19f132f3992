using System.Text.Json;
using Augur.Tensors.Weights;

namespace Augur.Requests;

/// <summary>Reads a description from untrusted JSON.</summary>
internal static class RequestJson
{
    /// <summary>Longer ones are refused.</summary>
    public const int MaxBytes = 1 << 20;

    public static RequestDescription Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            throw new ArgumentException($"The request has {utf8.Length} bytes; it has at most {MaxBytes}.");
        }

        using var json = JsonDocument.Parse(Checked(utf8.Span).RawText);
        return json.RootElement.ValueKind == JsonValueKind.Object ? Read(json.RootElement)
            : throw new ArgumentException("The request is no JSON object, as {\"class\": 1, \"seed\": 7} is one.");
    }

    private static ForeignJson Checked(ReadOnlySpan<byte> utf8)
    {
        const string Name = "request";
        try
        {
            return ForeignJson.Parse(Name, utf8);
        }
        catch (WeightFileException wrong)
        {
            throw new ArgumentException($"The request {wrong.Message[(Name.Length + 2)..]}", wrong); // after the name and its colon
        }
    }

    private static RequestDescription Read(JsonElement root)
    {
        var read = new RequestDescription { Spell = Quote };
        foreach (var property in root.EnumerateObject())
        {
            var field = RequestFields.Find(property.Name);
            var isArray = property.Value.ValueKind == JsonValueKind.Array;
            JsonElement[] values = field.IsList && isArray ? [.. property.Value.EnumerateArray()] : [property.Value];
            foreach (var value in values.Where(v => v.ValueKind != JsonValueKind.Null))
            {
                read = field.Write(read, new RequestValue(Quote(field.Name), Text(value), value.ValueKind));
            }
        }

        return read;
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "",
    };

    private static string Quote(string name) => $"\"{name}\"";
}
