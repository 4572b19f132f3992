using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>A network's open weights with what its files say beside them.</summary>
/// <param name="Weights">Its tensors.</param>
/// <param name="Config">Its config.json; null: there is none.</param>
/// <param name="Parts">The other files of the model.</param>
internal sealed record NetworkFile(Checkpoint Weights, ForeignJson? Config, ModelParts Parts)
{
    /// <summary>The class that the pipeline's model_index.json names; empty: there is none.</summary>
    public string Pipeline => Parts.Index?.Find("_class_name")?.AsText() ?? "";

    /// <summary>As files of a network are opened.</summary>
    public static NetworkFile Of(ModelParts parts, Checkpoint weights) =>
        new(weights, parts.Network.Config(config => !DiffusersFolder.IsOfAnotherPart(config)), parts);
}
