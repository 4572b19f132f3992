using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Augur.Cli.Commands.Compare;
using Augur.Cli.Commands.Options;
using Augur.Pipelines;
using Augur.Tuning;

namespace Augur.Cli.Commands.Fit;

/// <summary>
/// One <c>augur fit l2c</c>: learns the router, writes it, and holds it against reuse of equal cost on pictures that it has not seen.
/// </summary>
internal sealed record FitL2CRun
{
    internal const int DefaultCount = 4;
    public const int MaxCompared = 256;

    public required Drawing Drawing { get; init; }

    public required string Out { get; init; }

    public required double Reuse { get; init; }

    public required int Compared { get; init; }

    public required bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        RequireSense();
        using var backend = Drawing.Compute.Open();
        using var model = Drawing.LoadToFit(backend);
        var learned = Drawing.OrCount(DefaultCount).Requests(model);
        RequireHeldOut(model);
        var clock = Stopwatch.StartNew();
        var fit = await LearnAsync(new L2CFitting(model, learned, Reuse), cancellationToken);
        fit.Save(Out, Drawing.WeightsHash);
        var seconds = clock.Elapsed.TotalSeconds;

        // What was learned is kept and told, whatever becomes of the comparison.
        var (results, isStopped) = Compared > 0 && !cancellationToken.IsCancellationRequested
            ? await CompareAsync(model, fit, HeldOut(model, learned.Count), cancellationToken)
            : ([], cancellationToken.IsCancellationRequested);
        Report(fit, results, learned, seconds);
        if (!isStopped)
        {
            return 0;
        }

        await Error.WriteLineAsync($"augur: stopped; {Printable.Line(Out)} holds the best router so far.");
        return CommandRunner.Cancelled;
    }

    private void RequireSense()
    {
        OutputFile.Require([("--out", Out)], Drawing.Inputs());
        if (!Out.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            throw CommandException.WrongUse($"--out is {Out}; a router is written as .safetensors.");
        }

        if (Compared > 0 && Drawing.Noise.StartsWith("file:", StringComparison.Ordinal))
        {
            throw CommandException.WrongUse($"--noise {Drawing.Noise} holds no noise for held-out pictures; give --compare 0.");
        }
    }

    private IReadOnlyList<GenerationRequest> HeldOut(DiffusionModel model, int learned) =>
        (Drawing with { Count = Compared, Seed = unchecked(Drawing.Seed + learned) }).Requests(model);

    // Requests are made again when they are drawn; here only what is wrong with them counts.
    private void RequireHeldOut(DiffusionModel model)
    {
        if (Compared > 0)
        {
            HeldOut(model, 0);
        }
    }

    private async Task<L2CFit> LearnAsync(L2CFitting fitting, CancellationToken cancellationToken)
    {
        var progress = new StepProgress(Json ? TextWriter.Null : Error, fitting.TotalCalls) { Title = "learning a router" };
        L2CFit? fit = null;
        await progress.RunAsync(() => Task.Run(() => fit = fitting.Run(progress.Advance, cancellationToken), cancellationToken));
        return fit!;
    }

    private async Task<(IReadOnlyList<CompareResult> Results, bool IsStopped)> CompareAsync(DiffusionModel model, L2CFit fit,
        IReadOnlyList<GenerationRequest> heldOut, CancellationToken cancellationToken)
    {
        var rivals = fit.Rivals(Out).Select(policy => new Contender(policy.Name, request => request with { Cache = policy }));
        var race = new CompareTiming(model, Drawing.EngineOptions, [Contender.Reference, .. rivals], heldOut, rounds: 1);
        var progress = new StepProgress(Json ? TextWriter.Null : Error, race.TotalSteps);
        IReadOnlyList<CompareResult> results = [];
        try
        {
            await progress.RunAsync(async () => results = await race.RunAsync(progress, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            return ([], true);
        }

        return (results, race.IsStopped);
    }

    private void Report(L2CFit fit, IReadOnlyList<CompareResult> results, IReadOnlyList<GenerationRequest> learned, double seconds)
    {
        if (Json)
        {
            var report = new FitL2COutput(
                Out, learned.Count, fit.ReusedBranches, fit.Branches, fit.ReusedShare, fit.Halves.Early, fit.Halves.Late, fit.MeasuredError, seconds,
                    [.. results.Select(CompareEntryOutput.Of)]);
            Output.WriteLine(JsonSerializer.Serialize(report, CliJson.Indented.FitL2COutput));
            return;
        }

        if (results.Count > 0)
        {
            new CompareTable(results).Text.Write(Output);
            Terminal.WriteText(Output, CompareTable.Explanation);
        }

        Terminal.WriteText(Output, string.Create(
            CultureInfo.InvariantCulture,
            $"{Printable.Line(Out)}: reuses {fit.ReusedBranches} of the {fit.Branches} branches of every second call ({fit.Halves.Early:0%} in the "
                + $"first half of the run, {fit.Halves.Late:0%} in the second), {fit.ReusedShare:0.0%} of their FLOPs; learned from {learned.Count} "
                + $"pictures in {seconds:0} s."));
    }
}

/// <summary>
/// What <c>augur fit l2c --json</c> prints. Entries: the uncached run, the router, random and uniform reuse of equal cost; none where nothing was
/// compared.
/// </summary>
internal sealed record FitL2COutput(
    string Router, int Samples, int ReusedBranches, int Branches, double ReusedShare, double EarlyShare, double LateShare, double MeasuredError,
        double Seconds, IReadOnlyList<CompareEntryOutput> Entries);
