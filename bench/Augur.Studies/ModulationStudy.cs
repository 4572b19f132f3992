using System.Diagnostics;
using System.Globalization;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Conditioning;
using Augur.Models;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Studies;

/// <summary>
/// What a computed call takes whose rows' modulations are known, against one that computes them: calls of each kind in turn, and medians of the
/// ratios of neighbours.
/// </summary>
internal static class ModulationStudy
{
    private const float SeenAt = 500; // model time of the rows that were seen

    private enum Rows
    {
        NotKept,
        Seen,
        Unseen,
        HalfSeen,
    }

    /// <summary>Prints a line for each batch. With one thread processor time is measured, with more wall time.</summary>
    /// <param name="path">Of a model with adaLN.</param>
    /// <param name="rounds">Calls of each kind; of batches above 4 a sixth.</param>
    /// <param name="threads">That compute.</param>
    /// <param name="batches">Rows of a call.</param>
    /// <param name="output">Receives the lines.</param>
    public static void Run(string path, int rounds, int threads, IReadOnlyList<int> batches, TextWriter output)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = threads });
        using var model = ModelCatalog.Load(path, backend);
        output.WriteLine($"{model.Denoiser.Name}, {threads} thread(s)");
        foreach (var batch in batches)
        {
            var seconds = Measure(model, batch, batch > 4 ? Math.Max(10, rounds / 6) : rounds, threads);
            var plain = seconds[Rows.NotKept];
            var ratios = seconds.Where(kind => kind.Key != Rows.NotKept && (kind.Key != Rows.HalfSeen || batch > 1)).Select(kind =>
                string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {Median(kind.Value.Zip(plain, (kept, not) => kept / not)):0.000}"));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"batch {batch}: {1e3 * Median(plain):0.00} ms without; with: {string.Join(", ", ratios)}"));
            output.Flush();
        }
    }

    private static Dictionary<Rows, List<double>> Measure(DiffusionModel model, int batch, int rounds, int threads)
    {
        using var scope = TensorScope.Begin();
        var (network, table) = (model.Denoiser, ((IModulatedNetwork)model.Denoiser).Modulations);
        Condition[] conditions =
            [.. Enumerable.Range(0, batch).Select(i => model.TakesPrompts ? Condition.Prompt($"{i} apples") : Condition.Class(i))];
        var (rows, latent) = (network.Encode(conditions), network.LatentShape);
        var guided = network.Guide(conditions[0], model.Defaults.Guidance);
        var latents = Tensor.Full(network.Backend, [batch, latent[0], latent[1], latent[2]], 0.5f);
        var (map, fresh) = (network.Describe(latent, rows), SeenAt);
        var seconds = Enum.GetValues<Rows>().ToDictionary(kind => kind, _ => new List<double>());
        for (var round = -2; round < rounds; round++)
        {
            foreach (var turn in Enumerable.Range(0, seconds.Count))
            {
                var kind = (Rows)((turn + round + seconds.Count) % seconds.Count);
                table.Budget = kind == Rows.NotKept ? 0 : ModulationTable.DefaultBudget;
                if (kind is Rows.Seen or Rows.HalfSeen)
                {
                    Call(_ => SeenAt);
                }

                fresh += 1 / 64f;
                var before = Now(threads);
                Call(row => kind == Rows.Unseen || (kind == Rows.HalfSeen && row % 2 == 0) ? fresh : SeenAt);
                if (round >= 0)
                {
                    seconds[kind].Add(Now(threads) - before);
                }
            }
        }

        foreach (var row in rows)
        {
            row.Dispose();
        }

        return seconds;

        void Call(Func<int, float> timestep)
        {
            using var call = TensorScope.Begin();
            float[] timesteps = [.. Enumerable.Range(0, batch).Select(timestep)];
            var input = new NetworkInput(map, latents, timesteps, rows) { Guidance = [.. Enumerable.Repeat(guided.Embedded, batch)] };
            network.Predict(input, ComputeEverything.Instance).ToArray();
        }
    }

    private static double Now(int threads) => threads == 1 ? Environment.CpuUsage.TotalTime.TotalSeconds
        : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
