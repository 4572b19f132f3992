using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Options;
using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Metrics;
using Augur.Pipelines;
using Augur.Requests;
using Augur.Sampling;
using Augur.Tuning;

namespace Augur.Cli.Commands.Write;

/// <summary>One <c>augur write</c>: loads, writes, tells.</summary>
internal sealed record WriteRun
{
    public required IReadOnlyList<string> Prompts { get; init; }

    public required ModelPaths Paths { get; init; }

    /// <summary>Whether prompts are messages of a user.</summary>
    public required bool IsChat { get; init; }

    /// <summary>Tokens to write; null: as the model has it.</summary>
    public required int? Length { get; init; }

    /// <summary>Network calls; null: one per token.</summary>
    public required int? Steps { get; init; }

    /// <summary>Null: the model's.</summary>
    public required ISampler? Sampler { get; init; }

    /// <summary>Null: the model's profile, if it has one.</summary>
    public required ICachePolicy? Policy { get; init; }

    public required double? Guidance { get; init; }

    public required long Seed { get; init; }

    /// <summary>Texts of each prompt.</summary>
    public required int Count { get; init; }

    public required long? CacheBudget { get; init; }

    /// <summary>Ways to write that are held against each other; empty: the texts are written.</summary>
    public required IReadOnlyList<TextContender> Contenders { get; init; }

    /// <summary>What computes.</summary>
    public required Compute Compute { get; init; }

    public required bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var backend = Compute.Open();
        using var model = ModelCatalog.LoadParts(Paths, backend);
        if (!model.Writes)
        {
            throw CommandException.WrongUse($"{Paths.Main}: this model draws pictures; augur generate does that.");
        }

        var loaded = clock.Elapsed;
        var view = new WriteView(Json ? TextWriter.Null : Output);
        GenerationRequest[] requests = [.. Prompts.SelectMany(prompt => Enumerable.Repeat(Told(model, prompt), Count))
            .Select((text, i) => RequestFor(model, text, i) with { Previews = view.IsLive })];
        if (Contenders.Count > 0)
        {
            await CompareAsync(model, requests, cancellationToken);
            return 0;
        }

        var method = model.Choose(requests[0]);
        var progress = new StepProgress(Json || view.IsLive ? TextWriter.Null : Error, requests.Sum(r => (long)r.Steps)) { Title = "writing" };
        var results = new List<GenerationResult>();
        var began = clock.Elapsed;
        await progress.RunAsync(async () =>
        {
            await using var engine = new GenerationEngine(model);
            var tickets = engine.Submit(requests, cancellationToken);
            await view.FollowAsync([.. requests.Select(r => ((PromptCondition)r.Condition).Text)], tickets, progress.Advance);
            foreach (var ticket in tickets)
            {
                results.Add(await ticket.Result);
            }
        });
        Tell(model, results, method, loaded, clock.Elapsed - began, backend.Name);
        return 0;
    }

    private async Task CompareAsync(DiffusionModel model, GenerationRequest[] requests, CancellationToken cancellationToken)
    {
        TextContender[] ways = [TextContender.Parse("none"), .. Contenders];
        var progress = new StepProgress(Json ? TextWriter.Null : Error, ways.Length * (long)requests.Length) { Title = "writing", Unit = "text" };
        IReadOnlyList<TextRow> rows = [];
        await progress.RunAsync(async () => rows = await new TextTrial(model).RunAsync(requests, ways, progress.Advance, cancellationToken));
        if (Json)
        {
            Output.WriteLine(JsonSerializer.Serialize(rows, CliJson.Indented.IReadOnlyListTextRow));
            return;
        }

        WriteTable.Of(rows).Write(Output);
        Terminal.WriteText(Error, WriteTable.Explanation);
    }

    private string Told(DiffusionModel model, string prompt) => !IsChat ? prompt
        : model.Chat?.Write([new ChatTurn("user", prompt)])
            ?? throw CommandException.WrongUse($"--chat: {Paths.Main} has no chat template in its tokenizer_config.json.");

    private GenerationRequest RequestFor(DiffusionModel model, string prompt, int index)
    {
        const int UsualBlock = 16;
        var length = Length ?? model.Denoiser.LatentShape[0];
        var steps = Steps ?? Math.Min(length, 1000);
        var own = model.Defaults.Sampler is LladaSampler llada ? llada.InBlocks(UsualBlock, length, steps) : model.Defaults.Sampler;
        return model.Request(prompt, Seed + index) with
        {
            LatentShape = [length],
            Steps = steps,
            Sampler = Sampler ?? own,
            Guidance = new Guidance(Guidance ?? model.Defaults.Guidance.Scale),
            Cache = Policy,
            CacheBudget = CacheBudget,
        };
    }

    private void Tell(
        DiffusionModel model, List<GenerationResult> results, PolicyChoice method, TimeSpan loadTime, TimeSpan writeTime, string backend)
    {
        var first = results[0].Request;
        var rate = results.Sum(r => r.Latent.Length) / Math.Max(1e-9, writeTime.TotalSeconds);
        if (Json)
        {
            Output.WriteLine(JsonSerializer.Serialize(
                new WriteOutput
                {
                    Model = model.Denoiser.Name,
                    Sampler = first.Sampler!.Name,
                    Steps = first.Steps,
                    Length = results[0].Latent.Length,
                    Guidance = first.Guidance!.Value.Scale,
                    Method = new MethodOutput(method.Policy.Name, method.Reason, method.Note),
                    LoadSeconds = loadTime.TotalSeconds,
                    WriteSeconds = writeTime.TotalSeconds,
                    TokensPerSecond = rate,
                    Backend = backend,
                    Texts = [.. results.Select(Written)],
                },
                CliJson.Indented.WriteOutput));
            return;
        }

        foreach (var result in results)
        {
            var given = IsChat ? "" : ((PromptCondition)result.Request.Condition).Text; // of a chat the answer alone
            Terminal.WriteText(Output, given + TextOf(result));
        }

        var summary = new RunSummary([.. results.Select(r => r.Report)]);
        Terminal.WriteText(Error, string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Count} x {results[0].Latent.Length} tokens in {writeTime.TotalSeconds:0.00} s, {rate:0.0} tokens/s "
                + $"({summary.Calls} network calls, {summary.Cost.TotalFlops / 1e9:0.00} GFLOP; {method.Policy.Name}: "
                + $"{summary.FlopsSpeedup:0.00}x fewer FLOPs, {ByteSize.Format(summary.PeakCacheBytes)} kept; {backend})"));
        foreach (var note in summary.Notes)
        {
            Terminal.WriteText(Error, $"Note: {note}.");
        }
    }

    private static string TextOf(GenerationResult result) => ((WrittenText)result.Output).Text;

    private static WrittenOutput Written(GenerationResult result) => new(
        ((PromptCondition)result.Request.Condition).Text,
        TextOf(result),
        result.Request.Seed,
        Array.ConvertAll(result.Latent, token => (int)token),
        result.Report.Calls.Count,
        result.Report.Computed,
        result.Report.Cost.TotalFlops,
        result.Report.UncachedFlops,
        result.Report.PeakCacheBytes,
        result.Report.Note);
}
