using Augur.Catalogs.Families;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>
/// A pipeline folder of diffusers: model_index.json, and a folder for each part (transformer or unet, text_encoder, text_encoder_2, …, tokenizer, …,
/// vae, scheduler).
/// </summary>
internal static class PipelineFolder
{
    private const int MaxSlots = 4;
    private static readonly string[] s_networks = ["transformer", "unet"];

    /// <summary>Whether a folder is one.</summary>
    public static bool Is(string folder) => File.Exists(Path.Combine(folder, "model_index.json"));

    /// <summary>The parts that are there; what is missing is for the family to say, which knows what it needs.</summary>
    /// <param name="folder">Where the files are.</param>
    /// <exception cref="WeightFileException">A part's files are damaged, or those of another part.</exception>
    public static ModelParts Find(string folder)
    {
        var index = ForeignJson.Read(Path.Combine(folder, "model_index.json"));
        var network = new ModelPart(FolderOf(s_networks) ?? Path.Combine(folder, s_networks[0]));
        var (autoencoder, scheduler) = (FolderOf("vae"), Path.Combine(folder, "scheduler", "scheduler_config.json"));
        return new()
        {
            Path = folder,
            Network = network,
            Family = FamilyOf(network),
            Texts = [.. Slots("text_encoder").SelectMany(TextOf)],
            Tokenizers = [.. Slots("tokenizer").Select(slot => new TokenizerPart(slot.Folder, slot.Number))],
            Autoencoder = autoencoder is null ? null : new ModelPart(autoencoder),
            Index = index,
            SchedulerPath = File.Exists(scheduler) ? scheduler : null,
        };

        string? FolderOf(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (Directory.Exists(Path.Combine(folder, name)))
                {
                    return Path.Combine(folder, name);
                }
            }

            return null;
        }

        IEnumerable<(string Folder, int Number)> Slots(string name) => Enumerable.Range(0, MaxSlots)
            .Select(i => (Path.Combine(folder, i == 0 ? name : $"{name}_{i + 1}"), i))
            .Where(slot => Directory.Exists(slot.Item1));
    }

    // A network whose weights cannot be read is for its loader to complain of; until then its family is not known.
    private static IModelFamily? FamilyOf(ModelPart part)
    {
        try
        {
            using var network = part.Open();
            return ModelFamilies.Of(network);
        }
        catch (WeightFileException)
        {
            return null;
        }
    }

    private static IEnumerable<TextPart> TextOf((string Folder, int Number) slot)
    {
        var part = new ModelPart(slot.Folder);
        using var text = part.Open();
        return TextEncoders.Recognise(text) is { } found ? [new TextPart(part, found.Kind, found.Width, slot.Number)] : [];
    }
}
