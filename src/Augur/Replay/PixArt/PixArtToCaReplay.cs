using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Caching.Tokens;
using Augur.Models.PixArt;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// A run of the released ToCa or DuCa for PixArt: which blocks were computed in full, how many tokens of cross-attention and feed-forward branches
/// and which, how close the scores lie at the cut, and DuCa's count of FLOPs.
/// </summary>
internal sealed class PixArtToCaReplay
{
    private const double ScoreTolerance = 1e-5; // scores lie around 0.1 to 1
    private const string Choices = "fresh.step_layer_module_count";

    private readonly JsonElement _run;
    private readonly FixtureFile _saved;
    private readonly ToCaOptions _options;
    private readonly TokenRecord _record;
    private readonly long[][] _choices; // step, block, 0 cross-attention or 1 feed-forward, tokens
    private readonly Dictionary<(int Sample, int CallIndex, Site Site), float[]> _scores = [];

    private PixArtToCaReplay(JsonElement run, FixtureFile saved)
    {
        (_run, _saved) = (run, saved);
        _choices = [.. saved.Integers(Choices).Chunk(4)];
        _options = OptionsOf(run);
        _record = new TokenRecord(sample => new ToCaTokens(_options)
        {
            Draws = saved.Has("draws.rand") ? new SavedDraws(saved, _choices, sample) : null,
            ObserveScores = (call, site, scores) => _scores[(sample, call.CallIndex, site)] = scores,
        });
    }

    /// <summary>The method with the run's settings.</summary>
    public ICachePolicy Policy => _options is DuCaOptions duca
        ? new DuCaPolicy(duca) { Tokens = _record }
        : new ToCaPolicy(_options) { Tokens = _record };

    /// <summary>Prepares the replay of a run.</summary>
    /// <exception cref="NotSupportedException">The method or a setting is not supported.</exception>
    public static PixArtToCaReplay Of(JsonElement run, FixtureFile saved) => new(run, saved);

    /// <summary>Compares what was decided.</summary>
    public void Compare(PixArtConfig model, IReadOnlyList<CallOutcome> outcomes, Comparison compare)
    {
        compare.Used([.. _saved.Names.Where(name => name.Split('.')[0] is "fresh" or "draws")]);
        CompareTypes(model.Depth, outcomes, compare);
        var chosen = _record.Samples[0].Where(b => b.Tokens is not null).ToArray();
        long[] counts = [.. chosen.SelectMany(b => (long[])[b.CallIndex, b.Site.Layer, ModuleOf(b.Site), b.Tokens![0].Length])];
        compare.Exact(Choices, counts, [.. _choices.SelectMany(c => c)]);
        if (counts.Length == 4 * _choices.Length)
        {
            CompareTokens(compare);
            CompareMargins(model, compare);
        }

        if (_run.TryGetProperty("official_flops", out var flops))
        {
            compare.Exact("official_flops", [CountFlops(model)], [(long)flops.GetDouble()]);
        }
    }

    private static ToCaOptions OptionsOf(JsonElement run)
    {
        var basis = run.GetProperty("impl").GetString() switch
        {
            "toca" => ToCaOptions.Released(ToCaPreset.PixArt),
            "duca" => DuCaOptions.Released(DuCaPreset.PixArt),
            var other => throw new NotSupportedException($"the method '{other}' on PixArt is not built"),
        };
        var score = run.GetProperty("cache_type").GetString() switch
        {
            "attention" => TokenScore.TextEntropy,
            "kv-norm" => TokenScore.ValueNorm,
            "similarity" => TokenScore.Similarity,
            "random" => TokenScore.Random,
            var other => throw new NotSupportedException($"the score '{other}' on PixArt is not built"),
        };
        return basis with
        {
            LastLayer = 27, // hard-coded in the released implementation
            Interval = run.GetProperty("fresh_threshold").GetInt32(),
            Ratio = run.GetProperty("fresh_ratio").GetDouble(),
            Staleness = run.GetProperty("soft_fresh_weight").GetDouble(),
            Score = score,
            Twins = score is TokenScore.Similarity ? TwinAlignment.None : TwinAlignment.Average,
            Schedule = run.GetProperty("ratio_scheduler").GetString() switch
            {
                "ToCa" => FreshSchedule.PixArt,
                "linear" => FreshSchedule.Linear,
                "constant" => FreshSchedule.Constant,
                var other => throw new NotSupportedException($"the ratio schedule '{other}' on PixArt is not built"),
            },
        };
    }

    // 2 full, 1 in part, 0 aggressive, block by block.
    private void CompareTypes(int depth, IReadOnlyList<CallOutcome> outcomes, Comparison compare)
    {
        var branches = _record.Samples[0].Where(b => b.Site.Kind == SiteKind.Mlp)
            .ToDictionary(b => (b.CallIndex, b.Site.Layer), b => b.Tokens is null ? 2L : 1);
        var ours = Enumerable.Range(0, outcomes.Count).SelectMany(call => Enumerable.Range(0, depth)
            .Select(layer => branches.GetValueOrDefault((call, layer))));
        var theirs = _run.GetProperty("per_step").EnumerateArray().SelectMany(step => step.TryGetProperty("layer_types", out var types)
            ? types.EnumerateArray().Select(type => CodeOf(type.GetString()))
            : Enumerable.Repeat(CodeOf(step.GetProperty("type").GetString()), depth));
        compare.Exact("types", [.. ours], [.. theirs]);

        static long CodeOf(string? type) => type switch { "full" => 2, "ToCa" => 1, "aggressive" => 0, _ => -1 };
    }

    // Their rows are one per prompt where both halves of the batch choose the same, otherwise the unconditional rows of all prompts first.
    private void CompareTokens(Comparison compare)
    {
        const long Padding = 255;
        var shape = _saved.Shape("fresh.indices");
        var expected = _saved.Integers("fresh.indices");
        for (var row = 0; row < shape[0] * shape[1]; row++)
        {
            expected.AsSpan(row * shape[2], shape[2]).Sort(); // compared as sets; padding sorts to the end
        }

        var samples = _record.Samples.Select(branches => branches.Where(b => b.Tokens is not null).ToArray()).ToArray();
        int[] halves = shape[1] == samples.Length ? [0] : [1, 0]; // ours have the conditional row first
        var actual = Enumerable.Range(0, shape[0]).SelectMany(choice => halves.SelectMany(half => samples.SelectMany(sample =>
            sample[choice].Tokens![half].Select(t => (long)t).Concat(Enumerable.Repeat(Padding, shape[2] - sample[choice].Tokens![half].Length)))));
        compare.Exact("fresh.indices", [.. actual], expected);
    }

    private void CompareMargins(PixArtConfig config, Comparison compare)
    {
        var tokens = config.InputSize / config.PatchSize * (config.InputSize / config.PatchSize);
        foreach (var (choice, margin) in _choices.Zip(_saved.Singles("fresh.margin")).Where(c => !float.IsNaN(c.Second)))
        {
            var site = SiteOf(choice);
            var rows = Enumerable.Range(0, _record.Samples.Count)
                .SelectMany(s => _scores[(s, (int)choice[0], site)].Chunk(tokens))
                .Select(row => row.OrderDescending().ToArray());
            var gap = rows.Min(row => row[choice[3] - 1] - row[choice[3]]);
            compare.Number($"fresh.margin at step {choice[0]}, {site}", gap, margin, 0, ScoreTolerance);
        }
    }

    // As the released DuCa counts: norms and softmax included, embedders and the final layer not, and one projection with the batch twice.
    private long CountFlops(PixArtConfig config)
    {
        long rows = 2 * _record.Samples.Count, n = (long)config.InputSize * config.InputSize / (config.PatchSize * config.PatchSize);
        long c = config.HiddenSize, heads = config.HeadCount, text = 2 * _saved.Integers("mask").Sum();
        return _record.Samples[0].Sum(branch =>
        {
            var isFull = branch.Tokens is null;
            long tokens = isFull ? n : branch.Tokens![0].Length, queries = rows * tokens;
            return branch.Site.Kind == SiteKind.CrossAttention
                ? tokens == 0 ? 0 : (2 * queries * c * c) + (4 * text * c * c) + (queries * c) + (6 * heads * queries * text)
                    + (4 * queries * text * c) + (2 * rows * queries * c * c)
                : (2 * rows * n * c) + (rows * c) + (6 * rows * c * c) + (16 * queries * c * c) + (24 * queries * c)
                    + (isFull ? (8 * rows * n * c * c) + (rows * n * c) + (4 * rows * n * n * c) + (5 * rows * heads * n * n) : 0);
        });
    }

    private static int ModuleOf(Site site) => site.Kind == SiteKind.CrossAttention ? 0 : 1;

    private static Site SiteOf(long[] choice) => choice[2] == 0 ? Site.CrossAttention((int)choice[1]) : Site.Mlp((int)choice[1]);

    /// <summary>Saved uniform draws, [choices, prompts, tokens]; both guidance rows of a sample use the same draw.</summary>
    private sealed class SavedDraws(FixtureFile saved, long[][] choices, int sample) : IUniformDraws
    {
        private readonly float[] _values = saved.Singles("draws.rand");
        private readonly Shape _shape = saved.Shape("draws.rand");

        public float[] Draw(int callIndex, Site site, int count)
        {
            var choice = Array.FindIndex(choices, c => c[0] == callIndex && SiteOf(c) == site);
            return choice >= 0 ? _values.AsSpan(((choice * _shape[1]) + sample) * _shape[2], count).ToArray()
                : throw new WeightFileException($"draws.rand: nothing was drawn for call {callIndex}, {site}.");
        }
    }
}
