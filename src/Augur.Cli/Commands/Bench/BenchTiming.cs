using Augur.Cli.Commands.Compare;
using Augur.Cli.Commands.Generate;
using Augur.Pipelines;

namespace Augur.Cli.Commands.Bench;

/// <summary>Draws chunk after chunk for one contender after the other, and times the uncached run again between them.</summary>
internal sealed class BenchTiming(DiffusionModel model, EngineOptions options, IReadOnlyList<GenerationRequest> requests, BenchResults results,
    TimeProvider time)
{
    // Uncached chunks' worth of work between two timings of the uncached run, which so takes about an eighth of the time.
    private const double TimingInterval = 8;

    private readonly IReadOnlyList<GenerationRequest[]> _chunks = [.. requests.Chunk(results.Header.Batch)];
    private double _sinceTiming;

    /// <summary>
    /// Steps of all pictures that are not drawn yet, of those that warm up, and of the last timing; an estimate where baselines take part.
    /// </summary>
    public long Steps(IReadOnlyList<Contender> contenders, bool withBaselines)
    {
        var steps = Steps(contenders) + (withBaselines ? EstimatedBaselines(contenders) : 0);
        return steps == 0 ? 0 : steps + Steps(Contender.Reference, _chunks[0]);
    }

    /// <summary>Whether all its pictures have been drawn.</summary>
    public bool IsDone(Contender contender) => !Missing(contender).Any();

    /// <summary>Draws what is missing.</summary>
    /// <param name="contenders">The uncached run first.</param>
    /// <param name="withBaselines">Whether the uncached run with as few steps as cost the same joins them.</param>
    /// <param name="progress">Is told of the contender that runs and of every step.</param>
    /// <param name="cancellationToken">Stops at a step boundary.</param>
    /// <exception cref="OperationCanceledException">Cancelled; all whole chunks are kept.</exception>
    public async Task RunAsync(IReadOnlyList<Contender> contenders, bool withBaselines, StepProgress progress, CancellationToken cancellationToken)
    {
        _sinceTiming = IsDone(contenders[0]) ? double.PositiveInfinity : 0; // another session's times say nothing about this one
        var estimate = EstimatedBaselines(contenders);
        await WarmUpAsync(contenders);
        foreach (var contender in contenders)
        {
            await MeasureAsync(contender);
        }

        var baselines = withBaselines ? Baselines(contenders) : [];
        progress.Extend(Steps(baselines) - (withBaselines ? estimate : 0));
        await WarmUpAsync(baselines);
        foreach (var baseline in baselines)
        {
            await MeasureAsync(baseline);
        }

        if (_sinceTiming is > 0 and < double.PositiveInfinity)
        {
            await TimeReferenceAsync(isLast: true);
        }

        // One picture each: code is compiled and memory taken before anything is measured, and what cannot run fails now.
        async Task WarmUpAsync(IEnumerable<Contender> some)
        {
            foreach (var contender in some.Where(c => !IsDone(c)))
            {
                progress.Title = $"warming up {contender.Name}";
                await DrawAsync(contender, [requests[0]]);
            }
        }

        async Task MeasureAsync(Contender contender)
        {
            var isReference = contender.Name == Contender.Reference.Name;
            foreach (var chunk in Enumerable.Range(0, _chunks.Count).Where(i => !results.Has(contender.Name, i)))
            {
                if (!isReference && _sinceTiming >= TimingInterval)
                {
                    await TimeReferenceAsync(isLast: false);
                }

                progress.Title = _chunks.Count == 1 ? contender.Name : $"{contender.Name}, {chunk + 1} of {_chunks.Count}";
                var (drawn, taken) = await TimedAsync(contender, chunk);
                results.Keep(contender, chunk, drawn, taken, r => model.NameOf(r.Condition));
                _sinceTiming += isReference ? 0 : drawn.Sum(r => (double)r.Report.Cost.TotalFlops) / results.Chunks[0]
                    .Pictures.Sum(p => (double)p.ExecutedFlops);
            }
        }

        async Task TimeReferenceAsync(bool isLast)
        {
            progress.Title = "timing the uncached run again";
            if (!isLast)
            {
                progress.Extend(Steps(Contender.Reference, _chunks[0]));
            }

            var (drawn, taken) = await TimedAsync(Contender.Reference, 0);
            results.KeepTime(0, drawn.Count, taken);
            _sinceTiming = 0;
        }

        async Task<(IReadOnlyList<GenerationResult> Drawn, TimeSpan Taken)> TimedAsync(Contender contender, int chunk)
        {
            GC.Collect(); // nobody pays for what another left behind
            var began = time.GetTimestamp();
            var drawn = await DrawAsync(contender, _chunks[chunk]);
            return (drawn, time.GetElapsedTime(began));
        }

        Task<IReadOnlyList<GenerationResult>> DrawAsync(Contender contender, IEnumerable<GenerationRequest> drawn) =>
            EngineRun.DrawAllAsync(model, options, [.. drawn.Select(contender.Apply)], keepsBroken: contender.Name != Contender.Reference.Name,
                progress.Advance, cancellationToken);
    }

    private long Steps(IEnumerable<Contender> contenders) =>
        contenders.Where(c => !IsDone(c)).Sum(c => Missing(c).Append([requests[0]]).Sum(chunk => Steps(c, chunk)));

    // Before they are known: methods are four times faster, as a guess, and no two of them alike.
    private long EstimatedBaselines(IReadOnlyList<Contender> contenders) => contenders.All(IsDone) ? Steps(Baselines(contenders))
        : contenders.Count(c => !IsDone(c) && c.Name != Contender.Reference.Name) * Steps(Contender.Reference, requests) / 4;

    private IReadOnlyList<Contender> Baselines(IReadOnlyList<Contender> contenders) =>
        BenchBaselines.Of(results.Rows(), contenders, results.Header.Steps);

    private IEnumerable<GenerationRequest[]> Missing(Contender contender) => _chunks.Where((_, i) => !results.Has(contender.Name, i));

    private static long Steps(Contender contender, IEnumerable<GenerationRequest> drawn) => drawn.Sum(r => (long)contender.Apply(r).Steps);
}
