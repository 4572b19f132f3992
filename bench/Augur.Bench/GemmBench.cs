using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Bench;

/// <summary>y = x · Wᵀ + bias in eight shapes of diffusion transformers, against oneDNN (weight packed once) and OpenBLAS (no bias).</summary>
internal static unsafe class GemmBench
{
    public static readonly (int M, int N, int K)[] Shapes =
    [
        (256, 1152, 1152), (256, 4608, 1152), (256, 1152, 4608), (64, 384, 384), (256, 1536, 384), (512, 3072, 3072), (4096, 128, 128),
            (16, 256, 1024),
    ];

    public static void Run(TextWriter output, int threads, int rounds)
    {
        if (OpenBlas.IsInstalled)
        {
            OpenBlas.SetThreads(threads);
        }

        if (OneDnn.IsInstalled)
        {
            OneDnn.SetThreads(threads);
        }

        var paths = Enum.GetValues<CpuPath>().Where(CpuOptions.IsSupported).Reverse().ToArray();
        var backends = paths.Select(path => new CpuBackend(new CpuOptions { Path = path, Threads = threads })).ToArray();
        var single = new CpuBackend(new CpuOptions { Threads = 1 });
        output.WriteLine($"\n### Products, {threads} thread(s), GFLOP/s best/median\n");
        output.WriteLine("| M, N, K | peak | OpenBLAS | oneDNN packed | " + string.Join(" | ", paths.Select(p => $"Augur {p}"))
            + $" | {paths[0]}, GELU | bfloat16 W | float16 W |" + (threads > 1 ? " 1 thread, wall |" : " median against oneDNN | OpenBLAS |"));
        output.WriteLine("|---|" + string.Concat(Enumerable.Repeat("---|", paths.Length + (threads > 1 ? 7 : 8))));
        var ratios = new List<(double OneDnn, double OpenBlas)>();
        foreach (var (m, n, k) in Shapes)
        {
            using var scope = TensorScope.Begin();
            var flops = 2.0 * m * n * k / 1e9;
            var (names, contenders) = (new List<string>(), new List<Action>());
            void Add(string name, Action? action)
            {
                names.Add(name);
                contenders.Add(action ?? (() => Thread.SpinWait(1)));
            }

            var first = backends[0];
            var (x, w, bias) = (Values.Tensor(first, [m, k], 1), Values.Tensor(first, [n, k], 2), Values.Tensor(first, [n], 3));
            var y = Tensor.Empty(first, [m, n]);
            float* px = Address(x), pw = Address(w), pb = Address(bias), py = Address(y);
            Add("peak", Peak.Loop(paths[0]));
            Add("OpenBLAS", OpenBlas.IsInstalled ? () => OpenBlas.Multiply(m, n, k, px, pw, py) : null);
            Add("oneDNN", OneDnn.IsInstalled ? new OneDnn(m, n, k, px, pw, pb, py).Run : null);
            foreach (var backend in backends)
            {
                var packed = backend.Pack(w, bias);
                Add(backend.Options.Path.ToString(), () => backend.Linear(x, packed, default, y));
            }

            var fast = first.Pack(w, bias);
            Add("gelu", () => first.Linear(x, fast, new LinearEpilogue(Activation.GeluTanh), y));
            foreach (var type in new[] { DType.BFloat16, DType.Float16 })
            {
                var half = first.Pack(Values.Half(first, [n, k], 2, type), bias);
                Add(type.ToString(), () => first.Linear(x, half, default, y));
            }

            if (threads > 1)
            {
                Add("single", () => single.Linear(x, fast, default, y));
            }

            var laps = PairedTiming.Run(threads == 1, rounds, 0.004, [.. contenders]);
            var cells = names.Select((name, i) => name switch
            {
                "peak" => laps[i].Rate(Peak.Work(paths[0])),
                "OpenBLAS" when !OpenBlas.IsInstalled => "not installed",
                "oneDNN" when !OneDnn.IsInstalled => "not installed",
                _ => laps[i].Rate(flops),
            }).ToList();
            if (threads == 1)
            {
                var (a, b) = (laps[2].Median / laps[3].Median, laps[1].Median / laps[3].Median);
                ratios.Add((a, b));
                cells.AddRange([OneDnn.IsInstalled ? $"{a:P0}" : "-", OpenBlas.IsInstalled ? $"{b:P0}" : "-"]);
            }

            output.WriteLine($"| {m}, {n}, {k} | {string.Join(" | ", cells)} |");
            output.Flush();
        }

        if (threads == 1 && OneDnn.IsInstalled && OpenBlas.IsInstalled)
        {
            var sorted = ratios.Select(r => r.OneDnn).Order().ToArray();
            output.WriteLine($"\nMedian over the shapes of Augur's rate relative to oneDNN's: {(sorted[3] + sorted[4]) / 2:P0}; least relative to "
                + $"OpenBLAS's: {ratios.Min(r => r.OpenBlas):P0}.");
        }

        foreach (var backend in backends)
        {
            backend.Dispose();
        }

        single.Dispose();
    }

    private static float* Address(Tensor x) => (float*)HostBackend.Address(x);
}
