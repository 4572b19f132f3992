using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Augur.Tensors.Files;

/// <summary>
/// Writes files atomically: the content goes to a temporary file in the same folder, which then replaces the target. All output of Augur is written
/// through this class.
/// </summary>
/// <remarks>
/// A symbolic link is kept and its target is replaced. A replaced file keeps its permissions; a new file gets those of the umask. A pipe, a device
/// such as /dev/null or an open file such as /dev/stdout is written into, not replaced. The temporary name is random and created exclusively, so that
/// no link can be placed there beforehand.
/// </remarks>
public static class AtomicFile
{
    /// <summary>Writes a file, replacing one of the same name.</summary>
    /// <param name="path">Path of the file; its folder must exist.</param>
    /// <param name="write">Writes the content. If it throws, the target stays as it was and nothing is left behind.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="IOException">
    /// It cannot be written: a folder, a socket, a disk, a protected file, a name that is too long, no space left. The message names it.
    /// </exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            var target = OutputTarget.Of(path);
            if (target.IsReplaced)
            {
                Replace(target, write);
            }
            else
            {
                WriteInto(target, write);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Refusal(path, problem);
        }
    }

    /// <summary>Writes a text file, UTF-8 without a byte-order mark, lines ending in a line feed; otherwise as <see cref="Write"/>.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteText(string path, Action<TextWriter> write) => Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        write(writer);
    });

    /// <summary>Checks, before long work, that <see cref="Write"/> can succeed, by creating and removing a temporary file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static void RequireWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var target = OutputTarget.Of(path);
            if (!target.IsReplaced)
            {
                return;
            }

            var (_, temporary) = Prepare(target);
            using var probe = new FileStream(
                temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Refusal(path, problem);
        }
    }

    /// <summary>
    /// The file that writing to a path would replace, absolute and with links resolved, so that two names of one file are equal. Null if nothing
    /// would be replaced, because the target is written into or refused.
    /// </summary>
    public static string? TargetOf(string path) => Find(path) is { IsReplaced: true } target ? target.Path : null;

    /// <summary>Whether the target is a pipe or a device, which is written into.</summary>
    public static bool IsWrittenInto(string path) => Find(path) is { IsReplaced: false };

    /// <summary>Whether writing there goes to the standard output, as with /dev/stdout.</summary>
    public static bool IsStandardOutput(string path) => Find(path) is { Descriptor: 1 };

    private static OutputTarget? Find(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return OutputTarget.Of(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null; // the write itself reports the error
        }
    }

    private static void Replace(OutputTarget target, Action<Stream> write)
    {
        var (mode, temporary) = Prepare(target);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (mode is not null && !OperatingSystem.IsWindows())
        {
            // Until the file has the permissions of the one that it replaces, only its owner may read it.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var stream = new FileStream(temporary, options);
        try
        {
            using (stream)
            {
                write(stream);
                if (mode is { } kept && !OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(stream.SafeFileHandle, kept);
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target.Path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void WriteInto(OutputTarget target, Action<Stream> write)
    {
        using var handle = target.Descriptor is { } number ? new SafeFileHandle(number, ownsHandle: false)
            : File.OpenHandle(target.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        using var stream = new FileStream(handle, FileAccess.Write);
        write(stream);
        stream.Flush();
        _ = stream.SafeFileHandle; // updates the position of the open file, so that later output is appended
    }

    /// <summary>Permissions of the file that would be replaced, null where there is none, and a temporary name beside it.</summary>
    private static (UnixFileMode? Mode, string Temporary) Prepare(OutputTarget target)
    {
        var folder = Path.GetDirectoryName(target.Path)!;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"there is no folder {folder}.");
        }

        var temporary = Path.Combine(folder, $".{Path.GetRandomFileName()}.part");
        if (target.Kind == FileKind.None)
        {
            return (null, temporary);
        }

        const UnixFileMode Writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        UnixFileMode? mode = OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(target.Path);
        if (mode is { } bits && (bits & Writable) == 0)
        {
            throw new IOException("it is write-protected."); // also where the system would let its administrator write
        }

        // Throws if the file may not be written.
        File.OpenHandle(target.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
        return (mode, temporary);
    }

    private static IOException Refusal(string path, Exception problem)
    {
        var reason = problem switch
        {
            UnauthorizedAccessException => "it may not be written.",
            PathTooLongException => "its name is too long.",
            _ => WithoutPath(problem.Message),
        };
        var message = $"Cannot write '{path}': {reason}";
        return problem is DirectoryNotFoundException ? new DirectoryNotFoundException(message, problem) : new IOException(message, problem);
    }

    // Messages of the system end with the name of the temporary file, which means nothing to the user.
    private static string WithoutPath(string message) =>
        message.IndexOf(" : '", StringComparison.Ordinal) is > 0 and var end ? message[..end] + "." : message;
}
