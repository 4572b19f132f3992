using System.Text.Json;

namespace Augur.Requests;

/// <summary>Reads a description from untrusted JSON.</summary>
internal static class RequestJson
{
    private const int MaxBytes = 1 << 20;

    public static RequestDescription Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            throw new ArgumentException($"The request has {utf8.Length} bytes; it has at most {MaxBytes}.");
        }

        try
        {
            using var json = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            return json.RootElement.ValueKind == JsonValueKind.Object ? Read(json.RootElement)
                : throw new ArgumentException("The request is no JSON object, as {\"class\": 1, \"seed\": 7} is one.");
        }
        catch (JsonException wrong)
        {
            throw new ArgumentException($"The request is not JSON: {wrong.Message}", wrong);
        }
        catch (InvalidOperationException wrong)
        {
            throw new ArgumentException("The request holds text that is not Unicode.", wrong);
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
