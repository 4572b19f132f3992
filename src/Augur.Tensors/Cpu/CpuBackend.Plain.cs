using Augur.Tensors.Reference;

namespace Augur.Tensors.Cpu;

/// <content>Operations whose fast version has not landed yet run as plain loops.</content>
public sealed unsafe partial class CpuBackend
{
    private static readonly ReferenceBackend s_plain = new();

    /// <inheritdoc/>
    public override void Fill(Tensor x, float value) => s_plain.Fill(x, value);

    /// <inheritdoc/>
    public override void Copy(Tensor x, Tensor y) => s_plain.Copy(x, y);

    /// <inheritdoc/>
    public override void LinearCombination(ReadOnlySpan<Tensor> terms, ReadOnlySpan<float> coefficients, Tensor y) =>
        s_plain.LinearCombination(terms, coefficients, y);

    /// <inheritdoc/>
    public override void Multiply(Tensor x, Tensor y, Tensor z) => s_plain.Multiply(x, y, z);

    /// <inheritdoc/>
    public override void Clamp(Tensor x, float low, float high, Tensor y) => s_plain.Clamp(x, low, high, y);

    /// <inheritdoc/>
    public override void Activate(Tensor x, Activation activation, Tensor y) => s_plain.Activate(x, activation, y);

    /// <inheritdoc/>
    public override void AddGated(Tensor x, Tensor gate, Tensor branch, Tensor y) => s_plain.AddGated(x, gate, branch, y);

    /// <inheritdoc/>
    public override void LayerNorm(Tensor x, Tensor? shift, Tensor? scale, float epsilon, Tensor y) => s_plain.LayerNorm(x, shift, scale, epsilon, y);

    /// <inheritdoc/>
    public override void GroupNorm(Tensor x, int groups, Tensor weight, Tensor bias, float epsilon, Activation activation, Tensor y) =>
        s_plain.GroupNorm(x, groups, weight, bias, epsilon, activation, y);

    /// <inheritdoc/>
    public override void Conv2d(Tensor x, PackedConv2d weight, int stride, Padding padding, Tensor y) => s_plain.Conv2d(x, weight, stride, padding, y);

    /// <inheritdoc/>
    public override void RowErrors(Tensor x, Tensor y, ErrorMeasure measure, Span<double> errors) => s_plain.RowErrors(x, y, measure, errors);
}
