using System.Runtime.InteropServices;

namespace Augur.Cli;

/// <summary>
/// Ctrl-C, SIGTERM, and SIGHUP of a terminal that is closed: the first asks the run to stop at its next step boundary and to keep what is finished,
/// however long that takes; a second ends the program at once.
/// </summary>
/// <param name="say">Is told that the run will stop.</param>
/// <param name="endAtOnce">Ends the program with an exit code.</param>
internal sealed class Interruption(Action<string> say, Action<int> endAtOnce) : IDisposable
{
    /// <summary>Exit code after Ctrl-C, as shells expect it.</summary>
    public const int ByKeyboard = 130;

    /// <summary>Exit code after SIGTERM, likewise.</summary>
    public const int ByTermination = 143;

    /// <summary>Exit code after SIGHUP, likewise.</summary>
    public const int ByHangUp = 129;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _exitCode;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>What the first signal asks for; null: there was none.</summary>
    public int? ExitCode => _exitCode == 0 ? null : _exitCode;

    /// <summary>Listens to this process's signals.</summary>
    public static Interruption OfProcess(TextWriter error)
    {
        var interruption = new Interruption(error.WriteLine, Environment.Exit);
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            interruption._registrations.Add(PosixSignalRegistration.Create(signal, received =>
            {
                received.Cancel = true; // it would end the process
                interruption.Receive(received.Signal);
            }));
        }

        return interruption;
    }

    /// <summary>A signal has come.</summary>
    public void Receive(PosixSignal signal)
    {
        var code = signal switch { PosixSignal.SIGTERM => ByTermination, PosixSignal.SIGHUP => ByHangUp, _ => ByKeyboard };
        if (Interlocked.CompareExchange(ref _exitCode, code, 0) != 0)
        {
            endAtOnce(code);
            return;
        }

        say("augur: stopping at the next step boundary and keeping what is finished; Ctrl-C again ends at once.");
        _stop.Cancel();
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
    }
}
