using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Caching.Tokens;

namespace Augur.Replay;

/// <summary>A run of ToCa on FLUX: the tokens that every branch computed, and by how much the last of them led the next.</summary>
internal sealed class FluxToCaReplay
{
    private const double MarginTolerance = 1e-5; // scores lie around 0.1 to 1

    private readonly JsonElement[] _selections;
    private readonly TokenRecord _record;
    private readonly Dictionary<(int Call, Site Site), float[]> _scores = [];
    private readonly int _doubleBlocks, _imageTokens, _textTokens;

    public FluxToCaReplay(JsonElement run, FixtureFile saved)
    {
        _selections = [.. run.GetProperty("selections").EnumerateArray()];
        _doubleBlocks = 1 + _selections.Where(s => ModuleOf(s) == "img_mlp").Max(s => s.GetProperty("layer").GetInt32());
        (_imageTokens, _textTokens) = (saved.Shape("img")[1], saved.Shape("txt")[1]);
        var options = ToCaOptions.Released(ToCaPreset.Flux);
        _record = new TokenRecord(_ => new ToCaTokens(options)
        {
            InFused = true,
            ObserveScores = (call, site, scores) => _scores[(call.CallIndex, site)] = scores,
        });
        Policy = new ToCaPolicy(options) { Tokens = _record };
    }

    public ICachePolicy Policy { get; }

    public void Compare(Comparison compare)
    {
        var chosen = _record.Samples[0].Where(branch => branch.Tokens is not null).ToDictionary(branch => (branch.CallIndex, branch.Site));
        compare.Exact("branches run in part", [chosen.Keys.Count(k => k.Site.Kind != SiteKind.Projected)], [_selections.Length]);
        foreach (var selection in _selections)
        {
            var (call, site) = (selection.GetProperty("step").GetInt32(), SiteOf(selection));
            long[] expected = [.. selection.GetProperty("indices")[0].EnumerateArray().Select(i => Place(i.GetInt64(), site))];
            long[] actual = [.. chosen.TryGetValue((call, site), out var branch) ? branch.Tokens![0].Select(t => (long)t) : []];
            Array.Sort(expected); // compared as sets
            compare.Exact($"tokens of {site} at step {call}", actual, expected);
            if (selection.GetProperty("margin") is { ValueKind: JsonValueKind.Number } margin)
            {
                var sorted = _scores[(call, site)].OrderDescending().ToArray();
                var lead = sorted[expected.Length - 1] - sorted[expected.Length];
                compare.Number($"margin of {site} at step {call}", lead, margin.GetDouble(), 0, MarginTolerance);
            }
        }
    }

    private Site SiteOf(JsonElement selection)
    {
        var layer = selection.GetProperty("layer").GetInt32();
        return ModuleOf(selection) switch
        {
            "img_mlp" => Site.Mlp(layer, TokenGroup.Image),
            "txt_mlp" => Site.Mlp(layer, TokenGroup.Text),
            "mlp" => Site.Hidden(_doubleBlocks + layer),
            var other => throw new NotSupportedException($"the branch '{other}' is not built"),
        };
    }

    private static string ModuleOf(JsonElement selection) => selection.GetProperty("module").GetString()!;

    // In the original the text's tokens come first in single blocks; ours stand behind the picture's.
    private long Place(long token, Site site) =>
        site.Kind != SiteKind.Hidden ? token : token < _textTokens ? _imageTokens + token : token - _textTokens;
}
