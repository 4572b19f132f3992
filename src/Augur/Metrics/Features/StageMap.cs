using Augur.Tensors;

namespace Augur.Metrics.Features;

/// <summary>
/// Features of one picture at one stage of a network: at every position a vector of channels, scaled to length 1 (or 0 if all channels are 0).
/// </summary>
public sealed class StageMap
{
    private const double Tiny = 1e-10; // keeps a position whose channels are all 0 at 0

    private readonly float[] _values; // [height, width, channels]

    private StageMap(int height, int width, int channels, float[] values) => (Height, Width, Channels, _values) = (height, width, channels, values);

    /// <summary>Number of rows.</summary>
    public int Height { get; }

    /// <summary>Number of columns.</summary>
    public int Width { get; }

    /// <summary>Length of each position's vector.</summary>
    public int Channels { get; }

    /// <summary>Row by row, channels fastest: height · width · channels values.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Mean over the positions of the squared distance of the vectors: 0 to 4, or to 2 if features are never negative.</summary>
    /// <exception cref="ArgumentException">The maps differ in size.</exception>
    public double DistanceTo(StageMap other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if ((Height, Width, Channels) != (other.Height, other.Width, other.Channels))
        {
            throw new ArgumentException(
                $"StageMap.DistanceTo: maps of {Height}x{Width}x{Channels} and {other.Height}x{other.Width}x{other.Channels} cannot be compared.");
        }

        var sum = 0.0;
        for (var i = 0; i < _values.Length; i++)
        {
            var difference = (double)_values[i] - other._values[i];
            sum += difference * difference;
        }

        return sum / (Height * Width);
    }

    /// <summary>The maps of a batch [batch, height, width, channels], each position scaled to length 1.</summary>
    internal static StageMap[] FromBatch(Tensor features)
    {
        int height = features.Shape[1], width = features.Shape[2], channels = features.Shape[3];
        var pictures = features.ToArray().Chunk(height * width * channels).ToArray();
        foreach (var values in pictures)
        {
            for (var place = 0; place < values.Length; place += channels)
            {
                ToUnitLengthInPlace(values.AsSpan(place, channels));
            }
        }

        return Array.ConvertAll(pictures, values => new StageMap(height, width, channels, values));
    }

    private static void ToUnitLengthInPlace(Span<float> vector)
    {
        var squares = 0.0;
        foreach (var value in vector)
        {
            squares += (double)value * value;
        }

        var factor = 1 / (Math.Sqrt(squares) + Tiny);
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = (float)(vector[i] * factor);
        }
    }
}
