using System.Globalization;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Conditioning;
using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Studies;

/// <summary>
/// Pictures of mixed difficulty: classes or prompts in turn, under several scales of guidance and numbers of steps. What a method does that spends
/// calls by difficulty, against plans that give all pictures the same.
/// </summary>
internal static class MixedStudy
{
    private const long Seed = 2_900_000;
    private const int Batch = 16;

    /// <summary>Draws, and prints for each policy FLOPs, decibels and errors, of all and of each setting.</summary>
    /// <param name="model">The model.</param>
    /// <param name="count">Pictures.</param>
    /// <param name="steps">Numbers of steps, which change slowest.</param>
    /// <param name="guidance">Scales, in turn.</param>
    /// <param name="prompts">Of a model that takes them; empty: classes.</param>
    /// <param name="policies">To compare; each with its own row.</param>
    /// <param name="output">Where to print.</param>
    public static async Task RunAsync(
        DiffusionModel model, int count, int[] steps, double[] guidance, string[] prompts, string[] policies, TextWriter output)
    {
        GenerationRequest[] requests = [.. Enumerable.Range(0, count).Select(i =>
            (prompts.Length == 0 ? model.Request(31 * i % model.Classes.Count, Seed + i)
                : model.Request(Condition.Prompt(prompts[i % prompts.Length]), Seed + i)) with
            {
                Guidance = new Guidance(guidance[i % guidance.Length]),
                Steps = steps[i / guidance.Length % steps.Length],
            })];
        var uncached = await DrawAsync(model, requests, NoCachePolicy.Instance);
        output.WriteLine("| policy | pictures | FLOPs | calls, mean (least to most) | dB, mean / worst | error, 95 of 100 |");
        output.WriteLine("|---|---|---:|---:|---:|---:|");
        foreach (var policy in policies)
        {
            var drawn = await DrawAsync(model, requests, PolicyCatalog.Parse(policy));
            var all = drawn.Zip(uncached).ToArray();
            Print(policy, "all", all);
            foreach (var alike in all.GroupBy(p => (p.First.Request.Steps, p.First.Request.Guidance!.Value.Scale)).OrderBy(g => g.Key))
            {
                Print("", string.Create(CultureInfo.InvariantCulture, $"{alike.Key.Steps} steps, guidance {alike.Key.Scale}"), [.. alike]);
            }
        }

        void Print(string policy, string which, (GenerationResult Drawn, GenerationResult Uncached)[] pairs)
        {
            int[] calls = [.. pairs.Select(p => p.Drawn.Report.Computed)];
            double[] decibels = [.. pairs.Select(p => PictureDifference.Between(p.Drawn, p.Uncached).CappedPsnr)];
            double[] errors = [.. pairs.Select(p => LatentError.Relative(p.Drawn.Latent, p.Uncached.Latent)).Order()];
            var flops = pairs.Sum(p => (double)p.Uncached.Report.Cost.TotalFlops) / pairs.Sum(p => (double)p.Drawn.Report.Cost.TotalFlops);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {(policy.Length > 0 ? $"`{policy}`" : "")} | {which} | {flops:0.00}x | {calls.Average():0.0} ({calls.Min()} to {calls.Max()}) "
                    + $"| {decibels.Average():0.0} / {decibels.Min():0.0} | {errors[(int)(0.95 * errors.Length)]:0.000} |"));
        }
    }

    private static async Task<List<GenerationResult>> DrawAsync(DiffusionModel model, GenerationRequest[] requests, ICachePolicy policy)
    {
        var (pipeline, results) = (new GenerationPipeline(model), new List<GenerationResult>());
        foreach (var part in requests.Chunk(Batch))
        {
            results.AddRange(await pipeline.GenerateAsync([.. part.Select(r => r with { Cache = policy })]));
        }

        return results;
    }
}
