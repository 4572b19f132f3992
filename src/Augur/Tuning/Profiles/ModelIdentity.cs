using System.Security.Cryptography;
using Augur.Catalogs;
using Augur.Pipelines;

namespace Augur.Tuning;

/// <summary>Identifies a model, so that a profile measured on one model is not applied to another.</summary>
/// <param name="Name">The network's architecture and size, as the network reports it.</param>
/// <param name="Weights">Sixteen hexadecimal digits of a hash of its weights, see <see cref="HashOf"/>; null if unknown.</param>
/// <param name="Defaults">The model's default steps, sampler and guidance.</param>
public sealed record ModelIdentity(string Name, string? Weights, GenerationDefaults Defaults)
{
    private const int Pieces = 256;
    private const int PieceBytes = 16384;
    private static readonly string[] s_weightFiles = [".safetensors", ".pt", ".pth", ".bin", ".ckpt"];

    /// <summary>The identity of a loaded model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">File or folder that the model was loaded from; null if it was made in code, so that only its name is known.</param>
    /// <param name="loras">What changes its weights; null: nothing.</param>
    public static ModelIdentity Of(DiffusionModel model, string? path, IReadOnlyList<LoraSource>? loras = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model.Denoiser.Name, path is null ? null : HashOf(path, loras), model.Defaults);
    }

    /// <summary>
    /// SHA-256 over the sizes of the network's weight files and up to 256 pieces of 16 KiB spread evenly over each: training changes nearly every
    /// weight, so that the pieces identify a model at a cost that does not grow with its size. Names and locations of files, and other files in the
    /// folder, have no influence.
    /// </summary>
    /// <param name="path">The model's file or folder.</param>
    /// <param name="loras">What changes its weights, each of whose files and scales counts; null: nothing.</param>
    /// <exception cref="Tensors.Weights.WeightFileException">There are no weights at the path.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static string HashOf(string path, IReadOnlyList<LoraSource>? loras = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, ModelCatalog.NetworkPath(path));
        foreach (var lora in loras ?? [])
        {
            Add(hash, lora.Path);
            hash.AppendData(BitConverter.GetBytes(lora.Scale));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static void Add(IncrementalHash hash, string source)
    {
        IEnumerable<string> files = File.Exists(source) ? [source]
            : Directory.EnumerateFiles(source).Where(f =>
                s_weightFiles.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);
        var piece = new byte[PieceBytes];
        foreach (var file in files)
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(BitConverter.GetBytes(stream.Length));
            var last = Math.Max(0, stream.Length - PieceBytes);
            var count = (int)Math.Min(Pieces, (last / PieceBytes) + 2);
            for (var i = 0; i < count; i++)
            {
                stream.Position = last * i / (count - 1);
                hash.AppendData(piece, 0, stream.ReadAtLeast(piece, PieceBytes, throwOnEndOfStream: false));
            }
        }
    }
}
