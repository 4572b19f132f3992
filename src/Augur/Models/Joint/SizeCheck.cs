using System.Globalization;
using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>Refuses sizes that do not fit each other, or are larger than anything plausible.</summary>
/// <param name="Network">Which, for messages: "A FLUX.2 transformer".</param>
internal readonly record struct SizeCheck(string Network)
{
    /// <summary>Refuses what does not hold.</summary>
    /// <exception cref="ArgumentException">It does not hold; says what the network cannot have.</exception>
    public void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new ArgumentException($"{Network} cannot have {problem}.");
        }
    }

    /// <summary>Sizes of the residual stream.</summary>
    public void Stream(int channels, int heads, int hidden)
    {
        Require(channels is > 0 and <= 65536, $"a hidden size of {channels}");
        Require(heads > 0 && channels % heads == 0, $"{heads} heads on a hidden size of {channels}");
        Require(hidden is > 0 and <= 1 << 20, $"feed-forward branches of width {hidden}");
    }

    /// <summary>Rotary positions that fill the heads.</summary>
    public void Positions(Shape axes, int count, int headChannels, double theta)
    {
        long sum = 0;
        var areEven = axes.Rank == count;
        for (var axis = 0; axis < axes.Rank; axis++)
        {
            sum += axes[axis];
            areEven &= axes[axis] % 2 == 0;
        }

        Require(
            areEven && sum == headChannels,
            $"position axes {axes} on heads of {headChannels} channels; they are {count} even numbers that add up to these");
        Require(theta is > 1 and <= 1e9, $"rotary frequencies to the base {theta.ToString(CultureInfo.InvariantCulture)}");
    }
}
