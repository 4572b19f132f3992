namespace Augur.Conditioning;

/// <summary>Which channels of the prediction classifier-free guidance acts on.</summary>
public enum GuidanceChannels
{
    /// <summary>Every channel of the prediction (the textbook form; Ho and Salimans, 2022).</summary>
    All,

    /// <summary>The first three only: what DiT's released code does, and what its published figures were made with.</summary>
    FirstThree,
}

/// <summary>Classifier-free guidance: unconditional + scale · (conditional − unconditional).</summary>
/// <param name="Scale">1 is the conditional prediction alone, and needs no second row; 0 the unconditional. Dimensionless, finite, 0 to 100.</param>
/// <param name="Channels">Which channels it acts on; the others keep the conditional prediction.</param>
/// <param name="Rescale">
/// How far the guided prediction is brought back to the standard deviation of the conditional one (Lin et al., 2023, section 3.4), 0 to 1.
/// </param>
public readonly record struct Guidance(double Scale, GuidanceChannels Channels = GuidanceChannels.All, double Rescale = 0)
{
    /// <summary>
    /// The part of the run in which it acts. Not lossless: elsewhere the prediction is the conditional row's, and no other is computed. Default:
    /// null, the whole run.
    /// </summary>
    public GuidanceInterval? Interval { get; init; }

    /// <summary>Whether the network must also be asked without the condition.</summary>
    public bool NeedsUnconditional => Scale != 1;

    /// <summary>The same, if scale, share and interval are in range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public Guidance Validated() => Rescale is not (>= 0 and <= 1)
        ? throw new ArgumentOutOfRangeException(nameof(Rescale), $"Guidance is rescaled by a share of 0 to 1, not {Rescale}.")
        : Interval is { IsValid: false } interval
        ? throw new ArgumentOutOfRangeException(nameof(Interval), $"A guidance interval is {GuidanceInterval.Values}; not {interval}.")
        : Scale is >= 0 and <= 100 ? this
        : throw new ArgumentOutOfRangeException(nameof(Scale), $"Guidance can be 0 to 100, not {Scale}.");
}
