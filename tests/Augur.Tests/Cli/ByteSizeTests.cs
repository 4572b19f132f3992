using Augur.Requests;

namespace Augur.Tests.Cli;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1000", 1000)]
    [InlineData("12B", 12)]
    [InlineData("64MB", 64_000_000)]
    [InlineData("64mb", 64_000_000)]
    [InlineData("1GiB", 1L << 30)]
    [InlineData("1.5kiB", 1536)]
    [InlineData("2kB", 2000)]
    public void An_amount_is_read_with_its_unit(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse("--x", text));

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-1MB")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("64 MB")]
    [InlineData("64MBs")]
    [InlineData("64M")]
    [InlineData("1TB")]
    [InlineData("NaN")]
    [InlineData("999999999999GiB")]
    public void Anything_else_is_refused(string text) =>
        Assert.Contains($"--x is \"{text}\"", Assert.Throws<ArgumentException>(() => ByteSize.Parse("--x", text)).Message);
}
