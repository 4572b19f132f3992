using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Metrics.Features;

/// <summary>Reads InceptionV3's convolutions by torchvision's names, each with its batch norm folded in.</summary>
internal sealed class InceptionWeights(WeightScope root, List<IDisposable> owned)
{
    private const double NormEpsilon = 1e-3; // of every batch norm of InceptionV3

    /// <summary>A convolution with a square kernel, without padding or, with <paramref name="same"/>, padded to keep the size.</summary>
    public RectifiedConvolution Square(string name, int inputs, int outputs, int kernel, int stride = 1, bool same = false) =>
        Convolution(name, (outputs, inputs, kernel, kernel), stride, Padding.All(same ? kernel / 2 : 0));

    /// <summary>A convolution with a kernel one pixel high, padded to keep the size.</summary>
    public RectifiedConvolution Across(string name, int inputs, int outputs, int width) =>
        Convolution(name, (outputs, inputs, 1, width), 1, new Padding(0, width / 2, 0, width / 2));

    /// <summary>A convolution with a kernel one pixel wide, padded to keep the size.</summary>
    public RectifiedConvolution Down(string name, int inputs, int outputs, int height) =>
        Convolution(name, (outputs, inputs, height, 1), 1, new Padding(height / 2, 0, height / 2, 0));

    /// <summary>norm(conv(x)) = (γ / √(σ² + ε)) · conv(x) + (β − γ μ / √(σ² + ε)): computed in double precision, stored in single.</summary>
    private RectifiedConvolution Convolution(string name, (int Outputs, int Inputs, int Height, int Width) shape, int stride, Padding padding)
    {
        var scope = root.Scope(name);
        var norm = scope.Scope("bn");
        norm.Ignore("num_batches_tracked");
        float[] Norm(string tensor) => Read(norm, tensor, [shape.Outputs]);
        var (gamma, beta, mean, variance) = (Norm("weight"), Norm("bias"), Norm("running_mean"), Norm("running_var"));
        var stored = Read(scope, "conv.weight", [shape.Outputs, shape.Inputs, shape.Height, shape.Width]);

        var (places, taps) = (shape.Height * shape.Width, shape.Height * shape.Width * shape.Inputs);
        var folded = new float[stored.Length]; // [outputs, height · width · inputs]
        var bias = new float[shape.Outputs];
        for (var o = 0; o < shape.Outputs; o++)
        {
            var factor = gamma[o] / Math.Sqrt(variance[o] + NormEpsilon);
            bias[o] = (float)(beta[o] - (mean[o] * factor));
            for (var tap = 0; tap < taps; tap++)
            {
                folded[(o * taps) + (tap % places * shape.Inputs) + (tap / places)] = (float)(stored[(o * taps) + tap] * factor);
            }
        }

        using var tensors = TensorScope.Begin();
        var weight = Tensor.From(root.Backend, folded, [shape.Outputs, taps]);
        var linear = root.Backend.Pack(weight, Tensor.From(root.Backend, bias, [shape.Outputs]));
        var packed = new PackedConv2d(linear, shape.Height, shape.Width, shape.Inputs);
        owned.Add(packed);
        return new RectifiedConvolution(packed, stride, padding);
    }

    private static float[] Read(WeightScope scope, string name, Shape shape)
    {
        using var tensor = scope.SingleTensor(name, shape);
        return tensor.ToArray();
    }
}
