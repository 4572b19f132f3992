using System.Runtime.InteropServices;

namespace Augur.Tensors.Cpu;

/// <summary>Working memory of one thread for one tile at a time; grows to the largest tile so far and is freed after the thread has ended.</summary>
/// <remarks>
/// Bounded by the blocking of the operations: below 1 MiB for a product, about 4 KiB per channel of a head for attention, and for attention's column
/// sums 4 bytes per key and channel of a head.
/// </remarks>
internal sealed unsafe class ThreadScratch
{
    private const int PageSize = 4096;

    [ThreadStatic]
    private static ThreadScratch? s_current;

    private float* _memory;
    private long _count;

    private ThreadScratch()
    {
    }

    ~ThreadScratch() => NativeMemory.AlignedFree(_memory);

    /// <summary>At least <paramref name="count"/> floats, page-aligned, contents undefined; valid until the thread asks again.</summary>
    public static float* Floats(long count)
    {
        var scratch = s_current ??= new ThreadScratch();
        if (scratch._count < count)
        {
            NativeMemory.AlignedFree(scratch._memory);
            scratch._memory = null; // so that the finaliser frees nothing if the next line throws
            scratch._count = 0;
            scratch._memory = (float*)NativeMemory.AlignedAlloc((nuint)(count * sizeof(float)), PageSize);
            scratch._count = count;
        }

        return scratch._memory;
    }
}
