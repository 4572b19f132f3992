using Augur.Catalogs.Lora;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>
/// The models of one architecture: how its network is recognised, described and loaded. One more model is a folder of its network, one family in
/// <see cref="ModelFamilies"/>, and a golden test.
/// </summary>
internal interface IModelFamily
{
    /// <summary>For messages.</summary>
    string Name { get; }

    /// <summary>Whether its models write texts; otherwise they draw.</summary>
    bool Writes => false;

    /// <summary>Whether tensors are those of its network, by their names and shapes.</summary>
    bool Recognises(Checkpoint network);

    /// <summary>The word by which GGUF files name its architecture; null: they have none.</summary>
    string? GgufArchitecture(Checkpoint network) => null;

    /// <summary>What a GGUF file says of its network, where that is more than the architecture.</summary>
    GgufDescription DescribeForGguf(Checkpoint network) => new(GgufArchitecture(network));

    /// <summary>The parts that a LoRA may change, the network first; empty: none.</summary>
    /// <param name="parts">The model's files.</param>
    /// <param name="network">The network's tensors.</param>
    IReadOnlyList<LoraTarget> LoraTargets(ModelParts parts, Checkpoint network) => [];

    /// <summary>Describes a network by names and shapes, for <c>augur inspect</c>.</summary>
    /// <param name="parts">The model's files.</param>
    /// <param name="network">The network's tensors.</param>
    /// <exception cref="WeightFileException">Shapes or configuration make no network.</exception>
    NetworkSheet Describe(ModelParts parts, Checkpoint network);

    /// <summary>Loads a model; text encoders when the first prompt comes.</summary>
    /// <param name="parts">The model's files.</param>
    /// <param name="backend">The backend that computes and holds the tensors.</param>
    /// <param name="options">How.</param>
    /// <exception cref="WeightFileException">
    /// A part is missing (the message says what to look for and how to give it), or parts do not fit each other.
    /// </exception>
    DiffusionModel Load(ModelParts parts, IBackend backend, ModelOptions options);
}

/// <summary>What is known of a network by names and shapes.</summary>
/// <param name="Architecture">Name and layout.</param>
/// <param name="Sizes">Its sizes as text, by name.</param>
/// <param name="Expected">Every tensor that it needs, with its shape; null: they cannot be told.</param>
internal sealed record NetworkSheet(string Architecture, IReadOnlyDictionary<string, string> Sizes, IReadOnlyDictionary<string, Shape>? Expected)
{
    /// <summary>Tensors that may be absent.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>Class names; empty: the files give none.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>What else the model is made of and where it is, or what to look for: by the part's name.</summary>
    public IReadOnlyDictionary<string, string> Parts { get; init; } = new Dictionary<string, string>();

    /// <summary>Why a configuration beside the weights was not used; null: it was, or there is none.</summary>
    public string? UnusedConfig { get; init; }
}
