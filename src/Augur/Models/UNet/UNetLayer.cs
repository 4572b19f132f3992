using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>A residual block and, in levels with attention, a transformer behind it.</summary>
internal sealed class UNetLayer(UNetResidual residual, UNetTransformer? transformer) : IDisposable
{
    /// <summary>[rows, height, width, channels] → [rows, height, width, outputs], in the caller's scope.</summary>
    public Tensor Forward(Tensor x, UNetRows rows, IFeatureDoor door)
    {
        using var scope = TensorScope.Begin();
        var y = residual.Forward(x, rows, door);
        return (transformer?.Forward(y, rows, door) ?? y).Escape();
    }

    public void Dispose()
    {
        residual.Dispose();
        transformer?.Dispose();
    }
}

/// <summary>What stands at the two ends of a skip connection.</summary>
/// <param name="name">Its halving's and its doubling's names in diffusers, without the last part.</param>
/// <param name="down">Makes it on the way down; null: a halving does, or the first convolution.</param>
/// <param name="halving">Leads into the next level.</param>
/// <param name="up">Reads it on the way up.</param>
/// <param name="doubling">Leads out of the level, behind that.</param>
internal sealed class UNetEnds(
    (string Halving, string Doubling) name, UNetLayer? down, PackedConv2d? halving, UNetLayer up, PackedConv2d? doubling) : IDisposable
{
    /// <summary>The skip connection, made of the one around it: [rows, height, width, channels], in the caller's scope.</summary>
    public Tensor Down(Tensor x, UNetRows rows, IFeatureDoor door)
    {
        if (halving is null)
        {
            return down!.Forward(x, rows, door);
        }

        var y = x.Conv2d(halving, 2, Padding.All(1)); // odd sides round up
        door.Show($"{name.Halving}.out", y);
        return y;
    }

    /// <summary>What comes up through it, joined with the skip connection itself.</summary>
    /// <param name="h">What comes up, [rows, height, width, channels].</param>
    /// <param name="skip">The skip connection, of the same size.</param>
    /// <param name="outside">Size [height, width] of the skip connection around it, to which a doubling leads.</param>
    /// <param name="rows">What it knows of each row.</param>
    /// <param name="door">Answers for the blocks.</param>
    /// <returns>[rows, height, width, channels], in the caller's scope.</returns>
    public Tensor Up(Tensor h, Tensor skip, Shape outside, UNetRows rows, IFeatureDoor door)
    {
        using var scope = TensorScope.Begin();
        using var joined = Tensor.Concatenate([h, skip], 3);
        var y = up.Forward(joined, rows, door);
        if (doubling is null)
        {
            return y.Escape();
        }

        // Where the outer sides are odd, the last row or column of the doubled ones is one too many.
        y = y.UpsampleNearest2x().Slice(1, 0, outside[0]).Slice(2, 0, outside[1]).Conv2d(doubling, 1, Padding.All(1));
        door.Show($"{name.Doubling}.out", y);
        return y.Escape();
    }

    public void Dispose()
    {
        down?.Dispose();
        halving?.Dispose();
        up.Dispose();
        doubling?.Dispose();
    }
}
