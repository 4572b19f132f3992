using System.Globalization;

namespace Augur.Notation;

/// <summary>An interval of numbers with finite ends. NaN and infinity are never inside.</summary>
/// <param name="Minimum">The lower end.</param>
/// <param name="Maximum">The upper end.</param>
/// <param name="AboveMinimum">Whether the lower end is excluded.</param>
/// <param name="BelowMaximum">Whether the upper end is excluded.</param>
internal readonly record struct SettingRange(double Minimum, double Maximum, bool AboveMinimum, bool BelowMaximum)
{
    /// <summary>Whether the number lies between the ends.</summary>
    public bool Contains(double value) =>
        (AboveMinimum ? value > Minimum : value >= Minimum) && (BelowMaximum ? value < Maximum : value <= Maximum);

    /// <summary>The range in words that complete "it lies …" and "a number …".</summary>
    public override string ToString()
    {
        var (low, high) = (Text(Minimum), Text(Maximum));
        return (AboveMinimum, BelowMaximum) switch
        {
            (false, false) => $"between {low} and {high}",
            (true, false) => $"above {low} and at most {high}",
            (true, true) => $"above {low} and below {high}",
            (false, true) => $"at least {low} and below {high}",
        };
    }

    // Uses the exponent form (1e6) if it is shorter.
    private static string Text(double end)
    {
        var (plain, exponent) = (end.ToString(CultureInfo.InvariantCulture), end.ToString("0.###############e0", CultureInfo.InvariantCulture));
        return Math.Abs(end) is 0 or (>= 1e-4 and < 1e6) || exponent.Length >= plain.Length ? plain : exponent;
    }
}
