using System.Runtime.InteropServices;

namespace Augur.Tensors.Files;

/// <summary>What a path leads to, links followed.</summary>
internal enum FileKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A file of bytes on a disk: the only kind that may be replaced by another.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A named pipe.</summary>
    Pipe,

    /// <summary>A device that takes a stream, such as a terminal or /dev/null.</summary>
    Device,

    /// <summary>A device of blocks, such as a disk.</summary>
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

    /// <summary>Looks; opens nothing, for opening a pipe or a device can do something.</summary>
    /// <exception cref="PathTooLongException">The name is longer than the file system can hold.</exception>
    /// <exception cref="IOException">It cannot be looked at.</exception>
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

    // Devices are known by their place.
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
