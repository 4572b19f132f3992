using Augur.Tensors;

namespace Augur.Metrics.Features;

/// <summary>A layer of a feature network. Features are [batch, height, width, channels]; results belong to the current scope.</summary>
internal interface IFeatureLayer
{
    Tensor Forward(Tensor x);
}

/// <summary>ReLU of a convolution with its batch norm folded in.</summary>
internal sealed record RectifiedConvolution(PackedConv2d Weight, int Stride, Padding Padding) : IFeatureLayer
{
    public Tensor Forward(Tensor x)
    {
        var y = x.Conv2d(Weight, Stride, Padding);
        y.Backend.Clamp(y, 0, float.PositiveInfinity, y);
        return y;
    }
}

/// <summary>x + layer(x).</summary>
internal sealed record ResidualLayer(IFeatureLayer Branch) : IFeatureLayer
{
    public Tensor Forward(Tensor x) => x + Branch.Forward(x);
}

/// <summary>Max or mean pooling.</summary>
internal sealed record PoolLayer(Pooling Pooling, PoolWindow Window) : IFeatureLayer
{
    public Tensor Forward(Tensor x) => x.Pool2d(Pooling, Window);
}

/// <summary>Layers that run one after the other; intermediate features are released on the way.</summary>
internal sealed record LayerSequence(params IFeatureLayer[] Layers) : IFeatureLayer
{
    public Tensor Forward(Tensor x)
    {
        using var scope = TensorScope.Begin();
        var y = x;
        foreach (var layer in Layers)
        {
            var next = layer.Forward(y);
            if (y != x)
            {
                y.Dispose();
            }

            y = next;
        }

        return y == x ? y : y.Escape();
    }
}

/// <summary>Layers on the same input; the result concatenates their channels.</summary>
internal sealed record ParallelLayers(params IFeatureLayer[] Branches) : IFeatureLayer
{
    public Tensor Forward(Tensor x)
    {
        using var scope = TensorScope.Begin();
        var parts = Array.ConvertAll(Branches, branch => branch.Forward(x));
        var y = Tensor.Empty(x.Backend, parts[0].Shape.With(^1, parts.Sum(p => p.Shape.Columns)));
        var start = 0;
        foreach (var part in parts)
        {
            y.Columns(start, part.Shape.Columns).CopyFromInPlace(part);
            start += part.Shape.Columns;
        }

        return y.Escape();
    }
}
