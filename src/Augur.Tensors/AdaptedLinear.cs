using Augur.Tensors.Weights;

namespace Augur.Tensors;

/// <summary>
/// A quantised linear map with a change beside it that cannot be merged into its blocks: y = Wx + b + U(Dx), where D has few outputs.
/// </summary>
public sealed class AdaptedLinear : PackedLinear
{
    private AdaptedLinear()
    {
    }

    /// <summary>W and b.</summary>
    public required PackedLinear Whole { get; init; }

    /// <summary>D: [ranks of all changes, inputs].</summary>
    public required PackedLinear Down { get; init; }

    /// <summary>U: [outputs, ranks of all changes].</summary>
    public required PackedLinear Up { get; init; }

    /// <summary>A map with its changes.</summary>
    /// <param name="backend">Where to compute.</param>
    /// <param name="whole">The map, which is taken over.</param>
    /// <param name="changes">Changes of rows of it, at least one; none has magnitudes.</param>
    internal static AdaptedLinear Of(IBackend backend, PackedLinear whole, IReadOnlyList<WeightChange> changes)
    {
        using var scope = TensorScope.Begin();
        var ranks = changes.Sum(change => change.Rank);
        var (down, up) = (new float[ranks * whole.Inputs], new float[whole.Outputs * ranks]);
        var first = 0;
        foreach (var change in changes)
        {
            change.Down.CopyTo(down, first * whole.Inputs);
            for (var row = 0; row < change.Rows; row++)
            {
                for (var rank = 0; rank < change.Rank; rank++)
                {
                    up[((change.FirstRow + row) * ranks) + first + rank] =
                        change.Strength * change.Factor * change.Up[(row * change.Rank) + rank];
                }
            }

            first += change.Rank;
        }

        return new AdaptedLinear
        {
            Inputs = whole.Inputs,
            Outputs = whole.Outputs,
            Type = whole.Type,
            Format = whole.Format,
            Whole = whole,
            Down = backend.Pack(Tensor.From(backend, down, [ranks, whole.Inputs]), null),
            Up = backend.Pack(Tensor.From(backend, up, [whole.Outputs, ranks]), null),
        };
    }

    /// <summary>As <see cref="Tensor.Linear(PackedLinear, LinearEpilogue, DType)"/>.</summary>
    internal Tensor Apply(Tensor x, LinearEpilogue epilogue, DType result)
    {
        using var low = x.Linear(Down);
        if (epilogue is { Activation: Activation.None, Gate: null })
        {
            using var sum = x.Linear(Whole, new LinearEpilogue(Residual: epilogue.Residual));
            return low.Linear(Up, new LinearEpilogue(Residual: sum), result);
        }

        using var whole = x.Linear(Whole);
        using var changed = low.Linear(Up, new LinearEpilogue(Residual: whole));
        if (epilogue.Gate is null && epilogue.Residual is null)
        {
            return changed.Activate(epilogue.Activation, result);
        }

        using var activated = epilogue.Activation == Activation.None ? changed.Copy() : changed.Activate(epilogue.Activation);
        using var residual = epilogue.Residual?.As(DType.Float32) ?? Tensor.Zeros(x.Backend, activated.Shape);
        if (epilogue.Gate is { } gate)
        {
            return residual.AddGated(gate, activated, result);
        }

        using var added = residual + activated;
        return added.As(result);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Whole.Dispose();
            Down.Dispose();
            Up.Dispose();
        }
    }
}
