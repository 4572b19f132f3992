using System.Text.Json;
using Augur.Catalogs;
using Augur.Tensors.Files;
using Augur.Tensors.Weights;

namespace Augur.Tuning;

/// <summary>
/// The file of a search of several objectives: what it was about, every policy that it has measured, and, once it is done, the members of its front
/// as policies, each for <c>--policy @PATH#1</c> and so on.
/// </summary>
public static class FrontFile
{
    private const string Search = "search";
    private const string Tried = "tried";
    private const int MaxBytes = 64 << 20;

    /// <summary>What a search was about, field by field; a stopped one is continued only by a search that is about the same.</summary>
    public static IReadOnlyDictionary<string, Trial>? ReadTried(string path, IReadOnlyList<(string Name, string Value)> about)
    {
        ArgumentNullException.ThrowIfNull(about);
        if (!File.Exists(path))
        {
            return null;
        }

        var json = ForeignJson.Read(path, MaxBytes);
        var search = json.Require(Search);
        foreach (var (name, value) in about)
        {
            var theirs = search.Require(name).AsText();
            if (theirs != value)
            {
                throw new ArgumentException(
                    $"{path}: the search in it has {name} {theirs}, and this one {value}; give another name, or remove the file.");
            }
        }

        return json.Require(Tried).Fields().ToDictionary(
            field => field.Name,
            field => new Trial(
                field.Value.Require("policy").AsText(),
                field.Value.Require("speedup").AsNumber(),
                [.. field.Value.Require("psnr").AsItems().Select(item => item.AsNumber())]));
    }

    /// <summary>Writes a search atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="about">What it is about.</param>
    /// <param name="tried">What it has measured, by what the choices spell.</param>
    /// <param name="members">Its front, from the most faithful to the cheapest.</param>
    public static void Write(
        string path,
        IReadOnlyList<(string Name, string Value)> about,
        IReadOnlyDictionary<string, Trial> tried,
        IReadOnlyList<(string Policy, ProfileAbout About)> members) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray(PolicyCatalog.FrontProperty);
        foreach (var (policy, described) in members.NotNull())
        {
            json.WriteStartObject();
            foreach (var (name, value) in PolicyCatalog.Spell(policy))
            {
                json.WriteString(name, value);
            }

            json.WritePropertyName(PolicyCatalog.AboutProperty);
            ProfileFields.Write(json, described);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject(Search);
        foreach (var (name, value) in about.NotNull())
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteStartObject(Tried);
        foreach (var (policy, trial) in tried.NotNull())
        {
            json.WriteStartObject(policy);
            json.WriteString("policy", trial.Policy);
            json.WriteNumber("speedup", trial.FlopsSpeedup);
            json.WriteStartArray("psnr");
            foreach (var psnr in trial.Quality)
            {
                json.WriteNumberValue(psnr);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });
}
