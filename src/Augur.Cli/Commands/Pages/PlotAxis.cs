using System.Globalization;

namespace Augur.Cli.Commands.Pages;

/// <summary>An axis of a plot: from values to places, with ticks at round numbers.</summary>
internal sealed class PlotAxis
{
    private const double Margin = 0.06;
    private static readonly int[] s_factors = [1, 2, 5, 10];
    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;
    private readonly double _spacing;

    /// <summary>An axis on which all values have their place.</summary>
    /// <param name="values">Finite, at least one.</param>
    /// <param name="from">Place of the low end.</param>
    /// <param name="to">Place of the high end.</param>
    public PlotAxis(IReadOnlyCollection<double> values, double from, double to)
    {
        var (least, most) = (values.Min(), values.Max());
        var range = most > least ? most - least : Math.Max(1e-6, Math.Abs(most) * 0.1);
        (_low, _high, _from, _to) = (least - (Margin * range), most + (Margin * range), from, to);
        _spacing = Spacing((_high - _low) / 7);
    }

    /// <summary>Round numbers on the axis, and how they are written.</summary>
    public IEnumerable<(double Value, string Text)> Ticks
    {
        get
        {
            var digits = Math.Max(0, (int)-Math.Floor(Math.Log10(_spacing) + 1e-9));
            for (var i = Math.Ceiling(_low / _spacing); i * _spacing <= _high; i++)
            {
                yield return (i * _spacing, (i * _spacing).ToString($"F{digits}", CultureInfo.InvariantCulture));
            }
        }
    }

    public double Place(double value) => _from + ((value - _low) / (_high - _low) * (_to - _from));

    // 1, 2 or 5 times a power of ten, the least that is no smaller.
    private static double Spacing(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return power * s_factors.First(factor => factor * power >= least * (1 - 1e-9));
    }
}
