using System.Text.Json;
using Augur.Caching.Policies;
using Augur.Caching.Tokens;

namespace Augur.Replay;

/// <summary>The draws of a saved run of DaTo, given to the method in their order, and what it pruned, compared with what was.</summary>
/// <param name="run">The run's description.</param>
/// <param name="saved">Its tensors; rows stand with the unconditional one first, ours with it last.</param>
internal sealed class DaToRecord(JsonElement run, FixtureFile saved) : IPruningDraws
{
    private readonly List<TokenPruning> _prunings = [];
    private readonly List<long> _calls = [];
    private readonly float[] _noise = saved.Has("prune.noise") ? saved.Singles("prune.noise") : [];
    private readonly long[] _signs = saved.Has("prune.sign") ? saved.Integers("prune.sign") : [];
    private readonly long[] _places = saved.Has("prune.window_index") ? saved.Integers("prune.window_index") : [];

    /// <summary>The settings of the run.</summary>
    public DaToOptions Options
    {
        get
        {
            var prune = run.GetProperty("prune");
            var caches = run.TryGetProperty("cache_strategy", out var depth) && depth.ValueKind == JsonValueKind.Array;
            var cached = new DaToOptions
            {
                Depth = caches ? [.. depth.EnumerateArray().Select(d => d.GetDouble())] : [],
                Ratio = [0],
            };
            return prune.ValueKind != JsonValueKind.Object ? cached : cached with
            {
                Ratio = prune.GetProperty("ratio") is { ValueKind: JsonValueKind.Array } ratios
                    ? [.. ratios.EnumerateArray().Select(r => r.GetDouble())] : [prune.GetProperty("ratio").GetDouble()],
                WindowRows = prune.GetProperty("sy").GetInt32(),
                WindowColumns = prune.GetProperty("sx").GetInt32(),
                Base = prune.GetProperty("local_random").GetBoolean() ? BaseTokens.Random : BaseTokens.Score,
                Dynamics = caches ? prune.GetProperty("diff_gema").GetDouble() : 0, // the released code measures it where it caches
                Noise = prune.GetProperty("noise_alpha").GetDouble(),
                HasRandomSign = true,
                AlignsRows = prune.GetProperty("align_cfg").GetBoolean(),
                RoundsNorms = prune.GetProperty("norm_rounded_to_float16").GetBoolean(),
            };
        }
    }

    public float[] Noise(PruningDraw draw, int rows, int tokens)
    {
        float[][] theirs = [.. _noise.AsSpan(draw.Index * rows * tokens, rows * tokens).ToArray().Chunk(tokens)];
        return [.. theirs.Reverse().SelectMany(row => row)];
    }

    public bool IsNegative(PruningDraw draw) => _signs[draw.Index] < 0;

    public int[] Places(PruningDraw draw, int windows, int size) =>
        [.. _places.AsSpan(draw.Index * windows, windows).ToArray().Select(place => checked((int)place))];

    public void Told(PruningDraw draw, TokenPruning pruning)
    {
        _calls.Add(draw.CallIndex);
        _prunings.Add(pruning);
    }

    /// <summary>Compares every base, pruned and recovering token.</summary>
    public void Compare(Comparison compare)
    {
        if (!saved.Has("prune.count"))
        {
            return;
        }

        compare.Used("prune.noise", "prune.sign", "prune.window_index", "prune.margin", "prune.first_input", "prune.first_output_diff");
        compare.Exact("prune.call", _calls, saved.Integers("prune.call"));
        compare.Exact("prune.count", [.. _prunings.Select(p => (long)p.Pruned[0].Length)], saved.Integers("prune.count"));
        compare.Exact("prune.base", Padded("prune.base", p => [.. p.Bases.Select(row => row.Order().ToArray())]), Sorted("prune.base"));
        compare.Exact("prune.pruned", Padded("prune.pruned", p => p.Pruned), saved.Integers("prune.pruned"));
        compare.Exact("prune.recover_to", Padded("prune.recover_to", p => p.RecoverTo), saved.Integers("prune.recover_to"));
    }

    private List<long> Padded(string name, Func<TokenPruning, int[][]> of)
    {
        var width = saved.Shape(name)[2];
        return [.. _prunings.SelectMany(p => of(p).Reverse().SelectMany(row =>
            row.Select(token => (long)token).Concat(Enumerable.Repeat(-1L, Math.Max(0, width - row.Length)))))];
    }

    // Bases are a set; theirs are padded behind.
    private long[] Sorted(string name) => [.. saved.Integers(name).Chunk(saved.Shape(name)[2])
        .SelectMany(row => row.Where(t => t >= 0).Order().Concat(row.Where(t => t < 0)))];
}
