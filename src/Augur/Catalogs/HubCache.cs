namespace Augur.Catalogs;

/// <summary>
/// The layout of the model hub's cache: <c>models--owner--name/snapshots/REVISION/…</c>, whose files are links into <c>blobs</c>, and
/// <c>refs/main</c>, which names a revision.
/// </summary>
internal static class HubCache
{
    private const int LongestRevision = 256;

    /// <summary>
    /// The folder of files that a path means: of a repository's folder in the cache its main revision, else the only one; else the path.
    /// </summary>
    public static string Resolve(string path)
    {
        var snapshots = Path.Combine(path, "snapshots");
        if (!Directory.Exists(snapshots))
        {
            return path;
        }

        var main = Path.Combine(path, "refs", "main");
        if (File.Exists(main) && new FileInfo(main).Length <= LongestRevision
            && Path.GetFileName(File.ReadAllText(main).Trim()) is { Length: > 0 } revision
            && Directory.Exists(Path.Combine(snapshots, revision)))
        {
            return Path.Combine(snapshots, revision);
        }

        return Directory.GetDirectories(snapshots) is [var only] ? only : path;
    }
}
