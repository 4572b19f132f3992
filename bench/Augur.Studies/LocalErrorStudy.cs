using System.Collections.Concurrent;
using Augur.Algebra;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;

namespace Augur.Studies;

/// <summary>
/// What a computed call says for nothing: how far its output is from the straight line through the two computed before it, held against how far the
/// latent really is from the uncached one, at that call and at the end, among the pictures of a run.
/// </summary>
internal static class LocalErrorStudy
{
    private const int Parts = 4;
    private const double Ridge = 0.02;

    public static async Task RunAsync(DiffusionModel model, int count, string text, TextWriter output)
    {
        var policy = PolicyCatalog.Parse(text);
        var requests = Enumerable.Range(0, count).Select(i => model.Request(31 * i % model.Classes.Count, 1_000_000 + i)).ToArray();
        var uncached = new ConcurrentDictionary<long, Run>();
        var cached = new ConcurrentDictionary<long, Run>();
        await DrawAsync(model, requests, NoCachePolicy.Instance, uncached);
        await DrawAsync(model, requests, policy, cached);
        var final = requests.Select(r => Distance(uncached[r.Seed].Result, cached[r.Seed].Result)).ToArray();
        output.WriteLine($"{policy.Name}, {count} pictures: correlations among pictures, of logarithms");
        output.WriteLine(
            "| call | local error and latent's error here | local error and error at the end | all local errors so far, fitted to other pictures, "
            + "and error at the end | latent's error here and at the end |");
        output.WriteLine("|---|---|---|---|---|");
        var known = new List<double[]>();
        foreach (var call in cached[requests[0].Seed].Errors.Keys.Order())
        {
            double[] local = [.. requests.Select(r => cached[r.Seed].Errors[call])];
            double[] here = [.. requests.Select(r => Distance(uncached[r.Seed].Latents[call], cached[r.Seed].Latents[call]))];
            known.Add(Centred(local));
            output.WriteLine($"| {call} | {Correlation(local, here):0.00} | {Correlation(local, final):0.00} | "
                + $"{Foretold(known, Centred(final)):0.00} | {Correlation(here, final):0.00} |");
        }
    }

    private static async Task DrawAsync(DiffusionModel model, GenerationRequest[] requests, ICachePolicy policy, ConcurrentDictionary<long, Run> runs)
    {
        var results = await new GenerationPipeline(model).GenerateAsync([.. requests.Select(r => r with { Cache = new Watched(policy, runs) })]);
        foreach (var (request, result) in requests.Zip(results))
        {
            runs[request.Seed].Result = result.Latent;
        }
    }

    private static double Distance(IReadOnlyList<float> a, IReadOnlyList<float> b) =>
        Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Average());

    private static double Correlation(double[] a, double[] b) => OfCentred(Centred(a), Centred(b));

    private static double OfCentred(double[] x, double[] y) =>
        x.Zip(y, (p, q) => p * q).Sum() / Math.Sqrt(x.Sum(p => p * p) * y.Sum(q => q * q));

    // Each fourth of the pictures is foretold by what the others teach, by least squares with a ridge.
    private static double Foretold(List<double[]> known, double[] target)
    {
        var foretold = new double[target.Length];
        for (var part = 0; part < Parts; part++)
        {
            int[] others = [.. Enumerable.Range(0, target.Length).Where(i => i % Parts != part)];
            var (matrix, right) = (new double[known.Count, known.Count], new double[known.Count]);
            for (var i = 0; i < known.Count; i++)
            {
                right[i] = others.Sum(p => known[i][p] * target[p]);
                for (var j = 0; j < known.Count; j++)
                {
                    matrix[i, j] = others.Sum(p => known[i][p] * known[j][p]) + (i == j ? Ridge * others.Length : 0);
                }
            }

            var weights = LinearSystem.Solve(matrix, right);
            for (var p = part; p < target.Length; p += Parts)
            {
                foretold[p] = known.Select((k, i) => weights[i] * k[p]).Sum();
            }
        }

        var mean = foretold.Average();
        return OfCentred(Array.ConvertAll(foretold, f => f - mean), target);
    }

    private static double[] Centred(double[] values)
    {
        var logarithms = Array.ConvertAll(values, v => Math.Log(Math.Max(1e-12, v)));
        var mean = logarithms.Average();
        return Array.ConvertAll(logarithms, v => v - mean);
    }

    /// <summary>What was seen of a picture.</summary>
    private sealed class Run
    {
        public Dictionary<int, float[]> Latents { get; } = [];

        public Dictionary<int, double> Errors { get; } = [];

        public IReadOnlyList<float> Result { get; set; } = [];
    }

    private sealed class Watched(ICachePolicy policy, ConcurrentDictionary<long, Run> runs) : ICachePolicy
    {
        public string Name => policy.Name;

        public ISampleMemory Open(RunInfo run) => new Memory(policy.Open(run), runs.GetOrAdd(run.Seed, _ => new Run()));
    }

    private sealed class Memory(ISampleMemory inner, Run run) : ISampleMemory
    {
        private readonly List<(int Call, float[] Output)> _computed = [];
        private int _call;

        public long ByteCount => inner.ByteCount;

        public CallPlan Begin(NetworkCall call)
        {
            _call = call.CallIndex;
            return inner.Begin(call);
        }

        public Answer Ask(Question question)
        {
            var answer = inner.Ask(question);
            if (question.Site != Site.Output)
            {
                return answer;
            }

            run.Latents[_call] = question.Measure(Signal.NetworkInput).Rows(0, 1).ToArray();
            return !answer.Runs ? answer : answer.Observed((input, output) =>
            {
                answer.Observe?.Invoke(input, output);
                Look(output.ToArray());
            });
        }

        public CallOutcome End() => inner.End();

        public void Dispose() => inner.Dispose();

        private void Look(float[] output)
        {
            if (_computed.Count > 1)
            {
                var ((before, first), (last, second)) = (_computed[^2], _computed[^1]);
                var ahead = (float)(_call - last) / (last - before);
                run.Errors[_call] = Distance(output, [.. second.Zip(first, (b, a) => b + (ahead * (b - a)))]);
            }

            _computed.Add((_call, output));
        }
    }
}
