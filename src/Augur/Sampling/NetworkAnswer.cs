using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>
/// The network's answer to the question that a sampler asked last. Its tensors belong to the caller: a sampler that keeps one copies it.
/// </summary>
internal sealed class NetworkAnswer
{
    private Tensor? _output;
    private INoiseSource? _noise;

    /// <summary>What the network predicts, of the latent's shape, guidance applied.</summary>
    public Tensor Output => _output ?? throw new InvalidOperationException("A sampler read an answer before it had asked.");

    /// <summary>The learned variance, of the latent's shape; null where the network has none.</summary>
    public Tensor? Variance { get; private set; }

    /// <summary>For messages: "Step 3 of 20".</summary>
    public string Step { get; private set; } = "";

    /// <summary>Sets the answer, or clears it when <paramref name="output"/> is null.</summary>
    /// <param name="output">The prediction; null clears the answer.</param>
    /// <param name="variance">The learned variance.</param>
    /// <param name="noise">Source of fresh noise.</param>
    /// <param name="step">For messages: "Step 3 of 20".</param>
    public void Set(Tensor? output, Tensor? variance, INoiseSource? noise, string step) =>
        (_output, Variance, _noise, Step) = (output, variance, noise, step);

    /// <summary>Whether a tensor is one of the answer's, which the caller owns.</summary>
    public bool Owns(Tensor tensor) => ReferenceEquals(tensor, _output) || ReferenceEquals(tensor, Variance);

    /// <summary>Fresh unit Gaussian noise of the latent's shape.</summary>
    /// <exception cref="InvalidOperationException">The source has too few numbers left; the message names the step.</exception>
    public Tensor DrawNoise()
    {
        var values = new float[Output.Shape.ElementCount];
        Fill(values);
        return Tensor.From(Output.Backend, values, Output.Shape);
    }

    /// <summary>Fresh unit Gaussian numbers.</summary>
    /// <exception cref="InvalidOperationException">The source has too few numbers left; the message names the step.</exception>
    public void Fill(Span<float> values)
    {
        try
        {
            _noise!.Fill(values);
        }
        catch (InvalidOperationException ranOut)
        {
            throw new InvalidOperationException($"{Step}: {ranOut.Message}", ranOut);
        }
    }
}
