using Augur.Caching;
using Augur.Pipelines;
using Augur.Sampling;

namespace Augur.Studies;

/// <summary>
/// Searches the timesteps of a solver for a number of calls, so that its pictures come nearest to those of the model's own sampler: from a power
/// grid, each timestep is moved, by ever smaller distances, as long as the mean of the decibels grows.
/// </summary>
internal static class GridStudy
{
    private const long Seed = 5_000_000;
    private const double Exponent = 1.5;
    private static readonly int[] s_distances = [40, 16, 6];

    /// <summary>Searches, and prints the best list.</summary>
    /// <param name="model">A diffusion model of 1000 timesteps.</param>
    /// <param name="count">Pictures, of mixed classes.</param>
    /// <param name="calls">Timesteps.</param>
    /// <param name="solver">The solver, with GRID where its grid belongs, such as <c>deis(order=3,timesteps=GRID)</c>.</param>
    /// <param name="output">Where to print.</param>
    public static async Task RunAsync(DiffusionModel model, int count, int calls, string solver, TextWriter output)
    {
        var pipeline = new GenerationPipeline(model);
        GenerationRequest[] requests = [.. Enumerable.Range(0, count)
            .Select(i => model.Request(31 * i % model.Classes.Count, Seed + i) with { Cache = NoCachePolicy.Instance })];
        var reference = await pipeline.GenerateAsync(requests);
        int[] best = [.. Enumerable.Range(0, calls).Select(i => (int)Math.Round(999 * Math.Pow((calls - i) / (double)calls, Exponent)))];
        var quality = await JudgeAsync(best);
        output.WriteLine($"{NameOf(best)}: {quality:0.00} dB to begin with");
        foreach (var distance in s_distances)
        {
            for (var isBetter = true; isBetter;)
            {
                isBetter = false;
                for (var i = 0; i < calls; i++)
                {
                    foreach (var by in (int[])[-distance, distance])
                    {
                        int[] moved = [.. best.Select((time, at) => at == i ? time + by : time)];
                        if (moved[0] <= 999 && moved[^1] >= 0 && moved.Zip(moved.Skip(1)).All(pair => pair.First > pair.Second)
                            && await JudgeAsync(moved) is var other && other > quality)
                        {
                            (best, quality, isBetter) = (moved, other, true);
                            output.WriteLine($"{string.Join('-', best)}: {quality:0.00} dB");
                        }
                    }
                }
            }
        }

        output.WriteLine($"{NameOf(best)}: {quality:0.00} dB on the {count} pictures of the search");

        string NameOf(int[] times) => solver.Replace("GRID", $"list({string.Join('-', times)})", StringComparison.Ordinal);

        async Task<double> JudgeAsync(int[] times)
        {
            var sampler = requests[0].Sampler is { } own ? Samplers.Parse(NameOf(times), own) : Samplers.Parse(NameOf(times));
            var results = await pipeline.GenerateAsync([.. requests.Select(r => r with { Sampler = sampler, Steps = calls })]);
            return results.Zip(reference, (a, b) => Decibels(a.Latent, b.Latent)).Average();
        }
    }

    private static double Decibels(IReadOnlyList<float> a, IReadOnlyList<float> b) =>
        -10 * Math.Log10(Math.Max(1e-12, a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Average() / 4));
}
