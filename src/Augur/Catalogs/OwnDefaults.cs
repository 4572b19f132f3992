using Augur.Conditioning;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>
/// Sampler, steps and guidance that a model's own files ask for where a request does not say: <c>defaults</c> in the config.json of Augur's layout,
/// <c>_defaults</c> in the model_index.json of a pipeline folder (diffusers passes over names that begin with an underscore).
/// </summary>
internal static class OwnDefaults
{
    /// <summary>Reads and checks them.</summary>
    /// <param name="field">The field; null: the files ask for nothing.</param>
    /// <param name="otherwise">What holds for settings that it does not give; a sampler that it names is trained as this one.</param>
    /// <exception cref="WeightFileException">A setting is unknown, or no value of its kind; the message names the file and the field.</exception>
    public static GenerationDefaults Read(ForeignJson? field, GenerationDefaults otherwise)
    {
        if (field is not { } given)
        {
            return otherwise;
        }

        given.RequireOnly("sampler", "steps", "guidance", "guidance_channels");
        var channels = given.Find("guidance_channels") is null ? otherwise.Guidance.Channels
            : ModelConfiguration.Choice(given, "guidance_channels", "first_three", "all") == "all" ? GuidanceChannels.All
            : GuidanceChannels.FirstThree;
        var guidance = otherwise.Guidance with { Channels = channels };
        return otherwise with
        {
            Sampler = Checked(given.Find("sampler"), s => Samplers.Parse(s.AsText(), otherwise.Sampler), otherwise.Sampler),
            Steps = Checked(given.Find("steps"), s => Steps(s.AsInteger()), otherwise.Steps),
            Guidance = Checked(given.Find("guidance"), g => (guidance with { Scale = g.AsNumber() }).Validated(), guidance),
        };

        static int Steps(int count) => count is >= 1 and <= 1000 ? count : throw new ArgumentException($"Steps can be 1 to 1000, not {count}.");
    }

    // Rethrows argument errors of the library with the name of the field that caused them.
    private static T Checked<T>(ForeignJson? field, Func<ForeignJson, T> read, T absent)
    {
        if (field is not { } given)
        {
            return absent;
        }

        try
        {
            return read(given);
        }
        catch (ArgumentException error)
        {
            var end = error.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
            throw new WeightFileException($"{given.File}: {given.Field}: {(end < 0 ? error.Message : error.Message[..end])}", error);
        }
    }
}
