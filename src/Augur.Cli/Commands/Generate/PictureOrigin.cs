using Augur.Catalogs;
using Augur.Cli.Commands.Options;

namespace Augur.Cli.Commands.Generate;

/// <summary>
/// The files that pictures were made from, as they were given and with their hashes: who has the same files can make the same pictures.
/// </summary>
/// <param name="ModelPath">As given; null: the built-in model.</param>
/// <param name="ModelFiles">Weights and configurations; null: they could not be read again.</param>
/// <param name="AutoencoderPath">As given; null: none was.</param>
/// <param name="AutoencoderFiles">Likewise.</param>
/// <param name="NoiseFiles">The file of given noise; null: the noise was drawn.</param>
/// <param name="PolicyPath">The profile or policy file; null: the method was given in words.</param>
/// <param name="PolicyFiles">Its hash; what it says stands in the parameters' policy.</param>
internal sealed record PictureOrigin(
    string? ModelPath, IReadOnlyList<FileHash>? ModelFiles, string? AutoencoderPath, IReadOnlyList<FileHash>? AutoencoderFiles,
    IReadOnlyList<FileHash>? NoiseFiles, string? PolicyPath, IReadOnlyList<FileHash>? PolicyFiles)
{
    /// <summary>Parts that were given by themselves: network, text encoders, tokenizers, LoRAs.</summary>
    public IReadOnlyList<PartOrigin> Parts { get; init; } = [];

    /// <summary>Reads every file once, in pieces.</summary>
    /// <param name="drawing">What was asked for.</param>
    /// <param name="policy">Of a single method, its text; null: there are several.</param>
    public static PictureOrigin Of(Drawing drawing, string? policy)
    {
        var policyPath = policy is ['@', .. var path] ? path : null;
        return new(
            drawing.Model,
            Cli.ModelFiles.HashEach(drawing.Model ?? (drawing.Transformer is null ? ModelCatalog.BuiltInPath : null)),
            drawing.Autoencoder,
            Cli.ModelFiles.HashEach(drawing.Autoencoder),
            Cli.ModelFiles.HashEach(drawing.NoiseFile),
            policyPath,
            Cli.ModelFiles.HashEach(policyPath))
        {
            Parts =
            [
                .. drawing.Paths.All().Where(given => given.Option is not ("--model" or "--vae" or "--lora"))
                    .Select(given => new PartOrigin(given.Option, given.Path, Cli.ModelFiles.HashEach(given.Path))),
                .. drawing.Loras.Select(lora => new PartOrigin("--lora", lora.Path, Cli.ModelFiles.HashEach(lora.Path)) { Scale = lora.Scale }),
            ],
        };
    }
}

/// <summary>A part of a model that was given by itself.</summary>
/// <param name="Option">That gave it.</param>
/// <param name="Path">As given.</param>
/// <param name="Files">Null: they could not be read again.</param>
internal sealed record PartOrigin(string Option, string Path, IReadOnlyList<FileHash>? Files)
{
    /// <summary>How much of a LoRA was applied; null: it is none.</summary>
    public double? Scale { get; init; }
}
