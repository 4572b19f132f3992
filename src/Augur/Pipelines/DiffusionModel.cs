using Augur.Caching;
using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Models;
using Augur.Sampling;

namespace Augur.Pipelines;

/// <summary>What a request gets when it does not say.</summary>
/// <param name="Sampler">Way from noise to image.</param>
/// <param name="Steps">Sampler steps.</param>
/// <param name="Guidance">Classifier-free guidance.</param>
public sealed record GenerationDefaults(ISampler Sampler, int Steps, Guidance Guidance)
{
    /// <summary>Whether the network was distilled to so few steps that caching has little to take.</summary>
    public bool IsFewStep { get; init; }
}

/// <summary>A network with what it takes to make something of its latents: their decoder, the names of its classes, its defaults.</summary>
/// <param name="denoiser">The network; disposed with this.</param>
/// <param name="decoder">From its latents to pictures, frames or text; disposed with this.</param>
/// <param name="classes">Its classes; null: it takes prompts.</param>
/// <param name="defaults">What a request gets when it does not say.</param>
public sealed class DiffusionModel(INetwork denoiser, IDecoder decoder, ClassNames? classes, GenerationDefaults defaults) : IDisposable
{
    /// <summary>The network.</summary>
    public INetwork Denoiser { get; } = denoiser ?? throw new ArgumentNullException(nameof(denoiser));

    /// <summary>From its latents to pictures, frames or text.</summary>
    public IDecoder Decoder { get; } = decoder ?? throw new ArgumentNullException(nameof(decoder));

    /// <summary>Its classes, and their names where they have names; none where it takes prompts.</summary>
    public ClassNames Classes { get; } = classes ?? ClassNames.None;

    /// <summary>What a request gets when it does not say.</summary>
    public GenerationDefaults Defaults { get; } = defaults ?? throw new ArgumentNullException(nameof(defaults));

    /// <summary>The folder or file that it was loaded from; null: it was made in code.</summary>
    public string? Path { get; init; }

    /// <summary>Its text encoders; null: it has none, or takes texts that were encoded elsewhere.</summary>
    internal PromptStore? Prompts { get; init; }

    /// <summary>Cuts texts into the tokens that it writes; null: it writes none, or takes tokens.</summary>
    public TextTokenizer? Tokenizer { get; init; }

    /// <summary>How it reads conversations; null: it was trained on none.</summary>
    public ChatFormat? Chat { get; init; }

    /// <summary>Whether it writes texts; otherwise it draws.</summary>
    public bool Writes => Denoiser.Prediction == Prediction.Tokens;

    /// <summary>Whether it takes prompts; otherwise classes.</summary>
    public bool TakesPrompts => classes is null;

    /// <summary>Chooses the method of requests that name none; null: they get none.</summary>
    internal Func<DiffusionModel, GenerationRequest, PolicyChoice>? MethodOf { get; init; }

    /// <summary>
    /// Which caching method a request gets, and why. One that names neither method nor quality gets the model's profile of high quality, as on the
    /// command line, where its sampler, steps and guidance are those the profile was measured with; otherwise each sample chooses its computed calls
    /// where the model has a table of errors, and elsewhere every call is computed.
    /// </summary>
    /// <exception cref="ArgumentException">The request names a method and a quality, or a quality that this model cannot promise.</exception>
    public PolicyChoice Choose(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request switch
        {
            { Cache: { } given, Quality: { } quality } => throw new ArgumentException(
                $"Policy {given.Name} and quality \"{quality}\" both name a method; give one."),
            { Cache: { } given } => ReferenceEquals(request.Choice?.Policy, given) ? request.Choice! : new(given, PolicyChoice.AsAsked),
            _ when MethodOf is not null => MethodOf(this, request),
            { Quality: { } quality } => throw new ArgumentException($"This model has no profile for \"{quality}\"."),
            _ => new(NoCachePolicy.Instance, "every call is computed: this model has no profile"),
        };
    }

    /// <summary>Which weights were taken where the file holds those of training and their average; null where there was no choice.</summary>
    public string? WeightsChoice { get; init; }

    /// <summary>What was left out when it was loaded, as keys of a LoRA that have no place in it; a sentence without its period each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>A request for a prompt, or for a class by name where the model knows classes, with the model's defaults.</summary>
    /// <exception cref="ArgumentException">No class has that name; the message suggests the nearest.</exception>
    public GenerationRequest Request(string prompt, long seed = 0) =>
        Request(classes is null ? Condition.Prompt(prompt) : Condition.Class(classes.Find(prompt)), seed);

    /// <summary>A request for a class by number, with the model's defaults.</summary>
    public GenerationRequest Request(int label, long seed = 0) => Request(Condition.Class(label), seed);

    /// <summary>A request for a condition of whatever kind, with the model's defaults.</summary>
    public GenerationRequest Request(Condition condition, long seed = 0) => new()
    {
        Condition = condition,
        Seed = seed,
        Steps = Defaults.Steps,
        Guidance = Defaults.Guidance,
        Sampler = Defaults.Sampler,
    };

    /// <summary>
    /// Encodes the prompts of requests, those in guidance too, in one batch, so that they need not be encoded when the requests begin; under a budget
    /// (<see cref="Catalogs.ModelOptions.TextEncoderBudget"/>) the encoders are dropped then.
    /// </summary>
    /// <returns>
    /// Number of prompts, 0 for a model without text encoders; and what the user should know of them, such as that one was cut, in sentences.
    /// </returns>
    /// <exception cref="ArgumentException">The model cannot serve a request, or a prompt cannot be encoded.</exception>
    /// <exception cref="Tensors.Weights.WeightFileException">Tokenizers or encoders cannot be read.</exception>
    public (int Count, IReadOnlyList<string> Warnings) EncodePrompts(IReadOnlyList<GenerationRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        if (Prompts is null)
        {
            return (0, []);
        }

        string[] texts =
        [
            .. requests.SelectMany(request => Denoiser.Guide(request.Condition, request.Guidance ?? Defaults.Guidance).Conditions)
                .Select(condition => condition is EditCondition edit ? edit.Text : condition).OfType<PromptCondition>()
                .Select(prompt => prompt.Text).Distinct(),
        ];
        return (texts.Length, [.. Prompts.Encode(texts).Select(embedding => embedding.Warning).OfType<string>().Distinct()]);
    }

    /// <summary>The number of the class that a condition asks for; null: none.</summary>
    public static int? ClassOf(Condition condition) => (condition as ClassCondition)?.Label;

    /// <summary>What a condition asks for, for labels: a class's name, a prompt; null: a class without a name.</summary>
    public string? NameOf(Condition condition) => condition switch
    {
        ClassCondition { Label: var label } => label < Classes.Names.Count ? Classes.Names[label] : null,
        PromptCondition prompt => prompt.Text,
        EditCondition edit => NameOf(edit.Text),
        _ => condition.ToString(),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Denoiser.Dispose();
        Decoder.Dispose();
    }
}
