using System.Collections.Immutable;
using System.Globalization;
using Augur.Conditioning;

namespace Augur.Pipelines;

/// <summary>A picture that a sample begins with in place of noise alone, as a latent: drawn anew as a whole, or where a mask says so.</summary>
public sealed record SourcePicture
{
    /// <summary>The picture, as a latent of the model's own.</summary>
    public required ReferenceLatent Latent { get; init => field = value.NotNull(nameof(Latent)); }

    /// <summary>
    /// Share of the steps that are taken, above 0 to 1: the sample begins with the picture under the noise of the first of them. At 1, the default,
    /// nearly nothing is left of the picture but where a mask keeps it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside.</exception>
    public double Strength
    {
        get;
        init => field = value is > 0 and <= 1 ? value
            : throw new ArgumentOutOfRangeException(
                nameof(Strength), string.Create(CultureInfo.InvariantCulture, $"Strength is {value}; it lies above 0 and is 1 at most."));
    } = 1;

    /// <summary>
    /// How much each latent cell may change, row by row: 1 is drawn anew, 0 stays as it is, bit for bit, between them in proportion. Default: all is
    /// drawn anew.
    /// </summary>
    public ImmutableArray<float> Mask { get; init; } = [];

    /// <summary>Where the sample begins instead of at noise, taken as it is: what an inversion of the picture ended at. Default: noise.</summary>
    public ReferenceLatent? Inverted { get; init; }

    /// <summary>
    /// How much the sample is drawn towards the picture in its first <see cref="PullSteps"/> steps, in place of the network's answer, 0 to 1 (η of RF
    /// inversion). Default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside.</exception>
    public double Pull
    {
        get;
        init => field = value is >= 0 and <= 1 ? value
            : throw new ArgumentOutOfRangeException(
                nameof(Pull), string.Create(CultureInfo.InvariantCulture, $"Pull is {value}; it is 0 to 1."));
    }

    /// <summary>Steps in which it is, from the first on; default 0.</summary>
    public int PullSteps { get; init; }

    /// <summary>Of so many steps, those that are not taken.</summary>
    internal int SkippedSteps(int steps) => steps - Math.Min(steps, (int)(steps * Strength));
}
