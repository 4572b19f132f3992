using System.Globalization;
using System.Text.RegularExpressions;

namespace Augur.Requests;

/// <summary>Reads and writes amounts of memory: 64MB is 64 million bytes, 1GiB is 2^30 bytes.</summary>
public static partial class ByteSize
{
    /// <summary>The accepted form, in words for messages.</summary>
    public const string Values = "an amount of memory such as 64MB or 1GiB";

    /// <summary>Reads an amount.</summary>
    /// <param name="name">Name of the option or field, for messages: <c>--cache-budget</c>.</param>
    /// <param name="text">A number, and behind it B, kB, MB, GB, kiB, MiB or GiB in any case; without a unit, bytes.</param>
    /// <exception cref="ArgumentException">The text is not an amount.</exception>
    public static long Parse(string name, string text)
    {
        var match = Amount().Match(text);
        if (match.Success && decimal.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            var unit = match.Groups[2].Value.ToUpperInvariant();
            var power = unit.Length == 0 ? 0 : " KMG".IndexOf(unit[0], StringComparison.Ordinal);
            var bytes = number * (decimal)Math.Pow(unit.EndsWith("IB", StringComparison.Ordinal) ? 1024 : 1000, Math.Max(0, power));
            if (bytes <= long.MaxValue && bytes == decimal.Truncate(bytes))
            {
                return (long)bytes;
            }
        }

        throw NumberText.Wrong(name, text, Values);
    }

    /// <summary>Formats an amount in MiB with one decimal.</summary>
    public static string Format(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");

    [GeneratedRegex(@"^([0-9]{1,12}(?:\.[0-9]{1,9})?)(B|[KMG]I?B)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Amount();
}
