using System.Globalization;

namespace Augur.Tuning;

/// <summary>Columns of numbers in the notation of policies.</summary>
internal static class TableColumn
{
    /// <summary>A number with so many digits as the format has, so that it is written as it is used.</summary>
    public static double Rounded(double value, string digits) =>
        double.Parse(value.ToString(digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The numbers, separated by spaces.</summary>
    public static string Of(IEnumerable<double> numbers) => string.Join(' ', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)));
}
