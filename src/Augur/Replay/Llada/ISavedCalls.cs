using System.Text.Json;
using Augur.Models.Llada;
using Augur.Sampling;

namespace Augur.Replay;

/// <summary>What a layer has chosen.</summary>
/// <param name="Row">Of the batch.</param>
/// <param name="Guided">Guidance row.</param>
/// <param name="Call">Of this guidance row.</param>
/// <param name="Layer">Which.</param>
/// <param name="Tokens">Positions within the response.</param>
internal sealed record Choice(int Row, int Guided, int Call, int Layer, int[] Tokens);

/// <summary>What was saved of the calls of a run of text. Ids are those of the response, masks among them.</summary>
internal interface ISavedCalls
{
    /// <summary>Before a call.</summary>
    void CompareInput(int call, long[][] ids, Comparison compare);

    /// <summary>After it: logits [guidance rows, response, vocabulary] of each row.</summary>
    void CompareOutput(int call, float[][] outputs, LladaConfig model, Comparison compare);

    /// <summary>After the last.</summary>
    void CompareEnd(long[][] ids, int calls, IReadOnlyList<Choice> chosen, Comparison compare);
}

/// <summary>
/// Calls that read whole rows: x_in [calls, rows, tokens] with the prompt before the response, logits [calls, rows, tokens, vocabulary]. With
/// guidance the
/// masked rows come last, or in a call of their own where it is not made at every step. Logits of the prompt's own tokens decide nothing and are
/// not made here.
/// </summary>
internal sealed class SavedBatch : ISavedCalls
{
    private readonly FixtureFile _saved;
    private readonly JsonElement _json;
    private readonly int _length;
    private readonly int _rows;
    private readonly int _tokens;
    private readonly int _vocabulary;
    private readonly float[] _logits;
    private readonly long[] _inputs;
    private readonly double _scale;
    private readonly List<(int Saved, int? Masked)> _calls = []; // where the rows of a step begin, and those without a prompt

    public SavedBatch(FixtureFile saved, JsonElement json, int length)
    {
        (_saved, _json, _length) = (saved, json, length);
        (_logits, _inputs) = (saved.Singles("logits"), saved.Integers("x_in"));
        var shape = saved.Shape("logits");
        var prompts = saved.Shape("prompt")[0];
        (_rows, _tokens, _vocabulary, _scale) = (prompts, shape[2], shape[3], Comparison.Magnitude(_logits));
        var interval = json.TryGetProperty("kwargs", out var settings) && settings.TryGetProperty("cache", out var cache)
            && cache.TryGetProperty("cfg_interval_steps", out var given) ? given.GetInt32() : 0;
        for (var (at, step) = (0, 0); at < shape[0] * shape[1]; step++)
        {
            var runsMasked = interval == 0 ? shape[1] > prompts : step < 5 || step % interval == 0;
            _calls.Add((at, runsMasked ? at + prompts : null));
            at += runsMasked ? 2 * prompts : prompts;
        }
    }

    public void CompareInput(int call, long[][] ids, Comparison compare)
    {
        long[] theirs = [.. ids.SelectMany((_, row) => _inputs[(At(call, row) - _length)..At(call, row)])];
        compare.Exact("x_in", [.. ids.SelectMany(row => row)], theirs);

        int At(int step, int row) => (_calls[step].Saved + row + 1) * _tokens;
    }

    public void CompareOutput(int call, float[][] outputs, LladaConfig model, Comparison compare)
    {
        var (first, size) = (_tokens - _length - (model.IsShifted ? 1 : 0), _length * _vocabulary);
        for (var row = 0; row < _rows; row++)
        {
            foreach (var (guided, at) in new[] { (0, (int?)_calls[call].Saved), (1, _calls[call].Masked) })
            {
                if (at is { } begin)
                {
                    var theirs = _logits.AsSpan((((begin + row) * _tokens) + first) * _vocabulary, size);
                    compare.Tensor("logits", outputs[row].AsSpan(guided * size, size), theirs, _scale, call);
                }
            }
        }
    }

    public void CompareEnd(long[][] ids, int calls, IReadOnlyList<Choice> chosen, Comparison compare)
    {
        compare.Exact("calls", [calls], [_calls.Count]);
        compare.Exact("final_tokens", [.. ids.SelectMany(row => row)], _saved.Integers("final_tokens"));
        compare.Used("draws.categorical", "draws.uniform", "draws.multinomial", "draws", "timesteps");
        if (_saved.Has("timesteps"))
        {
            var (times, theirs) = (DreamSampler.Times(calls, 1e-3), _saved.Doubles("timesteps"));
            for (var i = 0; i < theirs.Length; i++)
            {
                compare.Number($"timesteps[{i}]", times[i], theirs[i], 0, 1.2e-7); // the last bit is PyTorch's way of counting
            }
        }

        if (_json.TryGetProperty("transfer", out var transfer))
        {
            var ours = chosen.SelectMany(c => c.Tokens.Select(token => Number(c.Call, c.Layer, c.Row, token)));
            compare.Exact("transfer", [.. ours.Order()], [.. Transfers(transfer).Order()]);
        }
    }

    private static IEnumerable<long> Transfers(JsonElement all)
    {
        foreach (var layer in all.EnumerateArray())
        {
            var call = layer.TryGetProperty("call", out var counted) ? counted.GetInt32() : layer.GetProperty("cache_step").GetInt32() - 1;
            var rows = layer.TryGetProperty("index", out var index) ? index : layer.GetProperty("indices");
            foreach (var (row, tokens) in rows.EnumerateArray().Index())
            {
                foreach (var token in tokens.EnumerateArray())
                {
                    yield return Number(call, layer.GetProperty("layer").GetInt32(), row, token.GetInt32());
                }
            }
        }
    }

    // In one number, by which they are compared as sets.
    private static long Number(int call, int layer, int row, int token) => (((((call * 1000L) + layer) * 1000) + row) * 1000) + token;
}
