using System.Diagnostics;
using Augur.Cli.Commands.Generate;
using Augur.Pipelines;

namespace Augur.Cli.Commands.Compare;

/// <summary>Draws the same requests in several ways, one after the other, and takes the time; an audit comes afterwards and is not timed.</summary>
internal sealed class CompareTiming(
    DiffusionModel model, EngineOptions options, IReadOnlyList<Contender> entries, IReadOnlyList<GenerationRequest> requests, int rounds,
        double auditShare = 0)
{
    /// <summary>Whether it was stopped before its end; what was drawn whole by then is kept.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Steps of all pictures of all runs, the warm-up among them.</summary>
    public long TotalSteps => entries.Sum(e => Steps(e, [requests[0]]) + ((rounds + (IsAudited(e) ? 1 : 0)) * Steps(e, requests)));

    /// <summary>Runs them all. Stopped, it returns the entries that have drawn every picture at least once, the reference among them.</summary>
    /// <param name="progress">Is told of the entry that runs and of every step.</param>
    /// <param name="cancellationToken">Stops at a step boundary.</param>
    /// <exception cref="OperationCanceledException">Cancelled before the reference was drawn.</exception>
    public async Task<IReadOnlyList<CompareResult>> RunAsync(StepProgress progress, CancellationToken cancellationToken)
    {
        var results = new Dictionary<Contender, IReadOnlyList<GenerationResult>>();
        var seconds = entries.ToDictionary(e => e, _ => new List<double>());
        try
        {
            await DrawRoundsAsync(results, seconds, progress, cancellationToken);
        }
        catch (OperationCanceledException) when (results.ContainsKey(entries[0]))
        {
            IsStopped = true;
        }

        var reference = results[entries[0]];
        return [.. entries.Where(results.ContainsKey).Select(e => new CompareResult(e.Name, results[e], reference, seconds[e], seconds[entries[0]]))];
    }

    private async Task DrawRoundsAsync(
        Dictionary<Contender, IReadOnlyList<GenerationResult>> results, Dictionary<Contender, List<double>> seconds, StepProgress progress,
            CancellationToken cancellationToken)
    {
        // One picture each: code is compiled and memory taken before anything is measured, and what cannot run fails now.
        foreach (var entry in entries)
        {
            progress.Title = $"warming up {entry.Name}";
            await DrawAsync(entry, [requests[0]]);
        }

        for (var round = 0; round < rounds; round++)
        {
            // Back and forth, so that a machine that grows slower or faster does so for all alike.
            foreach (var entry in round % 2 == 0 ? entries : entries.Reverse())
            {
                progress.Title = entry.Name;
                GC.Collect(); // nobody pays for what another left behind
                var clock = Stopwatch.StartNew();
                results[entry] = await DrawAsync(entry, requests);
                seconds[entry].Add(clock.Elapsed.TotalSeconds);
            }
        }

        foreach (var entry in entries.Where(IsAudited))
        {
            progress.Title = $"auditing {entry.Name}";
            var audited = await DrawAsync(entry, requests.Select(r => r with { AuditShare = auditShare }));
            results[entry] = [.. results[entry].Zip(audited, (timed, other) =>
                timed with { Report = timed.Report with { Audit = other.Report.Audit } })];
        }

        Task<IReadOnlyList<GenerationResult>> DrawAsync(Contender entry, IEnumerable<GenerationRequest> drawn) =>
            EngineRun.DrawAllAsync(model, options, [.. drawn.Select(entry.Apply)], keepsBroken: entry != entries[0], progress.Advance,
                cancellationToken);
    }

    // The uncached model, with any number of steps, has nothing to audit.
    private bool IsAudited(Contender entry) => auditShare > 0 && model.Choose(entry.Apply(requests[0])).Policy.Name != Contender.Reference.Name;

    private static long Steps(Contender entry, IEnumerable<GenerationRequest> drawn) => drawn.Sum(r => (long)entry.Apply(r).TakenSteps);
}
