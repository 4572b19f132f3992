namespace Augur.Tensors.Cpu;

/// <summary>
/// Half-precision operands of one operation as Float32 copies, and a Float32 place for a half-precision result: the kernels read and write singles,
/// and the result is rounded once. Operands that are Float32 already are passed through.
/// </summary>
internal sealed class WidenedOperands(CpuBackend backend) : IDisposable
{
    private readonly List<Tensor> _copies = [];
    private Tensor? _narrow;
    private Tensor? _wide;

    /// <summary>Whether one of the operands is in half precision.</summary>
    public static bool AreNeeded(params ReadOnlySpan<Tensor?> operands)
    {
        foreach (var operand in operands)
        {
            if (operand is not null && operand.Type != DType.Float32)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An operand that is read.</summary>
    public Tensor Read(Tensor x)
    {
        if (x.Type == DType.Float32)
        {
            return x;
        }

        var wide = x.As(DType.Float32).Retain();
        _copies.Add(wide);
        return wide;
    }

    /// <summary>An operand that is read, where there is one.</summary>
    public Tensor? ReadOptional(Tensor? x) => x is null ? null : Read(x);

    /// <summary>The operand that is written as a whole; <see cref="Finish"/> rounds it into its own type.</summary>
    public Tensor Write(Tensor y)
    {
        if (y.Type == DType.Float32)
        {
            return y;
        }

        _narrow = y;
        _wide = Tensor.Empty(backend, y.Shape).Retain();
        return _wide;
    }

    /// <summary>Rounds the result.</summary>
    public void Finish()
    {
        if (_wide is not null)
        {
            backend.Copy(_wide, _narrow!);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _wide?.Dispose();
        foreach (var copy in _copies)
        {
            copy.Dispose();
        }
    }
}
