using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
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

    /// <summary>How they are written.</summary>
    public required WritingDescription Description { get; init; }

    /// <summary>Texts of each prompt.</summary>
    public required int Count { get; init; }

    /// <summary>Ways to write that are held against each other; empty: the texts are written.</summary>
    public required IReadOnlyList<TextContender> Contenders { get; init; }

    /// <summary>What computes.</summary>
    public required Compute Compute { get; init; }

    public required bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (Contenders.Count > 0 && Description.Policy is { } policy)
        {
            throw CommandException.WrongUse($"--compare names its methods itself; put {policy} among them, and leave --policy out.");
        }

        var clock = Stopwatch.StartNew();
        using var backend = Compute.Open();
        using var model = Compute.Used(backend, ModelCatalog.LoadParts(Paths, backend));
        if (!model.Writes)
        {
            throw CommandException.WrongUse($"{Paths.Main}: this model draws pictures; augur generate does that.");
        }

        var loaded = clock.Elapsed;
        var view = new WriteView(Json ? TextWriter.Null : Output);
        string[] prompts = [.. Prompts.SelectMany(prompt => Enumerable.Repeat(Told(model, prompt), Count))];
        GenerationRequest[] requests = [.. Description.Requests(model, prompts).Select(request => request with { Previews = view.IsLive })];
        if (Contenders.Count > 0)
        {
            var comparison = new WriteComparison(Error, Json ? null : Output);
            return await comparison.RunAsync(model, requests, Ways(model, requests[0]), Output, cancellationToken);
        }

        var method = model.Choose(requests[0]);
        var progress = new StepProgress(Json || view.IsLive ? TextWriter.Null : Error, requests.Sum(CallsOf)) { Title = "writing" };
        var results = new List<GenerationResult>();
        var began = clock.Elapsed;
        await progress.RunAsync(async () =>
        {
            await using var engine = new GenerationEngine(model);
            var tickets = engine.Submit(requests, cancellationToken);
            try
            {
                await view.FollowAsync(prompts, tickets, progress.Advance);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // what is whole is told below
            }

            foreach (var ticket in tickets)
            {
                try
                {
                    results.Add(await ticket.Result);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    // not whole
                }
            }
        });
        if (results.Count > 0)
        {
            Tell(model, results, method, loaded, clock.Elapsed - began, backend.Name);
        }

        if (results.Count == requests.Length)
        {
            return 0;
        }

        await Error.WriteLineAsync($"augur: stopped; {results.Count} of {requests.Length} texts are whole.");
        return CommandRunner.Cancelled;
    }

    private List<TextContender> Ways(DiffusionModel model, GenerationRequest request)
    {
        List<TextContender> ways = [TextContender.Reference];
        var identity = ModelIdentity.Of(model, model.Path);
        foreach (var contender in Contenders)
        {
            var (way, note) = contender.For(request, identity);
            ways.Add(way);
            if (note is not null)
            {
                Terminal.WriteText(Error, $"Note on {way.Name}: {note}.");
            }
        }

        return ways;
    }

    // A sampler that ends by itself makes a call per token at most.
    private static long CallsOf(GenerationRequest request) =>
        request is { Sampler: TokenSampler { MayEndEarly: true }, LatentShape: { } shape } ? shape[0] : request.Steps;

    private string Told(DiffusionModel model, string prompt) => !IsChat ? prompt
        : model.Chat?.Write([new ChatTurn("user", prompt)])
            ?? throw CommandException.WrongUse($"--chat: {Paths.Main} has no chat template in its tokenizer_config.json.");

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
                    Notes = [.. Notes(first)],
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
        foreach (var note in Notes(first).Concat(method.Note is { } unmeasured ? summary.Notes.Prepend(unmeasured) : summary.Notes))
        {
            Terminal.WriteText(Error, $"Note: {note}.");
        }
    }

    // What of a request is not as one might think.
    private IEnumerable<string> Notes(GenerationRequest request)
    {
        if (Count > 1 && request.Sampler is LladaSampler { Options: { Temperature: 0, Remasking: Remasking.LowConfidence } }
            or DreamSampler { Options: { Temperature: 0, AlgorithmTemperature: 0, Algorithm: not DreamAlgorithm.Origin } })
        {
            yield return $"at temperature 0 nothing is drawn, and the {Count} texts of a prompt are equal; "
                + $"--sampler \"{request.Sampler.Name.Split('(')[0]}(temperature=0.5)\" draws";
        }

        var (length, steps) = (request.LatentShape!.Value[0], request.Steps);
        if (Description.Sampler is null && length > LladaSampler.UsualBlock && request.Sampler is LladaSampler { Options.Block: null })
        {
            yield return $"{length} tokens in {steps} steps have no blocks of {LladaSampler.ShortestBlock} to {LladaSampler.UsualBlock} tokens, "
                + "and are written as one";
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
