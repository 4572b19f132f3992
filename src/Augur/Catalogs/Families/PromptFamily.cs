using Augur.Conditioning;
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
    protected virtual string AutoencoderFiles => "the folder vae/ of a diffusers pipeline";

    /// <summary>Scale and shift of latents where no configuration gives them; null: those that the autoencoder's shapes tell.</summary>
    protected virtual LatentScale? Scale => null;

    public abstract bool Recognises(Checkpoint network);

    public virtual string? GgufArchitecture(Checkpoint network) => null;

    /// <summary>The network by names and shapes.</summary>
    /// <param name="network">Its tensors.</param>
    /// <param name="config">Its config.json; null: there is none.</param>
    protected abstract NetworkSheet Describe(Checkpoint network, ForeignJson? config);

    /// <summary>The text encoders that a network reads.</summary>
    protected abstract IReadOnlyList<TextNeed> TextsOf(Checkpoint network);

    /// <summary>Loads the network.</summary>
    protected abstract INetwork LoadNetwork(Checkpoint network, ForeignJson? config, IBackend backend, IPromptEncoder prompts);

    /// <summary>What reads text encoders and tokenizers, when the first prompt comes.</summary>
    /// <param name="network">The network's tensors; they are closed by then.</param>
    /// <param name="texts">One for each of <see cref="TextsOf"/>, null where an optional one is not there.</param>
    /// <param name="backend">Where to compute.</param>
    protected abstract Func<IPromptEncoder> PromptsOf(Checkpoint network, IReadOnlyList<TextWithTokenizer?> texts, IBackend backend);

    /// <summary>Sampler, steps and guidance where a request does not say.</summary>
    /// <param name="network">Its tensors.</param>
    /// <param name="config">Its config.json; null: there is none.</param>
    /// <param name="scheduler">The pipeline's sampler; null: its files do not say.</param>
    protected abstract GenerationDefaults PresetOf(Checkpoint network, ForeignJson? config, DiffusersScheduler? scheduler);

    /// <summary>Loads the decoder of the network's latents.</summary>
    protected virtual IDecoder LoadDecoder(ModelPart part, IBackend backend)
    {
        using var checkpoint = part.Open();
        return AutoencoderKl.Load(checkpoint, backend, Scale);
    }

    public NetworkSheet Describe(ModelParts parts, Checkpoint network)
    {
        var found = new Dictionary<string, string>();
        foreach (var (need, text) in TextsOf(network).Zip(TextNeed.Match(parts, TextsOf(network))))
        {
            found[$"text {found.Count + 1}"] = text is { } there ? $"{there} in {there.Part.Place}"
                : $"missing: {need.Missing}{(need.IsOptional ? " It can be left out." : "")}";
        }

        found["autoencoder"] = parts.Autoencoder?.Place ?? $"missing: {AutoencoderFiles}, for --vae";
        return Describe(network, parts.Network.Config(IsOfNetwork)) with { Parts = found };
    }

    public DiffusionModel Load(ModelParts parts, IBackend backend, ModelOptions options)
    {
        using var weights = parts.Network.Open();
        var texts = TextNeed.Require(parts, TextsOf(weights), Name);
        var autoencoder = parts.Autoencoder ?? throw new WeightFileException(
            $"{parts.Path}: this model draws latents; give the autoencoder that decodes them ({AutoencoderFiles}) with --vae.");
        var config = parts.Network.Config(IsOfNetwork);
        var defaults = PresetOf(weights, config, parts.Scheduler);
        var prompts = new PromptStore(PromptsOf(weights, texts, backend), options.TextEncoderBudget);
        var decoder = LoadDecoder(autoencoder, backend);
        try
        {
            RequireFit(autoencoder, decoder, weights);
            var network = LoadNetwork(weights, config, backend, prompts);
            return new DiffusionModel(network, decoder, null, defaults)
            {
                Path = parts.Path,
                Prompts = prompts,
                MethodOf = new ModelMethods(parts.Path).Choose,
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

    /// <summary>Channels of the network's latents.</summary>
    protected abstract int LatentChannelsOf(Checkpoint network);

    private void RequireFit(ModelPart part, IDecoder decoder, Checkpoint network)
    {
        var wanted = LatentChannelsOf(network);
        if (decoder is AutoencoderKl { Config.LatentChannels: var channels } && channels != wanted)
        {
            throw new WeightFileException(
                $"{part.Place}: this autoencoder decodes latents of {channels} channels, but {Name} draws {wanted}; give {AutoencoderFiles} with --vae.");
        }
    }

    private static bool IsOfNetwork(ForeignJson config) => !DiffusersFolder.IsOfAnotherPart(config);
}
