using System.Runtime.InteropServices;

namespace Augur.Tensors.Files;

/// <summary>The kind of a path's target, with links followed.</summary>
internal enum FileKind
{
    /// <summary>Nothing exists there.</summary>
    None,

    /// <summary>A file of bytes on a disk: the only kind that may be replaced by another.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A named pipe.</summary>
    Pipe,

    /// <summary>A character device, such as a terminal or /dev/null.</summary>
    Device,

    /// <summary>A block device, such as a disk.</summary>
    Disk,

    /// <summary>A socket.</summary>
    Socket,
}

/// <summary>Asks the system for a <see cref="FileKind"/>; the base library tells files from folders only.</summary>
internal static unsafe partial class FileKinds
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint TypeAndMode = 3; // STATX_TYPE | STATX_MODE
    private const int ModeOffset = 28; // of stx_mode, on every processor
    private const int NoEntry = 2, NotAFolder = 20, TooLong = 36; // errno on Linux

    /// <summary>Determines the kind without opening the file, since opening a pipe or a device can have effects.</summary>
    /// <exception cref="PathTooLongException">The name is longer than the file system can hold.</exception>
    /// <exception cref="IOException">The path cannot be examined.</exception>
    public static FileKind Of(string path) => OperatingSystem.IsLinux() ? OnLinux(path) : Elsewhere(path);

    private static FileKind OnLinux(string path)
    {
        var found = stackalloc byte[256];
        if (StatX(CurrentFolder, path, 0, TypeAndMode, found) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error switch
            {
                NoEntry or NotAFolder => FileKind.None,
                TooLong => throw new PathTooLongException("its name is too long."),
                _ => throw new IOException(Marshal.GetPInvokeErrorMessage(error) + "."),
            };
        }

        return (*(ushort*)(found + ModeOffset) & 0xf000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0x1000 => FileKind.Pipe,
            0x2000 => FileKind.Device,
            0x6000 => FileKind.Disk,
            _ => FileKind.Socket,
        };
    }

    // Devices are recognised by their path.
    private static FileKind Elsewhere(string path)
    {
        if (Directory.Exists(path))
        {
            return FileKind.Folder;
        }

        var isDevice = path.StartsWith(OperatingSystem.IsWindows() ? @"\\.\" : "/dev/", StringComparison.Ordinal);
        return isDevice ? FileKind.Device : File.Exists(path) ? FileKind.Regular : FileKind.None;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, byte* found);
}
