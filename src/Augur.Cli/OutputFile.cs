namespace Augur.Cli;

/// <summary>Finds out before the work, not after it, that a file cannot be written.</summary>
internal static class OutputFile
{
    /// <exception cref="CommandException">Nothing can be written there.</exception>
    public static void RequireWritable(string option, string path)
    {
        if (path.Length == 0 || Directory.Exists(path))
        {
            throw CommandException.WrongUse(path.Length == 0 ? $"{option} is empty; give a file name." : $"{option} {path} is a folder; give a file name.");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw CommandException.WrongUse($"{option} {path}: there is no folder {folder}.");
        }

        try
        {
            using var probe = new FileStream(Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw CommandException.WrongUse($"{option} {path}: nothing can be written in {folder}.");
        }
    }
}
