using System.Text.Json;
using Augur.Models.Llada;
using Augur.Sampling;

namespace Augur.Replay;

/// <summary>
/// Calls of Fast-dLLM, each of some neighbouring tokens of one row, saved one behind the other: call_ids, logits, and the uniform numbers of draws;
/// the description has offset, length, and the places and tokens that each call decided on, with how sure the network was of each.
/// </summary>
internal sealed class SavedBlocks : ISavedCalls, ITokenChance
{
    private const double SurenessTolerance = 1e-5;

    private readonly FixtureFile _saved;
    private readonly (int Offset, int Length, int[] Places, int[] Tokens, double[] Sureness)[] _calls;
    private readonly int[] _starts;
    private readonly int _prompt;
    private readonly long[] _ids;
    private readonly float[] _logits;
    private readonly double[] _uniforms;
    private readonly int _vocabulary;
    private readonly double _scale;
    private long[] _before = [];

    public SavedBlocks(FixtureFile saved, JsonElement json)
    {
        (_saved, _prompt) = (saved, json.GetProperty("prompt").GetInt32());
        _calls = [.. json.GetProperty("per_step").EnumerateArray().Select(call => (
            call.GetProperty("offset").GetInt32(), call.GetProperty("length").GetInt32(), Numbers(call, "unmasked"), Numbers(call, "tokens"),
            call.GetProperty("confidence").EnumerateArray().Select(n => n.GetDouble()).ToArray()))];
        var at = 0;
        _starts = Array.ConvertAll(_calls, call => (at += call.Length) - call.Length);
        (_ids, _logits, _vocabulary) = (saved.Integers("call_ids"), saved.Singles("logits"), saved.Shape("logits")[1]);
        _scale = Comparison.Magnitude(_logits);
        _uniforms = saved.Has("uniform64") ? saved.Doubles("uniform64") : [];
    }

    public void CompareInput(int call, long[][] ids, Comparison compare)
    {
        CompareDecided(call - 1, ids[0], compare);
        _before = ids[0];
        var first = First(call);
        compare.Exact(
            "call_ids",
            ids[0][(_calls[call].Offset + first - _prompt)..(_calls[call].Offset + _calls[call].Length - _prompt)],
            _ids.AsSpan(_starts[call] + first, _calls[call].Length - first));
    }

    public void CompareOutput(int call, float[][] outputs, LladaConfig model, Comparison compare)
    {
        var first = First(call);
        var count = (_calls[call].Length - first) * _vocabulary;
        compare.Tensor(
            "logits",
            outputs[0].AsSpan((_calls[call].Offset + first - _prompt) * _vocabulary, count),
            _logits.AsSpan((_starts[call] + first) * _vocabulary, count),
            _scale,
            call);
        foreach (var (place, (token, sureness)) in _calls[call].Places.Zip(_calls[call].Tokens.Zip(_calls[call].Sureness)))
        {
            var ours = Sampling.TokenFilter.ShareOf(outputs[0].AsSpan((place - _prompt) * _vocabulary, _vocabulary), token);
            compare.Number($"confidence of place {place} in call {call}", ours, sureness, SurenessTolerance, 0);
        }
    }

    public void CompareEnd(long[][] ids, int calls, IReadOnlyList<Choice> chosen, Comparison compare)
    {
        CompareDecided(calls - 1, ids[0], compare);
        compare.Exact("calls", [calls], [_calls.Length]);
        compare.Exact("final_ids", ids[0], _saved.Integers("final_ids").AsSpan(_prompt));
        compare.Used("uniform64");
    }

    public void Race(int call, int place, Span<double> numbers)
    {
        var at = (_starts[call] + _prompt + place - _calls[call].Offset) * _vocabulary;
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = -Math.Log(_uniforms[at + i]);
        }
    }

    public double RaceOf(int call, int place) => throw new NotSupportedException("no draw among places was saved");

    public double Uniform(int call, int place) => throw new NotSupportedException("no number of a place was saved");

    private static int[] Numbers(JsonElement call, string name) => [.. call.GetProperty(name).EnumerateArray().Select(n => n.GetInt32())];

    // Tokens of the call that are the prompt's.
    private int First(int call) => Math.Max(0, _prompt - _calls[call].Offset);

    private void CompareDecided(int call, long[] after, Comparison compare)
    {
        if (call < 0)
        {
            return;
        }

        long[] places = [.. Enumerable.Range(0, after.Length).Where(i => after[i] != _before[i]).Select(i => (long)i + _prompt)];
        var theirs = _calls[call].Places.Zip(_calls[call].Tokens).OrderBy(decided => decided.First).ToArray();
        compare.Exact("unmasked", places, [.. theirs.Select(decided => (long)decided.First)]);
        compare.Exact("tokens", [.. places.Select(place => after[place - _prompt])], [.. theirs.Select(decided => (long)decided.Second)]);
    }
}
