using System.Text.RegularExpressions;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>
/// Finds the parts in a weight file by the prefixes of its names: those of the original Stable Diffusion files, of Stability's generative-models, and
/// of ComfyUI's files that hold everything.
/// </summary>
internal static partial class PartPrefixes
{
    // The first word is already gone where every name of the file has it.
    private static readonly string[] s_network = ["model.diffusion_model.", "diffusion_model."];
    private static readonly string[] s_autoencoder = ["first_stage_model.", "vae."];

    /// <summary>The network's prefix; null: no name has one, and the file may be a network throughout.</summary>
    public static string? NetworkOf(Checkpoint file) => s_network.FirstOrDefault(prefix => Has(file, prefix));

    /// <summary>The autoencoder's prefix; null: none is among others.</summary>
    public static string? AutoencoderOf(Checkpoint file) => s_autoencoder.FirstOrDefault(prefix => Has(file, prefix));

    /// <summary>Prefixes under which text encoders may be, in the order of their names.</summary>
    public static IReadOnlyList<string> TextEncodersOf(Checkpoint file) =>
    [
        .. file.Tensors.Keys.Select(name => TextEncoder().Match(name)).Where(match => match.Success).Select(match => match.Value)
            .Distinct().Order(StringComparer.Ordinal),
    ];

    private static bool Has(Checkpoint file, string prefix) => file.Tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));

    [GeneratedRegex(@"^(?:text_encoders\.[^.]{1,64}|cond_stage_model|conditioner\.embedders\.[0-9]{1,2})\.(?:transformer\.)?")]
    private static partial Regex TextEncoder();
}
