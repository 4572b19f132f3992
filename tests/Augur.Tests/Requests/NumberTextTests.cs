using System.Globalization;
using Augur.Requests;

namespace Augur.Tests.Requests;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("2.5", 2.5)]
    [InlineData("1e1", 10)]
    [InlineData("-0.5", -0.5)]
    public void A_number_is_read_with_a_point_in_every_culture(string text, double number)
    {
        foreach (var point in (string[])[".", ",", "٫"])
        {
            Assert.Equal(number, In(point, () => NumberText.Number("--x", text, "a number", _ => true)));
        }
    }

    [Theory]
    [InlineData("2,5")]
    [InlineData("1.000,5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("")]
    [InlineData("٣")]
    public void What_is_no_finite_number_is_refused_in_every_culture(string text)
    {
        foreach (var point in (string[])[".", ",", "٫"])
        {
            var message = In(point, () => Assert.Throws<ArgumentException>(() => NumberText.Number("--x", text, "a number", _ => true)).Message);
            Assert.StartsWith($"--x is \"{text}\"; it is a number", message);
            Assert.Equal(text.Contains(','), message.EndsWith("written with a decimal point."));
        }
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", long.MinValue)]
    [InlineData("18446744073709551615", -1)]
    public void A_seed_is_64_bits(string text, long seed) => Assert.Equal(seed, NumberText.Seed("--seed", text));

    [Theory]
    [InlineData("18446744073709551616")]
    [InlineData("-9223372036854775809")]
    [InlineData("1.0")]
    public void A_seed_of_more_bits_is_refused(string text) =>
        Assert.Contains(
            "from -9223372036854775808 to 18446744073709551615", Assert.Throws<ArgumentException>(() => NumberText.Seed("--seed", text)).Message);

    private static T In<T>(string point, Func<T> act)
    {
        var before = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone(); // a machine may know no other
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (point, point == "." ? "," : ".");
        CultureInfo.CurrentCulture = culture;
        try
        {
            return act();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
