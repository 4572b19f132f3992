namespace Augur.Tests;

/// <summary>Finds the files under tests/fixtures.</summary>
internal static class Fixtures
{
    /// <summary>The full path of a fixture, given relative to tests/fixtures.</summary>
    public static string Path(string relative)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Augur.slnx")))
        {
            folder = folder.Parent;
        }

        return folder is null
            ? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} contains Augur.slnx.")
            : System.IO.Path.Combine(folder.FullName, "tests", "fixtures", relative);
    }
}
