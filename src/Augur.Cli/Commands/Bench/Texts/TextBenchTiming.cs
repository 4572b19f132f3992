using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tuning;

namespace Augur.Cli.Commands.Bench.Texts;

/// <summary>Writes text after text, each one way after the other, the uncached run first, so that times of neighbours are compared.</summary>
internal sealed class TextBenchTiming(
    DiffusionModel model, IReadOnlyList<GenerationRequest> requests, IReadOnlyList<string> prompts, TextBenchResults results, TimeProvider time)
{
    private readonly TextTrial _trial = new(model, time);

    /// <summary>Texts that are missing, with those of the baselines as far as they can be foreseen: from what was measured so far.</summary>
    public int Missing(IReadOnlyList<TextContender> contenders, bool withBaselines) =>
        Missing(contenders) + (withBaselines ? Missing(Baselines(contenders)) : 0);

    /// <summary>Writes what is missing.</summary>
    /// <param name="contenders">The uncached run first.</param>
    /// <param name="withBaselines">Whether the uncached run with as few steps as cost the same joins them.</param>
    /// <param name="progress">Is told of the contender that runs and of every text, and of baselines as soon as they can be foreseen.</param>
    /// <param name="cancellationToken">Stops at a step boundary.</param>
    /// <exception cref="OperationCanceledException">Cancelled; all whole texts are kept.</exception>
    public async Task RunAsync(
        IReadOnlyList<TextContender> contenders, bool withBaselines, StepProgress progress, CancellationToken cancellationToken)
    {
        await RunAsync(contenders, withBaselines ? contenders : [], progress, cancellationToken);
        if (withBaselines)
        {
            await RunAsync([contenders[0], .. Baselines(contenders)], [], progress, cancellationToken);
        }
    }

    // equalled: those whose baselines are still to come.
    private async Task RunAsync(
        IReadOnlyList<TextContender> contenders, IReadOnlyList<TextContender> equalled, StepProgress progress, CancellationToken cancellationToken)
    {
        var foreseen = Missing(Baselines(equalled));
        // One text each: code is compiled and memory taken before anything is measured, and what cannot run fails now.
        foreach (var contender in contenders.Where(c => Missing([c]) > 0))
        {
            progress.Title = $"warming up {contender.Name}";
            await _trial.WriteAsync(requests[0], contender, cancellationToken);
        }

        for (var i = 0; i < requests.Count; i++)
        {
            var missing = contenders.Where(c => !results.Has(c.Name, i)).ToList();
            var isTimed = results.Chunks.Any(c => c.Policy == contenders[0].Name && c.Index == i && c.Session == results.Session);
            if (missing.Count > 0 && !missing.Contains(contenders[0]) && !isTimed)
            {
                await WriteAsync(contenders[0], i, isTimeAlone: true, cancellationToken);
            }

            foreach (var contender in missing)
            {
                progress.Title = contender.Name;
                await WriteAsync(contender, i, isTimeAlone: false, cancellationToken);
                var baselines = Missing(Baselines(equalled));
                progress.Extend(baselines - foreseen);
                foreseen = baselines;
                progress.Advance();
            }
        }
    }

    private int Missing(IEnumerable<TextContender> contenders) =>
        contenders.Sum(c => Enumerable.Range(0, requests.Count).Count(i => !results.Has(c.Name, i)));

    // The uncached model with as few steps as cost the same as a row, where blocks allow it.
    private IReadOnlyList<TextContender> Baselines(IReadOnlyList<TextContender> contenders)
    {
        var request = requests[0];
        var blocks = request.Sampler is LladaSampler { Options.Block: { } block } ? request.LatentShape!.Value[0] / block : 1;
        return contenders.Count == 0 || request.Sampler is TokenSampler { MayEndEarly: true } ? [] :
        [
            .. results.Rows().Where(row => !row.IsReference && contenders.Any(c => c.Name == row.Policy && c.Steps is null))
                .Select(row => Math.Max(blocks, (int)Math.Round(request.Steps / row.FlopsSpeedup / blocks) * blocks))
                .Where(equal => equal < request.Steps)
                .Distinct()
                .OrderDescending()
                .Select(TextContender.WithSteps)
                .Where(c => contenders.All(other => other.Name != c.Name)),
        ];
    }

    private async Task WriteAsync(TextContender contender, int index, bool isTimeAlone, CancellationToken cancellationToken)
    {
        GC.Collect(); // nobody pays for what another left behind
        var (began, used) = (time.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var text = await _trial.WriteAsync(requests[index], contender, cancellationToken);
        var (taken, busy) = (time.GetElapsedTime(began), Environment.CpuUsage.TotalTime - used);
        results.Add(new TextBenchChunk
        {
            Policy = contender.Name,
            Index = index,
            Prompt = prompts[index],
            Seconds = taken.TotalSeconds,
            ProcessorSeconds = busy.TotalSeconds,
            Load = Machine.Load(),
            Session = results.Session,
            Text = isTimeAlone ? null : _trial.Judged(requests[index], text),
        });
    }
}
