namespace Augur.Sampling;

/// <summary>The numbers of <c>torch.manual_seed(seed)</c> followed by <c>torch.randn(n)</c> on the CPU, one call per <see cref="Fill"/>.</summary>
/// <remarks>
/// The random bits are exactly PyTorch's. PyTorch's vectorised logarithm, sine and cosine are approximations that differ between its instruction sets
/// in the last bits; the values here stay within 2·10⁻⁶ of its AVX2 build. As in PyTorch, one call for n numbers differs from n calls for one number:
/// below 16 numbers another transform is used, whose second number is kept for the next such call, and a remainder of fewer than 16 numbers is
/// redrawn together with the numbers before it.
/// </remarks>
/// <param name="seed">As given to <c>torch.manual_seed</c>; only its lower 32 bits are used.</param>
public sealed class TorchCpuNoise(ulong seed) : INoiseSource
{
    private const int Block = 16;
    private const int Half = Block / 2;

    private readonly MersenneTwister _bits = new((uint)seed);
    private double? _waiting;

    /// <inheritdoc/>
    public void Fill(Span<float> destination)
    {
        if (destination.Length < Block)
        {
            foreach (ref var value in destination)
            {
                value = (float)NextDouble();
            }

            return;
        }

        FillUniform(destination);
        for (var start = 0; start + Block <= destination.Length; start += Block)
        {
            Transform(destination.Slice(start, Block));
        }

        if (destination.Length % Block != 0)
        {
            FillUniform(destination[^Block..]);
            Transform(destination[^Block..]);
        }
    }

    private void FillUniform(Span<float> destination)
    {
        foreach (ref var value in destination)
        {
            value = (_bits.Next() & 0xFFFFFF) * (1f / (1 << 24));
        }
    }

    // Box and Muller, 1958: the first eight are radii, the last eight angles. In single precision as in PyTorch: the rounding of the angle is visible
    // in the result.
    private static void Transform(Span<float> block)
    {
        for (var i = 0; i < Half; i++)
        {
            var radius = MathF.Sqrt(-2 * MathF.Log(1 - block[i]));
            var (sine, cosine) = MathF.SinCos(2 * MathF.PI * block[i + Half]);
            (block[i], block[i + Half]) = (radius * cosine, radius * sine);
        }
    }

    private double NextDouble()
    {
        if (_waiting is { } waiting)
        {
            _waiting = null;
            return waiting;
        }

        var angle = 2 * Math.PI * NextUniform();
        var radius = Math.Sqrt(-2 * LogOfOnePlus(-NextUniform()));
        _waiting = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }

    private double NextUniform()
    {
        var high = (ulong)_bits.Next();
        return (((high << 32) | _bits.Next()) & ((1UL << 53) - 1)) * (1.0 / (1UL << 53));
    }

    // Kahan's form of log(1 + x), exact where 1 + x rounds.
    private static double LogOfOnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
    }
}
