namespace Augur.Tensors;

/// <summary>A function applied to each element, alone or fused behind a product.</summary>
public enum Activation
{
    /// <summary>The identity.</summary>
    None,

    /// <summary>x · sigmoid(x).</summary>
    Silu,

    /// <summary>½x · (1 + tanh(√(2/π) · (x + 0.044715x³))).</summary>
    GeluTanh,

    /// <summary>½x · (1 + erf(x/√2)).</summary>
    GeluErf,

    /// <summary>eˣ.</summary>
    Exp,
}

/// <summary>How far a forecast x is from the computed y; sums run over one entry of the outermost axis, in single precision or wider.</summary>
public enum ErrorMeasure
{
    /// <summary>‖x − y‖₂ / (‖y‖₂ + 1e-10) (SpeCa, paper, section 4).</summary>
    NormRatio,

    /// <summary>mean |x − y|.</summary>
    L1,

    /// <summary>√ mean (x − y)².</summary>
    L2,

    /// <summary>mean of |x − y| / (|y| + 1e-10), element by element (SpeCa, released code).</summary>
    RelativeL1,

    /// <summary>√ mean of (|x − y| / (|y| + 1e-10))², element by element (SpeCa, released code).</summary>
    RelativeL2,

    /// <summary>1 − cos(x, y).</summary>
    Cosine,

    /// <summary>Σ |x − y| / (Σ |y| + 1e-10): how far the whole has changed (TeaCache, first-block caches).</summary>
    L1Ratio,
}

/// <summary>What happens to a product's rows while they are still in cache: y = residual + gate ⊙ activation(xWᵀ + b).</summary>
/// <param name="Activation">Applied after the bias.</param>
/// <param name="Gate">[batch, outputs]; the rows of each batch entry share its row. None: 1.</param>
/// <param name="Residual">The output's shape; none: 0.</param>
public readonly record struct LinearEpilogue(Activation Activation = Activation.None, Tensor? Gate = null, Tensor? Residual = null);

/// <summary>Zero padding of an image, in pixels (or latent cells) on each side.</summary>
public readonly record struct Padding(int Top, int Left, int Bottom, int Right)
{
    /// <summary>The same padding on all sides.</summary>
    public static Padding All(int amount) => new(amount, amount, amount, amount);
}

/// <summary>A linear map's weight [outputs, inputs] and bias, laid out as its backend's product wants them. Half-precision weights stay packed.</summary>
public abstract class PackedLinear : IDisposable
{
    /// <summary>Length of the rows it reads.</summary>
    public required int Inputs { get; init; }

    /// <summary>Length of the rows it writes.</summary>
    public required int Outputs { get; init; }

    /// <summary>Precision in which the weight is kept.</summary>
    public required DType Type { get; init; }

    /// <summary>Some consecutive outputs as a weight of their own, in the same memory, where the layout has them together; null where it has not.</summary>
    /// <param name="start">First output.</param>
    /// <param name="count">Number of outputs, at least 1.</param>
    public virtual PackedLinear? Slice(int start, int count) => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the packed weight.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>A convolution's weight as a linear map over patches, [outputs, kernelHeight · kernelWidth · channels], channels fastest.</summary>
public sealed record PackedConv2d(PackedLinear Weight, int KernelHeight, int KernelWidth, int Channels) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Weight.Dispose();
}
