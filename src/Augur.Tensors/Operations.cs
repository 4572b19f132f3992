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

    /// <summary>x · sigmoid(1.702x), as CLIP has it.</summary>
    GeluQuick,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,
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

/// <summary>What a product does with its rows before storing them: y = residual + gate ⊙ activation(xWᵀ + b).</summary>
/// <param name="Activation">Applied after the bias.</param>
/// <param name="Gate">[batch, outputs]; the rows of each batch entry share its row. None: 1.</param>
/// <param name="Residual">The output's shape; none: 0.</param>
public readonly record struct LinearEpilogue(Activation Activation = Activation.None, Tensor? Gate = null, Tensor? Residual = null);

/// <summary>Options of attention: grouped heads, ranges of keys, bias and scale.</summary>
/// <param name="KeyHeads">
/// Heads of keys and values, a divisor of the queries' heads: each serves as many neighbouring heads of queries (grouped queries). 0: as many as the
/// queries have.
/// </param>
/// <param name="KeyCounts">
/// [batch]: how many keys of each entry there are, 1 to keys; keys beyond that are not read. An entry's result is, bit for bit, that of a call with
/// exactly so many keys. Null: all keys.
/// </param>
/// <param name="IsCausal">
/// Query i sees the keys j ≤ i + keys − queries: with as many keys as queries, those up to its own position; with more keys, also all earlier ones.
/// Other keys are not read.
/// </param>
/// <param name="Bias">
/// Float32 [heads or 1, queries, keys], added to the scaled scores, the same for every entry of the batch: relative positions, or a mask of 0 and −∞.
/// Where it is below −1e30 it counts as −1e30, so that a query for which all keys are masked gets their mean instead of NaN.
/// </param>
/// <param name="Scale">Factor of the scores; null: 1/√headChannels.</param>
public readonly record struct AttentionOptions(
    int KeyHeads = 0, IndexTable? KeyCounts = null, bool IsCausal = false, Tensor? Bias = null, float? Scale = null)
{
    /// <summary>Lower limit that is applied to biases.</summary>
    public const float LeastBias = -1e30f;
}

/// <summary>Which channels of a head form the pairs that rotary positions rotate.</summary>
public enum RotaryPairs
{
    /// <summary>Neighbours, 2i and 2i + 1 (FLUX).</summary>
    Interleaved,

    /// <summary>i and i + turned / 2 (Llama, Qwen).</summary>
    Halves,
}

/// <summary>Zero padding of an image, in pixels (or latent cells) on each side.</summary>
public readonly record struct Padding(int Top, int Left, int Bottom, int Right)
{
    /// <summary>The same padding on all sides.</summary>
    public static Padding All(int amount) => new(amount, amount, amount, amount);
}

/// <summary>
/// A linear map's weight [outputs, inputs] and bias, in the memory layout that its backend's product needs. Half-precision weights stay packed.
/// </summary>
public abstract class PackedLinear : IDisposable
{
    /// <summary>Length of the rows it reads.</summary>
    public required int Inputs { get; init; }

    /// <summary>Length of the rows it writes.</summary>
    public required int Outputs { get; init; }

    /// <summary>Precision in which the weight is stored; Float32 for a quantised weight, which is widened to it.</summary>
    public required DType Type { get; init; }

    /// <summary>Block format of a quantised weight; null if the weight is not quantised.</summary>
    public QuantizedFormat? Format { get; init; }

    /// <summary>
    /// Some consecutive outputs as a weight of their own, in the same memory, if they are contiguous in the layout; null otherwise.
    /// </summary>
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
