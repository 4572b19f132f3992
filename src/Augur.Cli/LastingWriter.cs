using System.Text;

namespace Augur.Cli;

/// <summary>
/// Standard output or error that outlives whoever reads it: where the other end is full or closed, what is written is dropped and the failure
/// remembered, so that a
/// run goes on to its pictures.
/// </summary>
/// <param name="inner">Where it goes.</param>
/// <param name="isTerminal">Whether a person looks at it, who gets colours and boxes.</param>
internal sealed class LastingWriter(TextWriter inner, bool isTerminal) : TextWriter
{
    /// <summary>Why something was lost first; null: nothing was.</summary>
    public Exception? Failure { get; private set; }

    public bool IsTerminal => isTerminal;

    public override Encoding Encoding => inner.Encoding;

    /// <summary>The writer for what the process was given, whatever state that is in.</summary>
    public static LastingWriter Over(TextWriter writer) => writer as LastingWriter ?? new(writer, isTerminal: false);

    /// <summary>A standard stream, also one that is closed.</summary>
    public static LastingWriter Standard(Func<TextWriter> stream, Func<bool> isRedirected)
    {
        try
        {
            return new LastingWriter(stream(), !isRedirected());
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return new LastingWriter(Null, isTerminal: false) { Failure = closed };
        }
    }

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    // In one piece: lines of several threads do not run into each other.
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Failure ??= problem;
        }
    }
}
