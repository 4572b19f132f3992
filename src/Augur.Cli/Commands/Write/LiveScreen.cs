using Spectre.Console.Rendering;

namespace Augur.Cli.Commands.Write;

/// <summary>
/// Shows frames on a terminal's second screen, each in place of the last, whatever size it has meanwhile; when it is closed, also by a signal that
/// ends the program at once, the terminal is as it was.
/// </summary>
internal sealed class LiveScreen : IDisposable
{
    private const string Open = "\u001b[?1049h\u001b[?25l"; // the second screen, without a cursor
    private const string Shut = "\u001b[?25h\u001b[?1049l";
    private const string Clear = "\u001b[2J\u001b[H";

    private readonly TextWriter _writer;
    private readonly Lock _turn = new();
    private bool _isOpen = true;

    /// <summary>Opens it.</summary>
    /// <param name="writer">Where the terminal is.</param>
    public LiveScreen(TextWriter writer)
    {
        _writer = writer;
        AppDomain.CurrentDomain.ProcessExit += End;
        writer.Write(Open);
        writer.Flush();
    }

    /// <summary>Shows a frame.</summary>
    public void Show(IRenderable frame)
    {
        lock (_turn)
        {
            if (_isOpen && Terminal.On(_writer) is { } console)
            {
                _writer.Write(Clear);
                console.Write(frame);
                _writer.Flush();
            }
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= End;
        End(null, EventArgs.Empty);
    }

    private void End(object? sender, EventArgs e)
    {
        lock (_turn)
        {
            if (_isOpen)
            {
                _isOpen = false;
                _writer.Write(Shut);
                _writer.Flush();
            }
        }
    }
}
