// Written by tools/kernels/generate.py; change that instead.
#nullable enable
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

internal static unsafe partial class MicroKernels
{
    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] Avx512Single => [&Avx512Single1x32, &Avx512Single2x32, &Avx512Single3x32, &Avx512Single4x32, &Avx512Single5x32, &Avx512Single6x32, &Avx512Single7x32, &Avx512Single8x32, &Avx512Single9x32, &Avx512Single10x32, &Avx512Single11x32, &Avx512Single12x32, &Avx512Single13x32, &Avx512Single14x32];

    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] Avx512Streamed => [&Avx512Streamed1x32, &Avx512Streamed2x32, &Avx512Streamed3x32, &Avx512Streamed4x32, &Avx512Streamed5x32, &Avx512Streamed6x32, &Avx512Streamed7x32, &Avx512Streamed8x32, &Avx512Streamed9x32, &Avx512Streamed10x32, &Avx512Streamed11x32, &Avx512Streamed12x32, &Avx512Streamed13x32, &Avx512Streamed14x32];

    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] Avx512BFloat16 => [&Avx512BFloat161x32, &Avx512BFloat162x32, &Avx512BFloat163x32, &Avx512BFloat164x32, &Avx512BFloat165x32, &Avx512BFloat166x32, &Avx512BFloat167x32, &Avx512BFloat168x32, &Avx512BFloat169x32, &Avx512BFloat1610x32, &Avx512BFloat1611x32, &Avx512BFloat1612x32, &Avx512BFloat1613x32, &Avx512BFloat1614x32];

    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] Avx512Float16 => [&Avx512Float161x32, &Avx512Float162x32, &Avx512Float163x32, &Avx512Float164x32, &Avx512Float165x32, &Avx512Float166x32, &Avx512Float167x32, &Avx512Float168x32, &Avx512Float169x32, &Avx512Float1610x32, &Avx512Float1611x32, &Avx512Float1612x32, &Avx512Float1613x32, &Avx512Float1614x32];

    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] Avx512Narrow => [&Avx512Single1x16, &Avx512Single2x16, &Avx512Single3x16, &Avx512Single4x16, &Avx512Single5x16, &Avx512Single6x16, &Avx512Single7x16, &Avx512Single8x16, &Avx512Single9x16, &Avx512Single10x16, &Avx512Single11x16, &Avx512Single12x16, &Avx512Single13x16, &Avx512Single14x16];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single1x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single2x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single3x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single4x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single5x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single6x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single7x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single8x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single9x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single10x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single11x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2721]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2722]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2723]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single12x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        Vector512<float> c11x0, c11x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
            c11x0 = c0x0; c11x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16); from += stride;
            c11x0 = Vector512.Load(from + 0); c11x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2721]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2993]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2722]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2994]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2723]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2995]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16); c += stride;
        c11x0.Store(c + 0); c11x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single13x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        Vector512<float> c11x0, c11x1;
        Vector512<float> c12x0, c12x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
            c11x0 = c0x0; c11x1 = c0x1;
            c12x0 = c0x0; c12x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16); from += stride;
            c11x0 = Vector512.Load(from + 0); c11x1 = Vector512.Load(from + 16); from += stride;
            c12x0 = Vector512.Load(from + 0); c12x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2721]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2993]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3265]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2722]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2994]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3266]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2723]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2995]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3267]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16); c += stride;
        c11x0.Store(c + 0); c11x1.Store(c + 16); c += stride;
        c12x0.Store(c + 0); c12x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single14x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        Vector512<float> c11x0, c11x1;
        Vector512<float> c12x0, c12x1;
        Vector512<float> c13x0, c13x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
            c11x0 = c0x0; c11x1 = c0x1;
            c12x0 = c0x0; c12x1 = c0x1;
            c13x0 = c0x0; c13x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16); from += stride;
            c11x0 = Vector512.Load(from + 0); c11x1 = Vector512.Load(from + 16); from += stride;
            c12x0 = Vector512.Load(from + 0); c12x1 = Vector512.Load(from + 16); from += stride;
            c13x0 = Vector512.Load(from + 0); c13x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            x = Vector512.Create(a[3536]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0); c13x1 = Avx512F.FusedMultiplyAdd(x, b1, c13x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2721]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2993]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3265]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            x = Vector512.Create(a[3537]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0); c13x1 = Avx512F.FusedMultiplyAdd(x, b1, c13x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2722]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2994]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3266]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            x = Vector512.Create(a[3538]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0); c13x1 = Avx512F.FusedMultiplyAdd(x, b1, c13x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2723]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2995]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3267]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            x = Vector512.Create(a[3539]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0); c13x1 = Avx512F.FusedMultiplyAdd(x, b1, c13x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            x = Vector512.Create(a[3536]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0); c13x1 = Avx512F.FusedMultiplyAdd(x, b1, c13x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16); c += stride;
        c11x0.Store(c + 0); c11x1.Store(c + 16); c += stride;
        c12x0.Store(c + 0); c12x1.Store(c + 16); c += stride;
        c13x0.Store(c + 0); c13x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed1x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed2x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed3x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed4x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed5x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed6x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed7x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed8x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed9x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed10x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed11x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2721]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2722]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2723]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed12x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        Vector512<float> c11x0, c11x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
            c11x0 = c0x0; c11x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16); from += stride;
            c11x0 = Vector512.Load(from + 0); c11x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2721]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2993]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2722]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2994]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2723]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2995]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16); c += stride;
        c11x0.Store(c + 0); c11x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed13x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        Vector512<float> c11x0, c11x1;
        Vector512<float> c12x0, c12x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
            c11x0 = c0x0; c11x1 = c0x1;
            c12x0 = c0x0; c12x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16); from += stride;
            c11x0 = Vector512.Load(from + 0); c11x1 = Vector512.Load(from + 16); from += stride;
            c12x0 = Vector512.Load(from + 0); c12x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2721]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2993]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3265]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2722]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2994]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3266]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2723]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2995]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3267]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16); c += stride;
        c11x0.Store(c + 0); c11x1.Store(c + 16); c += stride;
        c12x0.Store(c + 0); c12x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Streamed14x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        Vector512<float> c11x0, c11x1;
        Vector512<float> c12x0, c12x1;
        Vector512<float> c13x0, c13x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
            c11x0 = c0x0; c11x1 = c0x1;
            c12x0 = c0x0; c12x1 = c0x1;
            c13x0 = c0x0; c13x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16); from += stride;
            c11x0 = Vector512.Load(from + 0); c11x1 = Vector512.Load(from + 16); from += stride;
            c12x0 = Vector512.Load(from + 0); c12x1 = Vector512.Load(from + 16); from += stride;
            c13x0 = Vector512.Load(from + 0); c13x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        for (var last = end - 3; a < last; a += 4, b += 128)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            x = Vector512.Create(a[3536]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0); c13x1 = Avx512F.FusedMultiplyAdd(x, b1, c13x1);
            b0 = Vector512.Load(b + 32);
            b1 = Vector512.Load(b + 48);
            Sse.Prefetch0(b + 288);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2721]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2993]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3265]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            x = Vector512.Create(a[3537]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0); c13x1 = Avx512F.FusedMultiplyAdd(x, b1, c13x1);
            b0 = Vector512.Load(b + 64);
            b1 = Vector512.Load(b + 80);
            Sse.Prefetch0(b + 320);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2722]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2994]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3266]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            x = Vector512.Create(a[3538]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0); c13x1 = Avx512F.FusedMultiplyAdd(x, b1, c13x1);
            b0 = Vector512.Load(b + 96);
            b1 = Vector512.Load(b + 112);
            Sse.Prefetch0(b + 352);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2723]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2995]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3267]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            x = Vector512.Create(a[3539]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0); c13x1 = Avx512F.FusedMultiplyAdd(x, b1, c13x1);
        }

        for (; a < end; a++, b += 32)
        {
            b0 = Vector512.Load(b + 0);
            b1 = Vector512.Load(b + 16);
            Sse.Prefetch0(b + 256);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            x = Vector512.Create(a[3536]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0); c13x1 = Avx512F.FusedMultiplyAdd(x, b1, c13x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16); c += stride;
        c11x0.Store(c + 0); c11x1.Store(c + 16); c += stride;
        c12x0.Store(c + 0); c12x1.Store(c + 16); c += stride;
        c13x0.Store(c + 0); c13x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat161x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat162x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat163x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat164x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat165x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat166x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat167x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat168x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat169x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat1610x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat1611x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat1612x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        Vector512<float> c11x0, c11x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
            c11x0 = c0x0; c11x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16); from += stride;
            c11x0 = Vector512.Load(from + 0); c11x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16); c += stride;
        c11x0.Store(c + 0); c11x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat1613x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        Vector512<float> c11x0, c11x1;
        Vector512<float> c12x0, c12x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
            c11x0 = c0x0; c11x1 = c0x1;
            c12x0 = c0x0; c12x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16); from += stride;
            c11x0 = Vector512.Load(from + 0); c11x1 = Vector512.Load(from + 16); from += stride;
            c12x0 = Vector512.Load(from + 0); c12x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16); c += stride;
        c11x0.Store(c + 0); c11x1.Store(c + 16); c += stride;
        c12x0.Store(c + 0); c12x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512BFloat1614x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        Vector512<float> c11x0, c11x1;
        Vector512<float> c12x0, c12x1;
        Vector512<float> c13x0, c13x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
            c11x0 = c0x0; c11x1 = c0x1;
            c12x0 = c0x0; c12x1 = c0x1;
            c13x0 = c0x0; c13x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16); from += stride;
            c11x0 = Vector512.Load(from + 0); c11x1 = Vector512.Load(from + 16); from += stride;
            c12x0 = Vector512.Load(from + 0); c12x1 = Vector512.Load(from + 16); from += stride;
            c13x0 = Vector512.Load(from + 0); c13x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = Avx512F.ShiftLeftLogical(w, 16).AsSingle();
            b1 = Avx512F.And(w, Vector512.Create(0xffff0000u)).AsSingle();
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            x = Vector512.Create(a[3536]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0); c13x1 = Avx512F.FusedMultiplyAdd(x, b1, c13x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16); c += stride;
        c11x0.Store(c + 0); c11x1.Store(c + 16); c += stride;
        c12x0.Store(c + 0); c12x1.Store(c + 16); c += stride;
        c13x0.Store(c + 0); c13x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float161x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float162x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float163x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float164x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float165x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float166x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float167x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float168x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float169x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float1610x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float1611x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float1612x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        Vector512<float> c11x0, c11x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
            c11x0 = c0x0; c11x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16); from += stride;
            c11x0 = Vector512.Load(from + 0); c11x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16); c += stride;
        c11x0.Store(c + 0); c11x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float1613x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        Vector512<float> c11x0, c11x1;
        Vector512<float> c12x0, c12x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
            c11x0 = c0x0; c11x1 = c0x1;
            c12x0 = c0x0; c12x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16); from += stride;
            c11x0 = Vector512.Load(from + 0); c11x1 = Vector512.Load(from + 16); from += stride;
            c12x0 = Vector512.Load(from + 0); c12x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16); c += stride;
        c11x0.Store(c + 0); c11x1.Store(c + 16); c += stride;
        c12x0.Store(c + 0); c12x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Float1614x32(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (uint*)panel;
        Vector512<float> c0x0, c0x1;
        Vector512<float> c1x0, c1x1;
        Vector512<float> c2x0, c2x1;
        Vector512<float> c3x0, c3x1;
        Vector512<float> c4x0, c4x1;
        Vector512<float> c5x0, c5x1;
        Vector512<float> c6x0, c6x1;
        Vector512<float> c7x0, c7x1;
        Vector512<float> c8x0, c8x1;
        Vector512<float> c9x0, c9x1;
        Vector512<float> c10x0, c10x1;
        Vector512<float> c11x0, c11x1;
        Vector512<float> c12x0, c12x1;
        Vector512<float> c13x0, c13x1;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c0x1 = Vector512.Load(bias + 16);
            c1x0 = c0x0; c1x1 = c0x1;
            c2x0 = c0x0; c2x1 = c0x1;
            c3x0 = c0x0; c3x1 = c0x1;
            c4x0 = c0x0; c4x1 = c0x1;
            c5x0 = c0x0; c5x1 = c0x1;
            c6x0 = c0x0; c6x1 = c0x1;
            c7x0 = c0x0; c7x1 = c0x1;
            c8x0 = c0x0; c8x1 = c0x1;
            c9x0 = c0x0; c9x1 = c0x1;
            c10x0 = c0x0; c10x1 = c0x1;
            c11x0 = c0x0; c11x1 = c0x1;
            c12x0 = c0x0; c12x1 = c0x1;
            c13x0 = c0x0; c13x1 = c0x1;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); c0x1 = Vector512.Load(from + 16); from += stride;
            c1x0 = Vector512.Load(from + 0); c1x1 = Vector512.Load(from + 16); from += stride;
            c2x0 = Vector512.Load(from + 0); c2x1 = Vector512.Load(from + 16); from += stride;
            c3x0 = Vector512.Load(from + 0); c3x1 = Vector512.Load(from + 16); from += stride;
            c4x0 = Vector512.Load(from + 0); c4x1 = Vector512.Load(from + 16); from += stride;
            c5x0 = Vector512.Load(from + 0); c5x1 = Vector512.Load(from + 16); from += stride;
            c6x0 = Vector512.Load(from + 0); c6x1 = Vector512.Load(from + 16); from += stride;
            c7x0 = Vector512.Load(from + 0); c7x1 = Vector512.Load(from + 16); from += stride;
            c8x0 = Vector512.Load(from + 0); c8x1 = Vector512.Load(from + 16); from += stride;
            c9x0 = Vector512.Load(from + 0); c9x1 = Vector512.Load(from + 16); from += stride;
            c10x0 = Vector512.Load(from + 0); c10x1 = Vector512.Load(from + 16); from += stride;
            c11x0 = Vector512.Load(from + 0); c11x1 = Vector512.Load(from + 16); from += stride;
            c12x0 = Vector512.Load(from + 0); c12x1 = Vector512.Load(from + 16); from += stride;
            c13x0 = Vector512.Load(from + 0); c13x1 = Vector512.Load(from + 16);
        }

        var end = a + depth;
        Vector512<float> x, b0, b1;
        Vector512<uint> w;
        for (; a < end; a++, b += 16)
        {
            w = Vector512.Load(b + 0);
            b0 = WidenHalf512(Avx512F.ShiftLeftLogical(w, 16));
            b1 = WidenHalf512(w);
            Sse.Prefetch0(b + 128);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0); c0x1 = Avx512F.FusedMultiplyAdd(x, b1, c0x1);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0); c1x1 = Avx512F.FusedMultiplyAdd(x, b1, c1x1);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0); c2x1 = Avx512F.FusedMultiplyAdd(x, b1, c2x1);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0); c3x1 = Avx512F.FusedMultiplyAdd(x, b1, c3x1);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0); c4x1 = Avx512F.FusedMultiplyAdd(x, b1, c4x1);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0); c5x1 = Avx512F.FusedMultiplyAdd(x, b1, c5x1);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0); c6x1 = Avx512F.FusedMultiplyAdd(x, b1, c6x1);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0); c7x1 = Avx512F.FusedMultiplyAdd(x, b1, c7x1);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0); c8x1 = Avx512F.FusedMultiplyAdd(x, b1, c8x1);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0); c9x1 = Avx512F.FusedMultiplyAdd(x, b1, c9x1);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0); c10x1 = Avx512F.FusedMultiplyAdd(x, b1, c10x1);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0); c11x1 = Avx512F.FusedMultiplyAdd(x, b1, c11x1);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0); c12x1 = Avx512F.FusedMultiplyAdd(x, b1, c12x1);
            x = Vector512.Create(a[3536]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0); c13x1 = Avx512F.FusedMultiplyAdd(x, b1, c13x1);
        }

        c0x0.Store(c + 0); c0x1.Store(c + 16); c += stride;
        c1x0.Store(c + 0); c1x1.Store(c + 16); c += stride;
        c2x0.Store(c + 0); c2x1.Store(c + 16); c += stride;
        c3x0.Store(c + 0); c3x1.Store(c + 16); c += stride;
        c4x0.Store(c + 0); c4x1.Store(c + 16); c += stride;
        c5x0.Store(c + 0); c5x1.Store(c + 16); c += stride;
        c6x0.Store(c + 0); c6x1.Store(c + 16); c += stride;
        c7x0.Store(c + 0); c7x1.Store(c + 16); c += stride;
        c8x0.Store(c + 0); c8x1.Store(c + 16); c += stride;
        c9x0.Store(c + 0); c9x1.Store(c + 16); c += stride;
        c10x0.Store(c + 0); c10x1.Store(c + 16); c += stride;
        c11x0.Store(c + 0); c11x1.Store(c + 16); c += stride;
        c12x0.Store(c + 0); c12x1.Store(c + 16); c += stride;
        c13x0.Store(c + 0); c13x1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single1x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
        }

        c0x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single2x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single3x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        Vector512<float> c2x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0); from += stride;
            c2x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single4x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        Vector512<float> c2x0;
        Vector512<float> c3x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0); from += stride;
            c2x0 = Vector512.Load(from + 0); from += stride;
            c3x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single5x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        Vector512<float> c2x0;
        Vector512<float> c3x0;
        Vector512<float> c4x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0); from += stride;
            c2x0 = Vector512.Load(from + 0); from += stride;
            c3x0 = Vector512.Load(from + 0); from += stride;
            c4x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single6x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        Vector512<float> c2x0;
        Vector512<float> c3x0;
        Vector512<float> c4x0;
        Vector512<float> c5x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
            c5x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0); from += stride;
            c2x0 = Vector512.Load(from + 0); from += stride;
            c3x0 = Vector512.Load(from + 0); from += stride;
            c4x0 = Vector512.Load(from + 0); from += stride;
            c5x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0); c += stride;
        c5x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single7x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        Vector512<float> c2x0;
        Vector512<float> c3x0;
        Vector512<float> c4x0;
        Vector512<float> c5x0;
        Vector512<float> c6x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
            c5x0 = c0x0;
            c6x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0); from += stride;
            c2x0 = Vector512.Load(from + 0); from += stride;
            c3x0 = Vector512.Load(from + 0); from += stride;
            c4x0 = Vector512.Load(from + 0); from += stride;
            c5x0 = Vector512.Load(from + 0); from += stride;
            c6x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0); c += stride;
        c5x0.Store(c + 0); c += stride;
        c6x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single8x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        Vector512<float> c2x0;
        Vector512<float> c3x0;
        Vector512<float> c4x0;
        Vector512<float> c5x0;
        Vector512<float> c6x0;
        Vector512<float> c7x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
            c5x0 = c0x0;
            c6x0 = c0x0;
            c7x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0); from += stride;
            c2x0 = Vector512.Load(from + 0); from += stride;
            c3x0 = Vector512.Load(from + 0); from += stride;
            c4x0 = Vector512.Load(from + 0); from += stride;
            c5x0 = Vector512.Load(from + 0); from += stride;
            c6x0 = Vector512.Load(from + 0); from += stride;
            c7x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0); c += stride;
        c5x0.Store(c + 0); c += stride;
        c6x0.Store(c + 0); c += stride;
        c7x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single9x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        Vector512<float> c2x0;
        Vector512<float> c3x0;
        Vector512<float> c4x0;
        Vector512<float> c5x0;
        Vector512<float> c6x0;
        Vector512<float> c7x0;
        Vector512<float> c8x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
            c5x0 = c0x0;
            c6x0 = c0x0;
            c7x0 = c0x0;
            c8x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0); from += stride;
            c2x0 = Vector512.Load(from + 0); from += stride;
            c3x0 = Vector512.Load(from + 0); from += stride;
            c4x0 = Vector512.Load(from + 0); from += stride;
            c5x0 = Vector512.Load(from + 0); from += stride;
            c6x0 = Vector512.Load(from + 0); from += stride;
            c7x0 = Vector512.Load(from + 0); from += stride;
            c8x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0); c += stride;
        c5x0.Store(c + 0); c += stride;
        c6x0.Store(c + 0); c += stride;
        c7x0.Store(c + 0); c += stride;
        c8x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single10x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        Vector512<float> c2x0;
        Vector512<float> c3x0;
        Vector512<float> c4x0;
        Vector512<float> c5x0;
        Vector512<float> c6x0;
        Vector512<float> c7x0;
        Vector512<float> c8x0;
        Vector512<float> c9x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
            c5x0 = c0x0;
            c6x0 = c0x0;
            c7x0 = c0x0;
            c8x0 = c0x0;
            c9x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0); from += stride;
            c2x0 = Vector512.Load(from + 0); from += stride;
            c3x0 = Vector512.Load(from + 0); from += stride;
            c4x0 = Vector512.Load(from + 0); from += stride;
            c5x0 = Vector512.Load(from + 0); from += stride;
            c6x0 = Vector512.Load(from + 0); from += stride;
            c7x0 = Vector512.Load(from + 0); from += stride;
            c8x0 = Vector512.Load(from + 0); from += stride;
            c9x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0); c += stride;
        c5x0.Store(c + 0); c += stride;
        c6x0.Store(c + 0); c += stride;
        c7x0.Store(c + 0); c += stride;
        c8x0.Store(c + 0); c += stride;
        c9x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single11x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        Vector512<float> c2x0;
        Vector512<float> c3x0;
        Vector512<float> c4x0;
        Vector512<float> c5x0;
        Vector512<float> c6x0;
        Vector512<float> c7x0;
        Vector512<float> c8x0;
        Vector512<float> c9x0;
        Vector512<float> c10x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
            c5x0 = c0x0;
            c6x0 = c0x0;
            c7x0 = c0x0;
            c8x0 = c0x0;
            c9x0 = c0x0;
            c10x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0); from += stride;
            c2x0 = Vector512.Load(from + 0); from += stride;
            c3x0 = Vector512.Load(from + 0); from += stride;
            c4x0 = Vector512.Load(from + 0); from += stride;
            c5x0 = Vector512.Load(from + 0); from += stride;
            c6x0 = Vector512.Load(from + 0); from += stride;
            c7x0 = Vector512.Load(from + 0); from += stride;
            c8x0 = Vector512.Load(from + 0); from += stride;
            c9x0 = Vector512.Load(from + 0); from += stride;
            c10x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2721]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2722]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2723]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0); c += stride;
        c5x0.Store(c + 0); c += stride;
        c6x0.Store(c + 0); c += stride;
        c7x0.Store(c + 0); c += stride;
        c8x0.Store(c + 0); c += stride;
        c9x0.Store(c + 0); c += stride;
        c10x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single12x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        Vector512<float> c2x0;
        Vector512<float> c3x0;
        Vector512<float> c4x0;
        Vector512<float> c5x0;
        Vector512<float> c6x0;
        Vector512<float> c7x0;
        Vector512<float> c8x0;
        Vector512<float> c9x0;
        Vector512<float> c10x0;
        Vector512<float> c11x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
            c5x0 = c0x0;
            c6x0 = c0x0;
            c7x0 = c0x0;
            c8x0 = c0x0;
            c9x0 = c0x0;
            c10x0 = c0x0;
            c11x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0); from += stride;
            c2x0 = Vector512.Load(from + 0); from += stride;
            c3x0 = Vector512.Load(from + 0); from += stride;
            c4x0 = Vector512.Load(from + 0); from += stride;
            c5x0 = Vector512.Load(from + 0); from += stride;
            c6x0 = Vector512.Load(from + 0); from += stride;
            c7x0 = Vector512.Load(from + 0); from += stride;
            c8x0 = Vector512.Load(from + 0); from += stride;
            c9x0 = Vector512.Load(from + 0); from += stride;
            c10x0 = Vector512.Load(from + 0); from += stride;
            c11x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2721]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2993]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2722]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2994]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2723]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2995]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0); c += stride;
        c5x0.Store(c + 0); c += stride;
        c6x0.Store(c + 0); c += stride;
        c7x0.Store(c + 0); c += stride;
        c8x0.Store(c + 0); c += stride;
        c9x0.Store(c + 0); c += stride;
        c10x0.Store(c + 0); c += stride;
        c11x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single13x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        Vector512<float> c2x0;
        Vector512<float> c3x0;
        Vector512<float> c4x0;
        Vector512<float> c5x0;
        Vector512<float> c6x0;
        Vector512<float> c7x0;
        Vector512<float> c8x0;
        Vector512<float> c9x0;
        Vector512<float> c10x0;
        Vector512<float> c11x0;
        Vector512<float> c12x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
            c5x0 = c0x0;
            c6x0 = c0x0;
            c7x0 = c0x0;
            c8x0 = c0x0;
            c9x0 = c0x0;
            c10x0 = c0x0;
            c11x0 = c0x0;
            c12x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0); from += stride;
            c2x0 = Vector512.Load(from + 0); from += stride;
            c3x0 = Vector512.Load(from + 0); from += stride;
            c4x0 = Vector512.Load(from + 0); from += stride;
            c5x0 = Vector512.Load(from + 0); from += stride;
            c6x0 = Vector512.Load(from + 0); from += stride;
            c7x0 = Vector512.Load(from + 0); from += stride;
            c8x0 = Vector512.Load(from + 0); from += stride;
            c9x0 = Vector512.Load(from + 0); from += stride;
            c10x0 = Vector512.Load(from + 0); from += stride;
            c11x0 = Vector512.Load(from + 0); from += stride;
            c12x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2721]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2993]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            x = Vector512.Create(a[3265]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2722]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2994]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            x = Vector512.Create(a[3266]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2723]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2995]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            x = Vector512.Create(a[3267]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0); c += stride;
        c5x0.Store(c + 0); c += stride;
        c6x0.Store(c + 0); c += stride;
        c7x0.Store(c + 0); c += stride;
        c8x0.Store(c + 0); c += stride;
        c9x0.Store(c + 0); c += stride;
        c10x0.Store(c + 0); c += stride;
        c11x0.Store(c + 0); c += stride;
        c12x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Avx512Single14x16(float* a, void* panel, float* c, nint stride, nint depth, float* bias)
    {
        var b = (float*)panel;
        Vector512<float> c0x0;
        Vector512<float> c1x0;
        Vector512<float> c2x0;
        Vector512<float> c3x0;
        Vector512<float> c4x0;
        Vector512<float> c5x0;
        Vector512<float> c6x0;
        Vector512<float> c7x0;
        Vector512<float> c8x0;
        Vector512<float> c9x0;
        Vector512<float> c10x0;
        Vector512<float> c11x0;
        Vector512<float> c12x0;
        Vector512<float> c13x0;
        if (bias != null)
        {
            c0x0 = Vector512.Load(bias + 0);
            c1x0 = c0x0;
            c2x0 = c0x0;
            c3x0 = c0x0;
            c4x0 = c0x0;
            c5x0 = c0x0;
            c6x0 = c0x0;
            c7x0 = c0x0;
            c8x0 = c0x0;
            c9x0 = c0x0;
            c10x0 = c0x0;
            c11x0 = c0x0;
            c12x0 = c0x0;
            c13x0 = c0x0;
        }
        else
        {
            var from = c;
            c0x0 = Vector512.Load(from + 0); from += stride;
            c1x0 = Vector512.Load(from + 0); from += stride;
            c2x0 = Vector512.Load(from + 0); from += stride;
            c3x0 = Vector512.Load(from + 0); from += stride;
            c4x0 = Vector512.Load(from + 0); from += stride;
            c5x0 = Vector512.Load(from + 0); from += stride;
            c6x0 = Vector512.Load(from + 0); from += stride;
            c7x0 = Vector512.Load(from + 0); from += stride;
            c8x0 = Vector512.Load(from + 0); from += stride;
            c9x0 = Vector512.Load(from + 0); from += stride;
            c10x0 = Vector512.Load(from + 0); from += stride;
            c11x0 = Vector512.Load(from + 0); from += stride;
            c12x0 = Vector512.Load(from + 0); from += stride;
            c13x0 = Vector512.Load(from + 0);
        }

        var end = a + depth;
        Vector512<float> x, b0;
        for (var last = end - 3; a < last; a += 4, b += 64)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0);
            x = Vector512.Create(a[3536]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0);
            b0 = Vector512.Load(b + 16);
            x = Vector512.Create(a[1]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[273]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[545]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[817]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1089]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1361]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1633]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1905]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2177]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2449]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2721]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2993]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            x = Vector512.Create(a[3265]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0);
            x = Vector512.Create(a[3537]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0);
            b0 = Vector512.Load(b + 32);
            x = Vector512.Create(a[2]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[274]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[546]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[818]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1090]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1362]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1634]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1906]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2178]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2450]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2722]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2994]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            x = Vector512.Create(a[3266]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0);
            x = Vector512.Create(a[3538]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0);
            b0 = Vector512.Load(b + 48);
            x = Vector512.Create(a[3]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[275]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[547]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[819]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1091]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1363]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1635]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1907]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2179]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2451]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2723]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2995]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            x = Vector512.Create(a[3267]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0);
            x = Vector512.Create(a[3539]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0);
        }

        for (; a < end; a++, b += 16)
        {
            b0 = Vector512.Load(b + 0);
            x = Vector512.Create(a[0]); c0x0 = Avx512F.FusedMultiplyAdd(x, b0, c0x0);
            x = Vector512.Create(a[272]); c1x0 = Avx512F.FusedMultiplyAdd(x, b0, c1x0);
            x = Vector512.Create(a[544]); c2x0 = Avx512F.FusedMultiplyAdd(x, b0, c2x0);
            x = Vector512.Create(a[816]); c3x0 = Avx512F.FusedMultiplyAdd(x, b0, c3x0);
            x = Vector512.Create(a[1088]); c4x0 = Avx512F.FusedMultiplyAdd(x, b0, c4x0);
            x = Vector512.Create(a[1360]); c5x0 = Avx512F.FusedMultiplyAdd(x, b0, c5x0);
            x = Vector512.Create(a[1632]); c6x0 = Avx512F.FusedMultiplyAdd(x, b0, c6x0);
            x = Vector512.Create(a[1904]); c7x0 = Avx512F.FusedMultiplyAdd(x, b0, c7x0);
            x = Vector512.Create(a[2176]); c8x0 = Avx512F.FusedMultiplyAdd(x, b0, c8x0);
            x = Vector512.Create(a[2448]); c9x0 = Avx512F.FusedMultiplyAdd(x, b0, c9x0);
            x = Vector512.Create(a[2720]); c10x0 = Avx512F.FusedMultiplyAdd(x, b0, c10x0);
            x = Vector512.Create(a[2992]); c11x0 = Avx512F.FusedMultiplyAdd(x, b0, c11x0);
            x = Vector512.Create(a[3264]); c12x0 = Avx512F.FusedMultiplyAdd(x, b0, c12x0);
            x = Vector512.Create(a[3536]); c13x0 = Avx512F.FusedMultiplyAdd(x, b0, c13x0);
        }

        c0x0.Store(c + 0); c += stride;
        c1x0.Store(c + 0); c += stride;
        c2x0.Store(c + 0); c += stride;
        c3x0.Store(c + 0); c += stride;
        c4x0.Store(c + 0); c += stride;
        c5x0.Store(c + 0); c += stride;
        c6x0.Store(c + 0); c += stride;
        c7x0.Store(c + 0); c += stride;
        c8x0.Store(c + 0); c += stride;
        c9x0.Store(c + 0); c += stride;
        c10x0.Store(c + 0); c += stride;
        c11x0.Store(c + 0); c += stride;
        c12x0.Store(c + 0); c += stride;
        c13x0.Store(c + 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeAvx512(float* x, nint xStride, float* y, nint yStride)
    {
        var r0 = Vector512.Load(x + (0 * xStride));
        var r1 = Vector512.Load(x + (1 * xStride));
        var r2 = Vector512.Load(x + (2 * xStride));
        var r3 = Vector512.Load(x + (3 * xStride));
        var r4 = Vector512.Load(x + (4 * xStride));
        var r5 = Vector512.Load(x + (5 * xStride));
        var r6 = Vector512.Load(x + (6 * xStride));
        var r7 = Vector512.Load(x + (7 * xStride));
        var r8 = Vector512.Load(x + (8 * xStride));
        var r9 = Vector512.Load(x + (9 * xStride));
        var r10 = Vector512.Load(x + (10 * xStride));
        var r11 = Vector512.Load(x + (11 * xStride));
        var r12 = Vector512.Load(x + (12 * xStride));
        var r13 = Vector512.Load(x + (13 * xStride));
        var r14 = Vector512.Load(x + (14 * xStride));
        var r15 = Vector512.Load(x + (15 * xStride));
        var s0 = Avx512F.UnpackLow(r0, r1);
        var s1 = Avx512F.UnpackHigh(r0, r1);
        var s2 = Avx512F.UnpackLow(r2, r3);
        var s3 = Avx512F.UnpackHigh(r2, r3);
        var s4 = Avx512F.UnpackLow(r4, r5);
        var s5 = Avx512F.UnpackHigh(r4, r5);
        var s6 = Avx512F.UnpackLow(r6, r7);
        var s7 = Avx512F.UnpackHigh(r6, r7);
        var s8 = Avx512F.UnpackLow(r8, r9);
        var s9 = Avx512F.UnpackHigh(r8, r9);
        var s10 = Avx512F.UnpackLow(r10, r11);
        var s11 = Avx512F.UnpackHigh(r10, r11);
        var s12 = Avx512F.UnpackLow(r12, r13);
        var s13 = Avx512F.UnpackHigh(r12, r13);
        var s14 = Avx512F.UnpackLow(r14, r15);
        var s15 = Avx512F.UnpackHigh(r14, r15);
        var t0 = Avx512F.UnpackLow(s0.AsDouble(), s2.AsDouble()).AsSingle();
        var t1 = Avx512F.UnpackHigh(s0.AsDouble(), s2.AsDouble()).AsSingle();
        var t2 = Avx512F.UnpackLow(s1.AsDouble(), s3.AsDouble()).AsSingle();
        var t3 = Avx512F.UnpackHigh(s1.AsDouble(), s3.AsDouble()).AsSingle();
        var t4 = Avx512F.UnpackLow(s4.AsDouble(), s6.AsDouble()).AsSingle();
        var t5 = Avx512F.UnpackHigh(s4.AsDouble(), s6.AsDouble()).AsSingle();
        var t6 = Avx512F.UnpackLow(s5.AsDouble(), s7.AsDouble()).AsSingle();
        var t7 = Avx512F.UnpackHigh(s5.AsDouble(), s7.AsDouble()).AsSingle();
        var t8 = Avx512F.UnpackLow(s8.AsDouble(), s10.AsDouble()).AsSingle();
        var t9 = Avx512F.UnpackHigh(s8.AsDouble(), s10.AsDouble()).AsSingle();
        var t10 = Avx512F.UnpackLow(s9.AsDouble(), s11.AsDouble()).AsSingle();
        var t11 = Avx512F.UnpackHigh(s9.AsDouble(), s11.AsDouble()).AsSingle();
        var t12 = Avx512F.UnpackLow(s12.AsDouble(), s14.AsDouble()).AsSingle();
        var t13 = Avx512F.UnpackHigh(s12.AsDouble(), s14.AsDouble()).AsSingle();
        var t14 = Avx512F.UnpackLow(s13.AsDouble(), s15.AsDouble()).AsSingle();
        var t15 = Avx512F.UnpackHigh(s13.AsDouble(), s15.AsDouble()).AsSingle();
        var u0x0 = Avx512F.Shuffle4x128(t0, t4, 0x88);
        var u0x1 = Avx512F.Shuffle4x128(t0, t4, 0xdd);
        var u0x2 = Avx512F.Shuffle4x128(t8, t12, 0x88);
        var u0x3 = Avx512F.Shuffle4x128(t8, t12, 0xdd);
        Avx512F.Shuffle4x128(u0x0, u0x2, 0x88).Store(y + (0 * yStride));
        Avx512F.Shuffle4x128(u0x1, u0x3, 0x88).Store(y + (4 * yStride));
        Avx512F.Shuffle4x128(u0x0, u0x2, 0xdd).Store(y + (8 * yStride));
        Avx512F.Shuffle4x128(u0x1, u0x3, 0xdd).Store(y + (12 * yStride));
        var u1x0 = Avx512F.Shuffle4x128(t1, t5, 0x88);
        var u1x1 = Avx512F.Shuffle4x128(t1, t5, 0xdd);
        var u1x2 = Avx512F.Shuffle4x128(t9, t13, 0x88);
        var u1x3 = Avx512F.Shuffle4x128(t9, t13, 0xdd);
        Avx512F.Shuffle4x128(u1x0, u1x2, 0x88).Store(y + (1 * yStride));
        Avx512F.Shuffle4x128(u1x1, u1x3, 0x88).Store(y + (5 * yStride));
        Avx512F.Shuffle4x128(u1x0, u1x2, 0xdd).Store(y + (9 * yStride));
        Avx512F.Shuffle4x128(u1x1, u1x3, 0xdd).Store(y + (13 * yStride));
        var u2x0 = Avx512F.Shuffle4x128(t2, t6, 0x88);
        var u2x1 = Avx512F.Shuffle4x128(t2, t6, 0xdd);
        var u2x2 = Avx512F.Shuffle4x128(t10, t14, 0x88);
        var u2x3 = Avx512F.Shuffle4x128(t10, t14, 0xdd);
        Avx512F.Shuffle4x128(u2x0, u2x2, 0x88).Store(y + (2 * yStride));
        Avx512F.Shuffle4x128(u2x1, u2x3, 0x88).Store(y + (6 * yStride));
        Avx512F.Shuffle4x128(u2x0, u2x2, 0xdd).Store(y + (10 * yStride));
        Avx512F.Shuffle4x128(u2x1, u2x3, 0xdd).Store(y + (14 * yStride));
        var u3x0 = Avx512F.Shuffle4x128(t3, t7, 0x88);
        var u3x1 = Avx512F.Shuffle4x128(t3, t7, 0xdd);
        var u3x2 = Avx512F.Shuffle4x128(t11, t15, 0x88);
        var u3x3 = Avx512F.Shuffle4x128(t11, t15, 0xdd);
        Avx512F.Shuffle4x128(u3x0, u3x2, 0x88).Store(y + (3 * yStride));
        Avx512F.Shuffle4x128(u3x1, u3x3, 0x88).Store(y + (7 * yStride));
        Avx512F.Shuffle4x128(u3x0, u3x2, 0xdd).Store(y + (11 * yStride));
        Avx512F.Shuffle4x128(u3x1, u3x3, 0xdd).Store(y + (15 * yStride));
    }
}
