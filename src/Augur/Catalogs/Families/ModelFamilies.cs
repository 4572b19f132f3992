using Augur.Decoding.Causal;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>The families of models that are built; one more is one line.</summary>
internal static class ModelFamilies
{
    /// <summary>All, in the order in which they are asked.</summary>
    public static IReadOnlyList<IModelFamily> All { get; } =
    [
        new FluxFamily(), new Flux2Family(), new Sd3Family(), new QwenImageFamily(), new ZImageFamily(), new PixArtFamily(), new UNetFamily(),
        new LladaFamily(), new DitFamily(),
    ];

    /// <summary>Their names, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(family => family.Name));

    /// <summary>The family of a network's tensors; null: none.</summary>
    public static IModelFamily? Of(Checkpoint network) => All.FirstOrDefault(family => family.Recognises(network));

    /// <summary>Whether tensors are those of an autoencoder.</summary>
    public static bool IsAutoencoder(Checkpoint file) =>
        CausalAutoencoder.Is(file) || file.Tensors.ContainsKey("decoder.conv_in.weight")
        || file.Tensors.ContainsKey("first_stage_model.decoder.conv_in.weight");
}
