using System.Text;
using Augur.Decoding;

namespace Augur.Tests.Metrics.Features;

/// <summary>The numbers that tools/fixtures/feature_networks.py computes from names, so that fixtures need not store weights and pictures.</summary>
internal static class HashedNumbers
{
    /// <summary>Numbers in [0, 1): the name's FNV-1a hash plus the golden ratio times the place, through the finisher of MurmurHash3.</summary>
    public static double[] Uniform(string name, int count)
    {
        var seed = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(name))
        {
            seed = (seed ^ octet) * 16777619;
        }

        var numbers = new double[count];
        for (var i = 0; i < count; i++)
        {
            var h = ((uint)i * 0x9E3779B9) + seed;
            h = (h ^ (h >> 16)) * 0x85EBCA6B;
            h = (h ^ (h >> 13)) * 0xC2B2AE35;
            numbers[i] = ((h ^ (h >> 16)) >> 8) / (double)(1 << 24);
        }

        return numbers;
    }

    /// <summary>Blocks of 4 by 4 pixels of random colours.</summary>
    public static RgbImage Picture(string name, int width, int height)
    {
        var columns = (width + 3) / 4;
        var blocks = Uniform(name, (height + 3) / 4 * columns * 3);
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            var (pixel, channel) = Math.DivRem(i, 3);
            var (row, column) = Math.DivRem(pixel, width);
            rgb[i] = (byte)(256 * blocks[(((row / 4 * columns) + (column / 4)) * 3) + channel]);
        }

        return new RgbImage(width, height, rgb);
    }

    /// <summary>A tensor of a network by its name; a spread that keeps the size of what passes through.</summary>
    public static float[] Weight(string name, int[] shape)
    {
        var count = shape.Aggregate(1, (a, b) => a * b);
        var spread = Math.Sqrt(24.0 * shape[0] / count);
        return Array.ConvertAll(Uniform(name, count), u => (float)(
            name.EndsWith("bn.weight", StringComparison.Ordinal) || name.EndsWith("running_var", StringComparison.Ordinal) ? 0.8 + (0.4 * u)
            : shape.Length == 1 ? 0.2 * (u - 0.5)
            : (u - 0.5) * spread));
    }
}
