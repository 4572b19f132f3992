using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <summary>The micro-kernels of one path as tables in native memory, so that a running operation can name them by address.</summary>
internal readonly unsafe struct KernelSet
{
    public KernelSet(
        int maxRows,
        int lanes,
        delegate*<float*, void*, float*, nint, nint, float*, void>[] single,
        delegate*<float*, void*, float*, nint, nint, float*, void>[] streamed,
        delegate*<float*, void*, float*, nint, nint, float*, void>[] bfloat16,
        delegate*<float*, void*, float*, nint, nint, float*, void>[] float16,
        delegate*<float*, void*, float*, nint, nint, float*, void>[] narrow,
        delegate*<float*, nint, float*, nint, void> transpose)
    {
        (MaxRows, Lanes) = (maxRows, lanes);
        Single = Table(single);
        Streamed = Table(streamed);
        BFloat16 = Table(bfloat16);
        Float16 = Table(float16);
        Narrow = Table(narrow);
        Transpose = transpose;
    }

    /// <summary>The most rows of one call.</summary>
    public int MaxRows { get; }

    /// <summary>Floats in one vector.</summary>
    public int Lanes { get; }

    /// <summary>Columns of a panel of B.</summary>
    public int Columns => 2 * Lanes;

    /// <summary>B in single precision, expected in the nearest caches.</summary>
    public delegate*<float*, void*, float*, nint, nint, float*, void>* Single { get; }

    /// <summary>B in single precision from farther away, fetched ahead.</summary>
    public delegate*<float*, void*, float*, nint, nint, float*, void>* Streamed { get; }

    /// <summary>B in bfloat16: lane j holds column j in its lower half and column j + lanes in its upper half.</summary>
    public delegate*<float*, void*, float*, nint, nint, float*, void>* BFloat16 { get; }

    /// <summary>B in half precision, paired as <see cref="BFloat16"/>.</summary>
    public delegate*<float*, void*, float*, nint, nint, float*, void>* Float16 { get; }

    /// <summary>As <see cref="Single"/> with panels one vector wide.</summary>
    public delegate*<float*, void*, float*, nint, nint, float*, void>* Narrow { get; }

    /// <summary>Transposes a square of floats as wide as a vector: (x, floats between its rows, y, floats between its rows).</summary>
    public delegate*<float*, nint, float*, nint, void> Transpose { get; }

    private static delegate*<float*, void*, float*, nint, nint, float*, void>* Table(
        delegate*<float*, void*, float*, nint, nint, float*, void>[] kernels)
    {
        var table = (delegate*<float*, void*, float*, nint, nint, float*, void>*)RuntimeHelpers.AllocateTypeAssociatedMemory(
            typeof(MicroKernels), kernels.Length * sizeof(void*));
        for (var i = 0; i < kernels.Length; i++)
        {
            table[i] = kernels[i];
        }

        return table;
    }
}
