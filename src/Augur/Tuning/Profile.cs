using System.Globalization;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Tensors.Files;
using Augur.Tensors.Weights;

namespace Augur.Tuning;

/// <summary>A policy that was searched or fitted, with what is known about it: what <c>augur tune</c> and <c>augur fit</c> write.</summary>
/// <param name="Name">What messages call it: the file.</param>
/// <param name="Policy">As the catalog names it.</param>
/// <param name="About">What it was measured with, and what it held.</param>
public sealed record Profile(string Name, string Policy, ProfileAbout About)
{
    /// <summary>Reads a policy file.</summary>
    /// <param name="path">As <c>--policy @path</c> reads it.</param>
    /// <exception cref="ArgumentException">It names no policy, or a setting is wrong; names file and setting.</exception>
    /// <exception cref="WeightFileException">The file cannot be read, or a field of "about" is wrong; names file and field.</exception>
    public static Profile Read(string path)
    {
        var policy = PolicyCatalog.Parse($"@{path}").Name; // has looked at everything but "about"
        return new(path, policy, ForeignJson.Read(path).Find(PolicyCatalog.AboutProperty) is { } about ? ProfileFields.Read(about) : new());
    }

    /// <summary>The profile that a policy's text refers to: <c>@file</c>, or a router that was learned here; null: none.</summary>
    /// <param name="policy">As the command line writes it.</param>
    /// <exception cref="ArgumentException">The text names no policy, or a setting is wrong.</exception>
    /// <exception cref="WeightFileException">A file cannot be read, or a field of it is wrong.</exception>
    public static Profile? Find(string policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.StartsWith('@'))
        {
            return Read(policy[1..]);
        }

        var spelled = PolicyCatalog.Spell(policy);
        var router = spelled[0].Value == "l2c" ? spelled.FirstOrDefault(s => s.Name == "router").Value : null;
        return router is null || !router.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? null : OfRouter(router, policy);
    }

    /// <summary>Writes it as a policy file; the file is whole or absent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="policy">As the catalog names it.</param>
    /// <param name="about">What is known about it.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, string policy, ProfileAbout about) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        foreach (var (name, value) in PolicyCatalog.Spell(policy))
        {
            json.WriteString(name, value);
        }

        json.WritePropertyName(PolicyCatalog.AboutProperty);
        ProfileFields.Write(json, about);
        json.WriteEndObject();
    });

    // The notes that L2CFit.Save leaves in the file; a router of another origin says nothing.
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
