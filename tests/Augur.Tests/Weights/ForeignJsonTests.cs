using System.Text;
using Augur.Tensors.Weights;

namespace Augur.Tests.Weights;

public sealed class ForeignJsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Null_is_the_same_as_absent()
    {
        var json = Parse("""{"a": null, "b": 1}""");
        Assert.Null(json.Find("a"));
        Assert.Null(json.Find("c"));
        Assert.Equal(1, json.Find("b")?.AsInteger());
        Assert.Equal(["b"], json.Fields().Select(f => f.Name));
        Assert.Equal("x.json: a is missing.", Refusal(() => json.Require("a")));
    }

    [Fact]
    public void A_byte_order_mark_of_UTF8_is_accepted() =>
        Assert.Equal(1, ForeignJson.Parse("x.json", [0xef, 0xbb, 0xbf, .. "{\"a\":1}"u8]).Require("a").AsInteger());

    [Fact]
    public void UTF16_is_refused_by_name()
    {
        const string Sentence = "x.json: is written in UTF-16 or UTF-32; save it as UTF-8.";
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            Assert.Equal(Sentence, Refusal(() => ForeignJson.Parse("x.json", [.. encoding.GetPreamble(), .. encoding.GetBytes("{\"a\":1}")])));
            Assert.Equal(Sentence, Refusal(() => ForeignJson.Parse("x.json", encoding.GetBytes("{\"a\":1}"))));
        }
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused() =>
        Assert.Equal(
            "x.json: holds bytes that are not UTF-8 text.", Refusal(() => ForeignJson.Parse("x.json", [.. "{\"a\":\""u8, 0xff, .. "\"}"u8])));

    [Theory]
    [InlineData("""{"a":"\ud800"}""", "x.json: byte 5 in or after field 'a': half a surrogate pair is not text.")]
    [InlineData("""{"\ud800":1}""", "x.json: byte 1: half a surrogate pair is not text.")]
    [InlineData("""["\udc00"]""", "x.json: byte 1: half a surrogate pair is not text.")]
    public void Half_a_surrogate_pair_is_refused(string json, string sentence) => Assert.Equal(sentence, Refusal(() => Parse(json)));

    [Theory]
    [InlineData("", "x.json: is not valid JSON (line 1, byte 1: ")]
    [InlineData("{", "x.json: is not valid JSON (line 1, byte 2: ")]
    [InlineData("{\n  x", "x.json: is not valid JSON (line 2, byte 3: 'x' is an invalid start of a property name. Expected a '\"').")]
    [InlineData("{} {}", "x.json: is not valid JSON (line 1, byte 4: ")]
    [InlineData("""{"a":1,"a":2}""", "x.json: is not valid JSON (")]
    [InlineData("""{"a":NaN}""", "x.json: is not valid JSON (line 1, byte 6: 'N' is an invalid start of a value).")]
    public void What_is_not_JSON_is_refused_with_the_place(string json, string begin)
    {
        var refusal = Refusal(() => Parse(json));
        Assert.StartsWith(begin, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
        Assert.DoesNotContain("LineNumber", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.StartsWith("x.json: is not valid JSON (", Refusal(() => Parse(new string('[', 100_000))), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_too_long_or_cannot_be_read_is_refused()
    {
        var path = _folder.File("long.json");
        File.WriteAllText(path, "[1,2,3,4]");
        Assert.Equal($"{path}: more than 8 bytes are too many for a file of this kind.", Refusal(() => ForeignJson.Read(path, maxBytes: 8)));
        Assert.Equal(4, ForeignJson.Read(path, maxBytes: 9).AsItems().Count);
        Assert.StartsWith($"{_folder.Path}: cannot be read (", Refusal(() => ForeignJson.Read(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_kind_names_the_file_and_the_field()
    {
        var json = Parse("""{"a": {"b": [1, "two", null]}, "n": 2.5, "huge": 1e400, "t": true, "s": "text\n"}""");
        Assert.Equal("x.json: a is an object, not a whole number.", Refusal(() => json.Require("a").AsInteger()));
        Assert.Equal("x.json: a.b is a list, not a text.", Refusal(() => json.Require("a").Require("b").AsText()));
        Assert.Equal("x.json: a.b[2] is null, not a value.", Refusal(() => json.Require("a").Require("b").AsItems()));
        Assert.Equal("x.json: n is 2.5, not a whole number.", Refusal(() => json.Require("n").AsInteger()));
        Assert.Equal("x.json: huge is 1e400, not a finite number.", Refusal(() => json.Require("huge").AsNumber()));
        Assert.Equal("x.json: t is true, not a text.", Refusal(() => json.Require("t").AsText()));
        Assert.Equal("x.json: s is \"text\\n\", not true or false.", Refusal(() => json.Require("s").AsFlag()));
        Assert.Equal("x.json: s is \"text\\n\", not a list.", Refusal(() => json.Require("s").AsItems()));
        Assert.Equal("x.json: s is \"text\\n\", not an object with fields.", Refusal(() => json.Require("s").Find("x")));
        Assert.Equal("x.json: the file is a list, not an object with fields.", Refusal(() => Parse("[]").Find("x")));
        Assert.Equal(2.5, json.Require("n").AsNumber());
        Assert.True(json.Require("t").AsFlag());
        Assert.Equal("text\n", json.Require("s").AsText());
    }

    [Fact]
    public void A_field_that_is_not_known_is_named() =>
        Assert.Equal(
            "x.json: 'stepz' in defaults is not a known field; known are steps, sampler.",
            Refusal(() => Parse("""{"defaults":{"stepz":1}}""").Require("defaults").RequireOnly("steps", "sampler")));

    private static ForeignJson Parse(string json) => ForeignJson.Parse("x.json", Encoding.UTF8.GetBytes(json));

    private static string Refusal(Action read) => Assert.Throws<WeightFileException>(read).Message;

    private static string Refusal(Func<object?> read) => Assert.Throws<WeightFileException>(read).Message;
}
