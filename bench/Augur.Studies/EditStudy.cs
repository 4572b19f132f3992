using System.Diagnostics;
using Augur.Catalogs;
using Augur.Decoding;
using Augur.Metrics;
using Augur.Pipelines;
using Augur.Sampling;

namespace Augur.Studies;

/// <summary>
/// Pictures that a model drew are inverted, and a part of each is drawn anew as something else: agreement with the uncached edit inside, with the
/// source outside, and what it costs; and how near the way back from an inversion comes.
/// </summary>
internal static class EditStudy
{
    private const int Steps = 28; // as EEdit
    private const int Batch = 8;

    private static readonly Contender[] s_contenders =
    [
        new("uncached edit", "none", 1),
        new("EEdit", "eedit", 3),
        new("without skipped steps", "eedit", 1),
        new("without locality", "eedit(region=none)", 3),
        new("without tables", "eedit(tables=false)", 3),
        new("skipped steps alone", "none", 3),
        new("EEdit, a quarter of the tokens", "eedit(ratio=0.25)", 3),
        new("EEdit, forecasting the others", "eedit(draft=taylor(order=1))", 3),
        new("fora", "fora(interval=3)", 1),
        new("taylorseer", "taylorseer(interval=3,order=1)", 1),
        new("toca", "toca(schedule=constant,ratio=0.1)", 1),
        new("toca with the region", "toca(schedule=constant,ratio=0.1,region=mask)", 1),
        new("SDEdit, equal cost", "none", 0, SdSteps: (16, 20)),
        new("EEdit, no ring around the region", "eedit(region=mask(rings=1))", 3),
        new("taylorseer and skipped steps", "taylorseer(interval=3,order=1)", 3),
    ];

    /// <param name="model">The model.</param>
    /// <param name="count">Pictures.</param>
    /// <param name="methods">Numbers of the methods after the uncached edit, from 1 on; none: all.</param>
    /// <param name="output">Receives the table.</param>
    public static async Task RunAsync(DiffusionModel model, int count, int[] methods, TextWriter output)
    {
        var pipeline = new GenerationPipeline(model);
        var tasks = EditTask.Of(model, count);
        var sources = await DrawAsync(pipeline, [.. tasks.Select((t, i) => Asked(model, t.Source, 4000 + i, Steps))]);
        RgbImage[] pictures = [.. sources.Select(s => s.Image)];
        output.WriteLine("| method | skip | calls | GFLOP | FLOPs | s | time | inside dB | inside error | outside |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        IReadOnlyList<GenerationResult>? reference = null;
        (double Flops, double Seconds) uncached = default;
        foreach (var contender in s_contenders.Take(1).Concat(methods.Length == 0 ? s_contenders[1..] : methods.Select(m => s_contenders[m])))
        {
            var clock = Process.GetCurrentProcess().TotalProcessorTime;
            var (edits, inversions) = await EditAsync(model, pipeline, pictures, tasks, contender);
            var seconds = (Process.GetCurrentProcess().TotalProcessorTime - clock).TotalSeconds / count;
            reference ??= edits;
            var reports = edits.Concat(inversions).Select(e => e.Report).ToArray();
            var flops = reports.Sum(r => (double)r.Cost.TotalFlops) / count;
            uncached = uncached == default ? (flops, seconds) : uncached;
            var inside = edits.Select((e, i) => Inside(e, reference[i], tasks[i].Mask)).ToArray();
            var calls = reports.Sum(r => r.Calls.Count) / (double)count;
            output.WriteLine(FormattableString.Invariant(
                $"| {contender.Name}: `{contender.Policy}` | {contender.Skip} | {calls:0.0} | {flops / 1e9:0.0} ")
                + FormattableString.Invariant($"| {uncached.Flops / flops:0.00}x | {seconds:0.00} | {uncached.Seconds / seconds:0.00}x ")
                + FormattableString.Invariant($"| {inside.Average(i => i.Psnr):0.0} | {inside.Average(i => i.Error):0.000} ")
                + FormattableString.Invariant($"| {edits.Select(OutsideOf).Max():0.###} |"));
        }
    }

    /// <summary>Edits as pictures, rows of source, uncached edit and EEdit's.</summary>
    /// <param name="model">The model.</param>
    /// <param name="count">Pictures.</param>
    /// <param name="path">PNG that is written.</param>
    public static async Task ShowAsync(DiffusionModel model, int count, string path)
    {
        var pipeline = new GenerationPipeline(model);
        var tasks = EditTask.Of(model, count);
        var sources = await DrawAsync(pipeline, [.. tasks.Select((t, i) => Asked(model, t.Source, 4000 + i, Steps))]);
        RgbImage[] pictures = [.. sources.Select(s => s.Image)];
        var (uncached, _) = await EditAsync(model, pipeline, pictures, tasks, s_contenders[0]);
        var (fast, _) = await EditAsync(model, pipeline, pictures, tasks, s_contenders[1]);
        var rows = pictures.Concat(uncached.Select(e => e.Image)).Concat(fast.Select(e => e.Image)).ToArray();
        ImageGrid.Compose(rows, count).SavePng(path);
    }

    /// <summary>How near the way back from an inversion comes to the picture.</summary>
    /// <param name="model">The model.</param>
    /// <param name="count">Pictures.</param>
    /// <param name="output">Receives the table.</param>
    public static async Task InvertAsync(DiffusionModel model, int count, TextWriter output)
    {
        var pipeline = new GenerationPipeline(model);
        var tasks = EditTask.Of(model, count);
        var sources = await DrawAsync(pipeline, [.. tasks.Select((t, i) => Asked(model, t.Source, 4000 + i, Steps))]);
        await RoundTripsAsync(model, pipeline, [.. sources.Select(s => s.Image)], tasks, output);
    }

    private static GenerationRequest Asked(DiffusionModel model, Conditioning.Condition condition, long seed, int steps) =>
        new() { Condition = condition, Seed = seed, Steps = steps, Guidance = model.Defaults.Guidance, Sampler = model.Defaults.Sampler };

    private static async Task<(List<GenerationResult> Edits, List<GenerationResult> Inversions)> EditAsync(
        DiffusionModel model, GenerationPipeline pipeline, RgbImage[] pictures, EditTask[] tasks, Contender contender)
    {
        var editor = new PictureEditor(model);
        GenerationRequest[] requests = [.. pictures.Select((picture, i) => Pulled(model, editor.From(
            Asked(model, tasks[i].Target, i, StepsOf(contender, model)) with { Cache = PolicyCatalog.Parse(contender.Policy) },
            picture, tasks[i].Mask)))];
        if (contender.SdSteps is not null)
        {
            return (await DrawAsync(pipeline, requests), []);
        }

        var inversions = await DrawAsync(pipeline, [.. requests.Select((request, i) => editor.Inversion(
            request, new() { Skip = contender.Skip, Condition = tasks[i].Source }))]);
        return (await DrawAsync(pipeline, [.. requests.Zip(inversions, PictureEditor.Redrawn)]), inversions);
    }

    // EEdit's cost in steps without an inversion.
    private static int StepsOf(Contender contender, DiffusionModel model) => contender.SdSteps is not { } sd ? Steps
        : model.Denoiser.Prediction == Prediction.Flow ? sd.Flow : sd.Diffusion;

    // Flow models are drawn towards the picture in the first steps, as EEdit has it.
    private static GenerationRequest Pulled(DiffusionModel model, GenerationRequest request) => model.Denoiser.Prediction != Prediction.Flow ? request
        : request with { Source = request.Source! with { Pull = 0.7, PullSteps = 6 } };

    private static async Task RoundTripsAsync(
        DiffusionModel model, GenerationPipeline pipeline, RgbImage[] pictures, EditTask[] tasks, TextWriter output)
    {
        var editor = new PictureEditor(model);
        output.WriteLine("| skip | iterations | calls of the inversion | latent error | PSNR dB |");
        output.WriteLine("|---:|---:|---:|---:|---:|");
        (int Skip, int Iterations)[] ways = model.Denoiser.Prediction == Prediction.Flow ? [(1, 1), (2, 1), (3, 1)]
            : [(1, 1), (1, 2), (1, 4), (2, 1), (3, 1)];
        foreach (var (skip, iterations) in ways)
        {
            GenerationRequest[] requests = [.. pictures.Select((picture, i) => editor.From(
                Asked(model, tasks[i].Source, i, Steps) with { Guidance = new Conditioning.Guidance(1) }, picture))];
            var there = await DrawAsync(pipeline, [.. requests.Select((r, i) => editor.Inversion(
                r, new() { Skip = skip, Iterations = iterations, Condition = tasks[i].Source, Gamma = 0 }))]);
            var back = await DrawAsync(pipeline, [.. requests.Zip(there, PictureEditor.Redrawn)]);
            var errors = back.Zip(requests, (b, r) => PictureEditor.Distance(b.Latent, r.Source!.Latent)).ToArray();
            var decibels = back.Zip(pictures, (b, p) => Math.Min(PictureDifference.PsnrCap, PixelError.Psnr(b.Image, p))).ToArray();
            output.WriteLine(FormattableString.Invariant(
                $"| {skip} | {iterations} | {there[0].Report.Calls.Count} | {errors.Average():0.0000} | {decibels.Average():0.0} |"));
        }
    }

    private static async Task<List<GenerationResult>> DrawAsync(GenerationPipeline pipeline, GenerationRequest[] requests)
    {
        var results = new List<GenerationResult>();
        foreach (var part in requests.Chunk(Batch))
        {
            results.AddRange(await pipeline.GenerateAsync(part));
        }

        return results;
    }

    // PSNR over the pixels of the mask, and ‖a − b‖ / ‖b‖ of the latent there.
    private static (double Psnr, double Error) Inside(GenerationResult edit, GenerationResult reference, RgbImage mask)
    {
        double squares = 0, apart = 0, length = 0;
        var values = 0;
        for (var i = 0; i < edit.Image.Rgb.Length; i++)
        {
            if (mask.Rgb[i] > 0)
            {
                var difference = edit.Image.Rgb[i] - reference.Image.Rgb[i];
                (squares, values) = (squares + (difference * difference), values + 1);
            }
        }

        var cells = edit.Request.Source!.Mask;
        for (var i = 0; i < edit.Latent.Length; i++)
        {
            if (cells[i % cells.Length] > 0)
            {
                var difference = (double)edit.Latent[i] - reference.Latent[i];
                (apart, length) = (apart + (difference * difference), length + ((double)reference.Latent[i] * reference.Latent[i]));
            }
        }

        var psnr = squares == 0 ? PictureDifference.PsnrCap : 10 * Math.Log10(255.0 * 255 * values / squares);
        return (Math.Min(PictureDifference.PsnrCap, psnr), Math.Sqrt(apart / length));
    }

    // Largest difference of the latent from the source's where the mask is black.
    private static double OutsideOf(GenerationResult edit)
    {
        var source = edit.Request.Source!;
        return Enumerable.Range(0, edit.Latent.Length).Where(i => source.Mask[i % source.Mask.Length] == 0)
            .Max(i => Math.Abs((double)edit.Latent[i] - source.Latent.Values[i]));
    }

    private sealed record Contender(string Name, string Policy, int Skip, (int Diffusion, int Flow)? SdSteps = null);
}
