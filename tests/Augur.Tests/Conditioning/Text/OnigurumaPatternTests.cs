using System.Text.RegularExpressions;
using Augur.Conditioning.Text;
using Augur.Conditioning.Text.Tokenization;
using Augur.Tests.Weights;

namespace Augur.Tests.Conditioning.Text;

/// <summary>
/// Quantifiers that .NET has not; what they match is what Oniguruma 6.9.8 matched with its own syntax, which the Hugging Face library uses.
/// </summary>
public sealed class OnigurumaPatternTests
{
    private const string Words = @"[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+";

    [Theory]
    [InlineData("a?+b*+c++", "(?>a?)(?>b*)(?>c+)")]
    [InlineData(@"\p{L}++\n?+\x41*+\u00e9++\++", @"(?>\p{L}+)(?>\n?)(?>\x41*)(?>\u00e9+)\++")]
    [InlineData(@"[^\]+]++[]+]?+[a-z-[aeiou]]*+", @"(?>[^\]+]+)(?>[]+]?)(?>[a-z-[aeiou]]*)")]
    [InlineData("(a(?:b|c++)?+)*+", "(?>(a(?>(?:b|(?>c+))?))*)")]
    [InlineData(@"(?=a++)\(+(?#b++)c++", @"(?=(?>a+))\(+(?#b++)(?>c+)")]
    [InlineData("a{2}+b{1,}+c{1,3}++", "(?:a{2})+(?:b{1,})+(?>(?:c{1,3})+)")]
    [InlineData("a+++", "(?>a+)+")]
    [InlineData("a+?b??c{1,2}?d{,2}{e}", "a+?b??c{1,2}?d{,2}{e}")]
    [InlineData(@"++|*+(?+)\", @"++|*+(?+)\")]
    [InlineData(@"[a\", @"[a\")]
    [InlineData("[^", "[^")]
    [InlineData(@"\p{L", @"\p{L")]
    public void Quantifiers_that_keep_what_they_took_become_atomic_groups(string pattern, string expected) =>
        Assert.Equal(expected, OnigurumaPattern.ToDotNet(pattern));

    [Theory]
    [InlineData(Words, "12345678", "1|2|3|4|5|6|7|8")]
    [InlineData(Words, "x y!!\n\n  z12 'll", "x| y|!!\n\n| | z|1|2| '|ll")]
    [InlineData("a++a", "aaaa", "")]
    [InlineData("a*+b", "abab", "ab|ab")]
    [InlineData("a?+a", "aaab", "aa")]
    [InlineData("(?:ab)++a", "ababa", "ababa")]
    [InlineData("(?:ab)++ab", "ababab", "")]
    [InlineData(@"\p{N}{1,3}+", "12345678", "12345678")]
    [InlineData(@"\p{N}{2}+", "1234567", "123456")]
    [InlineData("a{1,3}+a", "aaaa", "aaaa")]
    [InlineData("a+++", "aaab", "aaa")]
    public void A_pattern_matches_what_Oniguruma_matches(string pattern, string text, string expected)
    {
        var matches = TokenizerJson.Pattern(pattern, sentence => throw new InvalidOperationException(sentence)).Matches(text);
        Assert.Equal(expected, string.Join('|', matches.Where(match => match.Length > 0).Select(match => match.Value)));
    }

    [Fact]
    public void A_tokenizer_with_such_a_pattern_is_read()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("tokenizer.json"), $$"""
            {
              "pre_tokenizer": { "type": "Sequence", "pretokenizers": [
                { "type": "Split", "pattern": { "Regex": "{{Words.Replace(@"\", @"\\", StringComparison.Ordinal)}}" }, "behavior": "Isolated" },
                { "type": "ByteLevel", "add_prefix_space": false, "use_regex": false }] },
              "model": { "type": "BPE", "vocab": { "!": 0, "Ġ": 1, "a": 2, "!!": 3, "Ġa": 4, "!Ġ": 5 }, "merges": ["! Ġ", "! !", "Ġ a"] }
            }
            """);
        Assert.Equal([2, 3, 4, 0, 4], TextTokenizer.Load(folder.Path).Encode("a!! a! a"));
    }

    [Fact]
    public void Patterns_made_of_any_marks_are_written_or_refused_and_never_fail_otherwise()
    {
        var random = new Random(1);
        const string Marks = @"ab\p{L}[]^-()?*+{1,3}|:><#";
        for (var i = 0; i < 5000; i++)
        {
            var pattern = new string([.. Enumerable.Range(0, random.Next(1, 14)).Select(_ => Marks[random.Next(Marks.Length)])]);
            var written = OnigurumaPattern.ToDotNet(pattern);
            Assert.InRange(written.Length, pattern.Length - pattern.Count(c => c == '+'), 5 * pattern.Length);
            if (IsPattern(pattern))
            {
                Assert.Equal(pattern, written); // what .NET reads has nothing that it lacks
            }
        }

        static bool IsPattern(string pattern)
        {
            try
            {
                return new Regex(pattern).ToString().Length > 0;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }
}
