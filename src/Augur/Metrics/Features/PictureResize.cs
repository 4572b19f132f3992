using Augur.Decoding;
using Augur.Tensors;

namespace Augur.Metrics.Features;

/// <summary>
/// Resizes pictures to a network's input size, with values in [−1, 1]. A picture that is not square is stretched. Both directions are weighted sums
/// of pixels, one after the other, in double precision.
/// </summary>
internal sealed class PictureResize
{
    // For each position of the result along one axis: the first source position and the weights from there on.
    private readonly Func<int, (int First, double[] Weights)[]> _axis;
    private readonly int _side;

    private PictureResize(int side, Func<int, (int First, double[] Weights)[]> axis) => (_side, _axis) = (side, axis);

    /// <summary>Area averaging: a new pixel is the mean of the area that it covers. When enlarging, pixels are repeated.</summary>
    public static PictureResize ByArea(int side) => new(side, length => Areas(length, side));

    /// <summary>
    /// Bilinear between the nearest four pixels, pixel centres at half-integers, without averaging where pictures shrink: what the usual PyTorch port
    /// of the Fréchet distance does (torch.nn.functional.interpolate, align_corners=False).
    /// </summary>
    public static PictureResize Bilinear(int side) => new(side, length => Lines(length, side));

    /// <summary>Resizes pictures: [pictures, side, side, 3] in [−1, 1].</summary>
    public Tensor ToTensor(IBackend backend, IReadOnlyList<RgbImage> images)
    {
        var length = _side * _side * 3;
        var values = new float[images.Count * length];
        for (var i = 0; i < images.Count; i++)
        {
            Resize(images[i], values.AsSpan(i * length, length));
        }

        return Tensor.From(backend, values, [images.Count, _side, _side, 3]);
    }

    private void Resize(RgbImage image, Span<float> resized)
    {
        var (across, down) = (_axis(image.Width), _axis(image.Height));
        var narrow = new double[image.Height * _side * 3]; // [height, side, 3]
        for (var row = 0; row < image.Height; row++)
        {
            var line = image.Rgb.Slice(row * image.Width * 3, image.Width * 3);
            for (var i = 0; i < _side * 3; i++)
            {
                var (first, weights) = across[i / 3];
                var sum = 0.0;
                for (var k = 0; k < weights.Length; k++)
                {
                    sum += weights[k] * line[((first + k) * 3) + (i % 3)];
                }

                narrow[(row * _side * 3) + i] = sum;
            }
        }

        for (var i = 0; i < resized.Length; i++)
        {
            var (first, weights) = down[i / (_side * 3)];
            var sum = 0.0;
            for (var k = 0; k < weights.Length; k++)
            {
                sum += weights[k] * narrow[((first + k) * _side * 3) + (i % (_side * 3))];
            }

            resized[i] = (float)((sum / 127.5) - 1);
        }
    }

    private static (int First, double[] Weights)[] Areas(int length, int side)
    {
        var axis = new (int, double[])[side];
        var scale = (double)length / side;
        for (var i = 0; i < side; i++)
        {
            var (begin, end) = (i * scale, (i + 1) * scale);
            var first = (int)begin;
            var last = Math.Min(length - 1, Math.Max(first, (int)Math.Ceiling(end) - 1));
            var covered = Enumerable.Range(first, last - first + 1).Select(p => Math.Max(0, Math.Min(end, p + 1) - Math.Max(begin, p))).ToArray();
            var sum = covered.Sum();
            axis[i] = (first, Array.ConvertAll(covered, c => c / sum));
        }

        return axis;
    }

    private static (int First, double[] Weights)[] Lines(int length, int side)
    {
        var axis = new (int, double[])[side];
        for (var i = 0; i < side; i++)
        {
            var centre = Math.Max(0, ((i + 0.5) * length / side) - 0.5);
            var first = Math.Min((int)centre, length - 1);
            axis[i] = first == length - 1 ? (first, [1.0]) : (first, [1 - (centre - first), centre - first]);
        }

        return axis;
    }
}
