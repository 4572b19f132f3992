using System.Globalization;
using System.Text.Json;
using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Tensors.Files;
using Augur.Tensors.Weights;

namespace Augur.Tuning;

/// <summary>A tuned or fitted policy with a record of how it was measured, as <c>augur tune</c> and <c>augur fit</c> write it.</summary>
/// <param name="Name">Name for messages: the file.</param>
/// <param name="Policy">In the catalog's notation, such as <c>speca(order=4)</c>.</param>
/// <param name="About">Settings of the measurement and its results.</param>
public sealed record Profile(string Name, string Policy, ProfileAbout About)
{
    /// <summary>Reads a policy file.</summary>
    /// <param name="path">The file, as for <c>--policy @path</c>.</param>
    /// <exception cref="ArgumentException">The file names no policy, or a setting is invalid; the message names the file and the setting.</exception>
    /// <exception cref="WeightFileException">
    /// The file cannot be read, or a field of "about" is invalid; the message names the file and the field.
    /// </exception>
    public static Profile Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var policy = PolicyCatalog.Parse($"@{path}").Name; // checks everything but "about"
        return new(path, policy, PolicyCatalog.Open(path).Find(PolicyCatalog.AboutProperty) is { } about ? ProfileFields.Read(about) : new());
    }

    /// <summary>Finds the profile that a policy refers to: <c>@file</c>, or a router that <c>augur fit</c> learned; null: none.</summary>
    /// <param name="policy">The policy in the notation of the command line.</param>
    /// <exception cref="ArgumentException">The text names no policy, or a setting is invalid.</exception>
    /// <exception cref="WeightFileException">A file cannot be read, or one of its fields is invalid.</exception>
    public static Profile? Find(string policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.StartsWith('@'))
        {
            return Read(policy[1..]);
        }

        var spelled = PolicyCatalog.Spell(policy);
        if (spelled.FirstOrDefault(s => s.Name == "forecast").Value is { } fit)
        {
            var about = ForeignJson.Read(fit, ForecastJson.MaxBytes).Find(PolicyCatalog.AboutProperty);
            return new(fit, policy, about is { } known ? ProfileFields.Read(known) : new());
        }

        var router = spelled[0].Value == "l2c" ? spelled.FirstOrDefault(s => s.Name == "router").Value : null;
        return router is null || !router.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? null : OfRouter(router, policy);
    }

    /// <summary>Writes a policy file atomically.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="policy">In the catalog's notation, such as <c>speca(order=4)</c>.</param>
    /// <param name="about">Settings of the measurement and its results.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, string policy, ProfileAbout about) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        foreach (var (name, value) in PolicyCatalog.Spell(policy))
        {
            json.WriteString(name, name == "forecast" ? Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(path))!, value) : value);
        }

        json.WritePropertyName(PolicyCatalog.AboutProperty);
        ProfileFields.Write(json, about);
        json.WriteEndObject();
    });

    // Reads the metadata that L2CFit.Save writes; routers from elsewhere have none.
    private static Profile? OfRouter(string path, string policy)
    {
        using var file = Checkpoint.Open(path);
        var notes = file.Metadata;
        if (!notes.TryGetValue("method", out var method) || method != "l2c")
        {
            return null;
        }

        return new(path, policy, new()
        {
            Model = notes.GetValueOrDefault("model"),
            Weights = notes.GetValueOrDefault("weights"),
            Sampler = notes.GetValueOrDefault("sampler"),
            Steps = (int?)Number("steps", 1, 1000),
            Calls = (int?)Number("calls", 1, 100_000),
            Guidance = Number("guidance", 0, 100),
        });

        double? Number(string name, double low, double high) => !notes.TryGetValue(name, out var text) ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high ? number
            : throw new ArgumentException(FormattableString.Invariant(
                $"{path}: the note \"{name}\" is \"{text}\"; it is a number from {low} to {high}."));
    }
}
