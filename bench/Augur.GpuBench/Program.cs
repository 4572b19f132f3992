using System.Diagnostics;
using System.Globalization;
using Augur.GpuBench;
using Augur.Tensors;
using Augur.Vulkan;

// Augur.GpuBench [info|check|linear|attention|conv|launch|call|methods|models|all] [toy] [FOLDER…]: lines «what | case | value» on standard
// output. Toy sizes are for a software driver: they show that every part runs, their figures mean nothing.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var what = args.FirstOrDefault(a => a != "toy") ?? "all";
var sizes = args.Contains("toy") ? Sizes.Toy : Sizes.Full;
var clock = Stopwatch.StartNew();

foreach (var found in VulkanDevice.List())
{
    Console.WriteLine($"device {found.Index} | {found.Name} | {found.Kind}; {found.Driver}; {found.MemoryBytes >> 20} MiB; {found.Abilities}"
        + $"{(found.Refusal is null ? "" : $"; it {found.Refusal}")}");
}

// Without a matrix unit its kernels are measured emulated, at toy size: that they run is all that is to be seen.
using var device = VulkanDevice.Open(0, sizes.IsToy ? MatrixUnit.Emulated : null);
foreach (var shape in device.Properties.Shapes)
{
    Console.WriteLine($"matrix shape | {shape}");
}

DType[] precisions = device.Unit == MatrixUnit.None ? [DType.Float32] : [DType.Float16, DType.Float32];
foreach (var (name, run) in new (string, Action)[]
{
    ("check", () => Checks.Run(device, precisions, sizes)),
    ("linear", () => Kernels.Linear(device, precisions, sizes)),
    ("attention", () => Kernels.Attention(device, precisions, sizes)),
    ("conv", () => Kernels.Convolution(device, precisions, sizes)),
    ("launch", () => Networks.Launch(device, precisions, sizes)),
    ("call", () => Networks.Call(device, precisions, sizes)),
    ("methods", () => Networks.Methods(device, precisions[0], sizes)),
    ("models", () => Networks.Models(device, args.Skip(1).Where(Directory.Exists), sizes)),
})
{
    if (what != "all" && what != name)
    {
        continue;
    }

    try
    {
        run();
    }
    catch (Exception e) when (what == "all") // the parts after it are worth having
    {
        Console.WriteLine($"{name} | FAILED | {e.GetType().Name}: {e.Message}");
    }

    Console.WriteLine($"done | {name} | {clock.Elapsed.TotalSeconds:0} s since the start");
    Console.Out.Flush();
}
