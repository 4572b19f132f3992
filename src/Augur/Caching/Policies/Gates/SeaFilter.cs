using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// The spectral-evolution-aware filter of SeaCache over a picture of tokens: per axis the Wiener filter of a signal with spectrum |f|^−β in white
/// noise, its mean gain 1; docs/methods/seacache.md.
/// </summary>
/// <remarks>
/// The released gain is a product over the axes and even in f, so F⁻¹·diag(gain)·F is a real circulant matrix for each axis: linear combinations of
/// rows, then of columns, stand for the transform, the multiplication and the transform back, for any number of either.
/// </remarks>
/// <param name="grid">[rows, columns].</param>
/// <param name="power">β.</param>
internal sealed class SeaFilter(Shape grid, double power)
{
    /// <summary>Filters every channel: [batch, tokens, channels] → [batch, tokens, channels].</summary>
    /// <param name="x">[batch, tokens, channels], tokens in raster order.</param>
    /// <param name="noiseToSignal">√(1−ᾱ)/√ᾱ, or σ/(1−σ); at least 0, infinity where there is noise alone.</param>
    /// <exception cref="ArgumentException">The noise level is not known.</exception>
    public Tensor Apply(Tensor x, double noiseToSignal)
    {
        if (!(noiseToSignal >= 0))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Policy seacache: a call's noise over its signal is {noiseToSignal}; the filter needs it, at least 0."));
        }

        var (batch, rows, columns, channels) = (x.Shape[0], grid[0], grid[1], x.Shape[2]);
        var y = FilterParts(x.Reshape([batch, rows * columns * channels]), rows, noiseToSignal);
        return FilterParts(y.Reshape([batch * rows, columns * channels]), columns, noiseToSignal).Reshape(x.Shape);
    }

    /// <summary>The gain at the frequencies j / count of a discrete Fourier transform, 1 on average.</summary>
    internal static double[] Gains(int count, double power, double noiseToSignal)
    {
        var ratio = noiseToSignal * noiseToSignal;
        double[] gains =
            [.. Enumerable.Range(0, count).Select(j => j == 0 ? 1 : 1 / (1 + (ratio * Math.Pow(Math.Min(j, count - j) / (double)count, power))))];
        var mean = gains.Average();
        return Array.ConvertAll(gains, gain => gain / mean);
    }

    /// <summary>What the filter makes of a unit impulse, by the distance from it; 1 at the impulse itself.</summary>
    internal static double[] ImpulseResponse(int count, double power, double noiseToSignal)
    {
        var gains = Gains(count, power, noiseToSignal);
        return [.. Enumerable.Range(0, count).Select(d =>
            gains.Select((gain, j) => gain * Math.Cos(2 * Math.PI * ((long)j * d % count) / count)).Average())];
    }

    // The innermost axis is a row of parts, the picture's positions along one axis.
    private Tensor FilterParts(Tensor x, int count, double noiseToSignal)
    {
        var response = ImpulseResponse(count, power, noiseToSignal);
        var y = Tensor.Empty(x.Backend, x.Shape);
        var parts = new Tensor[count];
        for (var i = 0; i < count; i++)
        {
            parts[i] = x.Chunk(i, count);
        }

        var factors = new float[count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                factors[j] = (float)response[Math.Abs(i - j)]; // symmetric: from either side of the impulse the same
            }

            y.Chunk(i, count).CombineInPlace(parts, factors);
        }

        return y;
    }
}
