using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Caching.Tokens;

namespace Augur.Replay;

/// <summary>A run of ClusCa on FLUX: its draws are given, its clusters of picture and text and its choices compared.</summary>
internal sealed class FluxClusCaReplay : IUniformDraws
{
    private readonly JsonElement _run;
    private readonly FixtureFile _saved;
    private readonly Dictionary<(int Call, int Layer), int> _choices = [];
    private readonly Dictionary<TokenGroup, Record> _records;

    public FluxClusCaReplay(JsonElement run, FixtureFile saved)
    {
        (_run, _saved) = (run, saved);
        var places = saved.Integers("fresh.step_layer").Chunk(2).ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            _choices[((int)places[i][0], (int)places[i][1])] = i;
        }

        _records = new() { [TokenGroup.Image] = new(saved, "img", places.Length), [TokenGroup.Text] = new(saved, "txt", places.Length) };
        Policy = new ClusCaPolicy(new()
        {
            Interval = run.GetProperty("fresh_threshold").GetInt32(),
            Order = run.GetProperty("max_order").GetInt32(),
            Warmup = run.GetProperty("first_enhance").GetInt32(),
            Tokens = new ClusCaTokens(new()
            {
                Clusters = run.GetProperty("cluster_num").GetInt32(),
                Propagation = run.GetProperty("propagation_ratio").GetDouble(),
                Iterations = 10, // literal in the released code for FLUX
            })
            {
                Trace = new ClusCaTrace(
                    this,
                    (_, group, clusters) => _records[group].Take(clusters),
                    (call, site, tokens) => _records[site.Group].Take(_choices[(call, site.Layer)], tokens)),
            },
        });
    }

    public ICachePolicy Policy { get; }

    // The first centroids are saved as token numbers, picture then text; a branch's draws as uniform numbers.
    public float[] Draw(int callIndex, Site site, int count)
    {
        var record = _records[site.Group];
        if (site.Kind != SiteKind.Block)
        {
            return record.Uniform.AsSpan(_choices[(callIndex, site.Layer)] * count, count).ToArray();
        }

        var first = _saved.Integers("draws.randint").AsSpan(site.Group == TokenGroup.Image ? 0 : count, count).ToArray();
        return Array.ConvertAll(first, token => (token + 0.5f) / record.Tokens);
    }

    public void Compare(Comparison compare)
    {
        compare.Used("draws.randint", "fresh.step_layer", "cluster.steps");
        foreach (var record in _records.Values)
        {
            record.Compare(_run, compare);
        }
    }

    private sealed class Record(FixtureFile saved, string name, int choices)
    {
        private readonly List<long> _labels = [];
        private readonly List<long> _passes = [];
        private readonly List<float> _centroids = [];
        private readonly long[] _chosen = new long[choices * saved.Shape($"fresh.{name}")[1]];

        public float[] Uniform { get; } = saved.Singles($"draws.{name}");

        public int Tokens { get; } = saved.Shape($"draws.{name}")[1];

        public void Take(TokenClusters clusters)
        {
            _labels.AddRange(clusters.LabelsOfTokens.Select(label => (long)label));
            _passes.Add(clusters.Passes);
            _centroids.AddRange(clusters.Centroids);
        }

        public void Take(int choice, int[] tokens) => Array.ConvertAll(tokens, t => (long)t).CopyTo(_chosen.AsSpan(choice * tokens.Length));

        public void Compare(JsonElement run, Comparison compare)
        {
            compare.Used($"draws.{name}", $"cluster.{name}_first_X");
            compare.Exact($"cluster.{name}", [.. _labels], saved.Integers($"cluster.{name}"));
            compare.Tensor($"cluster.{name}_centroids", [.. _centroids], saved.Singles($"cluster.{name}_centroids"));
            compare.Exact($"fresh.{name}", _chosen, saved.Integers($"fresh.{name}"));
            compare.Exact(
                $"k-means passes, {name}",
                [.. _passes],
                [.. run.GetProperty($"kmeans_iterations_{name}").EnumerateArray().Select(p => p.GetInt64())]);
        }
    }
}
