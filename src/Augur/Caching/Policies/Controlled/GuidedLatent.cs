using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Errors of the network's output where they count: after guidance, and of what moves the latent, without a learned variance.</summary>
/// <param name="run">Says how rows are guided and which outputs are the latent's.</param>
internal sealed class GuidedLatent(RunInfo run)
{
    /// <summary>Root mean square of what a draft is off.</summary>
    /// <param name="drafted">[rows, tokens, outputs].</param>
    /// <param name="computed">The same shape.</param>
    public double Error(Tensor drafted, Tensor computed)
    {
        using var scope = TensorScope.Begin();
        var error = KeptTensor.Error(Of(drafted), Of(computed), ErrorMeasure.L2);
        return error / Math.Sqrt(run.Map.LatentShare); // what is 0 in both is counted with the rest
    }

    private Tensor Of(Tensor output)
    {
        var guided = run is { RowCount: 2, RowsPerSample: 2, Guidance: { } scale }
            ? Tensor.Combine([output.Rows(0, 1), output.Rows(1, 1)], [(float)scale, (float)(1 - scale)]) : output;
        return run.Map.LatentShare == 1 ? guided
            : Tensor.Zeros(guided.Backend, guided.Shape).AddGated(run.Map.OutputGate(guided, 1, 0), guided);
    }
}
