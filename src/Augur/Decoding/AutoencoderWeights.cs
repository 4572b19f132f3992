using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Decoding;

/// <summary>Reads the layers of an autoencoder by name and owns their weights, which the stages share.</summary>
internal sealed class AutoencoderWeights(Checkpoint checkpoint, IBackend backend, string prefix, int normGroups) : IDisposable
{
    private readonly WeightScope _scope = new(checkpoint, backend, prefix);
    private readonly List<IDisposable> _owned = [];

    public bool Contains(string name) => _scope.Contains(name);

    public void Ignore(string name) => _scope.Ignore(name);

    public void RequireAllUsed() => _scope.RequireAllUsed();

    public PackedConv2d Convolution(string name, int outputs, int inputs) => Own(_scope.Conv2d(name, outputs, inputs, 3));

    /// <summary>A linear map of the channels of each pixel, stored as a 1x1 convolution or as a linear layer.</summary>
    public PackedLinear Pointwise(string name, int outputs, int inputs)
    {
        var isConvolution = checkpoint.Tensors.TryGetValue($"{prefix}{name}.weight", out var stored) && stored.Shape.Rank == 4;
        return Own(isConvolution ? _scope.Conv2d(name, outputs, inputs, 1).Weight : _scope.Linear(name, outputs, inputs));
    }

    public FeatureNorm Norm(string name, int channels) => new(
        normGroups,
        Own(_scope.SingleTensor($"{name}.weight", [channels])),
        Own(_scope.SingleTensor($"{name}.bias", [channels])));

    public LatentNorm LatentNorm(int channels, float epsilon) => Own(Decoding.LatentNorm.Read(_scope, channels, epsilon));

    public void Dispose()
    {
        _owned.ForEach(w => w.Dispose());
        _owned.Clear();
    }

    private T Own<T>(T weight)
        where T : IDisposable
    {
        _owned.Add(weight);
        return weight;
    }
}

/// <summary>A group normalisation with its learned scale and offset [channels].</summary>
internal sealed record FeatureNorm(int Groups, Tensor Weight, Tensor Bias)
{
    // All released autoencoders of this family use this value.
    private const float Epsilon = 1e-6f;

    public Tensor Apply(Tensor x, Activation activation) => x.GroupNorm(Groups, Weight, Bias, Epsilon, activation);
}
