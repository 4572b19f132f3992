using System.Collections.Concurrent;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Studies;

/// <summary>Runs a verifying policy with full verification, and beside each decision measures what parts of the tokens would have said.</summary>
internal static class SamplingStudy
{
    private static readonly double[] s_shares = [0.05, 0.1, 0.25, 0.5];

    public static async Task RunAsync(DiffusionModel model, int count, string[] policies, TextWriter output)
    {
        output.WriteLine("| policy | share of tokens | decisions | same decision | error, sampled / full, mean | standard deviation of that ratio |");
        output.WriteLine("|---|---|---|---|---|---|");
        foreach (var text in policies)
        {
            var log = new ConcurrentBag<(int Share, double Sampled, double Full, double Threshold)>();
            var policy = new Watched(PolicyCatalog.Parse(text), log);
            await new GenerationPipeline(model).GenerateAsync([.. Enumerable.Range(0, count)
                .Select(i => model.Request(i % model.Classes.Count, i) with { Cache = policy })]);
            for (var s = 0; s < s_shares.Length; s++)
            {
                var seen = log.Where(l => l.Share == s).ToArray();
                var same = seen.Count(l => (l.Sampled <= l.Threshold) == (l.Full <= l.Threshold));
                var ratios = seen.Select(l => l.Sampled / l.Full).ToArray();
                var mean = ratios.Average();
                output.WriteLine($"| {text} | {s_shares[s]:0.00} | {seen.Length} | {100.0 * same / seen.Length:0.0} % | {mean:0.000} | "
                    + $"{Math.Sqrt(ratios.Average(r => (r - mean) * (r - mean))):0.000} |");
            }
        }
    }

    private sealed class Watched(ICachePolicy policy, ConcurrentBag<(int, double, double, double)> log) : ICachePolicy
    {
        public string Name => policy.Name;

        public ISampleMemory Open(RunInfo run) => new Cache(policy.Open(run), run.Seed, log);
    }

    private sealed class Cache(ISampleMemory inner, long seed, ConcurrentBag<(int, double, double, double)> log) : ISampleMemory
    {
        private readonly Random _draw = new((int)seed);
        private readonly double[] _errors = new double[s_shares.Length];

        public long ByteCount => inner.ByteCount;

        public CallPlan Begin(NetworkCall call) => inner.Begin(call);

        public Answer Ask(Question question)
        {
            var answer = inner.Ask(question);
            return answer.Judge is not { } judge ? answer : answer with
            {
                Judge = verification =>
                {
                    Measure(verification.Answered, verification.Computed);
                    judge(verification);
                },
            };
        }

        private void Measure(Tensor drafted, Tensor computed)
        {
            var (rows, tokens) = (drafted.Shape[0], drafted.Shape[1]);
            for (var s = 0; s < s_shares.Length; s++)
            {
                var k = Math.Max(1, (int)Math.Round(s_shares[s] * tokens));
                int[] drawn = [.. Enumerable.Range(0, tokens).OrderBy(_ => _draw.Next()).Take(k)];
                var indices = Tensor.From(drafted.Backend, [.. Enumerable.Repeat(drawn, rows).SelectMany(d => d)], [rows, k]);
                var one = new Shape(1, rows * k * drafted.Shape[2]);
                _errors[s] = drafted.GatherTokens(indices).Reshape(one)
                    .ErrorsFrom(computed.GatherTokens(indices).Reshape(one), ErrorMeasure.NormRatio)[0];
            }
        }

        public CallOutcome End()
        {
            var outcome = inner.End();
            for (var s = 0; outcome is { Error: { } full, Threshold: { } threshold } && s < s_shares.Length; s++)
            {
                log.Add((s, _errors[s], full, threshold));
            }

            return outcome;
        }

        public void Dispose() => inner.Dispose();
    }
}
