using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Caching.Tokens;
using Augur.Models.Dit;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays a run of the released ToCa or DuCa and compares which blocks were computed in full, the chosen tokens, their scores and the FLOP count.
/// </summary>
internal sealed class ToCaReplay : IReplayedMethod
{
    private const double ScoreTolerance = 1e-5; // scores lie around 0.1 to 1

    private readonly JsonElement _run;
    private readonly FixtureFile _saved;
    private readonly TokenRecord _record;
    private readonly ToCaOptions _options;
    private readonly Dictionary<(int Sample, int CallIndex, int Layer), float[]> _scores = [];
    private readonly (int Step, int Layer, int Count)[] _choices;

    private ToCaReplay(ToCaOptions options, JsonElement run, FixtureFile saved)
    {
        (_options, _run, _saved) = (options, run, saved);
        _choices = [.. saved.Integers("fresh.step_layer_count").Chunk(3).Select(c => ((int)c[0], (int)c[1], (int)c[2]))];
        _record = new TokenRecord(TokensOf);
    }

    /// <inheritdoc/>
    public ICachePolicy Policy => _options is DuCaOptions duca
        ? new DuCaPolicy(duca) { Tokens = _record }
        : new ToCaPolicy(_options) { Tokens = _record };

    /// <summary>Prepares the replay of a run of ToCa.</summary>
    public static ToCaReplay OfToCa(JsonElement run, FixtureFile saved) => new(Read(new ToCaOptions(), run.GetProperty("kwargs")), run, saved);

    /// <summary>Prepares the replay of a run of DuCa.</summary>
    public static ToCaReplay OfDuCa(JsonElement run, FixtureFile saved) => new(Read(new DuCaOptions(), run.GetProperty("kwargs")), run, saved);

    /// <inheritdoc/>
    public void Compare(DitConfig model, IReadOnlyList<CallOutcome> outcomes, Comparison compare)
    {
        var calls = outcomes.Count;
        string[] used = ["fresh.step_layer_count", "fresh.indices", "fresh.margin", "fresh.first_score", "draws.rand"];
        compare.Used([.. _saved.Names.Where(name => used.Contains(name))]);
        CompareFlops(_run, model, calls, compare);
        if (CompareBranches(calls, compare))
        {
            CompareTokens(compare);
            CompareScores(_run, model, calls, compare);
        }
    }

    private static T Read<T>(T options, JsonElement settings)
        where T : ToCaOptions => settings.GetProperty("force_fresh").GetString() is var force && force != "global"
        ? throw new NotSupportedException($"force_fresh '{force}' is not built")
        : options with
        {
            Evaluate = CycleEvaluation.Block,
            LastLayer = 27, // hard-coded in the released implementation
            Interval = settings.GetProperty("fresh_threshold").GetInt32(),
            Ratio = settings.GetProperty("fresh_ratio").GetDouble(),
            Staleness = settings.GetProperty("soft_fresh_weight").GetDouble(),
            Score = settings.GetProperty("cache_type").GetString() switch
            {
                "attention" => TokenScore.Attention,
                "random" => TokenScore.Random,
                "similarity" => TokenScore.Similarity,
                "norm" => TokenScore.Norm,
                "kv-norm" => TokenScore.ValueNorm,
                var other => throw new NotSupportedException($"the score '{other}' is not built"),
            },
            Schedule = (settings.GetProperty("ratio_scheduler").GetString(), options) switch
            {
                ("ToCa-ddim50", _) or ("ToCa", DuCaOptions) => FreshSchedule.Ddim50,
                ("ToCa-ddpm250" or "linear-layerwise", _) => FreshSchedule.Ddpm250,
                ("linear", _) => FreshSchedule.Linear,
                ("exp", _) => FreshSchedule.Exponential,
                ("constant", _) => FreshSchedule.Constant,
                var (other, _) => throw new NotSupportedException($"the ratio schedule '{other}' is not built"),
            },
        };

    private ToCaTokens TokensOf(int sample) => new(_options)
    {
        Draws = _saved.Has("draws.rand") ? new SavedDraws(_saved, _choices, sample) : null,
        ObserveScores = (call, site, scores) => _scores[(sample, call.CallIndex, site.Layer)] = scores,
    };

    private bool CompareBranches(int calls, Comparison compare)
    {
        long[] actual = [.. Chosen(0).SelectMany(n => (long[])[calls - 1 - n.CallIndex, n.Layer, n.Tokens![0].Length])];
        var expected = _saved.Integers("fresh.step_layer_count");
        compare.Exact("fresh.step_layer_count", actual, expected);
        return actual.AsSpan().SequenceEqual(expected);
    }

    // The saved batch has the conditional rows of all samples first; ours keeps the rows of a sample together.
    private void CompareTokens(Comparison compare)
    {
        const long Padding = 255;
        var shape = _saved.Shape("fresh.indices");
        var expected = _saved.Integers("fresh.indices");
        for (var row = 0; row < shape[0] * shape[1]; row++)
        {
            expected.AsSpan(row * shape[2], shape[2]).Sort(); // compared as sets; padding sorts to the end
        }

        var chosen = Enumerable.Range(0, _record.Samples.Count).Select(Chosen).ToArray();
        var actual = Enumerable.Range(0, shape[0]).SelectMany(choice => Enumerable.Range(0, 2).SelectMany(half => chosen.SelectMany(sample =>
            sample[choice].Tokens![half].Select(t => (long)t).Concat(Enumerable.Repeat(Padding, shape[2] - sample[choice].Tokens![half].Length)))));
        compare.Exact("fresh.indices", [.. actual], expected);
    }

    private RecordedBranch[] Chosen(int sample) => [.. _record.Samples[sample].Where(n => n.Tokens is not null)];

    private void CompareScores(JsonElement description, DitConfig config, int calls, Comparison compare)
    {
        if (!_saved.Has("fresh.margin"))
        {
            return;
        }

        var (samples, tokens) = (_record.Samples.Count, config.TokenCount);
        var margins = _saved.Singles("fresh.margin");
        foreach (var ((step, layer, count), margin) in _choices.Zip(margins).Where(c => !float.IsNaN(c.Second)))
        {
            var rows = Enumerable.Range(0, samples)
                .SelectMany(s => _scores[(s, calls - 1 - step, layer)].Chunk(tokens))
                .Select(row => row.OrderDescending().ToArray());
            compare.Number($"fresh.margin at step {step}, block {layer}", rows.Min(row => row[count - 1] - row[count]), margin, 0, ScoreTolerance);
        }

        var first = description.GetProperty("first_score_step_layer").EnumerateArray().Select(e => e.GetInt32()).ToArray();
        var scores = Enumerable.Range(0, samples).Select(s => _scores[(s, calls - 1 - first[0], first[1])]).ToArray();
        var byHalf = Enumerable.Range(0, 2).SelectMany(half => scores.SelectMany(s => s.Skip(half * tokens).Take(tokens)));
        compare.Tensor("fresh.first_score", [.. byHalf], _saved.Singles("fresh.first_score"));
    }

    private void CompareFlops(JsonElement description, DitConfig config, int calls, Comparison compare)
    {
        var count = new OfficialFlops(2 * _record.Samples.Count, config.TokenCount, config.HiddenSize, config.HeadCount);
        var perCall = _record.Samples[0].ToLookup(n => n.CallIndex, n => n.Tokens is null ? count.FullBlock : count.PartialBlock(n.Tokens[0].Length));
        long sum = 0;
        long[] cumulative = [.. Enumerable.Range(0, calls).Select(call => sum += perCall[call].Sum())];
        var counted = description.GetProperty("per_step").EnumerateArray().Select(s => (long)s.GetProperty("flops_cumulative").GetDouble());
        compare.Exact("flops_cumulative", cumulative, [.. counted]);
    }

    /// <summary>Saved uniform draws, [choices, samples, tokens]; both guidance rows of a sample use the same draw.</summary>
    private sealed class SavedDraws(FixtureFile saved, (int Step, int Layer, int Count)[] choices, int sample) : IUniformDraws
    {
        private readonly float[] _values = saved.Singles("draws.rand");
        private readonly Shape _shape = saved.Shape("draws.rand");
        private readonly int _calls = saved.Shape("timestep_map")[0];

        public float[] Draw(int callIndex, Site site, int count)
        {
            var choice = Array.FindIndex(choices, c => c.Step == _calls - 1 - callIndex && c.Layer == site.Layer);
            return choice >= 0 ? _values.AsSpan(((choice * _shape[1]) + sample) * _shape[2], count).ToArray()
                : throw new WeightFileException($"draws.rand: nothing was drawn for call {callIndex}, {site}.");
        }
    }
}
