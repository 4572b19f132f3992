using System.Text;
using Augur.Conditioning.Text;
using Augur.Tensors.Weights;

namespace Augur.Tests.Conditioning.Text;

public sealed class TextTokenizerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-tokenizer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const string Bytes = """
        {
          "added_tokens": [{ "id": 20, "content": "<|go|>", "special": true }, { "id": 21, "content": "<|go|>on", "rstrip": true }],
          "normalizer": { "type": "NFC" },
          "pre_tokenizer": { "type": "Sequence", "pretokenizers": [
            { "type": "Split", "pattern": { "Regex": "\\p{N}| ?\\p{L}+|\\s+" }, "behavior": "Isolated", "invert": false },
            { "type": "ByteLevel", "add_prefix_space": false, "use_regex": false }] },
          "model": { "type": "BPE", "ignore_merges": IGNORE,
            "vocab": { "a": 0, "b": 1, "c": 2, "Ġ": 3, "ab": 4, "bc": 5, "abc": 6, "Ã": 7, "©": 8, "Ã©": 9, "1": 10 },
            "merges": [["b", "c"], "a b", "Ã ©"] }
        }
        """;

    [Fact]
    public void Merges_apply_in_their_order_and_added_tokens_are_found_first_the_longest_of_them()
    {
        var tokenizer = Load("tokenizer.json", Bytes.Replace("IGNORE", "false", StringComparison.Ordinal));
        Assert.Equal([0, 5, 3, 4, 20, 2, 21, 1, 10, 10], tokenizer.Encode("abc ab<|go|>c<|go|>on  b11"));
        Assert.Equal("abc ab<|go|>c", tokenizer.Decode([0, 5, 3, 4, 20, 2, 99]));
        Assert.Equal("abc abc", tokenizer.Decode([0, 5, 3, 4, 20, 2], withSpecial: false));
        Assert.Equal(22, tokenizer.VocabularySize);
    }

    [Fact]
    public void Word_that_is_a_token_is_taken_whole_where_the_file_says_so() =>
        Assert.Equal([6], Load("tokenizer.json", Bytes.Replace("IGNORE", "true", StringComparison.Ordinal)).Encode("abc"));

    [Fact]
    public void Accents_are_composed_before_bytes_are_merged() =>
        Assert.Equal([9], Load("tokenizer.json", Bytes.Replace("IGNORE", "false", StringComparison.Ordinal)).Encode("e\u0301"));

    [Fact]
    public void Letters_and_numbers_beyond_16_bits_are_words_as_others_are()
    {
        var model = Load("tokenizer.json", Bytes.Replace("IGNORE", "false", StringComparison.Ordinal)).Model;
        var words = ((Augur.Conditioning.Text.Tokenization.BpeModel)model).Words("\U0001d400b \U0001d7cf\U0001d7d0");
        Assert.Equal(["\U0001d400b", " ", "\U0001d7cf", "\U0001d7d0"], words);
    }

    private const string Unigram = """
        {
          "added_tokens": [{ "id": 0, "content": "<pad>" }, { "id": 1, "content": "</s>" }],
          "pre_tokenizer": { "type": "Sequence", "pretokenizers": [{ "type": "WhitespaceSplit" }, { "type": "Metaspace", "replacement": "▁" }] },
          "model": { "type": "Unigram", "unk_id": 2,
            "vocab": [["<pad>", 0], ["</s>", 0], ["<unk>", 0], ["▁", -2], ["a", -3], ["▁a", -4], ["b", -3], ["ab", -5]] }
        }
        """;

    [Fact]
    public void Most_probable_pieces_are_taken_and_neighbouring_unknown_characters_are_one()
    {
        var tokenizer = Load("tokenizer.json", Unigram);
        Assert.Equal([3, 7, 5, 2, 6, 1], tokenizer.Encode("  ab\n axyzb </s>"));
        Assert.Equal((1, 0, 2), (tokenizer.EndId, tokenizer.PadId, tokenizer.UnknownId));
        Assert.Empty(tokenizer.Encode(""));
    }

    [Fact]
    public void Configuration_beside_the_vocabulary_names_special_tokens()
    {
        const string Config = """{ "pad_token": "a", "eos_token": { "content": "b" }, "added_tokens_decoder": { "30": { "content": "<new>" } } }""";
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), Config);
        var tokenizer = Load("tokenizer.json", Unigram);
        Assert.Equal((4, 6, 30), (tokenizer.PadId, tokenizer.EndId, tokenizer.Find("<new>")));
    }

    [Fact]
    public void Characters_without_a_piece_are_spelt_in_bytes_where_the_file_says_so()
    {
        var bytes = string.Join(", ", Enumerable.Range(0, 256).Select(i => $"[\"<0x{i:X2}>\", 0]"));
        var tokenizer = Load("tokenizer.json", $$"""
            { "pre_tokenizer": { "type": "Metaspace" },
              "model": { "type": "Unigram", "unk_id": 0, "byte_fallback": true, "vocab": [["<unk>", 0], ["▁", -1], {{bytes}}] } }
            """);
        Assert.Equal([1, 2 + 0xC3, 2 + 0xA9], tokenizer.Encode("é"));
        Assert.Equal(" é", tokenizer.Decode([1, 2 + 0xC3, 2 + 0xA9]));
    }

    [Theory]
    [InlineData("""{ "model": { "type": "WordPiece" } }""", "BPE and Unigram")]
    [InlineData("""{ "normalizer": { "type": "NFKD" }, "model": { } }""", "NFKD")]
    [InlineData("""{ "model": { "type": "BPE", "vocab": { "a": 0 }, "merges": [] } }""", "ByteLevel")]
    [InlineData("""{ "pre_tokenizer": BYTES, "model": { "vocab": { "a": 0, "b": 0 }, "merges": [] } }""", "'b'")]
    [InlineData("""{ "pre_tokenizer": BYTES, "model": { "vocab": { "a": -1 }, "merges": [] } }""", "-1")]
    [InlineData("""{ "pre_tokenizer": BYTES, "model": { "vocab": { "a": 0 }, "merges": ["a x"] } }""", "merges")]
    [InlineData("""{ "pre_tokenizer": { "type": "Split", "pattern": { "Regex": "(" }, "behavior": "Isolated" }, "model": { } }""", "no pattern")]
    [InlineData("""{ "model": { "type": "Unigram", "unk_id": 7, "vocab": [["a", 0]] } }""", "piece 7")]
    [InlineData("""{ "model": { "type": "Unigram", "unk_id": 0, "vocab": [["a"]] } }""", "score")]
    [InlineData("""{ "normalizer": { "type": "Precompiled", "precompiled_charsmap": "AAAA" }, "model": { } }""", "normalisation")]
    [InlineData("""{ "added_tokens": [{ "id": 1999999999, "content": "x" }], "model": { } }""", "1999999999")]
    [InlineData("""{ "a": 0, "b": 1 }""", "merges")]
    public void Wrong_file_is_one_sentence_that_says_what(string json, string said)
    {
        var written = json.Replace("BYTES", """{ "type": "ByteLevel", "add_prefix_space": false }""", StringComparison.Ordinal);
        var error = Assert.Throws<WeightFileException>(() => Load("tokenizer.json", written));
        Assert.Contains(said, error.Message);
        Assert.Contains("tokenizer.json", error.Message);
    }

    [Fact]
    public void Damaged_SentencePiece_model_is_refused_or_read_but_never_fails_otherwise()
    {
        var model = File.ReadAllBytes(Fixtures.Path("tokenizers/sp_t5_layout_unigram.model"));
        var (random, path, refused) = (new Random(1), Path.Combine(_folder, "spiece.model"), 0);
        for (var i = 0; i < 400; i++)
        {
            var damaged = i % 2 == 0 ? model[..random.Next(model.Length)] : [.. model];
            for (var flips = 0; flips < i % 7; flips++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(path, damaged);
            try
            {
                TextTokenizer.Load(path).Encode("a text, Ｗｉｄｅ and ﬁne \U0001f600\ud800");
            }
            catch (WeightFileException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 399);
    }

    [Fact]
    public void Dreams_vocabulary_is_cut_into_words_as_Qwens_is()
    {
        string[] texts = ["I'LL 2024", "e\u0301", "(hello)\n\n  world's 12"];
        var (dream, qwen, gpt2) = (IdsUnder("DreamTokenizer"), IdsUnder("Qwen2Tokenizer"), IdsUnder("GPT2Tokenizer"));
        Assert.Equal(qwen, dream);
        Assert.NotEqual(gpt2[0], dream[0]);
        Assert.NotEqual(gpt2[1], dream[1]);

        int[][] IdsUnder(string name)
        {
            File.Copy(Fixtures.Path("tokenizers/gpt2_vocab.json"), Path.Combine(_folder, "vocab.json"), overwrite: true);
            File.Copy(Fixtures.Path("tokenizers/gpt2_merges.txt"), Path.Combine(_folder, "merges.txt"), overwrite: true);
            File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), $$"""{ "tokenizer_class": "{{name}}" }""");
            var tokenizer = TextTokenizer.Load(_folder);
            return Array.ConvertAll(texts, tokenizer.Encode);
        }
    }

    [Fact]
    public void Folder_without_a_tokenizer_says_what_it_looks_for()
    {
        Assert.Contains("spiece.model", Assert.Throws<WeightFileException>(() => TextTokenizer.Load(_folder)).Message);
        Assert.Contains("no such", Assert.Throws<WeightFileException>(() => TextTokenizer.Load(Path.Combine(_folder, "missing"))).Message);
    }

    [Fact]
    public void Text_beyond_the_limit_is_an_argument_error() => Assert.Throws<ArgumentException>(
        () => Load("tokenizer.json", Unigram).Encode(new string('a', TextTokenizer.LongestText + 1)));

    private TextTokenizer Load(string name, string content)
    {
        File.WriteAllText(Path.Combine(_folder, name), content, Encoding.UTF8);
        return TextTokenizer.Load(_folder);
    }
}
