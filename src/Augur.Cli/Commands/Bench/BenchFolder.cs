using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Augur.Cli.Commands.Compare;
using Augur.Pipelines;
using Augur.Tensors.Weights;

namespace Augur.Cli.Commands.Bench;

/// <summary>Where the files of a bench are: results, pictures, and the latents of the uncached run, which later runs are held against.</summary>
internal sealed class BenchFolder(string path)
{
    private const int LongestName = 60;

    // What a run leaves that was killed before its first line.
    private static readonly string[] s_own = [".lock", "pictures", "latents"];

    public string Path => path;

    public string Results => In("results.jsonl");

    public string Table => In("table.md");

    /// <summary>The table as comma-separated values.</summary>
    public string Csv => In("table.csv");

    public string Page => In("index.html");

    /// <summary>A contender's picture.</summary>
    public string Picture(string policy, int index) => System.IO.Path.Combine(PictureFolder(policy),
        string.Create(CultureInfo.InvariantCulture, $"{index:00000}.png"));

    /// <summary>Makes the folder, where it is not there yet.</summary>
    /// <exception cref="CommandException">There is something else.</exception>
    public void Create()
    {
        if (path.Length == 0 || File.Exists(path))
        {
            throw CommandException.WrongUse(path.Length == 0 ? "--out is empty; give a folder." : $"--out {path} is a file; give a folder.");
        }

        if (Directory.Exists(path) && !File.Exists(Results) && Directory.EnumerateFileSystemEntries(path)
            .Any(entry => !s_own.Contains(System.IO.Path.GetFileName(entry))))
        {
            throw CommandException.WrongUse($"--out {path} has files but no results.jsonl; give a new or empty folder, or one that augur bench "
                + $"made.");
        }

        Directory.CreateDirectory(path);
        OutputFile.RequireWritable("--out", Results);
    }

    /// <summary>The header of its results; null: there are none, or their first line is torn.</summary>
    /// <exception cref="InvalidDataException">The first line is no header.</exception>
    public BenchHeader? FindHeader()
    {
        if (!File.Exists(Results))
        {
            return null;
        }

        using var reader = new StreamReader(new FileStream(Results, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        try
        {
            return reader.ReadLine() is { Length: > 0 } line ? JsonSerializer.Deserialize(line, CliJson.Compact.BenchHeader) : null;
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{Results}: line 1 is not one of augur bench: {problem.Message}", problem);
        }
    }

    /// <summary>Keeps other programs from adding to the folder, until it is disposed or the program ends in whatever way.</summary>
    /// <exception cref="IOException">Another is adding.</exception>
    public IDisposable Claim()
    {
        var file = In(".lock"); // the results themselves stay readable meanwhile
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException problem)
        {
            throw new IOException($"{file} is held: another augur bench is at work in that folder.", problem);
        }
    }

    /// <summary>Keeps pictures, and of the reference the final latents.</summary>
    public void Keep(string policy, int chunk, int first, IReadOnlyList<GenerationResult> results)
    {
        Directory.CreateDirectory(PictureFolder(policy));
        for (var i = 0; i < results.Count; i++)
        {
            results[i].Image.SavePng(Picture(policy, first + i));
        }

        if (policy == Contender.Reference.Name)
        {
            Directory.CreateDirectory(In("latents"));
            float[] values = [.. results.SelectMany(r => r.Latent)];
            new SafetensorsWriter().Add("latent", values, [results.Count, results[0].Latent.Length]).Save(Latents(chunk));
        }
    }

    /// <summary>The final latents that the uncached run of a chunk ended with, one per picture.</summary>
    /// <exception cref="WeightFileException">The file is missing or damaged.</exception>
    public IReadOnlyList<float[]> ReferenceLatents(int chunk)
    {
        using var checkpoint = Checkpoint.Open(Latents(chunk));
        if (!checkpoint.Tensors.TryGetValue("latent", out var tensor) || tensor.Shape.Rank != 2)
        {
            throw new WeightFileException($"{Latents(chunk)}: there is no tensor 'latent' [pictures, values].");
        }

        return [.. tensor.ToSingles().Chunk(tensor.Shape[1])];
    }

    private string PictureFolder(string policy) => System.IO.Path.Combine(path, "pictures", FileName(policy));

    private string Latents(int chunk) => System.IO.Path.Combine(path, "latents",
        string.Create(CultureInfo.InvariantCulture, $"{chunk:00000}.safetensors"));

    private string In(string name) => System.IO.Path.Combine(path, name);

    // Settings have characters that file systems refuse; the hash keeps names apart that become alike without them.
    private static string FileName(string policy)
    {
        var readable = string.Concat(policy.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' ? c : '-')).Trim('-', '.');
        return readable == policy ? policy
            : $"{readable[..Math.Min(LongestName, readable.Length)]}-"
                + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(policy)))[..8];
    }
}
