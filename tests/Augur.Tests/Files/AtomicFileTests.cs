using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Augur.Tensors.Files;
using Augur.Tensors.Weights;

namespace Augur.Tests.Files;

[SupportedOSPlatform("linux")]
public sealed class AtomicFileTests : IDisposable
{
    private const string Old = "old";
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_link_stays_and_what_it_leads_to_is_replaced()
    {
        var (real, link) = (In("real"), In("link"));
        File.WriteAllText(real, Old);
        Directory.CreateDirectory(In("sub"));
        File.CreateSymbolicLink(In("sub/second"), "../real");
        File.CreateSymbolicLink(link, "sub/second");
        Write(link, "new");
        Assert.Equal(("new", "sub/second"), (File.ReadAllText(real), new FileInfo(link).LinkTarget));
        new SafetensorsWriter().Add("x", [1f], [1]).Save(link);
        Assert.NotEqual("new", File.ReadAllText(real));
        Assert.Equal(("sub/second", "../real"), (new FileInfo(link).LinkTarget, new FileInfo(In("sub/second")).LinkTarget));
    }

    [Fact]
    public void A_link_to_nothing_makes_what_it_names()
    {
        File.CreateSymbolicLink(In("link"), In("absent"));
        Write(In("link"), "new");
        Assert.Equal(("new", In("absent")), (File.ReadAllText(In("absent")), new FileInfo(In("link")).LinkTarget));
    }

    [Fact]
    public void Parent_folders_behind_links_are_those_of_their_targets()
    {
        Directory.CreateDirectory(In("a/b"));
        Directory.CreateSymbolicLink(In("short"), In("a/b"));
        Write(In("short/../x"), "new");
        Assert.Equal("new", File.ReadAllText(In("a/x")));
        Assert.Equal(AtomicFile.TargetOf(In("a/x")), AtomicFile.TargetOf(In("short/../x")));
    }

    [Fact]
    public void A_replaced_file_keeps_its_permissions_and_a_new_one_has_those_of_the_umask()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherWrite;
        File.WriteAllText(In("old"), Old);
        File.SetUnixFileMode(In("old"), Mode);
        AtomicFile.Write(In("old"), stream =>
        {
            var (temporary, _) = Temporary();
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(temporary)); // nobody reads along
            stream.WriteByte(1);
        });
        Write(In("new"), "new");
        File.WriteAllText(In("usual"), "");
        Assert.Equal(Mode, File.GetUnixFileMode(In("old")));
        Assert.Equal(File.GetUnixFileMode(In("usual")), File.GetUnixFileMode(In("new")));
    }

    [Fact]
    public async Task A_pipe_is_written_into_and_stays_a_pipe()
    {
        using var made = Process.Start("mkfifo", In("pipe"));
        await made.WaitForExitAsync();
        AtomicFile.RequireWritable(In("pipe")); // must not wait for a reader
        var read = Task.Run(() => File.ReadAllText(In("pipe")));
        Write(In("pipe"), "new");
        Assert.Equal("new", await read);
        Assert.Null(AtomicFile.TargetOf(In("pipe")));
    }

    [Fact]
    public void A_device_is_written_into_and_a_full_one_is_said()
    {
        Write("/dev/null", "new");
        Assert.Null(AtomicFile.TargetOf("/dev/null"));
        Assert.Equal("Cannot write '/dev/full': No space left on device.", Assert.Throws<IOException>(() => Write("/dev/full", "new")).Message);
        Assert.True(AtomicFile.IsStandardOutput("/dev/stdout"));
        Assert.False(AtomicFile.IsStandardOutput(In("x")));
    }

    [Fact]
    public void What_cannot_be_replaced_is_refused_before_and_after_the_work_and_stays_as_it_was()
    {
        Directory.CreateDirectory(In("folder"));
        File.CreateSymbolicLink(In("circle"), In("circle"));
        File.WriteAllText(In("protected"), Old);
        File.SetUnixFileMode(In("protected"), UnixFileMode.UserRead);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(In("socket")));
        foreach (var (name, reason) in (IEnumerable<(string, string)>)[
            ("folder", "it is a folder."), ("folder/", "it names a folder."), ("circle", "its links lead in a circle."),
                ("protected", "it is write-protected."),
            ("socket", "it is a socket."), ("absent/x", $"there is no folder {In("absent")}."), (new string('x', 256), "its name is too long.")])
        {
            var message = $"Cannot write '{In(name)}': {reason}";
            Assert.Equal(message, Assert.ThrowsAny<IOException>(() => Write(In(name), "new")).Message);
            Assert.Equal(message, Assert.ThrowsAny<IOException>(() => AtomicFile.RequireWritable(In(name))).Message);
        }

        Assert.Equal(Old, File.ReadAllText(In("protected")));
        Assert.Equal(["circle", "folder", "protected", "socket"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_name_as_long_as_the_file_system_allows_is_written()
    {
        Write(In(new string('x', 255)), "new");
        Assert.Equal("new", File.ReadAllText(In(new string('x', 255))));
    }

    [Fact]
    public void A_full_disk_leaves_the_old_content_and_the_message_names_the_file()
    {
        File.WriteAllText(In("x"), Old);
        var error = Assert.Throws<IOException>(() => AtomicFile.Write(In("x"), stream =>
        {
            stream.WriteByte(1);
            throw new IOException($"No space left on device : '{Temporary().Path}'");
        }));
        Assert.Equal($"Cannot write '{In("x")}': No space left on device.", error.Message);
        Assert.Equal(Old, File.ReadAllText(In("x")));
        Assert.Equal([In("x")], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Temporary_names_are_short_and_never_the_same()
    {
        var names = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            AtomicFile.Write(In(new string('x', 200)), _ => names.Add(Temporary().Name));
        }

        Assert.Equal(20, names.Count);
        Assert.All(names, name => Assert.True(name.Length <= 24, name));
    }

    [Fact]
    public void Looking_beforehand_changes_nothing()
    {
        File.WriteAllText(In("x"), Old);
        AtomicFile.RequireWritable(In("x"));
        AtomicFile.RequireWritable(In("y"));
        Assert.Equal(Old, File.ReadAllText(In("x")));
        Assert.Equal([In("x")], Directory.GetFileSystemEntries(_folder));
    }

    private static void Write(string path, string text) => AtomicFile.WriteText(path, writer => writer.Write(text));

    private (string Path, string Name) Temporary()
    {
        var path = Assert.Single(Directory.GetFiles(_folder, ".*.part"));
        return (path, Path.GetFileName(path));
    }

    private string In(string name) => $"{_folder}/{name}";
}
