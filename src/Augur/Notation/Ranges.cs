using System.Runtime.CompilerServices;

namespace Augur.Notation;

/// <summary>Checks options where they are set.</summary>
internal static class Ranges
{
    /// <summary>The value, if it lies in the range.</summary>
    /// <exception cref="ArgumentException">It does not; the message names the option and the range.</exception>
    public static double Within(double value, double low, double high, [CallerMemberName] string option = "") =>
        value >= low && value <= high
            ? value
            : throw new ArgumentException(FormattableString.Invariant(
                $"{option} is {value}; it lies {(low == double.Epsilon ? $"above 0 and at most {high}" : $"between {low} and {high}")}."));

    /// <summary>The whole number, if it lies in the range.</summary>
    /// <exception cref="ArgumentException">It does not; the message names the option and the range.</exception>
    public static int Within(int value, int low, int high, [CallerMemberName] string option = "") => (int)Within((double)value, low, high, option);
}
