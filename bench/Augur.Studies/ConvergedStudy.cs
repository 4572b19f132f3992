using System.Globalization;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Metrics;
using Augur.Pipelines;
using Augur.Sampling;

namespace Augur.Studies;

/// <summary>
/// How far pictures are from those that the model's own sampler draws, and from where its differential equation leads: what a fine solver draws from
/// the same noise. The first tells how well a run is copied, the second how well it is solved.
/// </summary>
internal static class ConvergedStudy
{
    private const long Seed = 2_700_000;
    private const string Fine = "dpm++";
    private const int FineSteps = 200;

    /// <summary>Draws, and prints decibels, mean and worst, of each way to both.</summary>
    /// <param name="model">A diffusion model.</param>
    /// <param name="count">Pictures, of mixed classes.</param>
    /// <param name="ways">Caching methods under the model's own sampler, or samplers with a number of steps, as <c>dpm++@10</c>.</param>
    /// <param name="output">Where to print.</param>
    public static async Task RunAsync(DiffusionModel model, int count, string[] ways, TextWriter output)
    {
        var pipeline = new GenerationPipeline(model);
        GenerationRequest[] requests = [.. Enumerable.Range(0, count)
            .Select(i => model.Request(31 * i % model.Classes.Count, Seed + i) with { Cache = NoCachePolicy.Instance })];
        var own = await DrawAsync("none");
        var fine = await DrawAsync($"{Fine}@{FineSteps}");
        output.WriteLine($"{count} pictures, decibels, mean / worst");
        output.WriteLine($"| way | to the model's own sampler, {requests[0].Steps} steps | to {Fine}, {FineSteps} steps |");
        output.WriteLine("|---|---:|---:|");
        foreach (var way in ways.Prepend("none"))
        {
            var drawn = await DrawAsync(way);
            output.WriteLine($"| `{way}` | {To(own, drawn)} | {To(fine, drawn)} |");
        }

        async Task<IReadOnlyList<GenerationResult>> DrawAsync(string way)
        {
            if (way.Split('@') is not [var sampler, var steps])
            {
                var policy = PolicyCatalog.Parse(way);
                return await pipeline.GenerateAsync([.. requests.Select(r => r with { Cache = policy })]);
            }

            var solver = requests[0].Sampler is { } like ? Samplers.Parse(sampler, like) : Samplers.Parse(sampler);
            var number = int.Parse(steps, CultureInfo.InvariantCulture);
            return await pipeline.GenerateAsync([.. requests.Select(r => r with { Sampler = solver, Steps = number })]);
        }
    }

    private static string To(IReadOnlyList<GenerationResult> reference, IReadOnlyList<GenerationResult> drawn)
    {
        double[] decibels = [.. drawn.Zip(reference, (a, b) => PictureDifference.Between(a, b).CappedPsnr)];
        return string.Create(CultureInfo.InvariantCulture, $"{decibels.Average():0.0} / {decibels.Min():0.0}");
    }
}
