using System.Globalization;
using System.Text.RegularExpressions;

namespace Augur.Tuning;

/// <summary>
/// A policy with one number that is to be searched, given as a range in braces: <c>teacache(threshold={0.01..2})</c>, <c>fora(interval={2..12})</c>.
/// </summary>
public sealed partial record PolicyRange
{
    private const int RealSteps = 256; // 2.7 % each if the bounds differ by a factor of 1000

    private readonly string _before;
    private readonly string _after;
    private readonly double _low;
    private readonly double _high;
    private readonly bool _geometric;

    private PolicyRange(string before, double low, double high, string after, bool whole)
    {
        (_before, _low, _high, _after) = (before, low, high, after);
        (Steps, _geometric) = whole ? ((int)(high - low), false) : (RealSteps, low > 0);
    }

    /// <summary>
    /// Number of steps from the lower to the upper bound: steps of 1 between whole numbers, otherwise of equal ratio (of equal difference if the
    /// lower bound is 0).
    /// </summary>
    public int Steps { get; }

    /// <summary>Reads a policy with a range; null if the text has no braces.</summary>
    /// <exception cref="ArgumentException">The braces do not hold two ascending numbers, or there are more than one pair.</exception>
    public static PolicyRange? Parse(string text)
    {
        if (!text.NotNull().Contains('{', StringComparison.Ordinal) && !text.Contains('}', StringComparison.Ordinal))
        {
            return null;
        }

        var match = Range().Match(text);
        var whole = !match.Groups["low"].Value.Contains('.', StringComparison.Ordinal)
            && !match.Groups["high"].Value.Contains('.', StringComparison.Ordinal);
        return match.Success && Number(match.Groups["low"]) is { } low && Number(match.Groups["high"]) is { } high && low >= 0 && low < high
            && high <= 1e6
            ? new(match.Groups["before"].Value, low, high, match.Groups["after"].Value, whole)
            : throw new ArgumentException(
                $"\"{text}\" leaves no range open; one number is written as {{LOW..HIGH}}, between 0 and 1000000: "
                + $"teacache(threshold={{0.01..2}}), fora(interval={{2..12}}).");
    }

    /// <summary>The policy at a step, 0 to <see cref="Steps"/>.</summary>
    public string At(int step)
    {
        var share = (double)step / Steps;
        var value = _geometric ? _low * Math.Pow(_high / _low, share) : _low + ((_high - _low) * share);
        return string.Create(CultureInfo.InvariantCulture, $"{_before}{value:0.######}{_after}");
    }

    private static double? Number(Group group) => double.TryParse(group.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        ? value : null;

    [GeneratedRegex(@"^(?<before>[^{}]*)\{(?<low>[0-9.]*?)\.\.(?<high>[0-9.]+)\}(?<after>[^{}]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Range();
}
