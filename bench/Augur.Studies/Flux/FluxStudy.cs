using System.Diagnostics;
using System.Globalization;
using Augur.Catalogs;
using Augur.Conditioning;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Models.Flux;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Studies.Flux;

/// <summary>What a FLUX file costs: loading, a call, what methods keep, what a draft and its verification take. Texts are random numbers.</summary>
internal static class FluxStudy
{
    private const int TextChannels = 4096, PooledChannels = 768;

    /// <summary>Prints a row for each method.</summary>
    /// <param name="path">The network's file.</param>
    /// <param name="side">Pixels of a side.</param>
    /// <param name="tokens">Of the text.</param>
    /// <param name="steps">Of each run.</param>
    /// <param name="policies">Methods.</param>
    /// <param name="output">Receives a table.</param>
    public static async Task RunAsync(string path, int side, int tokens, int steps, string[] policies, TextWriter output)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        var clock = new ProcessorClock();
        var (began, wall) = (clock.GetTimestamp(), Stopwatch.GetTimestamp());
        var network = FluxModel.Load(path, backend);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(path)}, {network.Name}, {side}x{side}, {tokens} tokens of text, {backend.Name}; loaded in "
            + $"{Stopwatch.GetElapsedTime(wall).TotalSeconds:0.0} s, {clock.GetElapsedTime(began).TotalSeconds:0.0} s of processor time"));
        output.WriteLine();
        output.WriteLine("| policy | calls | TFLOP a computed call | its processor time, s | GFLOP/s | kept, MiB | a draft, ms | of it GFLOP | "
            + "verification, ms | its share of a computed call | peak memory, GiB |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        using var model = new DiffusionModel(
            network,
            new NoPicture(),
            null,
            new GenerationDefaults(new FlowEulerSampler(new FlowOptions { Dynamic = true }), steps, new Guidance(3.5)));
        var text = new PromptEmbedding([.. Numbers(tokens * TextChannels)], TextChannels, [.. Numbers(PooledChannels)]);
        foreach (var policy in policies)
        {
            var result = await new GenerationPipeline(model, clock).GenerateAsync(model.Request(text, 1) with
            {
                LatentShape = [16, side / 8, side / 8],
                Cache = PolicyCatalog.Parse(policy),
            });
            output.WriteLine(Row(policy, result.Report));
            output.Flush();
        }
    }

    /// <summary>Prints what encoding one prompt takes.</summary>
    /// <param name="path">Of T5's encoder.</param>
    /// <param name="tokens">Of the prompt, what fills it up among them.</param>
    /// <param name="output">Receives a line.</param>
    public static void Encode(string path, int tokens, TextWriter output)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        var clock = new ProcessorClock();
        var began = clock.GetTimestamp();
        using var encoder = T5Encoder.Load(path, backend);
        var loaded = clock.GetTimestamp();
        using (TensorScope.Begin())
        {
            _ = encoder.Encode([[.. Enumerable.Range(2, tokens)]]);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(path)}: loaded in {clock.GetElapsedTime(began, loaded).TotalSeconds:0.0} s of processor time, {tokens} tokens "
            + $"encoded in {clock.GetElapsedTime(loaded).TotalSeconds:0.0} s; peak memory {PeakGiB():0.00} GiB"));
    }

    private static string Row(string policy, GenerationReport report)
    {
        var cost = report.Cost;
        var (perCall, flops) = (cost.ComputeTime.TotalSeconds / report.Computed, report.UncachedFlops / (double)report.Calls.Count);
        var (drafts, verified) = (Math.Max(1, report.Drafted), Math.Max(1, report.Verified));
        var check = cost.VerifyTime.TotalSeconds / verified;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {policy} | {string.Concat(report.Marks.Select(m => m.Letter))} | {flops / 1e12:0.00} | {perCall:0.00} | {flops / perCall / 1e9:0.0} "
            + $"| {report.PeakCacheBytes / 1048576.0:0} | {1000 * cost.ForecastTime.TotalSeconds / drafts:0} "
            + $"| {(cost.ForecastFlops + cost.DraftFlops) / 1e9 / drafts:0.0} | {1000 * check:0} | {check / perCall:0.0%} | {PeakGiB():0.00} |");
    }

    // What the process had in memory at most, pages of mapped files among it; since its beginning.
    private static double PeakGiB()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (double)(1 << 30);
    }

    private static IEnumerable<float> Numbers(int count)
    {
        var random = new Random(7);
        return Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1));
    }

    private sealed class NoPicture : IDecoder
    {
        public int PixelsPerCell => 8;

        public Medium Decode(Tensor latent) => new Picture(new RgbImage(1, 1, new byte[3]));

        public void Dispose()
        {
        }
    }
}
