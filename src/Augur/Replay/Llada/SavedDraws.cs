using System.Text.Json;
using Augur.Sampling;

namespace Augur.Replay;

/// <summary>Uniform numbers of LLaDA's draws, [calls, rows, tokens, vocabulary] with the prompt's tokens first.</summary>
internal sealed class SavedUniforms(FixtureFile saved, int row, int length) : ITokenChance
{
    private readonly double[] _numbers = saved.Doubles("draws");
    private readonly int _rows = saved.Shape("draws")[1];
    private readonly int _tokens = saved.Shape("draws")[2];

    public void Race(int call, int place, Span<double> numbers)
    {
        var at = ((((call * _rows) + row) * _tokens) + _tokens - length + place) * numbers.Length;
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = -Math.Log(_numbers[at + i]);
        }
    }

    public double RaceOf(int call, int place) => throw new NotSupportedException("no draw among places was saved");

    public double Uniform(int call, int place) => throw new NotSupportedException("no number of a place was saved");
}

/// <summary>
/// Draws of Dream, one behind the other: for every unknown token of the batch, row by row, a uniform number (origin), then numbers of tokens for
/// those
/// that are drawn; numbers of places are of whole rows.
/// </summary>
internal sealed class SavedRaces
{
    private readonly float[] _tokens;
    private readonly float[] _uniforms;
    private readonly float[] _places;
    private readonly int _rowTokens;
    private readonly int _rows;
    private readonly int _prompt;
    private readonly Dictionary<(int Row, int Call, int Place), int> _tokenAt = [];
    private readonly Dictionary<(int Row, int Call, int Place), int> _uniformAt = [];

    public SavedRaces(FixtureFile saved, JsonElement json, int length)
    {
        (_tokens, _uniforms, _places) = (Of(saved, "categorical"), Of(saved, "uniform"), Of(saved, "multinomial"));
        var shape = saved.Shape("x_in");
        (_rows, _rowTokens, _prompt) = (shape[1], shape[2], shape[2] - length);
        var ids = saved.Integers("x_in");
        var isOrigin = json.GetProperty("alg").GetString() == "origin";
        var mask = ids[_prompt]; // everything is at first
        foreach (var (call, step) in json.GetProperty("per_step").EnumerateArray().Index())
        {
            for (var row = 0; row < shape[1]; row++)
            {
                var own = ids.AsSpan(((call * shape[1]) + row) * shape[2], shape[2]);
                var decided = step.GetProperty("unmasked")[row].EnumerateArray().Select(place => place.GetInt32()).ToHashSet();
                for (var place = _prompt; place < shape[2]; place++)
                {
                    if (own[place] != mask)
                    {
                        continue;
                    }

                    _uniformAt[(row, call, place - _prompt)] = _uniformAt.Count;
                    if (!isOrigin || decided.Contains(place))
                    {
                        _tokenAt[(row, call, place - _prompt)] = _tokenAt.Count;
                    }
                }
            }
        }
    }

    /// <summary>The draws of a row.</summary>
    public ITokenChance OfRow(int row) => new Row(this, row);

    private static float[] Of(FixtureFile saved, string name) => saved.Has($"draws.{name}") ? saved.Singles($"draws.{name}") : [];

    private sealed class Row(SavedRaces all, int row) : ITokenChance
    {
        public void Race(int call, int place, Span<double> numbers)
        {
            var at = all._tokenAt[(row, call, place)] * numbers.Length;
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = all._tokens[at + i];
            }
        }

        public double RaceOf(int call, int place) => all._places[(((call * all._rows) + row) * all._rowTokens) + all._prompt + place];

        public double Uniform(int call, int place) => all._uniforms[all._uniformAt[(row, call, place)]];
    }
}
