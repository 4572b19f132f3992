using Augur.Tensors.Reference;

namespace Augur.Tensors.Cpu;

/// <content>Operations whose fast version has not landed yet run as plain loops.</content>
public sealed unsafe partial class CpuBackend
{
    private static readonly ReferenceBackend s_plain = new();

    /// <inheritdoc/>
    public override PackedLinear Pack(Tensor weight, Tensor? bias) => s_plain.Pack(weight, bias);

    /// <inheritdoc/>
    public override void Linear(Tensor x, PackedLinear weight, LinearEpilogue epilogue, Tensor y) => s_plain.Linear(x, weight, epilogue, y);

    /// <inheritdoc/>
    public override void Attention(Tensor q, Tensor k, Tensor v, int heads, float scale, Tensor y) => s_plain.Attention(q, k, v, heads, scale, y);
}
