using System.Runtime.CompilerServices;

namespace Augur.Tensors.Cpu;

/// <content>Group normalisation of images.</content>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    /// <remarks>
    /// One pass sums x and x² per channel in double precision, over blocks of pixels whose number depends on the image alone; a second
    /// normalises. In double, mean(x²) − mean² keeps the variance to nine digits even where the mean is a thousand deviations.
    /// </remarks>
    public override void GroupNorm(Tensor x, int groups, Tensor weight, Tensor bias, float epsilon, Activation activation, Tensor y)
    {
        if (x.Type.IsHalf() || y.Type.IsHalf())
        {
            GroupNormOfHalves(x, groups, weight, bias, epsilon, activation, y);
            return;
        }

        switch (activation)
        {
            case Activation.None:
                GroupNorm<Identity>(x, groups, weight, bias, epsilon, y);
                break;
            case Activation.Silu:
                GroupNorm<SiluFunction>(x, groups, weight, bias, epsilon, y);
                break;
            case Activation.GeluTanh:
                GroupNorm<GeluTanhFunction>(x, groups, weight, bias, epsilon, y);
                break;
            case Activation.GeluErf:
                GroupNorm<GeluErfFunction>(x, groups, weight, bias, epsilon, y);
                break;
            case Activation.GeluQuick:
                GroupNorm<GeluQuickFunction>(x, groups, weight, bias, epsilon, y);
                break;
            case Activation.Exp:
                GroupNorm<ExpFunction>(x, groups, weight, bias, epsilon, y);
                break;
            case Activation.Tanh:
                GroupNorm<TanhFunction>(x, groups, weight, bias, epsilon, y);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation");
        }
    }

    // Apart, so that the other way allocates no closure.
    private void GroupNormOfHalves(Tensor x, int groups, Tensor weight, Tensor bias, float epsilon, Activation activation, Tensor y) =>
        InSingles([x], y, (wide, to) => GroupNorm(wide[0], groups, weight, bias, epsilon, activation, to));

    private void GroupNorm<TF>(Tensor x, int groups, Tensor weight, Tensor bias, float epsilon, Tensor y)
        where TF : struct, IFunction
    {
        int batch = x.Shape[0], channels = x.Shape[3];
        var pixels = (long)x.Shape[1] * x.Shape[2];
        if (x.Shape.ElementCount == 0)
        {
            return;
        }

        var sums = new ChannelSumsKernel(x, pixels, channels);
        using var table = new Scratch(this, (long)batch * sums.Blocks * 2 * channels * sizeof(double));
        using var perChannel = new Scratch(this, (long)batch * 2 * channels * sizeof(float));
        sums.Sums = (double*)table.Pointer;
        RunDouble(sums, batch * sums.Blocks);
        float* mean = (float*)perChannel.Pointer, factor = mean + ((long)batch * channels);
        for (var b = 0; b < batch; b++)
        {
            for (var c = 0; c < channels; c += channels / groups)
            {
                var (groupMean, deviation) = sums.Moments(b, c, channels / groups, epsilon);
                for (var i = c; i < c + (channels / groups); i++)
                {
                    mean[((long)b * channels) + i] = (float)groupMean;
                    factor[((long)b * channels) + i] = (float)(((float*)Address(weight))[i] / deviation);
                }
            }
        }

        var walk = RowWalk.ByRow(x.Shape);
        Run(
            new GroupNormKernel<TF>
            {
                Walk = walk,
                X = walk.Of<float>(x),
                Y = walk.Of<float>(y),
                Mean = mean,
                Factor = factor,
                Bias = (float*)Address(bias),
            },
            walk.Tiles);
        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        GC.KeepAlive(y);
    }

    /// <summary>Sums of x and of x² for each channel of each block of pixels: [batch, blocks, 2, channels].</summary>
    private struct ChannelSumsKernel : IDoubleTileKernel
    {
        private const int MostBlocks = 64; // of one image: bounds the table
        private const long CachedElements = 16384;

        private readonly float* _x;
        private readonly long _pixels;
        private readonly int _channels;
        private readonly long _pixelsPerBlock;

        public ChannelSumsKernel(Tensor x, long pixels, int channels)
        {
            _x = (float*)Address(x);
            (_pixels, _channels) = (pixels, channels);
            _pixelsPerBlock = Math.Max(Math.Max(1, CachedElements / channels), (pixels + MostBlocks - 1) / MostBlocks);
            Blocks = (int)((pixels + _pixelsPerBlock - 1) / _pixelsPerBlock);
        }

        /// <summary>Blocks of one image.</summary>
        public int Blocks { get; }

        /// <summary>The table, to be set before the kernel runs.</summary>
        public double* Sums { get; set; }

        public readonly void Run<TD>(int tile)
            where TD : struct, IDoubleVector<TD>
        {
            var (image, block) = Math.DivRem(tile, Blocks);
            var sums = Sums + ((long)tile * 2 * _channels);
            new Span<double>(sums, 2 * _channels).Clear();
            var pixel = block * _pixelsPerBlock;
            var end = Math.Min(_pixels, pixel + _pixelsPerBlock);
            for (var step = Math.Max(1, CachedElements / _channels); pixel < end; pixel += step)
            {
                Add<TD>(_x + (((image * _pixels) + pixel) * _channels), Math.Min(step, end - pixel), _channels, sums);
            }
        }

        /// <summary>Mean and √(variance + epsilon) of a group of channels of one image.</summary>
        public readonly (double Mean, double Deviation) Moments(int image, int firstChannel, int count, float epsilon)
        {
            double sum = 0, squares = 0;
            for (var block = 0; block < Blocks; block++)
            {
                var sums = Sums + ((((long)image * Blocks) + block) * 2 * _channels) + firstChannel;
                for (var c = 0; c < count; c++)
                {
                    sum += sums[c];
                    squares += sums[c + _channels];
                }
            }

            var members = (double)_pixels * count;
            var mean = sum / members;
            return (mean, Math.Sqrt(Math.Max(0, (squares / members) - (mean * mean)) + epsilon));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Add<TD>(float* x, long pixels, int channels, double* sums)
            where TD : struct, IDoubleVector<TD>
        {
            var c = 0;
            for (; c + (2 * TD.Count) <= channels; c += 2 * TD.Count)
            {
                TD a = TD.Load(sums + c), b = TD.Load(sums + c + TD.Count);
                TD a2 = TD.Load(sums + channels + c), b2 = TD.Load(sums + channels + c + TD.Count);
                var at = x + c;
                for (long p = 0; p < pixels; p++, at += channels)
                {
                    TD xa = TD.LoadWidened(at), xb = TD.LoadWidened(at + TD.Count);
                    a += xa;
                    b += xb;
                    a2 = TD.MultiplyAdd(xa, xa, a2);
                    b2 = TD.MultiplyAdd(xb, xb, b2);
                }

                TD.Store(a, sums + c);
                TD.Store(b, sums + c + TD.Count);
                TD.Store(a2, sums + channels + c);
                TD.Store(b2, sums + channels + c + TD.Count);
            }

            for (; c < channels; c++)
            {
                for (long p = 0; p < pixels; p++)
                {
                    double value = x[(p * channels) + c];
                    sums[c] += value;
                    sums[channels + c] += value * value;
                }
            }
        }
    }

    private struct GroupNormKernel<TF> : ITileKernel
        where TF : struct, IFunction
    {
        public RowWalk Walk;
        public WalkedRows<float> X;
        public WalkedRows<float> Y;
        public float* Mean;
        public float* Factor;
        public float* Bias;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(int tile)
            where TV : struct, IVector<TV>
        {
            var (row, end) = Walk.Tile(tile);
            for (; row < end; row++)
            {
                var (entry, within) = Walk.Locate(row);
                float* x = X.At(entry, within), y = Y.At(entry, within), bias = Bias;
                var n = Walk.Columns(within);
                float* mean = Mean + (entry * n), factor = Factor + (entry * n);
                long i = 0;
                for (; i + TV.Count <= n; i += TV.Count)
                {
                    TV.Store(TF.Apply(TV.MultiplyAdd(TV.Load(x + i) - TV.Load(mean + i), TV.Load(factor + i), TV.Load(bias + i))), y + i);
                }

                if (i < n)
                {
                    var rest = n - i;
                    var centred = Simd.LoadPartial<TV>(x + i, rest) - Simd.LoadPartial<TV>(mean + i, rest);
                    var result = TV.MultiplyAdd(centred, Simd.LoadPartial<TV>(factor + i, rest), Simd.LoadPartial<TV>(bias + i, rest));
                    Simd.StorePartial(TF.Apply(result), y + i, rest);
                }
            }
        }
    }
}
