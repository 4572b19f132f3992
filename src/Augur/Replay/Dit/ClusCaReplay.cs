using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Caching.Tokens;
using Augur.Models.Dit;

namespace Augur.Replay;

/// <summary>
/// A run of ClusCa with one guided sample: its random draws are taken from the file; its clusters, choices and FLOP count are compared.
/// </summary>
internal sealed class ClusCaReplay : IReplayedMethod, IUniformDraws
{
    private readonly JsonElement _run;
    private readonly FixtureFile _saved;
    private readonly int _heads;
    private readonly Dictionary<(int Call, int Layer), int> _choices = [];
    private readonly List<long> _labels = [];
    private readonly List<long> _passes = [];
    private readonly List<float> _centroids = [];
    private readonly long[] _chosen;
    private readonly float[] _uniform;
    private readonly long[] _first;

    public ClusCaReplay(JsonElement run, FixtureFile saved, JsonElement config)
    {
        (_run, _saved, _heads) = (run, saved, config.GetProperty("cfg").GetProperty("num_heads").GetInt32());
        (_uniform, _first) = (saved.Singles("draws.rand"), saved.Integers("draws.randint"));
        _chosen = new long[saved.Shape("fresh.indices").ElementCount];
        if (saved.Integers("y").Length != 2)
        {
            throw new NotSupportedException($"a ClusCa run of {saved.Integers("y").Length} rows; one guided sample has 2");
        }

        var places = saved.Integers("fresh.step_layer_count").Chunk(3).ToArray();
        var calls = run.GetProperty("per_step").GetArrayLength();
        for (var i = 0; i < places.Length; i++)
        {
            _choices[(calls - 1 - (int)places[i][0], (int)places[i][1])] = i; // saved steps count downwards
        }

        var settings = run.GetProperty("kwargs");
        Policy = new ClusCaPolicy(new()
        {
            Interval = settings.GetProperty("interval").GetInt32(),
            Order = settings.GetProperty("max_order").GetInt32(),
            Tokens = new ClusCaTokens(new()
            {
                Clusters = settings.GetProperty("cluster_num").GetInt32(),
                Propagation = settings.GetProperty("propagation_ratio").GetDouble(),
            })
            {
                Trace = new ClusCaTrace(this, TakeClusters, TakeChoice),
            },
        });
    }

    public ICachePolicy Policy { get; }

    // The first centroids are saved as token numbers, a branch's draws as uniform numbers, [rows, tokens] each.
    public float[] Draw(int callIndex, Site site, int count)
    {
        var tokens = _saved.Shape("draws.rand")[2];
        return site.Kind == SiteKind.Block ? Array.ConvertAll(_first, token => (token + 0.5f) / tokens)
            : _uniform.AsSpan(_choices[(callIndex, site.Layer)] * count, count).ToArray();
    }

    public void Compare(DitConfig model, IReadOnlyList<CallOutcome> outcomes, Comparison compare)
    {
        compare.Used("draws.rand", "draws.randint", "fresh.step_layer_count", "cluster.steps", "cluster.first_X");
        compare.Exact("cluster.indices", [.. _labels], _saved.Integers("cluster.indices"));
        compare.Tensor("cluster.centroids", [.. _centroids], _saved.Singles("cluster.centroids"));
        compare.Exact("k-means passes", [.. _passes], [.. _run.GetProperty("kmeans_iterations").EnumerateArray().Select(p => p.GetInt64())]);
        compare.Exact("fresh.indices", _chosen, _saved.Integers("fresh.indices"));
        var counted = _run.GetProperty("per_step").EnumerateArray().Select(s => (long)s.GetProperty("flops_cumulative").GetDouble());
        compare.Exact("official FLOPs", OfficialFlops(outcomes), [.. counted]);
    }

    private void TakeClusters(int callIndex, TokenGroup group, TokenClusters clusters)
    {
        _labels.AddRange(clusters.LabelsOfTokens.Select(label => (long)label));
        _passes.Add(clusters.Passes);
        _centroids.AddRange(clusters.Centroids);
    }

    private void TakeChoice(int callIndex, Site site, int[] tokens) =>
        Array.ConvertAll(tokens, t => (long)t).CopyTo(_chosen.AsSpan(_choices[(callIndex, site.Layer)] * tokens.Length));

    // FLOPs after each call as the released code counts them: blocks only, with 1 FLOP per multiply-add in the modulation.
    private long[] OfficialFlops(IReadOnlyList<CallOutcome> outcomes)
    {
        var (centroids, rows) = (_saved.Shape("cluster.centroids"), 2L);
        long k = centroids[2], c = centroids[3], n = _saved.Shape("draws.rand")[2], depth = _choices.Keys.Max(p => p.Layer) + 1;
        var modulation = rows * (c + (6 * c * c));
        var attention = rows * ((8 * n * c * c) + (n * c) + (4 * n * n * c) + (5 * _heads * n * n));
        var full = depth * (modulation + attention + MlpOf(n) + (2 * rows * n * c));
        var partial = depth * (modulation + (rows * n * c) + MlpOf(k));
        var total = 0L;
        return [.. outcomes.Select(o => total += o.Kind == CallKind.Computed ? full : partial)];

        long MlpOf(long tokens) => rows * ((16 * tokens * c * c) + (24 * tokens * c));
    }
}
