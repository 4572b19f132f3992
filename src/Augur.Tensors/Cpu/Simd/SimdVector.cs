using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <summary>
/// A vector of singles of one instruction path. Kernels are written once, generic over it; as the type argument is a struct, the
/// just-in-time compiler makes separate code for each path and every member becomes an instruction or a few.
/// </summary>
internal unsafe interface IVector<TSelf>
    where TSelf : struct, IVector<TSelf>
{
    /// <summary>Number of lanes; at most <see cref="Simd.MaxLanes"/>.</summary>
    static abstract int Count { get; }

    static abstract TSelf Create(float value);

    static abstract TSelf Load(float* from);

    static abstract void Store(TSelf x, float* to);

    /// <summary>Loads BFloat16 and widens it.</summary>
    static abstract TSelf LoadBFloat16(ushort* from);

    /// <summary>Stores as BFloat16: to nearest, ties to even; NaN stays NaN.</summary>
    static abstract void StoreBFloat16(TSelf x, ushort* to);

    static abstract TSelf operator +(TSelf x, TSelf y);

    static abstract TSelf operator -(TSelf x, TSelf y);

    static abstract TSelf operator *(TSelf x, TSelf y);

    static abstract TSelf operator /(TSelf x, TSelf y);

    /// <summary>x · y + z, rounded once where the processor can.</summary>
    static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf z);

    /// <summary>z − x · y, rounded once where the processor can.</summary>
    static abstract TSelf SubtractProduct(TSelf z, TSelf x, TSelf y);

    /// <summary>The larger of each lane; a NaN in x stays.</summary>
    static abstract TSelf AtLeast(TSelf x, TSelf low);

    /// <summary>The smaller of each lane; a NaN in x stays.</summary>
    static abstract TSelf AtMost(TSelf x, TSelf high);

    static abstract TSelf Abs(TSelf x);

    /// <summary>The nearest integer, ties to even.</summary>
    static abstract TSelf Round(TSelf x);

    /// <summary>x · 2ⁿ for integral n in −160 … 160, with gradual underflow and overflow to infinity. NaN where x is NaN.</summary>
    static abstract TSelf Scale(TSelf x, TSelf n);

    /// <summary>condition &lt; 0 ? whenNegative : otherwise, lane by lane.</summary>
    static abstract TSelf SelectNegative(TSelf condition, TSelf whenNegative, TSelf otherwise);

    /// <summary>Lanes 2i and 2i + 1 exchanged.</summary>
    static abstract TSelf SwapPairs(TSelf x);

    /// <summary>The sum of all lanes, in an order that depends on nothing but the path.</summary>
    static abstract float Sum(TSelf x);

    /// <summary>The largest lane, where none is NaN.</summary>
    static abstract float Largest(TSelf x);
}

/// <summary>Loads and stores of the last lanes of a row, so that they go through the same vector code as all others.</summary>
internal static unsafe class Simd
{
    /// <summary>Lanes of the widest path.</summary>
    public const int MaxLanes = 16;

    /// <summary>The first <paramref name="count"/> lanes from memory, the others <paramref name="fill"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static TV LoadPartial<TV>(float* from, long count, float fill = 0)
        where TV : struct, IVector<TV>
    {
        var lanes = stackalloc float[MaxLanes];
        for (var i = 0; i < TV.Count; i++)
        {
            lanes[i] = i < count ? from[i] : fill;
        }

        return TV.Load(lanes);
    }

    /// <summary>The first <paramref name="count"/> lanes from BFloat16 in memory, the others 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static TV LoadPartialBFloat16<TV>(ushort* from, long count)
        where TV : struct, IVector<TV>
    {
        var lanes = stackalloc ushort[MaxLanes];
        for (var i = 0; i < TV.Count; i++)
        {
            lanes[i] = i < count ? from[i] : (ushort)0;
        }

        return TV.LoadBFloat16(lanes);
    }

    /// <summary>Stores the first <paramref name="count"/> lanes as BFloat16.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StorePartialBFloat16<TV>(TV x, ushort* to, long count)
        where TV : struct, IVector<TV>
    {
        var lanes = stackalloc ushort[MaxLanes];
        TV.StoreBFloat16(x, lanes);
        for (var i = 0; i < count; i++)
        {
            to[i] = lanes[i];
        }
    }

    /// <summary>Stores the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StorePartial<TV>(TV x, float* to, long count)
        where TV : struct, IVector<TV>
    {
        var lanes = stackalloc float[MaxLanes];
        TV.Store(x, lanes);
        for (var i = 0; i < count; i++)
        {
            to[i] = lanes[i];
        }
    }

    /// <summary>Lanes from element <paramref name="at"/> of a row of Float32 or BFloat16; the row may end before a whole vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV LoadTerm<TV>(void* row, long at, long count, bool isBFloat16)
        where TV : struct, IVector<TV> => (isBFloat16, count == TV.Count) switch
        {
            (false, true) => TV.Load((float*)row + at),
            (false, false) => LoadPartial<TV>((float*)row + at, count),
            (true, true) => TV.LoadBFloat16((ushort*)row + at),
            (true, false) => LoadPartialBFloat16<TV>((ushort*)row + at, count),
        };

    /// <summary>Stores lanes from element <paramref name="at"/> of a row of Float32 or BFloat16 on; the row may end before a whole vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTerm<TV>(TV x, void* row, long at, long count, bool isBFloat16)
        where TV : struct, IVector<TV>
    {
        switch (isBFloat16, count == TV.Count)
        {
            case (false, true):
                TV.Store(x, (float*)row + at);
                break;
            case (false, false):
                StorePartial(x, (float*)row + at, count);
                break;
            case (true, true):
                TV.StoreBFloat16(x, (ushort*)row + at);
                break;
            default:
                StorePartialBFloat16(x, (ushort*)row + at, count);
                break;
        }
    }
}
