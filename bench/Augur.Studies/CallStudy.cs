using System.Diagnostics;
using System.Globalization;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Studies;

/// <summary>What each uncached call of a network costs. Text and latent are random numbers.</summary>
internal static class CallStudy
{
    /// <summary>Prints the processor time and the wall time of each call of one row.</summary>
    /// <param name="load">Gives the network.</param>
    /// <param name="latent">Without the batch.</param>
    /// <param name="text">Tokens, their channels, channels of the pooled text.</param>
    /// <param name="guidance">Embedded, or 1.</param>
    /// <param name="calls">How many.</param>
    /// <param name="threads">That compute.</param>
    /// <param name="output">Receives a line for each call.</param>
    /// <param name="byIntegers">Whether linear maps with quantised weights multiply integers.</param>
    public static void Run(
        Func<IBackend, INetwork> load,
        Shape latent,
        (int Tokens, int Channels, int Pooled) text,
        double guidance,
        int calls,
        int threads,
        TextWriter output,
        bool byIntegers = false)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = threads, IntegerProducts = byIntegers });
        using var model = load(backend);
        var random = new Random(1);
        float[] Drawn(long count) => [.. Enumerable.Range(0, (int)count).Select(_ => (float)(random.NextDouble() - 0.5))];
        var guided = model.Guide(
            new PromptEmbedding([.. Drawn(text.Tokens * text.Channels)], text.Channels, [.. Drawn(text.Pooled)]), new Guidance(guidance));
        var rows = model.Encode(guided.Conditions);
        var map = model.Describe(latent, rows);
        var noise = Drawn(latent.ElementCount);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"augur {model.Name}: {map.FlopsPerRow / 1e12:0.000} TFLOP a call"));
        for (var call = 0; call < calls; call++)
        {
            using var scope = TensorScope.Begin();
            var latents = Tensor.From(backend, noise, [1, latent[0], latent[1], latent[2]]);
            var (before, wall) = (Processor(), Stopwatch.StartNew());
            model.Predict(new NetworkInput(map, latents, [500 - call], rows) { Guidance = [guided.Embedded] }, ComputeEverything.Instance).ToArray();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"call {call} processor {(Processor() - before).TotalSeconds:0.00} wall {wall.Elapsed.TotalSeconds:0.00}"));
            output.Flush();
        }

        foreach (var row in rows)
        {
            row.Dispose();
        }
    }

    private static TimeSpan Processor()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
