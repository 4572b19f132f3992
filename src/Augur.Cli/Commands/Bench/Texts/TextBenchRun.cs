using System.Reflection;
using Augur.Cli.Commands.Options;
using Augur.Pipelines;
using Augur.Requests;
using Augur.Tensors;
using Augur.Tuning;

namespace Augur.Cli.Commands.Bench.Texts;

/// <summary>
/// One <c>augur bench</c> of a model that writes: checks what was asked, measures what is missing in the folder, writes table and page.
/// </summary>
internal sealed record TextBenchRun
{
    private const int DefaultCount = 8;
    private const int DefaultBeginning = 24;

    public required Drawing Drawing { get; init; }

    /// <summary>Tokens of a text; null: the model's.</summary>
    public required int? Length { get; init; }

    /// <summary>Tokens of beginnings that the model writes for itself; null: the default, where no prompts are given.</summary>
    public required int? Beginning { get; init; }

    public required string Policies { get; init; }

    /// <summary>Whether the uncached run with as few steps as cost the same takes part.</summary>
    public required bool WithBaselines { get; init; }

    public required string Out { get; init; }

    public bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var asked = TextContender.ParseList(Policies);
        var description = WritingDescription.Of(Drawing.Description, Length);
        var given = Drawing.Description.AllPrompts();
        if (given.Count > 0 && Beginning is not null)
        {
            throw CommandException.WrongUse("--beginning is of texts that the model begins by itself; prompts are given.");
        }

        using var backend = Drawing.Compute.Open();
        using var model = Drawing.LoadWriter(backend);
        var count = Drawing.Count ?? (given.Count > 0 ? given.Count : DefaultCount);
        var beginning = given.Count > 0 ? (int?)null : Beginning ?? DefaultBeginning;
        string[] prompts = beginning is { } tokens ? [.. await TextBeginnings.WriteAsync(model, count, tokens, Drawing.Seed, cancellationToken)]
            : [.. Enumerable.Range(0, count).Select(i => given[i % given.Count])];
        var requests = description.Requests(model, prompts);
        IReadOnlyList<TextContender> contenders = [TextContender.Reference, .. asked.Select(c => Fitted(c, model, requests[0]))];
        using var results = TextBenchResults.Open(new BenchFolder(Out), Header(model, requests, given, beginning, backend));
        if (results.IsTorn)
        {
            await Error.WriteLineAsync($"{results.Folder.Results}: the last line was not whole, and is left out.");
        }

        var race = new TextBenchTiming(model, requests, prompts, results, Time);
        var progress = new StepProgress(Json ? TextWriter.Null : Error, race.Missing(contenders, WithBaselines)) { Title = "writing", Unit = "text" };
        try
        {
            await progress.RunAsync(() => race.RunAsync(contenders, WithBaselines, progress, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            var done = results.Chunks.Count(c => c.Text is not null);
            await Error.WriteLineAsync($"augur: stopped; the {done} texts measured so far are in {Out}, and the same command goes on from there.");
            return CommandRunner.Cancelled;
        }

        new TextBenchReport(results).Write(Output, Json);
        return 0;
    }

    private TextContender Fitted(TextContender contender, DiffusionModel model, GenerationRequest request)
    {
        var (way, note) = contender.For(request, ModelIdentity.Of(model, Drawing.Paths.Main));
        if (note is not null)
        {
            Terminal.WriteText(Error, $"Note on {way.Name}: {note}.");
        }

        return way;
    }

    private BenchHeader Header(
        DiffusionModel model, IReadOnlyList<GenerationRequest> requests, IReadOnlyList<string> prompts, int? beginning, IBackend backend) => new()
        {
            Version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Model = Path.GetFileName(Path.TrimEndingDirectorySeparator(Drawing.Paths.Main)),
            ModelPath = Drawing.Model,
            Autoencoder = null,
            ModelHash = ModelFiles.Hash(Drawing.Paths.All().Select(part => part.Path)),
            Sampler = requests[0].Sampler!.Name,
            Steps = requests[0].Steps,
            Guidance = requests[0].Guidance!.Value.Scale,
            GuidanceChannels = "all",
            Noise = "none",
            CacheBudget = Drawing.CacheBudget,
            MemoryBudget = null,
            Classes = [],
            Prompts = prompts,
            Parts =
            [
                .. Drawing.Paths.All().Where(part => part.Option != "--model").SelectMany(part => (string[])[part.Option, part.Path]),
                .. Drawing.Compute.Words(),
            ],
            Length = requests[0].LatentShape!.Value[0],
            Beginning = beginning,
            Count = requests.Count,
            Seed = Drawing.Seed,
            Batch = 1,
            Enlargement = 1,
            Machine = Machine.DescribeHardware(backend),
            Runtime = Machine.Runtime,
            Threads = Drawing.Compute.Threads,
            Date = Time.GetUtcNow(),
        };
}
