using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;

namespace Augur.Cli.Commands;

/// <summary>One <c>augur generate</c>: checks what was asked, draws in batches, writes the grid and the report.</summary>
internal sealed record GenerateRun
{
    private const int DefaultCount = 16;
    private const int MaxCount = 4096;
    private const int VisibleSize = 128;

    public required IReadOnlyList<string> Names { get; init; }

    public required IReadOnlyList<int> Classes { get; init; }

    public required int? Count { get; init; }

    public required string? Model { get; init; }

    public required string? Autoencoder { get; init; }

    public required string Out { get; init; }

    public required bool Each { get; init; }

    public required int? Steps { get; init; }

    public required string? Sampler { get; init; }

    public required double? Guidance { get; init; }

    public required string? GuidanceChannels { get; init; }

    public required long Seed { get; init; }

    public required string Noise { get; init; }

    public required int? Size { get; init; }

    public required int? Threads { get; init; }

    public required bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        RequireWritable(Out);
        var clock = Stopwatch.StartNew();
        using var backend = ComputeOptions.Backend(Threads);
        using var model = Model is null ? ModelCatalog.LoadBuiltIn(backend) : ModelCatalog.Load(Model, backend, Autoencoder);
        var loadTime = clock.Elapsed;
        var requests = Requests(model);
        var scale = Enlargement(model);

        backend.ResetPeak();
        var results = new List<GenerationResult>();
        var cancelled = false;
        try
        {
            await DrawAsync(model, requests, results, cancellationToken);
        }
        catch (OperationCanceledException) when (results.Count > 0)
        {
            cancelled = true; // finished pictures are kept
        }

        var parameters = Describe(model, results);
        var files = Write(results, parameters, scale);
        Report(results, parameters, files, loadTime, clock.Elapsed, backend);
        if (cancelled)
        {
            await Error.WriteLineAsync($"augur: stopped; the {results.Count} of {requests.Count} pictures that were finished are in {Out}.");
        }

        return cancelled ? CommandRunner.Cancelled : 0;
    }

    private async Task DrawAsync(DiffusionModel model, List<GenerationRequest> requests, List<GenerationResult> results, CancellationToken cancellationToken)
    {
        var pipeline = new GenerationPipeline(model);
        var perBatch = Math.Max(1, pipeline.Options.MaxRows / 2);
        var progress = new StepProgress(Json ? TextWriter.Null : Error, requests.Sum(r => (long)r.Steps));
        await progress.RunAsync(async () =>
        {
            foreach (var batch in requests.Chunk(perBatch))
            {
                results.AddRange(await pipeline.GenerateAsync(batch, _ => progress.Advance(), cancellationToken));
            }
        });
    }

    private List<GenerationRequest> Requests(DiffusionModel model)
    {
        var labels = Names.Select(model.Classes.Find).Concat(Classes.Select(c => CheckClass(c, model.Denoiser.ClassCount))).ToList();
        var count = Count ?? (labels.Count > 0 ? labels.Count : DefaultCount);
        if (count is < 1 or > MaxCount)
        {
            throw CommandException.WrongUse($"--count can be 1 to {MaxCount}, not {count}.");
        }

        if (labels.Count == 0)
        {
            labels = [.. Enumerable.Range(0, model.Denoiser.ClassCount)];
        }

        var defaults = model.Defaults;
        var channels = GuidanceChannels switch
        {
            null => defaults.Guidance.Channels,
            "all" => Pipelines.GuidanceChannels.All,
            _ => Pipelines.GuidanceChannels.FirstThree,
        };
        var sampler = Sampler is null ? defaults.Sampler : Samplers.Parse(Sampler);
        var noise = NoiseCatalog.Parse(Noise, model.Denoiser.LatentShape, count);
        return [.. Enumerable.Range(0, count).Select(i => model.Request(labels[i % labels.Count], unchecked(Seed + i)) with
        {
            Steps = Steps ?? defaults.Steps,
            Sampler = sampler,
            Guidance = new Guidance(Guidance ?? defaults.Guidance.Scale, channels),
            Noise = seed => noise(seed, i),
        })];
    }

    private static int CheckClass(int label, int classCount) => label >= 0 && label < classCount ? label
        : throw CommandException.WrongUse($"--class can be 0 to {classCount - 1}, not {label}.");

    private int Enlargement(DiffusionModel model)
    {
        var own = model.Denoiser.LatentShape[2] * model.Decoder.PixelsPerCell;
        if (Size is not { } size)
        {
            return own >= VisibleSize ? 1 : (VisibleSize + own - 1) / own;
        }

        return size >= own && size <= 8192 && size % own == 0 ? size / own
            : throw CommandException.WrongUse($"--size can be {own}, this model's own, or a whole multiple of it up to 8192, not {size}.");
    }

    private GenerationParameters Describe(DiffusionModel model, List<GenerationResult> results)
    {
        var first = results[0].Request;
        var guidance = first.Guidance!.Value;
        return new GenerationParameters
        {
            Version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Model = Model is null ? "built-in emoji" : Path.GetFileName(Path.TrimEndingDirectorySeparator(Model)),
            Sampler = first.Sampler!.Name,
            Steps = first.Steps,
            Guidance = guidance.Scale,
            GuidanceChannels = guidance.Channels == Pipelines.GuidanceChannels.All ? "all" : "first-three",
            Noise = Noise.StartsWith("file:", StringComparison.Ordinal) ? $"file:{Path.GetFileName(Noise[5..])}" : Noise,
            Policy = first.Cache.Name,
            Pictures = [.. results.Select(r => new PictureParameters(
                r.Request.Label, r.Request.Label < model.Classes.Names.Count ? model.Classes.Names[r.Request.Label] : null, r.Request.Seed))],
        };
    }

    private List<string> Write(List<GenerationResult> results, GenerationParameters parameters, int scale)
    {
        var columns = (int)Math.Ceiling(Math.Sqrt(results.Count));
        var grid = ImageGrid.Compose([.. results.Select(r => r.Image)], columns, new ImageGridOptions { Enlargement = scale });
        grid.SavePng(Out, Text(parameters));
        var files = new List<string>();
        for (var i = 0; Each && i < results.Count; i++)
        {
            var path = Path.Combine(Path.GetDirectoryName(Out) ?? "", string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(Out)}-{i:000}.png"));
            var alone = parameters with { Pictures = [parameters.Pictures[i]] };
            results[i].Image.Enlarge(scale).SavePng(path, Text(alone));
            files.Add(path);
        }

        return files;
    }

    private static Dictionary<string, string> Text(GenerationParameters parameters) =>
        new() { ["parameters"] = JsonSerializer.Serialize(parameters, CliJson.Compact.GenerationParameters) };

    private void Report(
        List<GenerationResult> results, GenerationParameters parameters, List<string> files, TimeSpan loadTime, TimeSpan total, CpuBackend backend)
    {
        var report = new GenerationOutput
        {
            Grid = Out,
            Files = files,
            Parameters = parameters,
            NetworkCalls = results.Sum(r => r.Report.Calls.Count),
            TotalFlops = results.Sum(r => (double)r.Report.Cost.TotalFlops),
            LoadSeconds = loadTime.TotalSeconds,
            NetworkSeconds = results.Sum(r => (r.Report.Cost.ComputeTime + r.Report.Cost.ForecastTime + r.Report.Cost.VerifyTime).TotalSeconds),
            DecodeSeconds = results.Sum(r => r.Report.Cost.DecodeTime.TotalSeconds),
            TotalSeconds = total.TotalSeconds,
            ImagesPerSecond = results.Count / Math.Max(1e-9, (total - loadTime).TotalSeconds),
            PeakTensorBytes = backend.PeakBytesInUse,
            Backend = backend.Name,
        };
        Output.WriteLine(Json
            ? JsonSerializer.Serialize(report, CliJson.Indented.GenerationOutput)
            : string.Create(CultureInfo.InvariantCulture, $"{Out}: {results.Count} {(results.Count == 1 ? "picture" : "pictures")} in {report.TotalSeconds:0.0} s ({report.NetworkCalls} network calls, {report.TotalFlops / 1e12:0.00} TFLOP, {report.TotalFlops / 1e9 / Math.Max(1e-9, report.NetworkSeconds):0} GFLOP/s, peak {report.PeakTensorBytes / 1048576.0:0} MiB; {report.Backend})"));
    }

    // Found out before the work, not after it.
    private static void RequireWritable(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Directory.Exists(path) || !Directory.Exists(folder))
        {
            throw CommandException.WrongUse(Directory.Exists(path) ? $"--out {path} is a folder; give a file name." : $"--out {path}: there is no folder {folder}.");
        }
    }
}
