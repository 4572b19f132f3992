using System.Text.Json;
using Augur.Catalogs;
using Augur.Tensors.Files;

namespace Augur.Tuning;

/// <summary>What a search found, as a file that <c>--policy @file</c> reads: the policy with its settings, and beside them what is known about it.</summary>
public static class Profile
{
    /// <summary>Writes it to a temporary name first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="policy">As the catalog names it.</param>
    /// <param name="about">Where it comes from: target, model, pictures, what was measured. Values are texts, numbers or flags.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, string policy, IEnumerable<(string Name, object Value)> about) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        foreach (var (name, value) in PolicyCatalog.Spell(policy))
        {
            json.WriteString(name, value);
        }

        json.WriteStartObject(PolicyCatalog.AboutProperty);
        foreach (var (name, value) in about)
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });
}
