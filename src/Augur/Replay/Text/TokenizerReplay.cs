using System.Text.Json;
using System.Text.RegularExpressions;
using Augur.Conditioning.Text;
using Augur.Conditioning.Text.Tokenization;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays vectors of tokenizers: <c>clip_bpe_vectors</c>, <c>byte_level_bpe_vectors</c> and <c>sentencepiece_vectors</c>, beside the files of their
/// vocabularies. The folder needs no config.json.
/// </summary>
internal static class TokenizerReplay
{
    private const string Clip = "clip_bpe_vectors", Bytes = "byte_level_bpe_vectors", SentencePiece = "sentencepiece_vectors";

    /// <summary>Whether a folder has such vectors.</summary>
    public static bool Is(string folder, JsonElement config) => Runs(folder, config).Any();

    /// <summary>The vectors that a folder has.</summary>
    public static IEnumerable<string> Runs(string folder, JsonElement config) =>
        new[] { Clip, Bytes, SentencePiece }.Where(name => File.Exists(Path.Combine(folder, $"{name}.json")));

    /// <summary>Replays one file of vectors.</summary>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var json = ReplayRunner.Parse(Path.Combine(folder, $"{run}.json"));
        var compare = new Comparison(0);
        switch (run)
        {
            case Clip:
                CompareClip(folder, json.RootElement, compare);
                break;
            case Bytes:
                CompareBytes(folder, json.RootElement, compare);
                break;
            default:
                CompareSentencePiece(folder, json.RootElement, compare);
                break;
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", []);
    }

    private static void CompareClip(string folder, JsonElement root, Comparison compare)
    {
        var path = Path.Combine(folder, "bpe_simple_vocab_16e6.txt.gz");
        var full = TextTokenizer.Load(path, ClipCleaning.OpenAI);
        var fast = TextTokenizer.Load(path, ClipCleaning.Fast);
        var unrepaired = new TextTokenizer(VocabularyFiles.ReadClipMerges(path, TextCleaning.CleanUnrepaired), new SpecialTokens());
        var openClip = new TextTokenizer(
            VocabularyFiles.ReadClipMerges(path, TextCleaning.CleanAsOpenAI, "<start_of_text>", "<end_of_text>"), new SpecialTokens());
        compare.Exact("sot", [full.BeginId ?? -1], [root.GetProperty("sot").GetInt64()]);
        compare.Exact("eot", [full.EndId ?? -1], [root.GetProperty("eot").GetInt64()]);
        foreach (var (vector, at) in root.GetProperty("vectors").EnumerateArray().Select((vector, i) => (vector, $"vectors[{i}]")))
        {
            var text = vector.GetProperty("text").GetString()!;
            Text($"{at}.cleaned", TextCleaning.CleanAsOpenAI(text), vector.GetProperty("cleaned"), compare);
            var ids = full.Encode(text);
            Ids($"{at}.ids", ids, vector.GetProperty("ids"), compare);
            Text($"{at}.decoded", full.Decode(ids), vector.GetProperty("decoded"), compare);
            Ids($"{at}.ids_without_ftfy", unrepaired.Encode(text), Find(vector, "ids_without_ftfy") ?? vector.GetProperty("ids"), compare);
            var plain = Find(vector, "ids_plain") ?? Find(vector, "ids_without_ftfy") ?? vector.GetProperty("ids");
            Ids($"{at}.ids_plain", fast.Encode(text), plain, compare);
            if (Find(vector, "open_clip_77") is { } filled)
            {
                var length = root.GetProperty("context").GetInt32();
                int[] own = [full.BeginId ?? 0, .. openClip.Encode(text).Take(length - 2), full.EndId ?? 0];
                Ids($"{at}.open_clip_77", [.. own, .. new int[length - own.Length]], filled, compare);
            }
        }
    }

    private static void CompareBytes(string folder, JsonElement root, Comparison compare)
    {
        var vocabulary = Path.Combine(folder, "gpt2_vocab.json");
        var ids = TokenizerJson.ReadVocabulary(ForeignJson.Read(vocabulary));
        var merges = VocabularyFiles.Merges(Path.Combine(folder, "gpt2_merges.txt"));
        var models = root.GetProperty("patterns").EnumerateObject().ToDictionary(
            pattern => pattern.Name,
            pattern => new BpeModel(vocabulary, ids, merges, new BpeSettings(new Regex(pattern.Value.GetString()!))));
        foreach (var (vector, at) in root.GetProperty("vectors").EnumerateArray().Select((vector, i) => (vector, $"vectors[{i}]")))
        {
            var text = vector.GetProperty("text").GetString()!;
            foreach (var (name, model) in models)
            {
                var expected = vector.GetProperty(name);
                Text($"{at}.{name}.splits", Joined(model.Words(text)), Joined(Strings(expected.GetProperty("splits"))), compare);
                var own = new List<int>();
                model.Encode(text, isFirst: true, own);
                Ids($"{at}.{name}.ids", own, expected.GetProperty("ids"), compare);
            }
        }
    }

    private static void CompareSentencePiece(string folder, JsonElement root, Comparison compare)
    {
        foreach (var kind in root.EnumerateObject())
        {
            var tokenizer = TextTokenizer.Load(Path.Combine(folder, kind.Value.GetProperty("model").GetString()!));
            var model = (UnigramModel)tokenizer.Model;
            compare.Exact($"{kind.Name}.vocab_size", [model.Count], [kind.Value.GetProperty("vocab_size").GetInt64()]);
            compare.Exact($"{kind.Name}.unk_id", [tokenizer.UnknownId ?? -1], [kind.Value.GetProperty("unk_id").GetInt64()]);
            foreach (var (vector, at) in kind.Value.GetProperty("vectors").EnumerateArray().Select((vector, i) => (vector, $"{kind.Name}[{i}]")))
            {
                var text = vector.GetProperty("text").GetString()!;
                var prepared = model.Prepare(text, isFirst: true);
                Text($"{at}.normalized", prepared, vector.GetProperty("normalized"), compare);
                Text($"{at}.pieces", Joined(model.Pieces(prepared)), Joined(Strings(vector.GetProperty("pieces"))), compare);
                var ids = tokenizer.Encode(text);
                Ids($"{at}.ids", ids, vector.GetProperty("ids"), compare);
                if (Find(vector, "ids_t5") is { } ended)
                {
                    Ids($"{at}.ids_t5", [.. ids, tokenizer.EndId ?? -1], ended, compare);
                }
            }
        }
    }

    private static JsonElement? Find(JsonElement vector, string name) => vector.TryGetProperty(name, out var value) ? value : null;

    private static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(item => item.GetString()!);

    private static string Joined(IEnumerable<string> parts) => string.Join('\u0001', parts);

    private static void Ids(string name, IEnumerable<int> ours, JsonElement expected, Comparison compare) => compare.Exact(
        name, [.. ours.Select(id => (long)id)], [.. expected.EnumerateArray().Select(id => id.GetInt64())]);

    private static void Text(string name, string ours, JsonElement expected, Comparison compare) => Text(name, ours, expected.GetString()!, compare);

    // A text is compared by its characters, so that the message says where it differs.
    private static void Text(string name, string ours, string expected, Comparison compare) => compare.Exact(
        name, [.. ours.Select(c => (long)c)], [.. expected.Select(c => (long)c)]);
}
