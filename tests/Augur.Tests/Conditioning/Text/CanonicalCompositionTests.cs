using Augur.Conditioning.Text.Tokenization;

namespace Augur.Tests.Conditioning.Text;

public sealed class CanonicalCompositionTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("e\u0301", "\u00e9")] // a letter and its accent
    [InlineData("\u1e9b\u0323", "\u1e9b\u0323")] // whose parts would compose otherwise stays
    [InlineData("q\u0307\u0323", "q\u0323\u0307")] // marks are ordered by class
    [InlineData("\u212b \u2126", "\u00c5 \u03a9")] // singletons become what they stand for
    [InlineData("\u1100\u1161\u11a8", "\uac01")] // Hangul
    [InlineData("\uac00\u11a8", "\uac01")]
    [InlineData("\u0958", "\u0915\u093c")] // excluded from composition
    [InlineData("a\u0315\u0300\u05ae\u0062", "\u00e0\u05ae\u0315b")] // from the conformance test of UAX 15
    [InlineData("\U0001d15e", "\U0001d157\U0001d165")] // beyond 16 bits
    [InlineData("\ufb01\uff21", "\ufb01\uff21")] // compatibility characters are another form's
    public void Text_is_composed_as_Unicode_says(string text, string composed) => Assert.Equal(composed, CanonicalComposition.Compose(text));

    [Fact]
    public void Half_a_surrogate_pair_is_no_failure() => Assert.Equal("\u00e9\ufffd", CanonicalComposition.Compose("e\u0301\ud800"));
}
