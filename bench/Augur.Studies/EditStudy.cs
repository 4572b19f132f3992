using System.Diagnostics;
using Augur.Catalogs;
using Augur.Conditioning;
using Augur.Decoding;
using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Studies;

/// <summary>
/// Pictures of one class are inverted and their middle is drawn anew as another class: agreement with the uncached edit inside, with the source
/// outside, and what it costs; and how near the way back from an inversion comes.
/// </summary>
internal static class EditStudy
{
    private const int Steps = 28; // as EEdit
    private const int Side = 32;
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
        new("SDEdit, equal cost", "none", 0, SdSteps: 16),
        new("EEdit, no ring around the region", "eedit(region=mask(rings=1))", 3),
    ];

    /// <param name="model">The built-in model.</param>
    /// <param name="count">Pictures.</param>
    /// <param name="methods">Numbers of the methods after the uncached edit, from 1 on; none: all.</param>
    /// <param name="output">Receives the table.</param>
    public static async Task RunAsync(DiffusionModel model, int count, int[] methods, TextWriter output)
    {
        var pipeline = new GenerationPipeline(model);
        var sources = await DrawAsync(pipeline, [.. Enumerable.Range(0, count).Select(i => model.Request(i % 72, 4000 + i) with { Steps = Steps })]);
        RgbImage[] pictures = [.. sources.Select(s => s.Image)];
        var mask = Box(Side / 4, Side - (Side / 4));
        output.WriteLine("| method | skip | calls | GFLOP | FLOPs | s | time | inside dB | inside error | outside |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        IReadOnlyList<GenerationResult>? reference = null;
        (double Flops, double Seconds) uncached = default;
        foreach (var contender in s_contenders.Take(1).Concat(methods.Length == 0 ? s_contenders[1..] : methods.Select(m => s_contenders[m])))
        {
            var clock = Stopwatch.StartNew();
            var (edits, inversions) = await EditAsync(model, pipeline, pictures, mask, contender);
            clock.Stop();
            reference ??= edits;
            var reports = edits.Concat(inversions).Select(e => e.Report).ToArray();
            var (flops, seconds) = (reports.Sum(r => (double)r.Cost.TotalFlops) / count, clock.Elapsed.TotalSeconds / count);
            uncached = uncached == default ? (flops, seconds) : uncached;
            var inside = edits.Zip(reference, (e, r) => Inside(e, r)).ToArray();
            var calls = reports.Sum(r => r.Calls.Count) / (double)count;
            output.WriteLine(FormattableString.Invariant(
                $"| {contender.Name}: `{contender.Policy}` | {contender.Skip} | {calls:0.0} | {flops / 1e9:0} ")
                + FormattableString.Invariant($"| {uncached.Flops / flops:0.00}x | {seconds:0.00} | {uncached.Seconds / seconds:0.00}x ")
                + FormattableString.Invariant($"| {inside.Average(i => i.Psnr):0.0} | {inside.Average(i => i.Error):0.000} ")
                + FormattableString.Invariant($"| {edits.Zip(pictures, Outside).Max()} |"));
        }
    }

    /// <summary>How near the way back from an inversion comes to the picture.</summary>
    /// <param name="model">The built-in model.</param>
    /// <param name="count">Pictures.</param>
    /// <param name="output">Receives the table.</param>
    public static async Task InvertAsync(DiffusionModel model, int count, TextWriter output)
    {
        var pipeline = new GenerationPipeline(model);
        var sources = await DrawAsync(pipeline, [.. Enumerable.Range(0, count).Select(i => model.Request(i % 72, 4000 + i) with { Steps = Steps })]);
        await RoundTripsAsync(model, pipeline, [.. sources.Select(s => s.Image)], output);
    }

    private static async Task<(List<GenerationResult> Edits, List<GenerationResult> Inversions)> EditAsync(
        DiffusionModel model, GenerationPipeline pipeline, RgbImage[] pictures, RgbImage mask, Contender contender)
    {
        var editor = new PictureEditor(model);
        GenerationRequest[] requests = [.. pictures.Select((picture, i) => editor.From(
            model.Request(Target(i), i) with { Steps = contender.SdSteps ?? Steps, Cache = PolicyCatalog.Parse(contender.Policy) }, picture, mask))];
        if (contender.SdSteps is not null)
        {
            return (await DrawAsync(pipeline, requests), []);
        }

        var inversions = await DrawAsync(pipeline, [.. requests.Select((request, i) => editor.Inversion(
            request, new() { Skip = contender.Skip, Condition = Condition.Class(i % 72) }))]);
        return (await DrawAsync(pipeline, [.. requests.Zip(inversions, PictureEditor.Redrawn)]), inversions);
    }

    private static async Task RoundTripsAsync(DiffusionModel model, GenerationPipeline pipeline, RgbImage[] pictures, TextWriter output)
    {
        var editor = new PictureEditor(model);
        output.WriteLine("| skip | iterations | calls of the inversion | latent error | PSNR dB |");
        output.WriteLine("|---:|---:|---:|---:|---:|");
        foreach (var (skip, iterations) in new[] { (1, 1), (1, 2), (1, 4), (2, 1), (3, 1) })
        {
            GenerationRequest[] requests = [.. pictures.Select((picture, i) => editor.From(
                model.Request(i % 72, i) with { Steps = Steps, Guidance = new Guidance(1) }, picture))];
            var there = await DrawAsync(pipeline, [.. requests.Select((r, i) => editor.Inversion(
                r, new() { Skip = skip, Iterations = iterations, Condition = Condition.Class(i % 72) }))]);
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

    private static int Target(int index) => ((7 * index) + 13) % 72;

    private static RgbImage Box(int from, int to) => new(
        Side, Side, [.. Enumerable.Range(0, 3 * Side * Side).Select(i => IsInside(i / 3, from, to) ? (byte)255 : (byte)0)]);

    private static bool IsInside(int pixel, int from = Side / 4, int to = Side - (Side / 4)) =>
        pixel % Side >= from && pixel % Side < to && pixel / Side >= from && pixel / Side < to;

    // PSNR over the pixels of the mask, and ‖a − b‖ / ‖b‖ of the latent there.
    private static (double Psnr, double Error) Inside(GenerationResult edit, GenerationResult reference)
    {
        double squares = 0, apart = 0, length = 0;
        var values = 0;
        for (var i = 0; i < edit.Image.Rgb.Length; i++)
        {
            if (IsInside(i / 3))
            {
                var difference = edit.Image.Rgb[i] - reference.Image.Rgb[i];
                (squares, values) = (squares + (difference * difference), values + 1);
            }
        }

        for (var i = 0; i < edit.Latent.Length; i++)
        {
            if (IsInside(i % (Side * Side)))
            {
                var difference = (double)edit.Latent[i] - reference.Latent[i];
                (apart, length) = (apart + (difference * difference), length + ((double)reference.Latent[i] * reference.Latent[i]));
            }
        }

        var psnr = squares == 0 ? PictureDifference.PsnrCap : 10 * Math.Log10(255.0 * 255 * values / squares);
        return (Math.Min(PictureDifference.PsnrCap, psnr), Math.Sqrt(apart / length));
    }

    // Largest difference of a colour value outside the mask, in levels.
    private static int Outside(GenerationResult edit, RgbImage picture) =>
        Enumerable.Range(0, picture.Rgb.Length).Where(i => !IsInside(i / 3)).Max(i => Math.Abs(edit.Image.Rgb[i] - picture.Rgb[i]));

    private sealed record Contender(string Name, string Policy, int Skip, int? SdSteps = null);
}
