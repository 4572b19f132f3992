namespace Augur.Catalogs;

/// <summary>Makes JSON of what Python's json module writes for non-finite numbers: Infinity, -Infinity and NaN without quotes.</summary>
internal static class PythonConstants
{
    /// <summary>The same text with these three words in quotes where they are outside of strings.</summary>
    public static byte[] Quote(ReadOnlySpan<byte> json)
    {
        var quoted = new List<byte>(json.Length);
        var inText = false;
        for (var i = 0; i < json.Length; i++)
        {
            var word = inText ? 0 : WordAt(json[i..]);
            if (word > 0)
            {
                quoted.AddRange([(byte)'"', .. json.Slice(i, word), (byte)'"']);
                i += word - 1;
                continue;
            }

            quoted.Add(json[i]);
            if (inText && json[i] == '\\' && i + 1 < json.Length)
            {
                quoted.Add(json[++i]);
            }
            else if (json[i] == '"')
            {
                inText = !inText;
            }
        }

        return [.. quoted];
    }

    private static int WordAt(ReadOnlySpan<byte> json) =>
        json.StartsWith("-Infinity"u8) ? 9 : json.StartsWith("Infinity"u8) ? 8 : json.StartsWith("NaN"u8) ? 3 : 0;
}
