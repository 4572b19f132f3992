using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Augur.Bench;

/// <summary>bench/peers/torch_dit.py as a process that computes when asked, so that its calls can alternate with ours.</summary>
internal sealed class TorchPeer : IDisposable
{
    private readonly Process _process;

    private TorchPeer(Process process, string version) => (_process, Version) = (process, version);

    public string Version { get; }

    /// <summary>Null where there is no Python with PyTorch, or no script.</summary>
    public static TorchPeer? Start(int threads)
    {
        var python = Environment.GetEnvironmentVariable("AUGUR_BENCH_PYTHON") ?? "python3";
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "bench", "peers", "torch_dit.py");
            if (!File.Exists(script))
            {
                continue;
            }

            try
            {
                var count = threads.ToString(CultureInfo.InvariantCulture);
                var start = new ProcessStartInfo(python, [script, count])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                };
                start.Environment["OMP_NUM_THREADS"] = count;
                start.Environment["OPENBLAS_NUM_THREADS"] = count; // torch.set_num_threads does not reach a pthread build of OpenBLAS
                var process = Process.Start(start)!;
                var line = process.StandardOutput.ReadLine();
                if (line is not null && line.StartsWith("ready ", StringComparison.Ordinal))
                {
                    return new TorchPeer(process, line[6..]);
                }

                process.Dispose();
            }
            catch (Win32Exception)
            {
                // no such program
            }

            return null;
        }

        return null;
    }

    /// <summary>Seconds of each call.</summary>
    public double[] Measure(int batch, int calls)
    {
        _process.StandardInput.WriteLine($"{batch} {calls}");
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The PyTorch process has ended.");
        return [.. line.Split(' ').Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
