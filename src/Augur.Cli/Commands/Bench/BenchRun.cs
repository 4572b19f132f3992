using Augur.Catalogs;
using Augur.Cli.Commands.Compare;
using Augur.Cli.Commands.Options;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tuning;

namespace Augur.Cli.Commands.Bench;

/// <summary>One <c>augur bench</c>: checks what was asked, measures what is missing in the folder, writes table and page.</summary>
internal sealed record BenchRun
{
    public const int MaxBatch = 256;

    public required Drawing Drawing { get; init; }

    public required string Policies { get; init; }

    public required int Batch { get; init; }

    /// <summary>Whether the uncached run with as few steps as cost the same takes part.</summary>
    public required bool WithBaselines { get; init; }

    public required string Out { get; init; }

    /// <summary>Inception weights, for FID; null: none.</summary>
    public string? Inception { get; init; }

    /// <summary>Whether the report is JSON.</summary>
    public bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var contenders = Contender.ParseList(Policies);
        // Guided pictures have two rows; a whole batch shares its calls.
        var options = Drawing.EngineOptions with { MaxRows = 2 * Batch };
        using var backend = Drawing.Compute.Open();
        using var model = Drawing.Load(backend);
        using var features = new BenchFeatures(backend, Inception);
        var requests = Drawing.Requests(model);
        contenders = Contender.For(contenders, requests[0], ModelIdentity.Of(model, Drawing.Paths.Main, Drawing.Loras), Error);
        using var results = BenchResults.Open(new BenchFolder(Out), Header(model, requests, backend));
        if (results.IsTorn)
        {
            await Error.WriteLineAsync($"{results.Folder.Results}: the last line was not whole, and is left out.");
        }

        var race = new BenchTiming(model, options, requests, results, Time);
        var progress = new StepProgress(Json ? TextWriter.Null : Error, race.Steps(contenders, WithBaselines));
        try
        {
            await progress.RunAsync(async () =>
            {
                await progress.EncodeAsync(model, requests);
                await race.RunAsync(contenders, WithBaselines, progress, cancellationToken);
            });
        }
        catch (OperationCanceledException)
        {
            var done = results.Chunks.Where(c => c.Pictures.Count > 0).Sum(c => c.Count);
            await Error.WriteLineAsync($"augur: stopped; the {done} pictures measured so far are in {Out}, and the same command goes on from there.");
            return CommandRunner.Cancelled;
        }

        new BenchReport(results, features).Write(Output, Json);
        return 0;
    }

    private IEnumerable<string> ModelHashed()
    {
        var given = Drawing.Paths.All().Select(part => part.Path);
        return Drawing is { Model: null, Transformer: null } ? given.Prepend(ModelCatalog.BuiltInPath) : given;
    }

    private BenchHeader Header(DiffusionModel model, IReadOnlyList<GenerationRequest> requests, IBackend backend)
    {
        var scale = Drawing.Enlargement(model);
        var parameters = Drawing.Describe(model, requests, Policies);
        return new BenchHeader
        {
            Version = parameters.Version,
            Model = parameters.Model + parameters.WithLoras,
            ModelPath = Drawing.Model,
            Autoencoder = Drawing.Autoencoder,
            ModelHash = ModelFiles.Hash(ModelHashed()),
            Sampler = parameters.Sampler,
            Steps = parameters.Steps,
            Guidance = parameters.Guidance,
            GuidanceChannels = parameters.GuidanceChannels,
            GuidanceInterval = parameters.GuidanceInterval,
            Noise = Drawing.Noise,
            CacheBudget = Drawing.CacheBudget,
            MemoryBudget = Drawing.MemoryBudget,
            Classes = model.TakesPrompts ? [] : Drawing.Description.ClassNumbers(model),
            Prompts = model.TakesPrompts ? Drawing.Description.AllPrompts() : [],
            Negative = Drawing.Description.Negative,
            Parts =
            [
                .. Drawing.Paths.All().Where(given => given.Option is not ("--model" or "--vae" or "--lora"))
                    .SelectMany(p => (string[])[p.Option, p.Path]),
                .. Drawing.Loras.SelectMany(lora => (string[])["--lora", lora.ToString()]),
                .. Drawing.Compute.Words(),
            ],
            Count = requests.Count,
            Seed = Drawing.Seed,
            Batch = Batch,
            Enlargement = scale,
            Machine = Machine.DescribeHardware(backend),
            Runtime = Machine.Runtime,
            Threads = Drawing.Compute.Threads,
            Date = Time.GetUtcNow(),
        };
    }
}
