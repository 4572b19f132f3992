using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Augur.Cli;
using Augur.Cli.Commands.Compare;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Options;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tuning;

namespace Augur.Tests.Cli;

public sealed class InterruptionTests : IDisposable
{
    private const int RowsAtOnce = 32; // of one network call
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-stop-").FullName;

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT, 130)]
    [InlineData(PosixSignal.SIGTERM, 143)]
    public async Task A_signal_in_the_midst_of_a_step_of_three_seconds_loses_no_finished_picture(PosixSignal signal, int exitCode)
    {
        using var interruption = new Interruption(_ => { }, _ => Assert.Fail("The first signal ends nothing."));
        WatchedDenoiser? network = null;
        using StringWriter output = new(), error = new();
        var run = new GenerateRun
        {
            Drawing = Read("--count", $"{RowsAtOnce + 1}", "--steps", "1", "--guidance", "1"), // one picture waits until the others are finished
            Out = In("grid.png"),
            Each = true,
            Audit = null,
            Json = false,
            Output = output,
            Error = error,
            Load = backend => Watched(backend, ref network, call =>
            {
                if (call == 2)
                {
                    interruption.Receive(signal);
                }

                Thread.Sleep(3000);
            }),
        };
        var root = new RootCommand();
        root.SetAction((_, cancellationToken) => run.RunAsync(cancellationToken));
        var code = await CommandRunner.RunAsync(root, ["--"], output, error, interruption);
        Assert.Equal(exitCode, code);
        Assert.Equal(RowsAtOnce + 1, Directory.GetFiles(_folder, "*.png").Length); // the sheet and those that were finished
        Assert.Contains($"the {RowsAtOnce} of {RowsAtOnce + 1} pictures that were finished", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_never_ends_a_run_by_its_own_clock() =>
        Assert.Null(CommandRunner.Configuration(TextWriter.Null, TextWriter.Null).ProcessTerminationTimeout);

    [Fact]
    public void A_terminal_that_is_closed_stops_a_run_as_the_keyboard_does()
    {
        using var interruption = new Interruption(_ => { }, _ => Assert.Fail("The first signal ends nothing."));
        interruption.Receive(PosixSignal.SIGHUP);
        Assert.True(interruption.Token.IsCancellationRequested);
        Assert.Equal(129, interruption.ExitCode);
    }

    [Fact]
    public void A_second_signal_ends_at_once()
    {
        List<int> ends = [];
        using var interruption = new Interruption(_ => { }, ends.Add);
        interruption.Receive(PosixSignal.SIGINT);
        Assert.True(interruption.Token.IsCancellationRequested);
        Assert.Empty(ends);
        interruption.Receive(PosixSignal.SIGTERM);
        Assert.Equal([143], ends);
        Assert.Equal(130, interruption.ExitCode);
    }

    [Fact]
    public async Task A_comparison_that_is_stopped_shows_the_policies_that_were_finished()
    {
        using var stop = new CancellationTokenSource();
        WatchedDenoiser? network = null;
        using StringWriter output = new(), error = new();
        var code = await new CompareRun
        {
            Drawing = Read("bear", "--steps", "4", "--guidance", "1"),
            Policies = "none; steps(3); steps(2)",
            Rounds = 1,
            Out = In("compare.png"),
            Html = null,
            Audit = null,
            Markdown = false,
            Csv = null,
            Json = true,
            CommandLine = "",
            Output = output,
            Error = error,
            Load = backend => Watched(backend, ref network, call =>
            {
                if (call == 9 + 4 + 2) // warm-ups, the reference, a part of the next
                {
                    stop.Cancel();
                }
            }),
        }.RunAsync(stop.Token);
        Assert.Equal(130, code);
        using var report = JsonDocument.Parse(output.ToString());
        Assert.Equal("none", Assert.Single(report.RootElement.GetProperty("entries").EnumerateArray()).GetProperty("policy").GetString());
        Assert.True(File.Exists(In("compare.png")));
        Assert.Contains("1 of 3 policies", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_router_that_is_stopped_in_its_last_choice_is_the_best_of_the_others()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = Read().Load(backend);
        var fitting = new L2CFitting(model, Read("bear", "--steps", "4").Requests(model), 0.5);
        using var stop = new CancellationTokenSource();
        var calls = 0L;
        const int LastChoice = 4 + 2; // calls of the uncached way, and of the way that reuses
        var fit = fitting.Run(Count, stop.Token);
        Assert.True(stop.IsCancellationRequested);
        Assert.True(fit.ReusedBranches > 0);
        using var early = new CancellationTokenSource();
        early.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            new L2CFitting(model, Read("bear", "--steps", "4").Requests(model), 0.5).Run(_ => { }, early.Token));

        void Count(int done)
        {
            calls += done;
            if (calls > fitting.TotalCalls - LastChoice)
            {
                stop.Cancel();
            }
        }
    }

    private DiffusionModel Watched(IBackend backend, ref WatchedDenoiser? network, Action<int> before)
    {
        var model = Read().Load(backend);
        network = new WatchedDenoiser(model.Denoiser) { Before = before };
        return new DiffusionModel(network, new SlowDecoder(model.Decoder), model.Classes, model.Defaults);
    }

    private Drawing Read(params string[] arguments)
    {
        var options = new DrawingOptions();
        var command = new Command("draw");
        options.AddTo(command);
        return options.Read(command.Parse([.. arguments, "--model", _model.Folder, "--threads", "1"]));
    }

    private string In(string name) => Path.Combine(_folder, name);

    // Pictures are still being decoded when a signal comes.
    private sealed class SlowDecoder(IDecoder inner) : IDecoder
    {
        public int PixelsPerCell => inner.PixelsPerCell;

        public Medium Decode(Tensor latent)
        {
            Thread.Sleep(10);
            return inner.Decode(latent);
        }

        public void Dispose() => inner.Dispose();
    }
}
