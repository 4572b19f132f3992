using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Caching.Tokens;
using Augur.Catalogs;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

public sealed class ClusCaTests : IDisposable
{
    private static readonly Site s_branch = Site.Mlp(1);
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void Clusters_are_those_of_the_plain_algorithm_also_where_they_begin_warm()
    {
        const int Rows = 2, Tokens = 37, Channels = 19, Count = 5;
        using var scope = TensorScope.Begin();
        using var clusters = new TokenClusters(Count, 100);
        float[][] centroids = [[], []];
        for (var call = 0; call < 3; call++)
        {
            var values = Enumerable.Range(0, Rows * Tokens * Channels).Select(i => MathF.Sin((i * 12.9898f) + call)).ToArray();
            int[] first = [3, 1, 30, 8, 19, 0, 0, 36, 5, 21];
            clusters.Cluster(Tensor.From(_backend, values, [Rows, Tokens, Channels]), () => Tensor.From(_backend, first, [Rows, Count]));

            var (labels, passes) = PlainClusters.Cluster(values, centroids, first, Tokens, Channels, Count, 100);
            Assert.Equal(labels, clusters.LabelsOfTokens);
            Assert.Equal(labels, clusters.Labels.ToInt32Array());
            Assert.Equal(passes, clusters.Passes);
            Assert.All(clusters.Centroids.Zip(centroids.SelectMany(c => c)), c => Assert.Equal(c.Second, c.First, 1e-5f));
        }
    }

    [Fact]
    public void A_cluster_without_tokens_lies_at_the_origin_and_its_token_is_token_0()
    {
        using var scope = TensorScope.Begin();
        using var clusters = Clustered(first: [1, 1], tokens: [9, 9.1f, 9.2f, 9.3f]); // equally near: all go to the first
        Assert.Equal([0, 0, 0, 0], clusters.Clusters.LabelsOfTokens);
        Assert.Equal(0, clusters.Clusters.Centroids[1]);
        var view = new TokenView(new NetworkCall(1, 10, 0), s_branch, Column(0, 0, 0, 0));
        Assert.Equal([3, 0], clusters.Reduce(view, [0, 0.25f, 0.5f, 0.75f], 2).Kept!.Indices.ToArray());
    }

    [Theory]
    [InlineData(0, new float[] { 10, 2, 30, 4 })]
    [InlineData(0.5, new float[] { 10, 6, 30, 17 })]
    [InlineData(1, new float[] { 10, 10, 30, 30 })]
    public void A_fresh_token_takes_its_place_and_passes_a_share_on_to_its_cluster(double gamma, float[] expected)
    {
        using var scope = TensorScope.Begin();
        using var clusters = Clustered(first: [0, 2], tokens: [4, 4.1f, 9, 9.1f]);
        var kept = Column(1, 2, 3, 4);
        Blend(gamma, clusters, [0, 2], Column(10, 30), kept);
        Assert.Equal(expected, kept.ToArray());
    }

    [Fact]
    public void An_empty_cluster_gives_token_0s_value_to_the_cluster_of_token_0_once_more_as_released()
    {
        using var scope = TensorScope.Begin();
        using var clusters = Clustered(first: [0, 2, 2], tokens: [4, 4.1f, 9, 9.1f]);
        var kept = Column(1, 2, 3, 4);
        Blend(0.5, clusters, [1, 2, 0], Column(20, 30, 10), kept);
        Assert.Equal([(0.5f * (20 + 10)) + (0.5f * 10), (0.5f * (20 + 10)) + (0.5f * 20), 30, (0.5f * 30) + (0.5f * 4)], kept.ToArray());
    }

    [Fact]
    public void Every_token_chosen_is_the_luckiest_of_its_cluster()
    {
        using var scope = TensorScope.Begin();
        var run = CacheScript.Run(10, rows: 2) with { Map = CacheScript.Map(4, [16, 4], [16, 3], [4, 4]), Seed = 5 };
        using var selection = new ClusCaTokens(new() { Clusters = 4 }).Open(run);
        var feature = Tensor.From(_backend, [.. Enumerable.Range(0, 2 * 16 * 4).Select(i => MathF.Sin(i * 7.1f))], [2, 16, 4]);
        selection.Begin(new NetworkCall(0, 10, 0), isDraft: false);
        selection.Observe(Site.Block(3), feature);
        selection.Begin(new NetworkCall(1, 10, 0), isDraft: true);
        var here = selection.Select(s_branch, feature, feature)!.Indices.ToArray();
        var elsewhere = selection.Select(Site.Mlp(2), feature, feature)!.Indices.ToArray();
        var labels = ((ClusterReducing)((ComposedSelection)selection).Reducing).Clusters.LabelsOfTokens;
        var chances = new SeededDraws(5).Draw(1, s_branch, 32);
        Assert.NotEqual(here, elsewhere);
        for (var row = 0; row < 2; row++)
        {
            for (var cluster = 0; cluster < 4; cluster++)
            {
                var members = Enumerable.Range(0, 16).Where(n => labels[(row * 16) + n] == cluster).ToArray();
                Assert.Equal(members.Length == 0 ? 0 : members.MaxBy(n => chances[(row * 16) + n]), here[(row * 4) + cluster]);
            }
        }
    }

    [Theory]
    [InlineData(false, 50 + (3 * 2))] // the differences are added once more
    [InlineData(true, 50)]
    public void An_exact_token_is_forecast_as_it_was_computed(bool exact, double expected)
    {
        using var scope = TensorScope.Begin();
        var tokens = new ClusCaTokens(new() { Clusters = 1, Propagation = 0, Exact = exact });
        using var draft = new DraftModel(
            new DraftSettings(new TaylorForecaster(1), Granularity.Branch, DType.Float32, tokens), CacheScript.Run(10), verified: null);
        foreach (var call in new[] { 0, 1 })
        {
            draft.BeginComputed(new NetworkCall(call, 10, 0), forgets: false);
            draft.Observe(s_branch, Tensor.Full(_backend, [1, 2, 4], 3 * call)); // grows by 3 a call
            draft.Observe(Site.Block(3), Tensor.Full(_backend, [1, 2, 4], 1));
        }

        draft.BeginDraft(new NetworkCall(3, 10, 0));
        var input = Tensor.Zeros(_backend, [1, 2, 4]);
        var answer = draft.AnswerDraft(new Question(s_branch, input));
        var chosen = answer.Select!(input)!;
        answer.Merge!(chosen, Tensor.Full(_backend, [1, 1, 4], 50));
        var y = Tensor.Empty(_backend, [1, 2, 4]);
        answer.Forecast!().WriteTo(y);
        var token = chosen.Indices[0];
        Assert.All(y.ToArray()[(4 * token)..(4 * (token + 1))], v => Assert.Equal(expected, v, 1e-4));
        Assert.All(y.ToArray()[(4 * (1 - token))..(4 * (2 - token))], v => Assert.Equal(3 + (3 * 2), v, 1e-4));
    }

    [Theory]
    [InlineData("clusca(interval=4,k=5,gamma=0)")]
    [InlineData("clusca(interval=4,k=5,gamma=0,exact=true)")]
    [InlineData("clusca(interval=3,k=16,gamma=0,draft=reuse)")]
    public void Where_nothing_changes_between_calls_and_nothing_is_passed_on_a_draft_is_the_full_result(string policy)
    {
        using var model = SmallDit.Load(_backend);
        using var scope = TensorScope.Begin();
        var latents = Tensor.From(_backend, [.. Enumerable.Range(0, 2 * 4 * 64).Select(i => MathF.Sin(i * 0.7f))], [2, 4, 8, 8]);
        var input = NetworkInput.OfClasses(model.Denoiser, latents, [300, 300], [1, 10]);
        using var cache = PolicyCatalog.Parse(policy).Open(CacheScript.Run(8, rows: 2) with { Map = input.Map });
        var exact = model.Denoiser.Predict(input, ComputeEverything.Instance).ToArray();
        var kinds = new List<CallKind>();
        for (var call = 0; call < 8; call++)
        {
            cache.Begin(new NetworkCall(call, 8, 300));
            var y = model.Denoiser.Predict(input, model.Denoiser.Door(cache, 2)).ToArray();
            kinds.Add(cache.End().Kind);
            Assert.All(y.Zip(exact), v => Assert.Equal(v.Second, v.First, 1e-4f));
        }

        Assert.Contains(CallKind.Partial, kinds);
    }

    [Fact]
    public void Its_schedule_is_TaylorSeers()
    {
        Assert.Equal("FFtttFtttFtt", CacheScript.Play(new ClusCaPolicy(), 12, _ => 0, _backend));
        Assert.Equal("clusca", new ClusCaPolicy().Name);
        Assert.Equal("clusca(order=2,k=8,gamma=0.1)", PolicyCatalog.Parse("clusca(gamma=0.1,draft=taylor(order=2),k=8)").Name);
    }

    [Fact]
    public void It_refuses_tokens_that_are_not_its_own()
    {
        var error = Assert.Throws<ArgumentException>(() => new ClusCaPolicy(new() { Tokens = new RandomTokens(new()) }));
        Assert.Equal("Policy clusca chooses tokens by clusters, not by random; taylorseer takes any.", error.Message);
    }

    // One row of four tokens of one channel, clustered from the given first tokens.
    private ClusterReducing Clustered(int[] first, float[] tokens)
    {
        var run = CacheScript.Run(10) with { Map = CacheScript.Map(4, [4, 1], [4, 1], [2, 2]) };
        var draws = new GivenDraws(Array.ConvertAll(first, t => (t + 0.5f) / 4));
        var clusters = new ClusterReducing(run, _ => first.Length, 100, draws, trace: null);
        clusters.Observe(Site.Block(3), Column(tokens));
        return clusters;
    }

    private void Blend(double share, ClusterReducing clusters, int[] chosen, Tensor fresh, Tensor kept)
    {
        var plan = clusters.PlanOf(s_branch, IndexTable.From(_backend, chosen, [1, chosen.Length]));
        new BlendRecovery(new() { Share = share }).Recover(s_branch, plan, fresh, kept);
    }

    private Tensor Column(params float[] values) => Tensor.From(_backend, values, [1, values.Length, 1]);

    /// <summary>Given numbers for the first centroids; later tokens are luckier.</summary>
    private sealed class GivenDraws(float[] first) : IUniformDraws
    {
        public float[] Draw(int callIndex, Site site, int count) =>
            site.Kind == SiteKind.Block ? first : [.. Enumerable.Range(0, count).Select(i => i / (float)count)];
    }
}
