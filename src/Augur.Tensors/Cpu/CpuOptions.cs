using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <summary>Which instructions the kernels use.</summary>
public enum CpuPath
{
    /// <summary>128-bit vectors, on any processor that .NET runs on.</summary>
    Portable,

    /// <summary>256-bit vectors with fused multiply-add (x86 AVX2 and FMA).</summary>
    Avx2,

    /// <summary>512-bit vectors (x86 AVX-512 F, BW, DQ and VL).</summary>
    Avx512,
}

/// <summary>How a <see cref="CpuBackend"/> computes.</summary>
public sealed record CpuOptions
{
    /// <summary>Threads that work together on one operation, the caller included; at least 1. Default: all cores.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Instruction set. Default: the widest this processor has, or what the environment variable AUGUR_CPU_PATH names.</summary>
    public CpuPath Path { get; init; } = PathFromEnvironment() ?? Widest;

    /// <summary>The most bytes that tensors and weights may take together, at least 1. Default: what the operating system gives.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary>
    /// Type of what one operation of a layer hands to the next: Float32, Float16 or BFloat16. Halves take half the memory; each is rounded once, to
    /// 11 or 8 bits, and a Float16 beyond 65,504 becomes infinite. Default: Float32.
    /// </summary>
    public DType ActivationType { get; init; } = DType.Float32;

    /// <summary>
    /// Whether linear maps with quantised weights (8-bit floats excepted) multiply integers: what they read is rounded to 16 bits, 32 activations
    /// with one scale, the largest of them 32,767, and sums of integers are scaled and added in Float32. Faster where integers are multiplied faster
    /// than singles; a row with an activation that is not finite gives NaN. Default: false, weights are widened to Float32 and nothing is rounded.
    /// </summary>
    public bool IntegerProducts { get; init; }

    /// <summary>The widest path this processor can run.</summary>
    public static CpuPath Widest =>
        IsSupported(CpuPath.Avx512) ? CpuPath.Avx512 : IsSupported(CpuPath.Avx2) ? CpuPath.Avx2 : CpuPath.Portable;

    /// <summary>Whether this processor can run a path.</summary>
    /// <remarks>
    /// Not Vector512.IsHardwareAccelerated: that is false on processors whose runtime prefers 256 bits although zmm code runs well.
    /// </remarks>
    public static bool IsSupported(CpuPath path) => path switch
    {
        CpuPath.Avx512 => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported,
        CpuPath.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };

    private static CpuPath? PathFromEnvironment()
    {
        var name = Environment.GetEnvironmentVariable("AUGUR_CPU_PATH");
        return string.IsNullOrEmpty(name) ? null
            : Enum.TryParse<CpuPath>(name, ignoreCase: true, out var path) && Enum.IsDefined(path) ? path
            : throw new ArgumentException($"AUGUR_CPU_PATH is '{name}'; it can be {string.Join(", ", Enum.GetNames<CpuPath>())}.");
    }
}
