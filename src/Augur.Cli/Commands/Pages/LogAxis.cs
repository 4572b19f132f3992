using System.Globalization;

namespace Augur.Cli.Commands.Pages;

/// <summary>A logarithmic axis of a plot.</summary>
internal sealed class LogAxis
{
    private readonly double _low;
    private readonly double _high;
    private readonly double _start;
    private readonly double _end;

    /// <param name="low">Smallest value shown, above 0.</param>
    /// <param name="high">Largest value shown.</param>
    /// <param name="start">Where the axis begins in the plot.</param>
    /// <param name="end">Where it ends; may lie before the beginning.</param>
    public LogAxis(double low, double high, double start, double end)
    {
        var (from, to) = (Math.Log10(low), Math.Log10(high));
        var room = Math.Max(0.05, 0.04 * (to - from)); // a single value still has an axis
        (_low, _high, _start, _end) = (from - room, to + room, start, end);
    }

    /// <summary>Values with a line: powers of ten, and where they are few also twice and five times those.</summary>
    public IReadOnlyList<double> Ticks
    {
        get
        {
            var decades = Enumerable.Range((int)Math.Floor(_low), (int)Math.Ceiling(_high) - (int)Math.Floor(_low) + 1);
            double[] steps = _high - _low < 2 ? [1, 2, 5] : [1];
            return [.. decades.SelectMany(d => steps.Select(s => s * Math.Pow(10, d))).Where(Holds)];
        }
    }

    public bool Holds(double value) => Math.Log10(value) >= _low && Math.Log10(value) <= _high;

    public double PositionOf(double value) => _start + ((_end - _start) * (Math.Log10(value) - _low) / (_high - _low));

    public static string Label(double value) => value.ToString(value is >= 1e-3 and < 1e4 ? "0.###" : "0e0", CultureInfo.InvariantCulture);
}
