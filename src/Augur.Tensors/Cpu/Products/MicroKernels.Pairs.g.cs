// Written by tools/kernels/generate.py; change that instead.
#nullable enable
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

internal static unsafe partial class MicroKernels
{
    private static delegate*<short*, float*, short*, float*, float*, nint, nint, void>[] Pairs => [&Pairs1, &Pairs2, &Pairs3, &Pairs4, &Pairs5, &Pairs6, &Pairs7, &Pairs8, &Pairs9, &Pairs10, &Pairs11, &Pairs12, &Pairs13, &Pairs14];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs1(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs2(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs3(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            var c2x0 = Vector256<int>.Zero; var c2x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Sse.Prefetch0(a + 576);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 544)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 546)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
            scale = Vector256.Create(scales[32]); AddScaled(c2x0, s0, scale, c + 32); AddScaled(c2x1, s1, scale, c + 40);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs4(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            var c2x0 = Vector256<int>.Zero; var c2x1 = Vector256<int>.Zero;
            var c3x0 = Vector256<int>.Zero; var c3x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Sse.Prefetch0(a + 576);
            Sse.Prefetch0(a + 848);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 544)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 816)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 546)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 818)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
            scale = Vector256.Create(scales[32]); AddScaled(c2x0, s0, scale, c + 32); AddScaled(c2x1, s1, scale, c + 40);
            scale = Vector256.Create(scales[48]); AddScaled(c3x0, s0, scale, c + 48); AddScaled(c3x1, s1, scale, c + 56);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs5(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            var c2x0 = Vector256<int>.Zero; var c2x1 = Vector256<int>.Zero;
            var c3x0 = Vector256<int>.Zero; var c3x1 = Vector256<int>.Zero;
            var c4x0 = Vector256<int>.Zero; var c4x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Sse.Prefetch0(a + 576);
            Sse.Prefetch0(a + 848);
            Sse.Prefetch0(a + 1120);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 544)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 816)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1088)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 546)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 818)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1090)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
            scale = Vector256.Create(scales[32]); AddScaled(c2x0, s0, scale, c + 32); AddScaled(c2x1, s1, scale, c + 40);
            scale = Vector256.Create(scales[48]); AddScaled(c3x0, s0, scale, c + 48); AddScaled(c3x1, s1, scale, c + 56);
            scale = Vector256.Create(scales[64]); AddScaled(c4x0, s0, scale, c + 64); AddScaled(c4x1, s1, scale, c + 72);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs6(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            var c2x0 = Vector256<int>.Zero; var c2x1 = Vector256<int>.Zero;
            var c3x0 = Vector256<int>.Zero; var c3x1 = Vector256<int>.Zero;
            var c4x0 = Vector256<int>.Zero; var c4x1 = Vector256<int>.Zero;
            var c5x0 = Vector256<int>.Zero; var c5x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Sse.Prefetch0(a + 576);
            Sse.Prefetch0(a + 848);
            Sse.Prefetch0(a + 1120);
            Sse.Prefetch0(a + 1392);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 544)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 816)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1088)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1360)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 546)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 818)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1090)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1362)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
            scale = Vector256.Create(scales[32]); AddScaled(c2x0, s0, scale, c + 32); AddScaled(c2x1, s1, scale, c + 40);
            scale = Vector256.Create(scales[48]); AddScaled(c3x0, s0, scale, c + 48); AddScaled(c3x1, s1, scale, c + 56);
            scale = Vector256.Create(scales[64]); AddScaled(c4x0, s0, scale, c + 64); AddScaled(c4x1, s1, scale, c + 72);
            scale = Vector256.Create(scales[80]); AddScaled(c5x0, s0, scale, c + 80); AddScaled(c5x1, s1, scale, c + 88);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs7(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            var c2x0 = Vector256<int>.Zero; var c2x1 = Vector256<int>.Zero;
            var c3x0 = Vector256<int>.Zero; var c3x1 = Vector256<int>.Zero;
            var c4x0 = Vector256<int>.Zero; var c4x1 = Vector256<int>.Zero;
            var c5x0 = Vector256<int>.Zero; var c5x1 = Vector256<int>.Zero;
            var c6x0 = Vector256<int>.Zero; var c6x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Sse.Prefetch0(a + 576);
            Sse.Prefetch0(a + 848);
            Sse.Prefetch0(a + 1120);
            Sse.Prefetch0(a + 1392);
            Sse.Prefetch0(a + 1664);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 544)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 816)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1088)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1360)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1632)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 546)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 818)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1090)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1362)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1634)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
            scale = Vector256.Create(scales[32]); AddScaled(c2x0, s0, scale, c + 32); AddScaled(c2x1, s1, scale, c + 40);
            scale = Vector256.Create(scales[48]); AddScaled(c3x0, s0, scale, c + 48); AddScaled(c3x1, s1, scale, c + 56);
            scale = Vector256.Create(scales[64]); AddScaled(c4x0, s0, scale, c + 64); AddScaled(c4x1, s1, scale, c + 72);
            scale = Vector256.Create(scales[80]); AddScaled(c5x0, s0, scale, c + 80); AddScaled(c5x1, s1, scale, c + 88);
            scale = Vector256.Create(scales[96]); AddScaled(c6x0, s0, scale, c + 96); AddScaled(c6x1, s1, scale, c + 104);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs8(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            var c2x0 = Vector256<int>.Zero; var c2x1 = Vector256<int>.Zero;
            var c3x0 = Vector256<int>.Zero; var c3x1 = Vector256<int>.Zero;
            var c4x0 = Vector256<int>.Zero; var c4x1 = Vector256<int>.Zero;
            var c5x0 = Vector256<int>.Zero; var c5x1 = Vector256<int>.Zero;
            var c6x0 = Vector256<int>.Zero; var c6x1 = Vector256<int>.Zero;
            var c7x0 = Vector256<int>.Zero; var c7x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Sse.Prefetch0(a + 576);
            Sse.Prefetch0(a + 848);
            Sse.Prefetch0(a + 1120);
            Sse.Prefetch0(a + 1392);
            Sse.Prefetch0(a + 1664);
            Sse.Prefetch0(a + 1936);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 544)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 816)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1088)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1360)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1632)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1904)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 546)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 818)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1090)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1362)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1634)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1906)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
            scale = Vector256.Create(scales[32]); AddScaled(c2x0, s0, scale, c + 32); AddScaled(c2x1, s1, scale, c + 40);
            scale = Vector256.Create(scales[48]); AddScaled(c3x0, s0, scale, c + 48); AddScaled(c3x1, s1, scale, c + 56);
            scale = Vector256.Create(scales[64]); AddScaled(c4x0, s0, scale, c + 64); AddScaled(c4x1, s1, scale, c + 72);
            scale = Vector256.Create(scales[80]); AddScaled(c5x0, s0, scale, c + 80); AddScaled(c5x1, s1, scale, c + 88);
            scale = Vector256.Create(scales[96]); AddScaled(c6x0, s0, scale, c + 96); AddScaled(c6x1, s1, scale, c + 104);
            scale = Vector256.Create(scales[112]); AddScaled(c7x0, s0, scale, c + 112); AddScaled(c7x1, s1, scale, c + 120);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs9(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            var c2x0 = Vector256<int>.Zero; var c2x1 = Vector256<int>.Zero;
            var c3x0 = Vector256<int>.Zero; var c3x1 = Vector256<int>.Zero;
            var c4x0 = Vector256<int>.Zero; var c4x1 = Vector256<int>.Zero;
            var c5x0 = Vector256<int>.Zero; var c5x1 = Vector256<int>.Zero;
            var c6x0 = Vector256<int>.Zero; var c6x1 = Vector256<int>.Zero;
            var c7x0 = Vector256<int>.Zero; var c7x1 = Vector256<int>.Zero;
            var c8x0 = Vector256<int>.Zero; var c8x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Sse.Prefetch0(a + 576);
            Sse.Prefetch0(a + 848);
            Sse.Prefetch0(a + 1120);
            Sse.Prefetch0(a + 1392);
            Sse.Prefetch0(a + 1664);
            Sse.Prefetch0(a + 1936);
            Sse.Prefetch0(a + 2208);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 544)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 816)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1088)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1360)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1632)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1904)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2176)).AsInt16(); c8x0 = Avx2.Add(c8x0, Avx2.MultiplyAddAdjacent(x, b0)); c8x1 = Avx2.Add(c8x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 546)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 818)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1090)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1362)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1634)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1906)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2178)).AsInt16(); c8x0 = Avx2.Add(c8x0, Avx2.MultiplyAddAdjacent(x, b0)); c8x1 = Avx2.Add(c8x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
            scale = Vector256.Create(scales[32]); AddScaled(c2x0, s0, scale, c + 32); AddScaled(c2x1, s1, scale, c + 40);
            scale = Vector256.Create(scales[48]); AddScaled(c3x0, s0, scale, c + 48); AddScaled(c3x1, s1, scale, c + 56);
            scale = Vector256.Create(scales[64]); AddScaled(c4x0, s0, scale, c + 64); AddScaled(c4x1, s1, scale, c + 72);
            scale = Vector256.Create(scales[80]); AddScaled(c5x0, s0, scale, c + 80); AddScaled(c5x1, s1, scale, c + 88);
            scale = Vector256.Create(scales[96]); AddScaled(c6x0, s0, scale, c + 96); AddScaled(c6x1, s1, scale, c + 104);
            scale = Vector256.Create(scales[112]); AddScaled(c7x0, s0, scale, c + 112); AddScaled(c7x1, s1, scale, c + 120);
            scale = Vector256.Create(scales[128]); AddScaled(c8x0, s0, scale, c + 128); AddScaled(c8x1, s1, scale, c + 136);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs10(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            var c2x0 = Vector256<int>.Zero; var c2x1 = Vector256<int>.Zero;
            var c3x0 = Vector256<int>.Zero; var c3x1 = Vector256<int>.Zero;
            var c4x0 = Vector256<int>.Zero; var c4x1 = Vector256<int>.Zero;
            var c5x0 = Vector256<int>.Zero; var c5x1 = Vector256<int>.Zero;
            var c6x0 = Vector256<int>.Zero; var c6x1 = Vector256<int>.Zero;
            var c7x0 = Vector256<int>.Zero; var c7x1 = Vector256<int>.Zero;
            var c8x0 = Vector256<int>.Zero; var c8x1 = Vector256<int>.Zero;
            var c9x0 = Vector256<int>.Zero; var c9x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Sse.Prefetch0(a + 576);
            Sse.Prefetch0(a + 848);
            Sse.Prefetch0(a + 1120);
            Sse.Prefetch0(a + 1392);
            Sse.Prefetch0(a + 1664);
            Sse.Prefetch0(a + 1936);
            Sse.Prefetch0(a + 2208);
            Sse.Prefetch0(a + 2480);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 544)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 816)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1088)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1360)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1632)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1904)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2176)).AsInt16(); c8x0 = Avx2.Add(c8x0, Avx2.MultiplyAddAdjacent(x, b0)); c8x1 = Avx2.Add(c8x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2448)).AsInt16(); c9x0 = Avx2.Add(c9x0, Avx2.MultiplyAddAdjacent(x, b0)); c9x1 = Avx2.Add(c9x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 546)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 818)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1090)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1362)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1634)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1906)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2178)).AsInt16(); c8x0 = Avx2.Add(c8x0, Avx2.MultiplyAddAdjacent(x, b0)); c8x1 = Avx2.Add(c8x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2450)).AsInt16(); c9x0 = Avx2.Add(c9x0, Avx2.MultiplyAddAdjacent(x, b0)); c9x1 = Avx2.Add(c9x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
            scale = Vector256.Create(scales[32]); AddScaled(c2x0, s0, scale, c + 32); AddScaled(c2x1, s1, scale, c + 40);
            scale = Vector256.Create(scales[48]); AddScaled(c3x0, s0, scale, c + 48); AddScaled(c3x1, s1, scale, c + 56);
            scale = Vector256.Create(scales[64]); AddScaled(c4x0, s0, scale, c + 64); AddScaled(c4x1, s1, scale, c + 72);
            scale = Vector256.Create(scales[80]); AddScaled(c5x0, s0, scale, c + 80); AddScaled(c5x1, s1, scale, c + 88);
            scale = Vector256.Create(scales[96]); AddScaled(c6x0, s0, scale, c + 96); AddScaled(c6x1, s1, scale, c + 104);
            scale = Vector256.Create(scales[112]); AddScaled(c7x0, s0, scale, c + 112); AddScaled(c7x1, s1, scale, c + 120);
            scale = Vector256.Create(scales[128]); AddScaled(c8x0, s0, scale, c + 128); AddScaled(c8x1, s1, scale, c + 136);
            scale = Vector256.Create(scales[144]); AddScaled(c9x0, s0, scale, c + 144); AddScaled(c9x1, s1, scale, c + 152);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs11(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            var c2x0 = Vector256<int>.Zero; var c2x1 = Vector256<int>.Zero;
            var c3x0 = Vector256<int>.Zero; var c3x1 = Vector256<int>.Zero;
            var c4x0 = Vector256<int>.Zero; var c4x1 = Vector256<int>.Zero;
            var c5x0 = Vector256<int>.Zero; var c5x1 = Vector256<int>.Zero;
            var c6x0 = Vector256<int>.Zero; var c6x1 = Vector256<int>.Zero;
            var c7x0 = Vector256<int>.Zero; var c7x1 = Vector256<int>.Zero;
            var c8x0 = Vector256<int>.Zero; var c8x1 = Vector256<int>.Zero;
            var c9x0 = Vector256<int>.Zero; var c9x1 = Vector256<int>.Zero;
            var c10x0 = Vector256<int>.Zero; var c10x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Sse.Prefetch0(a + 576);
            Sse.Prefetch0(a + 848);
            Sse.Prefetch0(a + 1120);
            Sse.Prefetch0(a + 1392);
            Sse.Prefetch0(a + 1664);
            Sse.Prefetch0(a + 1936);
            Sse.Prefetch0(a + 2208);
            Sse.Prefetch0(a + 2480);
            Sse.Prefetch0(a + 2752);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 544)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 816)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1088)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1360)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1632)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1904)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2176)).AsInt16(); c8x0 = Avx2.Add(c8x0, Avx2.MultiplyAddAdjacent(x, b0)); c8x1 = Avx2.Add(c8x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2448)).AsInt16(); c9x0 = Avx2.Add(c9x0, Avx2.MultiplyAddAdjacent(x, b0)); c9x1 = Avx2.Add(c9x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2720)).AsInt16(); c10x0 = Avx2.Add(c10x0, Avx2.MultiplyAddAdjacent(x, b0)); c10x1 = Avx2.Add(c10x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 546)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 818)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1090)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1362)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1634)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1906)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2178)).AsInt16(); c8x0 = Avx2.Add(c8x0, Avx2.MultiplyAddAdjacent(x, b0)); c8x1 = Avx2.Add(c8x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2450)).AsInt16(); c9x0 = Avx2.Add(c9x0, Avx2.MultiplyAddAdjacent(x, b0)); c9x1 = Avx2.Add(c9x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2722)).AsInt16(); c10x0 = Avx2.Add(c10x0, Avx2.MultiplyAddAdjacent(x, b0)); c10x1 = Avx2.Add(c10x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
            scale = Vector256.Create(scales[32]); AddScaled(c2x0, s0, scale, c + 32); AddScaled(c2x1, s1, scale, c + 40);
            scale = Vector256.Create(scales[48]); AddScaled(c3x0, s0, scale, c + 48); AddScaled(c3x1, s1, scale, c + 56);
            scale = Vector256.Create(scales[64]); AddScaled(c4x0, s0, scale, c + 64); AddScaled(c4x1, s1, scale, c + 72);
            scale = Vector256.Create(scales[80]); AddScaled(c5x0, s0, scale, c + 80); AddScaled(c5x1, s1, scale, c + 88);
            scale = Vector256.Create(scales[96]); AddScaled(c6x0, s0, scale, c + 96); AddScaled(c6x1, s1, scale, c + 104);
            scale = Vector256.Create(scales[112]); AddScaled(c7x0, s0, scale, c + 112); AddScaled(c7x1, s1, scale, c + 120);
            scale = Vector256.Create(scales[128]); AddScaled(c8x0, s0, scale, c + 128); AddScaled(c8x1, s1, scale, c + 136);
            scale = Vector256.Create(scales[144]); AddScaled(c9x0, s0, scale, c + 144); AddScaled(c9x1, s1, scale, c + 152);
            scale = Vector256.Create(scales[160]); AddScaled(c10x0, s0, scale, c + 160); AddScaled(c10x1, s1, scale, c + 168);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs12(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            var c2x0 = Vector256<int>.Zero; var c2x1 = Vector256<int>.Zero;
            var c3x0 = Vector256<int>.Zero; var c3x1 = Vector256<int>.Zero;
            var c4x0 = Vector256<int>.Zero; var c4x1 = Vector256<int>.Zero;
            var c5x0 = Vector256<int>.Zero; var c5x1 = Vector256<int>.Zero;
            var c6x0 = Vector256<int>.Zero; var c6x1 = Vector256<int>.Zero;
            var c7x0 = Vector256<int>.Zero; var c7x1 = Vector256<int>.Zero;
            var c8x0 = Vector256<int>.Zero; var c8x1 = Vector256<int>.Zero;
            var c9x0 = Vector256<int>.Zero; var c9x1 = Vector256<int>.Zero;
            var c10x0 = Vector256<int>.Zero; var c10x1 = Vector256<int>.Zero;
            var c11x0 = Vector256<int>.Zero; var c11x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Sse.Prefetch0(a + 576);
            Sse.Prefetch0(a + 848);
            Sse.Prefetch0(a + 1120);
            Sse.Prefetch0(a + 1392);
            Sse.Prefetch0(a + 1664);
            Sse.Prefetch0(a + 1936);
            Sse.Prefetch0(a + 2208);
            Sse.Prefetch0(a + 2480);
            Sse.Prefetch0(a + 2752);
            Sse.Prefetch0(a + 3024);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 544)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 816)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1088)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1360)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1632)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1904)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2176)).AsInt16(); c8x0 = Avx2.Add(c8x0, Avx2.MultiplyAddAdjacent(x, b0)); c8x1 = Avx2.Add(c8x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2448)).AsInt16(); c9x0 = Avx2.Add(c9x0, Avx2.MultiplyAddAdjacent(x, b0)); c9x1 = Avx2.Add(c9x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2720)).AsInt16(); c10x0 = Avx2.Add(c10x0, Avx2.MultiplyAddAdjacent(x, b0)); c10x1 = Avx2.Add(c10x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2992)).AsInt16(); c11x0 = Avx2.Add(c11x0, Avx2.MultiplyAddAdjacent(x, b0)); c11x1 = Avx2.Add(c11x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 546)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 818)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1090)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1362)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1634)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1906)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2178)).AsInt16(); c8x0 = Avx2.Add(c8x0, Avx2.MultiplyAddAdjacent(x, b0)); c8x1 = Avx2.Add(c8x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2450)).AsInt16(); c9x0 = Avx2.Add(c9x0, Avx2.MultiplyAddAdjacent(x, b0)); c9x1 = Avx2.Add(c9x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2722)).AsInt16(); c10x0 = Avx2.Add(c10x0, Avx2.MultiplyAddAdjacent(x, b0)); c10x1 = Avx2.Add(c10x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2994)).AsInt16(); c11x0 = Avx2.Add(c11x0, Avx2.MultiplyAddAdjacent(x, b0)); c11x1 = Avx2.Add(c11x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
            scale = Vector256.Create(scales[32]); AddScaled(c2x0, s0, scale, c + 32); AddScaled(c2x1, s1, scale, c + 40);
            scale = Vector256.Create(scales[48]); AddScaled(c3x0, s0, scale, c + 48); AddScaled(c3x1, s1, scale, c + 56);
            scale = Vector256.Create(scales[64]); AddScaled(c4x0, s0, scale, c + 64); AddScaled(c4x1, s1, scale, c + 72);
            scale = Vector256.Create(scales[80]); AddScaled(c5x0, s0, scale, c + 80); AddScaled(c5x1, s1, scale, c + 88);
            scale = Vector256.Create(scales[96]); AddScaled(c6x0, s0, scale, c + 96); AddScaled(c6x1, s1, scale, c + 104);
            scale = Vector256.Create(scales[112]); AddScaled(c7x0, s0, scale, c + 112); AddScaled(c7x1, s1, scale, c + 120);
            scale = Vector256.Create(scales[128]); AddScaled(c8x0, s0, scale, c + 128); AddScaled(c8x1, s1, scale, c + 136);
            scale = Vector256.Create(scales[144]); AddScaled(c9x0, s0, scale, c + 144); AddScaled(c9x1, s1, scale, c + 152);
            scale = Vector256.Create(scales[160]); AddScaled(c10x0, s0, scale, c + 160); AddScaled(c10x1, s1, scale, c + 168);
            scale = Vector256.Create(scales[176]); AddScaled(c11x0, s0, scale, c + 176); AddScaled(c11x1, s1, scale, c + 184);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs13(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            var c2x0 = Vector256<int>.Zero; var c2x1 = Vector256<int>.Zero;
            var c3x0 = Vector256<int>.Zero; var c3x1 = Vector256<int>.Zero;
            var c4x0 = Vector256<int>.Zero; var c4x1 = Vector256<int>.Zero;
            var c5x0 = Vector256<int>.Zero; var c5x1 = Vector256<int>.Zero;
            var c6x0 = Vector256<int>.Zero; var c6x1 = Vector256<int>.Zero;
            var c7x0 = Vector256<int>.Zero; var c7x1 = Vector256<int>.Zero;
            var c8x0 = Vector256<int>.Zero; var c8x1 = Vector256<int>.Zero;
            var c9x0 = Vector256<int>.Zero; var c9x1 = Vector256<int>.Zero;
            var c10x0 = Vector256<int>.Zero; var c10x1 = Vector256<int>.Zero;
            var c11x0 = Vector256<int>.Zero; var c11x1 = Vector256<int>.Zero;
            var c12x0 = Vector256<int>.Zero; var c12x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Sse.Prefetch0(a + 576);
            Sse.Prefetch0(a + 848);
            Sse.Prefetch0(a + 1120);
            Sse.Prefetch0(a + 1392);
            Sse.Prefetch0(a + 1664);
            Sse.Prefetch0(a + 1936);
            Sse.Prefetch0(a + 2208);
            Sse.Prefetch0(a + 2480);
            Sse.Prefetch0(a + 2752);
            Sse.Prefetch0(a + 3024);
            Sse.Prefetch0(a + 3296);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 544)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 816)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1088)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1360)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1632)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1904)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2176)).AsInt16(); c8x0 = Avx2.Add(c8x0, Avx2.MultiplyAddAdjacent(x, b0)); c8x1 = Avx2.Add(c8x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2448)).AsInt16(); c9x0 = Avx2.Add(c9x0, Avx2.MultiplyAddAdjacent(x, b0)); c9x1 = Avx2.Add(c9x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2720)).AsInt16(); c10x0 = Avx2.Add(c10x0, Avx2.MultiplyAddAdjacent(x, b0)); c10x1 = Avx2.Add(c10x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2992)).AsInt16(); c11x0 = Avx2.Add(c11x0, Avx2.MultiplyAddAdjacent(x, b0)); c11x1 = Avx2.Add(c11x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 3264)).AsInt16(); c12x0 = Avx2.Add(c12x0, Avx2.MultiplyAddAdjacent(x, b0)); c12x1 = Avx2.Add(c12x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 546)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 818)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1090)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1362)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1634)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1906)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2178)).AsInt16(); c8x0 = Avx2.Add(c8x0, Avx2.MultiplyAddAdjacent(x, b0)); c8x1 = Avx2.Add(c8x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2450)).AsInt16(); c9x0 = Avx2.Add(c9x0, Avx2.MultiplyAddAdjacent(x, b0)); c9x1 = Avx2.Add(c9x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2722)).AsInt16(); c10x0 = Avx2.Add(c10x0, Avx2.MultiplyAddAdjacent(x, b0)); c10x1 = Avx2.Add(c10x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2994)).AsInt16(); c11x0 = Avx2.Add(c11x0, Avx2.MultiplyAddAdjacent(x, b0)); c11x1 = Avx2.Add(c11x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 3266)).AsInt16(); c12x0 = Avx2.Add(c12x0, Avx2.MultiplyAddAdjacent(x, b0)); c12x1 = Avx2.Add(c12x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
            scale = Vector256.Create(scales[32]); AddScaled(c2x0, s0, scale, c + 32); AddScaled(c2x1, s1, scale, c + 40);
            scale = Vector256.Create(scales[48]); AddScaled(c3x0, s0, scale, c + 48); AddScaled(c3x1, s1, scale, c + 56);
            scale = Vector256.Create(scales[64]); AddScaled(c4x0, s0, scale, c + 64); AddScaled(c4x1, s1, scale, c + 72);
            scale = Vector256.Create(scales[80]); AddScaled(c5x0, s0, scale, c + 80); AddScaled(c5x1, s1, scale, c + 88);
            scale = Vector256.Create(scales[96]); AddScaled(c6x0, s0, scale, c + 96); AddScaled(c6x1, s1, scale, c + 104);
            scale = Vector256.Create(scales[112]); AddScaled(c7x0, s0, scale, c + 112); AddScaled(c7x1, s1, scale, c + 120);
            scale = Vector256.Create(scales[128]); AddScaled(c8x0, s0, scale, c + 128); AddScaled(c8x1, s1, scale, c + 136);
            scale = Vector256.Create(scales[144]); AddScaled(c9x0, s0, scale, c + 144); AddScaled(c9x1, s1, scale, c + 152);
            scale = Vector256.Create(scales[160]); AddScaled(c10x0, s0, scale, c + 160); AddScaled(c10x1, s1, scale, c + 168);
            scale = Vector256.Create(scales[176]); AddScaled(c11x0, s0, scale, c + 176); AddScaled(c11x1, s1, scale, c + 184);
            scale = Vector256.Create(scales[192]); AddScaled(c12x0, s0, scale, c + 192); AddScaled(c12x1, s1, scale, c + 200);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs14(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)
    {
        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)
        {
            var c0x0 = Vector256<int>.Zero; var c0x1 = Vector256<int>.Zero;
            var c1x0 = Vector256<int>.Zero; var c1x1 = Vector256<int>.Zero;
            var c2x0 = Vector256<int>.Zero; var c2x1 = Vector256<int>.Zero;
            var c3x0 = Vector256<int>.Zero; var c3x1 = Vector256<int>.Zero;
            var c4x0 = Vector256<int>.Zero; var c4x1 = Vector256<int>.Zero;
            var c5x0 = Vector256<int>.Zero; var c5x1 = Vector256<int>.Zero;
            var c6x0 = Vector256<int>.Zero; var c6x1 = Vector256<int>.Zero;
            var c7x0 = Vector256<int>.Zero; var c7x1 = Vector256<int>.Zero;
            var c8x0 = Vector256<int>.Zero; var c8x1 = Vector256<int>.Zero;
            var c9x0 = Vector256<int>.Zero; var c9x1 = Vector256<int>.Zero;
            var c10x0 = Vector256<int>.Zero; var c10x1 = Vector256<int>.Zero;
            var c11x0 = Vector256<int>.Zero; var c11x1 = Vector256<int>.Zero;
            var c12x0 = Vector256<int>.Zero; var c12x1 = Vector256<int>.Zero;
            var c13x0 = Vector256<int>.Zero; var c13x1 = Vector256<int>.Zero;
            Sse.Prefetch0(a + 32);
            Sse.Prefetch0(a + 304);
            Sse.Prefetch0(a + 576);
            Sse.Prefetch0(a + 848);
            Sse.Prefetch0(a + 1120);
            Sse.Prefetch0(a + 1392);
            Sse.Prefetch0(a + 1664);
            Sse.Prefetch0(a + 1936);
            Sse.Prefetch0(a + 2208);
            Sse.Prefetch0(a + 2480);
            Sse.Prefetch0(a + 2752);
            Sse.Prefetch0(a + 3024);
            Sse.Prefetch0(a + 3296);
            Sse.Prefetch0(a + 3568);
            Vector256<short> x, b0, b1;
            var end = a + group;
            for (var p = a; p < end; p += 4, b += 64)
            {
                b0 = Vector256.Load(b + 0);
                b1 = Vector256.Load(b + 16);
                x = Vector256.Create(*(int*)(p + 0)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 272)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 544)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 816)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1088)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1360)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1632)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1904)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2176)).AsInt16(); c8x0 = Avx2.Add(c8x0, Avx2.MultiplyAddAdjacent(x, b0)); c8x1 = Avx2.Add(c8x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2448)).AsInt16(); c9x0 = Avx2.Add(c9x0, Avx2.MultiplyAddAdjacent(x, b0)); c9x1 = Avx2.Add(c9x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2720)).AsInt16(); c10x0 = Avx2.Add(c10x0, Avx2.MultiplyAddAdjacent(x, b0)); c10x1 = Avx2.Add(c10x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2992)).AsInt16(); c11x0 = Avx2.Add(c11x0, Avx2.MultiplyAddAdjacent(x, b0)); c11x1 = Avx2.Add(c11x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 3264)).AsInt16(); c12x0 = Avx2.Add(c12x0, Avx2.MultiplyAddAdjacent(x, b0)); c12x1 = Avx2.Add(c12x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 3536)).AsInt16(); c13x0 = Avx2.Add(c13x0, Avx2.MultiplyAddAdjacent(x, b0)); c13x1 = Avx2.Add(c13x1, Avx2.MultiplyAddAdjacent(x, b1));
                b0 = Vector256.Load(b + 32);
                b1 = Vector256.Load(b + 48);
                x = Vector256.Create(*(int*)(p + 2)).AsInt16(); c0x0 = Avx2.Add(c0x0, Avx2.MultiplyAddAdjacent(x, b0)); c0x1 = Avx2.Add(c0x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 274)).AsInt16(); c1x0 = Avx2.Add(c1x0, Avx2.MultiplyAddAdjacent(x, b0)); c1x1 = Avx2.Add(c1x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 546)).AsInt16(); c2x0 = Avx2.Add(c2x0, Avx2.MultiplyAddAdjacent(x, b0)); c2x1 = Avx2.Add(c2x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 818)).AsInt16(); c3x0 = Avx2.Add(c3x0, Avx2.MultiplyAddAdjacent(x, b0)); c3x1 = Avx2.Add(c3x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1090)).AsInt16(); c4x0 = Avx2.Add(c4x0, Avx2.MultiplyAddAdjacent(x, b0)); c4x1 = Avx2.Add(c4x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1362)).AsInt16(); c5x0 = Avx2.Add(c5x0, Avx2.MultiplyAddAdjacent(x, b0)); c5x1 = Avx2.Add(c5x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1634)).AsInt16(); c6x0 = Avx2.Add(c6x0, Avx2.MultiplyAddAdjacent(x, b0)); c6x1 = Avx2.Add(c6x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 1906)).AsInt16(); c7x0 = Avx2.Add(c7x0, Avx2.MultiplyAddAdjacent(x, b0)); c7x1 = Avx2.Add(c7x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2178)).AsInt16(); c8x0 = Avx2.Add(c8x0, Avx2.MultiplyAddAdjacent(x, b0)); c8x1 = Avx2.Add(c8x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2450)).AsInt16(); c9x0 = Avx2.Add(c9x0, Avx2.MultiplyAddAdjacent(x, b0)); c9x1 = Avx2.Add(c9x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2722)).AsInt16(); c10x0 = Avx2.Add(c10x0, Avx2.MultiplyAddAdjacent(x, b0)); c10x1 = Avx2.Add(c10x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 2994)).AsInt16(); c11x0 = Avx2.Add(c11x0, Avx2.MultiplyAddAdjacent(x, b0)); c11x1 = Avx2.Add(c11x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 3266)).AsInt16(); c12x0 = Avx2.Add(c12x0, Avx2.MultiplyAddAdjacent(x, b0)); c12x1 = Avx2.Add(c12x1, Avx2.MultiplyAddAdjacent(x, b1));
                x = Vector256.Create(*(int*)(p + 3538)).AsInt16(); c13x0 = Avx2.Add(c13x0, Avx2.MultiplyAddAdjacent(x, b0)); c13x1 = Avx2.Add(c13x1, Avx2.MultiplyAddAdjacent(x, b1));
            }

            Vector256<float> scale;
            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));
            scale = Vector256.Create(scales[0]); AddScaled(c0x0, s0, scale, c + 0); AddScaled(c0x1, s1, scale, c + 8);
            scale = Vector256.Create(scales[16]); AddScaled(c1x0, s0, scale, c + 16); AddScaled(c1x1, s1, scale, c + 24);
            scale = Vector256.Create(scales[32]); AddScaled(c2x0, s0, scale, c + 32); AddScaled(c2x1, s1, scale, c + 40);
            scale = Vector256.Create(scales[48]); AddScaled(c3x0, s0, scale, c + 48); AddScaled(c3x1, s1, scale, c + 56);
            scale = Vector256.Create(scales[64]); AddScaled(c4x0, s0, scale, c + 64); AddScaled(c4x1, s1, scale, c + 72);
            scale = Vector256.Create(scales[80]); AddScaled(c5x0, s0, scale, c + 80); AddScaled(c5x1, s1, scale, c + 88);
            scale = Vector256.Create(scales[96]); AddScaled(c6x0, s0, scale, c + 96); AddScaled(c6x1, s1, scale, c + 104);
            scale = Vector256.Create(scales[112]); AddScaled(c7x0, s0, scale, c + 112); AddScaled(c7x1, s1, scale, c + 120);
            scale = Vector256.Create(scales[128]); AddScaled(c8x0, s0, scale, c + 128); AddScaled(c8x1, s1, scale, c + 136);
            scale = Vector256.Create(scales[144]); AddScaled(c9x0, s0, scale, c + 144); AddScaled(c9x1, s1, scale, c + 152);
            scale = Vector256.Create(scales[160]); AddScaled(c10x0, s0, scale, c + 160); AddScaled(c10x1, s1, scale, c + 168);
            scale = Vector256.Create(scales[176]); AddScaled(c11x0, s0, scale, c + 176); AddScaled(c11x1, s1, scale, c + 184);
            scale = Vector256.Create(scales[192]); AddScaled(c12x0, s0, scale, c + 192); AddScaled(c12x1, s1, scale, c + 200);
            scale = Vector256.Create(scales[208]); AddScaled(c13x0, s0, scale, c + 208); AddScaled(c13x1, s1, scale, c + 216);
        }
    }
}
