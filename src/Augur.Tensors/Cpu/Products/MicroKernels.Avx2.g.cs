// Written by tools/kernels/generate.py; change that instead.
#nullable enable
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

internal static unsafe partial class MicroKernels
{
    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] Avx2Single => [&Avx2Single1x16, &Avx2Single2x16, &Avx2Single3x16, &Avx2Single4x16, &Avx2Single5x16, &Avx2Single6x16];

    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] Avx2Streamed => [&Avx2Streamed1x16, &Avx2Streamed2x16, &Avx2Streamed3x16, &Avx2Streamed4x16, &Avx2Streamed5x16, &Avx2Streamed6x16];

    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] Avx2BFloat16 => [&Avx2BFloat161x16, &Avx2BFloat162x16, &Avx2BFloat163x16, &Avx2BFloat164x16, &Avx2BFloat165x16, &Avx2BFloat166x16];

    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] Avx2Float16 => [&Avx2Float161x16, &Avx2Float162x16, &Avx2Float163x16, &Avx2Float164x16, &Avx2Float165x16, &Avx2Float166x16];

    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] Avx2Narrow => [&Avx2Single1x8, &Avx2Single2x8, &Avx2Single3x8, &Avx2Single4x8, &Avx2Single5x8, &Avx2Single6x8];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Single1x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0, c0x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        for (; a < end; a++, b += 16)
        {
            b0 = Vector256.Load(b + 0);
            b1 = Vector256.Load(b + 8);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Single2x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        for (; a < end; a++, b += 16)
        {
            b0 = Vector256.Load(b + 0);
            b1 = Vector256.Load(b + 8);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Single3x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        for (; a < end; a++, b += 16)
        {
            b0 = Vector256.Load(b + 0);
            b1 = Vector256.Load(b + 8);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Single4x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        Vector256<float> c3x0, c3x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8); from += stride;
            c3x0 = Vector256.Load(from + 0); c3x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        for (; a < end; a++, b += 16)
        {
            b0 = Vector256.Load(b + 0);
            b1 = Vector256.Load(b + 8);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0); c3x1 = Fma.MultiplyAdd(x, b1, c3x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Single5x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        Vector256<float> c3x0, c3x1;
        Vector256<float> c4x0, c4x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8); from += stride;
            c3x0 = Vector256.Load(from + 0); c3x1 = Vector256.Load(from + 8); from += stride;
            c4x0 = Vector256.Load(from + 0); c4x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        for (; a < end; a++, b += 16)
        {
            b0 = Vector256.Load(b + 0);
            b1 = Vector256.Load(b + 8);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0); c3x1 = Fma.MultiplyAdd(x, b1, c3x1);
            x = Vector256.Create(a[1088]); c4x0 = Fma.MultiplyAdd(x, b0, c4x0); c4x1 = Fma.MultiplyAdd(x, b1, c4x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 8); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Single6x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        Vector256<float> c3x0, c3x1;
        Vector256<float> c4x0, c4x1;
        Vector256<float> c5x0, c5x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8); from += stride;
            c3x0 = Vector256.Load(from + 0); c3x1 = Vector256.Load(from + 8); from += stride;
            c4x0 = Vector256.Load(from + 0); c4x1 = Vector256.Load(from + 8); from += stride;
            c5x0 = Vector256.Load(from + 0); c5x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        for (; a < end; a++, b += 16)
        {
            b0 = Vector256.Load(b + 0);
            b1 = Vector256.Load(b + 8);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0); c3x1 = Fma.MultiplyAdd(x, b1, c3x1);
            x = Vector256.Create(a[1088]); c4x0 = Fma.MultiplyAdd(x, b0, c4x0); c4x1 = Fma.MultiplyAdd(x, b1, c4x1);
            x = Vector256.Create(a[1360]); c5x0 = Fma.MultiplyAdd(x, b0, c5x0); c5x1 = Fma.MultiplyAdd(x, b1, c5x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 8); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 8); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Streamed1x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0, c0x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        for (; a < end; a++, b += 16)
        {
            b0 = Vector256.Load(b + 0);
            b1 = Vector256.Load(b + 8);
            Sse.Prefetch0(b + 128);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Streamed2x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        for (; a < end; a++, b += 16)
        {
            b0 = Vector256.Load(b + 0);
            b1 = Vector256.Load(b + 8);
            Sse.Prefetch0(b + 128);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Streamed3x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        for (; a < end; a++, b += 16)
        {
            b0 = Vector256.Load(b + 0);
            b1 = Vector256.Load(b + 8);
            Sse.Prefetch0(b + 128);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Streamed4x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        Vector256<float> c3x0, c3x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8); from += stride;
            c3x0 = Vector256.Load(from + 0); c3x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        for (; a < end; a++, b += 16)
        {
            b0 = Vector256.Load(b + 0);
            b1 = Vector256.Load(b + 8);
            Sse.Prefetch0(b + 128);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0); c3x1 = Fma.MultiplyAdd(x, b1, c3x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Streamed5x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        Vector256<float> c3x0, c3x1;
        Vector256<float> c4x0, c4x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8); from += stride;
            c3x0 = Vector256.Load(from + 0); c3x1 = Vector256.Load(from + 8); from += stride;
            c4x0 = Vector256.Load(from + 0); c4x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        for (; a < end; a++, b += 16)
        {
            b0 = Vector256.Load(b + 0);
            b1 = Vector256.Load(b + 8);
            Sse.Prefetch0(b + 128);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0); c3x1 = Fma.MultiplyAdd(x, b1, c3x1);
            x = Vector256.Create(a[1088]); c4x0 = Fma.MultiplyAdd(x, b0, c4x0); c4x1 = Fma.MultiplyAdd(x, b1, c4x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 8); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Streamed6x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        Vector256<float> c3x0, c3x1;
        Vector256<float> c4x0, c4x1;
        Vector256<float> c5x0, c5x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8); from += stride;
            c3x0 = Vector256.Load(from + 0); c3x1 = Vector256.Load(from + 8); from += stride;
            c4x0 = Vector256.Load(from + 0); c4x1 = Vector256.Load(from + 8); from += stride;
            c5x0 = Vector256.Load(from + 0); c5x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        for (; a < end; a++, b += 16)
        {
            b0 = Vector256.Load(b + 0);
            b1 = Vector256.Load(b + 8);
            Sse.Prefetch0(b + 128);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0); c3x1 = Fma.MultiplyAdd(x, b1, c3x1);
            x = Vector256.Create(a[1088]); c4x0 = Fma.MultiplyAdd(x, b0, c4x0); c4x1 = Fma.MultiplyAdd(x, b1, c4x1);
            x = Vector256.Create(a[1360]); c5x0 = Fma.MultiplyAdd(x, b0, c5x0); c5x1 = Fma.MultiplyAdd(x, b1, c5x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 8); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 8); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2BFloat161x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector256<float> c0x0, c0x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        Vector256<uint> w;
        for (; a < end; a++, b += 8)
        {
            w = Vector256.Load(b + 0);
            b0 = Avx2.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx2.And(w, Vector256.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 64);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2BFloat162x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        Vector256<uint> w;
        for (; a < end; a++, b += 8)
        {
            w = Vector256.Load(b + 0);
            b0 = Avx2.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx2.And(w, Vector256.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 64);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2BFloat163x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        Vector256<uint> w;
        for (; a < end; a++, b += 8)
        {
            w = Vector256.Load(b + 0);
            b0 = Avx2.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx2.And(w, Vector256.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 64);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2BFloat164x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        Vector256<float> c3x0, c3x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8); from += stride;
            c3x0 = Vector256.Load(from + 0); c3x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        Vector256<uint> w;
        for (; a < end; a++, b += 8)
        {
            w = Vector256.Load(b + 0);
            b0 = Avx2.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx2.And(w, Vector256.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 64);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0); c3x1 = Fma.MultiplyAdd(x, b1, c3x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2BFloat165x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        Vector256<float> c3x0, c3x1;
        Vector256<float> c4x0, c4x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8); from += stride;
            c3x0 = Vector256.Load(from + 0); c3x1 = Vector256.Load(from + 8); from += stride;
            c4x0 = Vector256.Load(from + 0); c4x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        Vector256<uint> w;
        for (; a < end; a++, b += 8)
        {
            w = Vector256.Load(b + 0);
            b0 = Avx2.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx2.And(w, Vector256.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 64);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0); c3x1 = Fma.MultiplyAdd(x, b1, c3x1);
            x = Vector256.Create(a[1088]); c4x0 = Fma.MultiplyAdd(x, b0, c4x0); c4x1 = Fma.MultiplyAdd(x, b1, c4x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 8); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2BFloat166x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        Vector256<float> c3x0, c3x1;
        Vector256<float> c4x0, c4x1;
        Vector256<float> c5x0, c5x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8); from += stride;
            c3x0 = Vector256.Load(from + 0); c3x1 = Vector256.Load(from + 8); from += stride;
            c4x0 = Vector256.Load(from + 0); c4x1 = Vector256.Load(from + 8); from += stride;
            c5x0 = Vector256.Load(from + 0); c5x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        Vector256<uint> w;
        for (; a < end; a++, b += 8)
        {
            w = Vector256.Load(b + 0);
            b0 = Avx2.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx2.And(w, Vector256.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 64);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0); c3x1 = Fma.MultiplyAdd(x, b1, c3x1);
            x = Vector256.Create(a[1088]); c4x0 = Fma.MultiplyAdd(x, b0, c4x0); c4x1 = Fma.MultiplyAdd(x, b1, c4x1);
            x = Vector256.Create(a[1360]); c5x0 = Fma.MultiplyAdd(x, b0, c5x0); c5x1 = Fma.MultiplyAdd(x, b1, c5x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 8); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 8); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Float161x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector256<float> c0x0, c0x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        Vector256<uint> w;
        for (; a < end; a++, b += 8)
        {
            w = Vector256.Load(b + 0);
            b0 = WidenHalf256(Avx2.ShiftLeftLogical(w, 16));
            b1 = WidenHalf256(w);
            Sse.Prefetch0(b + 64);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Float162x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        Vector256<uint> w;
        for (; a < end; a++, b += 8)
        {
            w = Vector256.Load(b + 0);
            b0 = WidenHalf256(Avx2.ShiftLeftLogical(w, 16));
            b1 = WidenHalf256(w);
            Sse.Prefetch0(b + 64);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Float163x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        Vector256<uint> w;
        for (; a < end; a++, b += 8)
        {
            w = Vector256.Load(b + 0);
            b0 = WidenHalf256(Avx2.ShiftLeftLogical(w, 16));
            b1 = WidenHalf256(w);
            Sse.Prefetch0(b + 64);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Float164x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        Vector256<float> c3x0, c3x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8); from += stride;
            c3x0 = Vector256.Load(from + 0); c3x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        Vector256<uint> w;
        for (; a < end; a++, b += 8)
        {
            w = Vector256.Load(b + 0);
            b0 = WidenHalf256(Avx2.ShiftLeftLogical(w, 16));
            b1 = WidenHalf256(w);
            Sse.Prefetch0(b + 64);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0); c3x1 = Fma.MultiplyAdd(x, b1, c3x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Float165x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        Vector256<float> c3x0, c3x1;
        Vector256<float> c4x0, c4x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8); from += stride;
            c3x0 = Vector256.Load(from + 0); c3x1 = Vector256.Load(from + 8); from += stride;
            c4x0 = Vector256.Load(from + 0); c4x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        Vector256<uint> w;
        for (; a < end; a++, b += 8)
        {
            w = Vector256.Load(b + 0);
            b0 = WidenHalf256(Avx2.ShiftLeftLogical(w, 16));
            b1 = WidenHalf256(w);
            Sse.Prefetch0(b + 64);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0); c3x1 = Fma.MultiplyAdd(x, b1, c3x1);
            x = Vector256.Create(a[1088]); c4x0 = Fma.MultiplyAdd(x, b0, c4x0); c4x1 = Fma.MultiplyAdd(x, b1, c4x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 8); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Float166x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector256<float> c0x0, c0x1;
        Vector256<float> c1x0, c1x1;
        Vector256<float> c2x0, c2x1;
        Vector256<float> c3x0, c3x1;
        Vector256<float> c4x0, c4x1;
        Vector256<float> c5x0, c5x1;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c0x1 = Vector256.Load(bias + 8);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); c0x1 = Vector256.Load(from + 8); from += stride;
            c1x0 = Vector256.Load(from + 0); c1x1 = Vector256.Load(from + 8); from += stride;
            c2x0 = Vector256.Load(from + 0); c2x1 = Vector256.Load(from + 8); from += stride;
            c3x0 = Vector256.Load(from + 0); c3x1 = Vector256.Load(from + 8); from += stride;
            c4x0 = Vector256.Load(from + 0); c4x1 = Vector256.Load(from + 8); from += stride;
            c5x0 = Vector256.Load(from + 0); c5x1 = Vector256.Load(from + 8);
        }

        var end = a + depth;
        Vector256<float> x, b0, b1;
        Vector256<uint> w;
        for (; a < end; a++, b += 8)
        {
            w = Vector256.Load(b + 0);
            b0 = WidenHalf256(Avx2.ShiftLeftLogical(w, 16));
            b1 = WidenHalf256(w);
            Sse.Prefetch0(b + 64);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0); c0x1 = Fma.MultiplyAdd(x, b1, c0x1);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0); c1x1 = Fma.MultiplyAdd(x, b1, c1x1);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0); c2x1 = Fma.MultiplyAdd(x, b1, c2x1);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0); c3x1 = Fma.MultiplyAdd(x, b1, c3x1);
            x = Vector256.Create(a[1088]); c4x0 = Fma.MultiplyAdd(x, b0, c4x0); c4x1 = Fma.MultiplyAdd(x, b1, c4x1);
            x = Vector256.Create(a[1360]); c5x0 = Fma.MultiplyAdd(x, b0, c5x0); c5x1 = Fma.MultiplyAdd(x, b1, c5x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 8); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 8); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 8); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 8); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 8); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Single1x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0);
        }

        var end = a + depth;
        Vector256<float> x, b0;
        for (; a < end; a++, b += 8)
        {
            b0 = Vector256.Load(b + 0);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0);
        }

        c0x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Single2x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0;
        Vector256<float> c1x0;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c1x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); from += stride;
            c1x0 = Vector256.Load(from + 0);
        }

        var end = a + depth;
        Vector256<float> x, b0;
        for (; a < end; a++, b += 8)
        {
            b0 = Vector256.Load(b + 0);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Single3x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0;
        Vector256<float> c1x0;
        Vector256<float> c2x0;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); from += stride;
            c1x0 = Vector256.Load(from + 0); from += stride;
            c2x0 = Vector256.Load(from + 0);
        }

        var end = a + depth;
        Vector256<float> x, b0;
        for (; a < end; a++, b += 8)
        {
            b0 = Vector256.Load(b + 0);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Single4x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0;
        Vector256<float> c1x0;
        Vector256<float> c2x0;
        Vector256<float> c3x0;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); from += stride;
            c1x0 = Vector256.Load(from + 0); from += stride;
            c2x0 = Vector256.Load(from + 0); from += stride;
            c3x0 = Vector256.Load(from + 0);
        }

        var end = a + depth;
        Vector256<float> x, b0;
        for (; a < end; a++, b += 8)
        {
            b0 = Vector256.Load(b + 0);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Single5x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0;
        Vector256<float> c1x0;
        Vector256<float> c2x0;
        Vector256<float> c3x0;
        Vector256<float> c4x0;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); from += stride;
            c1x0 = Vector256.Load(from + 0); from += stride;
            c2x0 = Vector256.Load(from + 0); from += stride;
            c3x0 = Vector256.Load(from + 0); from += stride;
            c4x0 = Vector256.Load(from + 0);
        }

        var end = a + depth;
        Vector256<float> x, b0;
        for (; a < end; a++, b += 8)
        {
            b0 = Vector256.Load(b + 0);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0);
            x = Vector256.Create(a[1088]); c4x0 = Fma.MultiplyAdd(x, b0, c4x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx2Single6x8(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector256<float> c0x0;
        Vector256<float> c1x0;
        Vector256<float> c2x0;
        Vector256<float> c3x0;
        Vector256<float> c4x0;
        Vector256<float> c5x0;
        if (bias != null)
        {
            c0x0 = Vector256.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
            c5x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector256.Load(from + 0); from += stride;
            c1x0 = Vector256.Load(from + 0); from += stride;
            c2x0 = Vector256.Load(from + 0); from += stride;
            c3x0 = Vector256.Load(from + 0); from += stride;
            c4x0 = Vector256.Load(from + 0); from += stride;
            c5x0 = Vector256.Load(from + 0);
        }

        var end = a + depth;
        Vector256<float> x, b0;
        for (; a < end; a++, b += 8)
        {
            b0 = Vector256.Load(b + 0);
            x = Vector256.Create(a[0]); c0x0 = Fma.MultiplyAdd(x, b0, c0x0);
            x = Vector256.Create(a[272]); c1x0 = Fma.MultiplyAdd(x, b0, c1x0);
            x = Vector256.Create(a[544]); c2x0 = Fma.MultiplyAdd(x, b0, c2x0);
            x = Vector256.Create(a[816]); c3x0 = Fma.MultiplyAdd(x, b0, c3x0);
            x = Vector256.Create(a[1088]); c4x0 = Fma.MultiplyAdd(x, b0, c4x0);
            x = Vector256.Create(a[1360]); c5x0 = Fma.MultiplyAdd(x, b0, c5x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0); c += stride;
        c5x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeAvx2(float* x, nint xStride, float* y, nint yStride)
    {
        var r0 = Vector256.Load(x + (0 * xStride));
        var r1 = Vector256.Load(x + (1 * xStride));
        var r2 = Vector256.Load(x + (2 * xStride));
        var r3 = Vector256.Load(x + (3 * xStride));
        var r4 = Vector256.Load(x + (4 * xStride));
        var r5 = Vector256.Load(x + (5 * xStride));
        var r6 = Vector256.Load(x + (6 * xStride));
        var r7 = Vector256.Load(x + (7 * xStride));
        var s0 = Avx.UnpackLow(r0, r1);
        var s1 = Avx.UnpackHigh(r0, r1);
        var s2 = Avx.UnpackLow(r2, r3);
        var s3 = Avx.UnpackHigh(r2, r3);
        var s4 = Avx.UnpackLow(r4, r5);
        var s5 = Avx.UnpackHigh(r4, r5);
        var s6 = Avx.UnpackLow(r6, r7);
        var s7 = Avx.UnpackHigh(r6, r7);
        var t0 = Avx.UnpackLow(s0.AsDouble(), s2.AsDouble()).AsSingle();
        var t1 = Avx.UnpackHigh(s0.AsDouble(), s2.AsDouble()).AsSingle();
        var t2 = Avx.UnpackLow(s1.AsDouble(), s3.AsDouble()).AsSingle();
        var t3 = Avx.UnpackHigh(s1.AsDouble(), s3.AsDouble()).AsSingle();
        var t4 = Avx.UnpackLow(s4.AsDouble(), s6.AsDouble()).AsSingle();
        var t5 = Avx.UnpackHigh(s4.AsDouble(), s6.AsDouble()).AsSingle();
        var t6 = Avx.UnpackLow(s5.AsDouble(), s7.AsDouble()).AsSingle();
        var t7 = Avx.UnpackHigh(s5.AsDouble(), s7.AsDouble()).AsSingle();
        Avx.Permute2x128(t0, t4, 0x20).Store(y + (0 * yStride));
        Avx.Permute2x128(t0, t4, 0x31).Store(y + (4 * yStride));
        Avx.Permute2x128(t1, t5, 0x20).Store(y + (1 * yStride));
        Avx.Permute2x128(t1, t5, 0x31).Store(y + (5 * yStride));
        Avx.Permute2x128(t2, t6, 0x20).Store(y + (2 * yStride));
        Avx.Permute2x128(t2, t6, 0x31).Store(y + (6 * yStride));
        Avx.Permute2x128(t3, t7, 0x20).Store(y + (3 * yStride));
        Avx.Permute2x128(t3, t7, 0x31).Store(y + (7 * yStride));
    }
}
