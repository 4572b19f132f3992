using System.Globalization;

namespace Augur.Tensors.Files;

/// <summary>The target of writing to a path.</summary>
/// <param name="Path">Absolute and without links, so that two names of one file are equal.</param>
/// <param name="Kind">The kind of file that exists there.</param>
/// <param name="Descriptor">The open file of this process that the path stands for, as /dev/stdout does; null: none.</param>
internal sealed record OutputTarget(string Path, FileKind Kind, int? Descriptor)
{
    private const int MaxLinks = 40; // as Linux

    /// <summary>Whether writing replaces the file; otherwise bytes are written into what exists.</summary>
    public bool IsReplaced => Descriptor is null && Kind is FileKind.None or FileKind.Regular;

    /// <summary>Resolves every link on the path.</summary>
    /// <exception cref="IOException">Nothing can be written there; the message says why, without the path.</exception>
    public static OutputTarget Of(string path)
    {
        if (System.IO.Path.EndsInDirectorySeparator(path))
        {
            throw new IOException("it names a folder.");
        }

        var (target, descriptor) = OperatingSystem.IsWindows() ? (System.IO.Path.GetFullPath(path), null) : Follow(path);
        return FileKinds.Of(descriptor is { } number ? DescriptorPath(number) : target) switch
        {
            FileKind.Folder => throw new IOException("it is a folder."),
            FileKind.Socket when descriptor is null => throw new IOException("it is a socket."),
            FileKind.Disk => throw new IOException("it is a disk."),
            var kind => new OutputTarget(target, kind, descriptor),
        };
    }

    // Part by part, as the system does it: ".." after a link refers to the parent of the link's target.
    private static (string Path, int? Descriptor) Follow(string path)
    {
        var parts = new Stack<string>(Parts(System.IO.Path.Combine(Directory.GetCurrentDirectory(), path)));
        var (at, links) = ("/", 0);
        while (parts.TryPop(out var part))
        {
            if (part == "..")
            {
                at = System.IO.Path.GetDirectoryName(at) ?? "/";
                continue;
            }

            at = System.IO.Path.Combine(at, part);
            if (parts.Count == 0 && DescriptorOf(at) is { } descriptor)
            {
                return (at, descriptor);
            }

            if (new FileInfo(at).LinkTarget is { } link)
            {
                at = System.IO.Path.IsPathRooted(link) ? "/" : System.IO.Path.GetDirectoryName(at)!;
                foreach (var step in Parts(link))
                {
                    parts.Push(step);
                }

                links++;
            }

            if (links > MaxLinks)
            {
                throw new IOException("its links lead in a circle.");
            }
        }

        return (at, null);
    }

    // The first part is the last of the sequence, to be on top of a stack.
    private static IEnumerable<string> Parts(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").Reverse();

    private static int? DescriptorOf(string path)
    {
        foreach (var folder in (string[])[$"/proc/{Environment.ProcessId}/fd/", "/dev/fd/"])
        {
            if (path.StartsWith(folder, StringComparison.Ordinal)
                && int.TryParse(path.AsSpan(folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        return null;
    }

    private static string DescriptorPath(int number) => string.Create(CultureInfo.InvariantCulture, $"/dev/fd/{number}");
}
