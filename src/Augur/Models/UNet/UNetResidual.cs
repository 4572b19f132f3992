using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>
/// Residual block: two convolutions, each after a norm and SiLU, with the timestep's vector added to each cell between them; the input is added,
/// which a pointwise map brings to the new number of channels.
/// </summary>
internal sealed class UNetResidual(UNetConfig config, string name, UNetResidualWeights weights) : IDisposable
{
    /// <param name="x">[rows, height, width, channels].</param>
    /// <param name="rows">What it knows of each row.</param>
    /// <param name="door">Is shown the result.</param>
    /// <returns>[rows, height, width, outputs].</returns>
    public Tensor Forward(Tensor x, UNetRows rows, IFeatureDoor door)
    {
        var h = Convolve(x, weights.Norm1, weights.Convolution1);
        AddToEachCell(h, rows.Time.Linear(weights.Time));
        var branch = Convolve(h, weights.Norm2, weights.Convolution2);
        h.Dispose();
        if (weights.Shortcut is { } shortcut)
        {
            branch = x.Linear(shortcut, new LinearEpilogue(Residual: branch));
        }
        else
        {
            branch.CombineInPlace([x, branch], [1, 1]);
        }

        door.Show($"{name}.out", branch);
        return branch;
    }

    public void Dispose() => weights.Dispose();

    private Tensor Convolve(Tensor x, UNetNorm norm, PackedConv2d convolution)
    {
        using var normalised = x.GroupNorm(
            config.NormGroups, norm.Weight, norm.Bias, UNetConfig.ResidualEpsilon, Activation.Silu, x.ActivationType);
        return normalised.Conv2d(convolution, 1, Padding.All(1));
    }

    // The same vector [rows, channels] to every cell of a row's [height, width, channels].
    private static void AddToEachCell(Tensor h, Tensor perRow)
    {
        int rows = h.Shape[0], cells = h.Shape[1] * h.Shape[2], channels = h.Shape[3];
        using var everywhere = Tensor.From(h.Backend, new int[rows * cells], [rows, cells]);
        using var spread = perRow.Reshape([rows, 1, channels]).GatherTokens(everywhere).Reshape(h.Shape);
        h.CombineInPlace([h, spread], [1, 1]);
    }
}
