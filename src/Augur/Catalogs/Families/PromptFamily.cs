using System.Globalization;
using Augur.Caching;
using Augur.Catalogs.Lora;
using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Models;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Weights;
using Augur.Tuning;

namespace Augur.Catalogs.Families;

/// <summary>
/// What models that draw prompts share: they are a network, text encoders with their tokenizers, and an autoencoder. A family says which, and how
/// its own are loaded.
/// </summary>
internal abstract class PromptFamily : IModelFamily
{
    public abstract string Name { get; }

    /// <summary>The autoencoder's file as a user finds it.</summary>
    protected virtual string AutoencoderFiles => "vae/ of a diffusers pipeline";

    public abstract bool Recognises(Checkpoint network);

    public virtual string? GgufArchitecture(Checkpoint network) => null;

    /// <summary>The network by names and shapes.</summary>
    protected abstract NetworkSheet Describe(NetworkFile file);

    /// <summary>What the network's linear maps are made of, for LoRAs.</summary>
    protected abstract LayoutTraces TracesOf(NetworkFile file);

    /// <summary>The text encoders that it reads.</summary>
    protected abstract IReadOnlyList<TextNeed> TextsOf(NetworkFile file);

    /// <summary>Channels of its latents.</summary>
    protected abstract int LatentChannelsOf(NetworkFile file);

    /// <summary>What reads text encoders and tokenizers, when the first prompt comes; the network's tensors are closed by then.</summary>
    /// <param name="file">The network's files.</param>
    /// <param name="texts">One for each of <see cref="TextsOf"/>, null where an optional one is not there.</param>
    /// <param name="backend">Where to compute.</param>
    protected abstract Func<IPromptEncoder> PromptsOf(NetworkFile file, IReadOnlyList<TextWithTokenizer?> texts, IBackend backend);

    /// <summary>Loads the network.</summary>
    protected abstract INetwork LoadNetwork(NetworkFile file, IBackend backend, IPromptEncoder prompts);

    /// <summary>Sampler, steps and guidance where a request does not say.</summary>
    protected abstract GenerationDefaults PresetOf(NetworkFile file);

    /// <summary>Scale and shift of latents where no configuration gives them; null: those that the autoencoder's shapes make likely.</summary>
    protected virtual ScaleAndShift? ScaleOf(NetworkFile file) => null;

    /// <summary>What the files do not say and had to be taken for granted, a sentence without its period each.</summary>
    protected virtual IEnumerable<string> RemarksOf(NetworkFile file) => [];

    /// <summary>Channels of the latents that an autoencoder decodes.</summary>
    protected virtual int ChannelsOf(AutoencoderKl decoder) => decoder.Config.LatentChannels;

    /// <summary>Loads the decoder of its latents.</summary>
    protected virtual IDecoder LoadDecoder(NetworkFile file, ModelPart part, IBackend backend)
    {
        using var checkpoint = part.Open();
        var decoder = AutoencoderKl.Load(checkpoint, backend, ScaleOf(file));
        var (channels, wanted) = (ChannelsOf(decoder), LatentChannelsOf(file));
        if (channels == wanted)
        {
            return decoder;
        }

        decoder.Dispose();
        throw new WeightFileException(
            $"{part.Place}: this autoencoder decodes latents of {channels} channels, but {Name} draws {wanted}; give {AutoencoderFiles} with --vae.");
    }

    public IReadOnlyList<LoraTarget> LoraTargets(ModelParts parts, Checkpoint network)
    {
        var texts = TextNeed.Match(parts, TextsOf(NetworkFile.Of(parts, network)));
        var targets = new List<LoraTarget> { LoraTarget.Network(parts.Network, weights => TracesOf(NetworkFile.Of(parts, weights))) };
        foreach (var (index, text) in texts.Index())
        {
            if (text is not null)
            {
                targets.Add(LoraTarget.Text(text, TextTraces(text.Kind), index, texts.Take(index).Count(before => before?.Kind == text.Kind)));
            }
        }

        return targets;

        static Func<Checkpoint, LayoutTraces> TextTraces(TextEncoderKind kind) => kind switch
        {
            TextEncoderKind.Clip => ClipTextLayouts.Traces,
            TextEncoderKind.T5 => T5Layouts.Traces,
            _ => DecoderLayouts.Traces,
        };
    }

    public NetworkSheet Describe(ModelParts parts, Checkpoint network)
    {
        var file = NetworkFile.Of(parts, network);
        var found = new Dictionary<string, string>();
        var needs = TextsOf(file);
        foreach (var (need, text) in needs.Zip(TextNeed.Match(parts, needs)))
        {
            found[needs.Count == 1 ? "text encoder" : $"text {found.Count + 1}"] = text is { } there ? $"{there} in {there.Part.Place}"
                : $"missing: {need.Missing}{(need.IsOptional ? " It can be left out." : "")}";
        }

        found["autoencoder"] = parts.Autoencoder?.Place ?? $"missing: {AutoencoderFiles}, for --vae.";
        return Describe(file) with { Parts = found };
    }

    public DiffusionModel Load(ModelParts parts, IBackend backend, ModelOptions options)
    {
        using var weights = parts.Network.Open();
        var file = NetworkFile.Of(parts, weights);
        var texts = TextNeed.Require(parts, TextsOf(file), Name);
        var autoencoder = parts.Autoencoder ?? throw new WeightFileException(
            $"{parts.Path}: this model draws latents; give the autoencoder that decodes them ({AutoencoderFiles}) with --vae.");
        var defaults = OwnDefaults.Read(parts.Index?.Find("_defaults"), PresetOf(file));
        var prompts = new PromptStore(PromptsOf(file, texts, backend), options.TextEncoderBudget);
        var decoder = LoadDecoder(file, autoencoder, backend);
        try
        {
            return new DiffusionModel(LoadNetwork(file, backend, prompts), decoder, null, defaults)
            {
                Path = parts.Path,
                Prompts = prompts,
                MethodOf = new ModelMethods(parts.Path, parts.Loras).Choose,
                Remarks = [.. parts.Remarks, .. RemarksOf(file)],
                WeightsChoice = weights.Choice,
            };
        }
        catch
        {
            decoder.Dispose();
            prompts.Dispose();
            throw;
        }
    }

    /// <summary>A network's cost for a report.</summary>
    /// <param name="map">At the size that is said.</param>
    /// <param name="size">As "64x64 tokens and 512 of text".</param>
    protected static string Cost(NetworkMap map, string size) => string.Create(
        CultureInfo.InvariantCulture, $"{map.FlopsPerRow / 1e12:0.000} TFLOP per row and call at {size} (a multiply-add is 2)");
}
