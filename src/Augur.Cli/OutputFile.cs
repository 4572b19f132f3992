using Augur.Tensors.Files;

namespace Augur.Cli;

/// <summary>Finds out before the work, not after it, that a file cannot be written, or that writing it would destroy something.</summary>
internal static class OutputFile
{
    // A name that promises another format than is written.
    private const string Picture = ".png";

    /// <exception cref="CommandException">Nothing can be written there.</exception>
    public static void RequireWritable(string option, string path) => RequireWritable([(option, path)]);

    /// <summary>Looks at all that a run will write.</summary>
    /// <param name="outputs">The options that name them, and the paths.</param>
    /// <exception cref="CommandException">One cannot be written, or two are the same file.</exception>
    public static void RequireWritable(IEnumerable<(string Option, string Path)> outputs)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (option, path) in outputs)
        {
            if (path.Length == 0)
            {
                throw CommandException.WrongUse($"{option} is empty; give a file name.");
            }

            Probe(option, path);
            if (AtomicFile.TargetOf(path) is { } file && !seen.TryAdd(file, option))
            {
                throw CommandException.WrongUse($"{seen[file]} and {option} are both {path}; give two names.");
            }
        }
    }

    /// <summary>Looks at all that a run will write, and that none of it is what the run reads.</summary>
    /// <param name="outputs">The options that name them, and the paths.</param>
    /// <param name="inputs">Options and paths; null: not given. Of a folder, the files of a model in it.</param>
    /// <exception cref="CommandException">One cannot be written, or is written or read under another option.</exception>
    public static void Require(IReadOnlyList<(string Option, string Path)> outputs, IReadOnlyList<(string Option, string? Path)> inputs)
    {
        RequireWritable(outputs);
        foreach (var (option, path) in outputs)
        {
            RequireApart(option, path, inputs);
        }
    }

    /// <summary>Refuses to write over what the run reads.</summary>
    /// <param name="option">That names the output.</param>
    /// <param name="path">Of the output.</param>
    /// <param name="inputs">Options and paths; null: not given. Of a folder, the files of a model in it.</param>
    /// <exception cref="CommandException">They are the same file.</exception>
    public static void RequireApart(string option, string path, IEnumerable<(string Option, string? Path)> inputs)
    {
        if (!File.Exists(path) || AtomicFile.TargetOf(path) is not { } file)
        {
            return;
        }

        foreach (var (read, input) in inputs)
        {
            if (input is not null && ModelFiles.Paths(input).Any(used => AtomicFile.TargetOf(used) == file))
            {
                throw CommandException.WrongUse($"{option} {path} would replace a file of {read} {input}; give another name.");
            }
        }
    }

    /// <summary>Refuses names of other picture formats.</summary>
    /// <exception cref="CommandException">The name ends otherwise than in .png, and is no pipe or device.</exception>
    public static void RequirePng(string option, string path)
    {
        if (Path.GetExtension(path) is { Length: > 0 } extension && !extension.Equals(Picture, StringComparison.OrdinalIgnoreCase)
            && AtomicFile.TargetOf(path) is not null)
        {
            throw CommandException.WrongUse($"{option} {path}: pictures are written as PNG; give a name that ends in {Picture}.");
        }
    }

    /// <summary>Whether there is a pipe or a device, beside which nothing should lie.</summary>
    public static bool IsWrittenInto(string path) => AtomicFile.IsWrittenInto(path);

    /// <summary>Whether a file is written to the standard output, so that nothing else may be.</summary>
    public static bool IsStandardOutput(string path) => AtomicFile.IsStandardOutput(path);

    private static void Probe(string option, string path)
    {
        try
        {
            AtomicFile.RequireWritable(path);
        }
        catch (IOException refused)
        {
            throw CommandException.WrongUse($"{option}: {refused.Message}");
        }
    }
}
