// Written by tools/kernels/generate.py; change that instead.
#nullable enable
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Augur.Tensors.Cpu;

internal static unsafe partial class MicroKernels
{
    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] PortableSingle => [&PortableSingle1x8, &PortableSingle2x8, &PortableSingle3x8, &PortableSingle4x8, &PortableSingle5x8, &PortableSingle6x8];

    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] PortableBFloat16 => [&PortableBFloat161x8, &PortableBFloat162x8, &PortableBFloat163x8, &PortableBFloat164x8, &PortableBFloat165x8, &PortableBFloat166x8];

    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] PortableFloat16 => [&PortableFloat161x8, &PortableFloat162x8, &PortableFloat163x8, &PortableFloat164x8, &PortableFloat165x8, &PortableFloat166x8];

    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] PortableNarrow => [&PortableSingle1x4, &PortableSingle2x4, &PortableSingle3x4, &PortableSingle4x4, &PortableSingle5x4, &PortableSingle6x4];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableSingle1x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector128<float> c0x0, c0x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        for (; a < end; a++, b += 8)
        {
            b0 = Vector128.Load(b + 0);
            b1 = Vector128.Load(b + 4);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableSingle2x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        for (; a < end; a++, b += 8)
        {
            b0 = Vector128.Load(b + 0);
            b1 = Vector128.Load(b + 4);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableSingle3x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        Vector128<float> c2x0, c2x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4); from += stride;
            c2x0 = Vector128.Load(from + 0); c2x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        for (; a < end; a++, b += 8)
        {
            b0 = Vector128.Load(b + 0);
            b1 = Vector128.Load(b + 4);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0); c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableSingle4x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        Vector128<float> c2x0, c2x1;
        Vector128<float> c3x0, c3x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4); from += stride;
            c2x0 = Vector128.Load(from + 0); c2x1 = Vector128.Load(from + 4); from += stride;
            c3x0 = Vector128.Load(from + 0); c3x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        for (; a < end; a++, b += 8)
        {
            b0 = Vector128.Load(b + 0);
            b1 = Vector128.Load(b + 4);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0); c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
            x = Vector128.Create(a[816]); c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0); c3x1 = Vector128.MultiplyAddEstimate(x, b1, c3x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 4); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableSingle5x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        Vector128<float> c2x0, c2x1;
        Vector128<float> c3x0, c3x1;
        Vector128<float> c4x0, c4x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4); from += stride;
            c2x0 = Vector128.Load(from + 0); c2x1 = Vector128.Load(from + 4); from += stride;
            c3x0 = Vector128.Load(from + 0); c3x1 = Vector128.Load(from + 4); from += stride;
            c4x0 = Vector128.Load(from + 0); c4x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        for (; a < end; a++, b += 8)
        {
            b0 = Vector128.Load(b + 0);
            b1 = Vector128.Load(b + 4);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0); c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
            x = Vector128.Create(a[816]); c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0); c3x1 = Vector128.MultiplyAddEstimate(x, b1, c3x1);
            x = Vector128.Create(a[1088]); c4x0 = Vector128.MultiplyAddEstimate(x, b0, c4x0); c4x1 = Vector128.MultiplyAddEstimate(x, b1, c4x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 4); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 4); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableSingle6x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        Vector128<float> c2x0, c2x1;
        Vector128<float> c3x0, c3x1;
        Vector128<float> c4x0, c4x1;
        Vector128<float> c5x0, c5x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4); from += stride;
            c2x0 = Vector128.Load(from + 0); c2x1 = Vector128.Load(from + 4); from += stride;
            c3x0 = Vector128.Load(from + 0); c3x1 = Vector128.Load(from + 4); from += stride;
            c4x0 = Vector128.Load(from + 0); c4x1 = Vector128.Load(from + 4); from += stride;
            c5x0 = Vector128.Load(from + 0); c5x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        for (; a < end; a++, b += 8)
        {
            b0 = Vector128.Load(b + 0);
            b1 = Vector128.Load(b + 4);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0); c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
            x = Vector128.Create(a[816]); c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0); c3x1 = Vector128.MultiplyAddEstimate(x, b1, c3x1);
            x = Vector128.Create(a[1088]); c4x0 = Vector128.MultiplyAddEstimate(x, b0, c4x0); c4x1 = Vector128.MultiplyAddEstimate(x, b1, c4x1);
            x = Vector128.Create(a[1360]); c5x0 = Vector128.MultiplyAddEstimate(x, b0, c5x0); c5x1 = Vector128.MultiplyAddEstimate(x, b1, c5x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 4); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 4); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 4); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableBFloat161x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector128<float> c0x0, c0x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        Vector128<uint> w;
        for (; a < end; a++, b += 4)
        {
            w = Vector128.Load(b + 0);
            b0 = Vector128.ShiftLeft(w, 16).AsSingle();
            b1 = Vector128.BitwiseAnd(w, Vector128.Create(0xffff0000u)).AsSingle();
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableBFloat162x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        Vector128<uint> w;
        for (; a < end; a++, b += 4)
        {
            w = Vector128.Load(b + 0);
            b0 = Vector128.ShiftLeft(w, 16).AsSingle();
            b1 = Vector128.BitwiseAnd(w, Vector128.Create(0xffff0000u)).AsSingle();
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableBFloat163x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        Vector128<float> c2x0, c2x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4); from += stride;
            c2x0 = Vector128.Load(from + 0); c2x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        Vector128<uint> w;
        for (; a < end; a++, b += 4)
        {
            w = Vector128.Load(b + 0);
            b0 = Vector128.ShiftLeft(w, 16).AsSingle();
            b1 = Vector128.BitwiseAnd(w, Vector128.Create(0xffff0000u)).AsSingle();
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0); c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableBFloat164x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        Vector128<float> c2x0, c2x1;
        Vector128<float> c3x0, c3x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4); from += stride;
            c2x0 = Vector128.Load(from + 0); c2x1 = Vector128.Load(from + 4); from += stride;
            c3x0 = Vector128.Load(from + 0); c3x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        Vector128<uint> w;
        for (; a < end; a++, b += 4)
        {
            w = Vector128.Load(b + 0);
            b0 = Vector128.ShiftLeft(w, 16).AsSingle();
            b1 = Vector128.BitwiseAnd(w, Vector128.Create(0xffff0000u)).AsSingle();
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0); c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
            x = Vector128.Create(a[816]); c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0); c3x1 = Vector128.MultiplyAddEstimate(x, b1, c3x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 4); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableBFloat165x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        Vector128<float> c2x0, c2x1;
        Vector128<float> c3x0, c3x1;
        Vector128<float> c4x0, c4x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4); from += stride;
            c2x0 = Vector128.Load(from + 0); c2x1 = Vector128.Load(from + 4); from += stride;
            c3x0 = Vector128.Load(from + 0); c3x1 = Vector128.Load(from + 4); from += stride;
            c4x0 = Vector128.Load(from + 0); c4x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        Vector128<uint> w;
        for (; a < end; a++, b += 4)
        {
            w = Vector128.Load(b + 0);
            b0 = Vector128.ShiftLeft(w, 16).AsSingle();
            b1 = Vector128.BitwiseAnd(w, Vector128.Create(0xffff0000u)).AsSingle();
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0); c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
            x = Vector128.Create(a[816]); c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0); c3x1 = Vector128.MultiplyAddEstimate(x, b1, c3x1);
            x = Vector128.Create(a[1088]); c4x0 = Vector128.MultiplyAddEstimate(x, b0, c4x0); c4x1 = Vector128.MultiplyAddEstimate(x, b1, c4x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 4); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 4); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableBFloat166x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        Vector128<float> c2x0, c2x1;
        Vector128<float> c3x0, c3x1;
        Vector128<float> c4x0, c4x1;
        Vector128<float> c5x0, c5x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4); from += stride;
            c2x0 = Vector128.Load(from + 0); c2x1 = Vector128.Load(from + 4); from += stride;
            c3x0 = Vector128.Load(from + 0); c3x1 = Vector128.Load(from + 4); from += stride;
            c4x0 = Vector128.Load(from + 0); c4x1 = Vector128.Load(from + 4); from += stride;
            c5x0 = Vector128.Load(from + 0); c5x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        Vector128<uint> w;
        for (; a < end; a++, b += 4)
        {
            w = Vector128.Load(b + 0);
            b0 = Vector128.ShiftLeft(w, 16).AsSingle();
            b1 = Vector128.BitwiseAnd(w, Vector128.Create(0xffff0000u)).AsSingle();
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0); c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
            x = Vector128.Create(a[816]); c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0); c3x1 = Vector128.MultiplyAddEstimate(x, b1, c3x1);
            x = Vector128.Create(a[1088]); c4x0 = Vector128.MultiplyAddEstimate(x, b0, c4x0); c4x1 = Vector128.MultiplyAddEstimate(x, b1, c4x1);
            x = Vector128.Create(a[1360]); c5x0 = Vector128.MultiplyAddEstimate(x, b0, c5x0); c5x1 = Vector128.MultiplyAddEstimate(x, b1, c5x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 4); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 4); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 4); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableFloat161x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector128<float> c0x0, c0x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        Vector128<uint> w;
        for (; a < end; a++, b += 4)
        {
            w = Vector128.Load(b + 0);
            b0 = WidenHalf128(Vector128.ShiftLeft(w, 16));
            b1 = WidenHalf128(w);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableFloat162x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        Vector128<uint> w;
        for (; a < end; a++, b += 4)
        {
            w = Vector128.Load(b + 0);
            b0 = WidenHalf128(Vector128.ShiftLeft(w, 16));
            b1 = WidenHalf128(w);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableFloat163x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        Vector128<float> c2x0, c2x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4); from += stride;
            c2x0 = Vector128.Load(from + 0); c2x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        Vector128<uint> w;
        for (; a < end; a++, b += 4)
        {
            w = Vector128.Load(b + 0);
            b0 = WidenHalf128(Vector128.ShiftLeft(w, 16));
            b1 = WidenHalf128(w);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0); c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableFloat164x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        Vector128<float> c2x0, c2x1;
        Vector128<float> c3x0, c3x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4); from += stride;
            c2x0 = Vector128.Load(from + 0); c2x1 = Vector128.Load(from + 4); from += stride;
            c3x0 = Vector128.Load(from + 0); c3x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        Vector128<uint> w;
        for (; a < end; a++, b += 4)
        {
            w = Vector128.Load(b + 0);
            b0 = WidenHalf128(Vector128.ShiftLeft(w, 16));
            b1 = WidenHalf128(w);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0); c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
            x = Vector128.Create(a[816]); c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0); c3x1 = Vector128.MultiplyAddEstimate(x, b1, c3x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 4); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableFloat165x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        Vector128<float> c2x0, c2x1;
        Vector128<float> c3x0, c3x1;
        Vector128<float> c4x0, c4x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4); from += stride;
            c2x0 = Vector128.Load(from + 0); c2x1 = Vector128.Load(from + 4); from += stride;
            c3x0 = Vector128.Load(from + 0); c3x1 = Vector128.Load(from + 4); from += stride;
            c4x0 = Vector128.Load(from + 0); c4x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        Vector128<uint> w;
        for (; a < end; a++, b += 4)
        {
            w = Vector128.Load(b + 0);
            b0 = WidenHalf128(Vector128.ShiftLeft(w, 16));
            b1 = WidenHalf128(w);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0); c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
            x = Vector128.Create(a[816]); c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0); c3x1 = Vector128.MultiplyAddEstimate(x, b1, c3x1);
            x = Vector128.Create(a[1088]); c4x0 = Vector128.MultiplyAddEstimate(x, b0, c4x0); c4x1 = Vector128.MultiplyAddEstimate(x, b1, c4x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 4); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 4); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableFloat166x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector128<float> c0x0, c0x1;
        Vector128<float> c1x0, c1x1;
        Vector128<float> c2x0, c2x1;
        Vector128<float> c3x0, c3x1;
        Vector128<float> c4x0, c4x1;
        Vector128<float> c5x0, c5x1;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c0x1 = Vector128.Load(bias + 4);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); c0x1 = Vector128.Load(from + 4); from += stride;
            c1x0 = Vector128.Load(from + 0); c1x1 = Vector128.Load(from + 4); from += stride;
            c2x0 = Vector128.Load(from + 0); c2x1 = Vector128.Load(from + 4); from += stride;
            c3x0 = Vector128.Load(from + 0); c3x1 = Vector128.Load(from + 4); from += stride;
            c4x0 = Vector128.Load(from + 0); c4x1 = Vector128.Load(from + 4); from += stride;
            c5x0 = Vector128.Load(from + 0); c5x1 = Vector128.Load(from + 4);
        }

        var end = a + depth;
        Vector128<float> x, b0, b1;
        Vector128<uint> w;
        for (; a < end; a++, b += 4)
        {
            w = Vector128.Load(b + 0);
            b0 = WidenHalf128(Vector128.ShiftLeft(w, 16));
            b1 = WidenHalf128(w);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0); c0x1 = Vector128.MultiplyAddEstimate(x, b1, c0x1);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0); c1x1 = Vector128.MultiplyAddEstimate(x, b1, c1x1);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0); c2x1 = Vector128.MultiplyAddEstimate(x, b1, c2x1);
            x = Vector128.Create(a[816]); c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0); c3x1 = Vector128.MultiplyAddEstimate(x, b1, c3x1);
            x = Vector128.Create(a[1088]); c4x0 = Vector128.MultiplyAddEstimate(x, b0, c4x0); c4x1 = Vector128.MultiplyAddEstimate(x, b1, c4x1);
            x = Vector128.Create(a[1360]); c5x0 = Vector128.MultiplyAddEstimate(x, b0, c5x0); c5x1 = Vector128.MultiplyAddEstimate(x, b1, c5x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 4); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 4); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 4); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 4); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 4); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableSingle1x4(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector128<float> c0x0;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0);
        }

        var end = a + depth;
        Vector128<float> x, b0;
        for (; a < end; a++, b += 4)
        {
            b0 = Vector128.Load(b + 0);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0);
        }

        c0x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableSingle2x4(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector128<float> c0x0;
        Vector128<float> c1x0;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c1x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); from += stride;
            c1x0 = Vector128.Load(from + 0);
        }

        var end = a + depth;
        Vector128<float> x, b0;
        for (; a < end; a++, b += 4)
        {
            b0 = Vector128.Load(b + 0);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableSingle3x4(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector128<float> c0x0;
        Vector128<float> c1x0;
        Vector128<float> c2x0;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); from += stride;
            c1x0 = Vector128.Load(from + 0); from += stride;
            c2x0 = Vector128.Load(from + 0);
        }

        var end = a + depth;
        Vector128<float> x, b0;
        for (; a < end; a++, b += 4)
        {
            b0 = Vector128.Load(b + 0);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableSingle4x4(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector128<float> c0x0;
        Vector128<float> c1x0;
        Vector128<float> c2x0;
        Vector128<float> c3x0;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); from += stride;
            c1x0 = Vector128.Load(from + 0); from += stride;
            c2x0 = Vector128.Load(from + 0); from += stride;
            c3x0 = Vector128.Load(from + 0);
        }

        var end = a + depth;
        Vector128<float> x, b0;
        for (; a < end; a++, b += 4)
        {
            b0 = Vector128.Load(b + 0);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0);
            x = Vector128.Create(a[816]); c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableSingle5x4(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector128<float> c0x0;
        Vector128<float> c1x0;
        Vector128<float> c2x0;
        Vector128<float> c3x0;
        Vector128<float> c4x0;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); from += stride;
            c1x0 = Vector128.Load(from + 0); from += stride;
            c2x0 = Vector128.Load(from + 0); from += stride;
            c3x0 = Vector128.Load(from + 0); from += stride;
            c4x0 = Vector128.Load(from + 0);
        }

        var end = a + depth;
        Vector128<float> x, b0;
        for (; a < end; a++, b += 4)
        {
            b0 = Vector128.Load(b + 0);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0);
            x = Vector128.Create(a[816]); c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0);
            x = Vector128.Create(a[1088]); c4x0 = Vector128.MultiplyAddEstimate(x, b0, c4x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PortableSingle6x4(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector128<float> c0x0;
        Vector128<float> c1x0;
        Vector128<float> c2x0;
        Vector128<float> c3x0;
        Vector128<float> c4x0;
        Vector128<float> c5x0;
        if (bias != null)
        {
            c0x0 = Vector128.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
            c5x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector128.Load(from + 0); from += stride;
            c1x0 = Vector128.Load(from + 0); from += stride;
            c2x0 = Vector128.Load(from + 0); from += stride;
            c3x0 = Vector128.Load(from + 0); from += stride;
            c4x0 = Vector128.Load(from + 0); from += stride;
            c5x0 = Vector128.Load(from + 0);
        }

        var end = a + depth;
        Vector128<float> x, b0;
        for (; a < end; a++, b += 4)
        {
            b0 = Vector128.Load(b + 0);
            x = Vector128.Create(a[0]); c0x0 = Vector128.MultiplyAddEstimate(x, b0, c0x0);
            x = Vector128.Create(a[272]); c1x0 = Vector128.MultiplyAddEstimate(x, b0, c1x0);
            x = Vector128.Create(a[544]); c2x0 = Vector128.MultiplyAddEstimate(x, b0, c2x0);
            x = Vector128.Create(a[816]); c3x0 = Vector128.MultiplyAddEstimate(x, b0, c3x0);
            x = Vector128.Create(a[1088]); c4x0 = Vector128.MultiplyAddEstimate(x, b0, c4x0);
            x = Vector128.Create(a[1360]); c5x0 = Vector128.MultiplyAddEstimate(x, b0, c5x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0); c += stride;
        c5x0.Store(c + 0);
    }
}
