using System.Diagnostics;
using Augur.Catalogs;
using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Studies;

/// <summary>Batches of eight under policies that decide per sample or for the batch: what is computed, how fast, how good.</summary>
internal static class BatchStudy
{
    private const int Batch = 8;

    public static async Task RunAsync(DiffusionModel model, int groups, string[] policies, TextWriter output)
    {
        var pipeline = new GenerationPipeline(model);
        var reference = new List<GenerationResult>();
        await DrawAsync("none", reference);
        output.WriteLine($"{groups} batches of {Batch}, each begun together.");
        output.WriteLine();
        output.WriteLine("| policy | calls computed per picture | rejected | FLOPs speed-up | pictures per second | PSNR, dB | worst picture |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var text in policies)
        {
            var results = new List<GenerationResult>();
            var seconds = await DrawAsync(text, results);
            var psnr = results.Zip(reference, (a, b) => PictureDifference.Between(a, b).CappedPsnr).ToArray();
            output.WriteLine($"| {text} | {results.Average(r => r.Report.Computed):0.00} | {results.Average(r => r.Report.Rejected):0.00} "
                + $"| {results.Sum(r => (double)r.Report.UncachedFlops) / results.Sum(r => (double)r.Report.Cost.TotalFlops):0.00} "
                + $"| {results.Count / seconds:0.00} | {psnr.Average():0.00} | {psnr.Min():0.0} |");
        }

        async Task<double> DrawAsync(string text, List<GenerationResult> results)
        {
            var policy = PolicyCatalog.Parse(text);
            var began = Stopwatch.GetTimestamp();
            for (var group = 0; group < groups; group++)
            {
                results.AddRange(await pipeline.GenerateAsync([.. Enumerable.Range(group * Batch, Batch)
                    .Select(i => model.Request(i * 5 % model.Classes.Count, i) with { Cache = policy })]));
            }

            return Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
    }
}
