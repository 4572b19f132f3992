using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Tensors;

/// <summary>Scores and clusters of tokens, on what random numbers do not reach.</summary>
public sealed class TokenOperationTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Begin();

    public static TheoryData<string> Backends => ExceptionalValueTests.Backends;

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Backends))]
    public void Column_sums_of_an_entry_add_up_to_its_queries(string name)
    {
        using var backend = BackendTable.Open(name);
        var sums = Numbers(backend, [2, 61, 24]).AttentionColumnSums(Numbers(backend, [2, 61, 24]), 2).ToArray();
        Assert.Equal(61, sums[..61].Sum(), 1e-3);
        Assert.Equal(61, sums[61..].Sum(), 1e-3);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Column_sums_of_equal_keys_are_equal_and_large_scores_do_not_overflow(string name)
    {
        using var backend = BackendTable.Open(name);
        var keys = Tensor.Full(backend, [1, 50, 8], 300);
        Assert.All((300 * Numbers(backend, [1, 50, 8])).AttentionColumnSums(keys, 1).ToArray(), sum => Assert.Equal(1, sum, 1e-5));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_NaN_in_a_key_makes_the_column_sums_of_its_entry_NaN(string name)
    {
        using var backend = BackendTable.Open(name);
        var keys = Numbers(backend, [2, 20, 8]).ToArray();
        keys[(20 * 8) + 77] = float.NaN;
        var sums = Numbers(backend, [2, 20, 8]).AttentionColumnSums(Tensor.From(backend, keys, [2, 20, 8]), 2).ToArray();
        Assert.All(sums[..20], sum => Assert.True(float.IsFinite(sum)));
        Assert.All(sums[20..], sum => Assert.True(float.IsNaN(sum)));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Attention_entropies_are_those_of_the_map_averaged_over_heads(string name)
    {
        using var backend = BackendTable.Open(name);
        const int Heads = 3, Width = 4, Keys = 10;
        var (q, k) = (Numbers(backend, [2, 5, Heads * Width]), Numbers(backend, [2, Keys, Heads * Width]));
        int[] counts = [Keys, 6];
        var entropies = q.AttentionEntropies(k, Heads, IndexTable.From(backend, counts)).ToArray();
        float[] queries = q.ToArray(), keys = k.ToArray();
        for (var i = 0; i < 10; i++)
        {
            var (entry, mean) = (i / 5, new double[counts[i / 5]]);
            for (var head = 0; head < Heads; head++)
            {
                double[] scores = [.. Enumerable.Range(0, mean.Length).Select(key => Math.Exp(Enumerable.Range(head * Width, Width).Sum(c =>
                    queries[(i * Heads * Width) + c] * (double)keys[(((entry * Keys) + key) * Heads * Width) + c]) / Math.Sqrt(Width)))];
                mean = [.. mean.Zip(scores, (m, s) => m + (s / scores.Sum() / Heads))];
            }

            Assert.Equal(-mean.Sum(p => p * Math.Log(p + 1e-7)), entropies[i], 1e-5);
        }

        Assert.Equal(Math.Log(50), (0f * Numbers(backend, [1, 1, 8])).AttentionEntropies(Numbers(backend, [1, 50, 8]), 2).ToArray()[0], 1e-4);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_token_between_equal_centroids_takes_the_lowest_and_a_NaN_takes_the_first(string name)
    {
        using var backend = BackendTable.Open(name);
        var tokens = Tensor.From(backend, [1, 1, 5, 5, float.NaN, 0], [1, 3, 2]);
        var centroids = Tensor.From(backend, [float.NaN, 1, 9, 9, 5, 5, 1, 1, 5, 5, 1, 1], [1, 6, 2]);
        Assert.Equal([3, 2, 0], tokens.NearestCentroidsL1(centroids).ToInt32Array());
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void The_mean_of_an_empty_cluster_is_zero(string name)
    {
        using var backend = BackendTable.Open(name);
        var tokens = Tensor.From(backend, [1f, 2, 3, 6], [1, 2, 2]);
        var means = tokens.ClusterMeans(Tensor.From(backend, [2, 2], [1, 2]), 3).ToArray();
        Assert.Equal([0, 0, 0, 0, 2, 4], means);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_blend_mixes_each_token_with_the_value_of_its_cluster(string name)
    {
        using var backend = BackendTable.Open(name);
        var y = Tensor.From(backend, [4f, 8, 12], [1, 3, 1]);
        y.BlendGatheredTokensInPlace(Tensor.From(backend, [100f, 200], [1, 2, 1]), Tensor.From(backend, [1, 0, 1], [1, 3]), 0.25f);
        Assert.Equal([53, 31, 59], y.ToArray());
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void TopK_ranks_equal_scores_by_position_for_every_k_and_its_prefixes_select(string name)
    {
        using var backend = BackendTable.Open(name);
        const int N = 67;
        var scores = Enumerable.Range(0, 2 * N).Select(i => (float)(i * 7 % 5)).ToArray();
        var (table, tokens) = (Tensor.From(backend, scores, [2, N]), Tensor.From(backend, scores, [2, N, 1]));
        var all = table.TopK(N);
        for (var k = 0; k <= N; k++)
        {
            var expected = Enumerable.Range(0, 2).SelectMany(
                r => Enumerable.Range(0, N).OrderByDescending(i => scores[(r * N) + i]).ThenBy(i => i).Take(k)
                    .Select(i => (Row: r, Token: i))).ToArray();
            var top = table.TopK(k);
            Assert.Equal(new Shape(2, k), top.Shape);
            Assert.Equal(expected.Select(e => e.Token), top.ToInt32Array());
            Assert.Equal(expected.Select(e => scores[(e.Row * N) + e.Token]), tokens.GatherTokens(all.Columns(0, k)).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Labels_beyond_the_clusters_are_refused(string name)
    {
        using var backend = BackendTable.Open(name);
        var tokens = Numbers(backend, [1, 2, 3]);
        var labels = Tensor.From(backend, [0, 2], [1, 2]);
        Assert.Contains("index 2 is not below 2", Assert.Throws<ArgumentOutOfRangeException>(() => tokens.ClusterMeans(labels, 2)).Message);
        Assert.Contains(
            "index 2 is not below 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => tokens.BlendGatheredTokensInPlace(Numbers(backend, [1, 1, 3]), labels, 0.5f)).Message);
    }

    [Fact]
    public void Operands_that_do_not_fit_are_named()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        var tokens = Numbers(backend, [1, 4, 6]);
        void Refused(string expected, Action action) => Assert.Contains(expected, Assert.Throws<ArgumentException>(action).Message);
        Refused("queries [1, 4, 6], keys [1, 4, 5]", () => tokens.AttentionColumnSums(Numbers(backend, [1, 4, 5]), 1));
        Refused("AttentionEntropies: queries [1, 4, 6], keys [1, 4, 5]", () => tokens.AttentionEntropies(Numbers(backend, [1, 4, 5]), 1));
        Refused("[1, 4, 6] does not divide into 4 heads", () => tokens.HeadNorms(4));
        Refused("tokens [1, 4, 6] and clusters [1, 0, 6]", () => tokens.NearestCentroidsL1(Numbers(backend, [1, 0, 6])));
        Refused("labels [1, 3] do not fit", () => tokens.ClusterMeans(Tensor.From(backend, [0, 0, 0], [1, 3]), 2));
        Refused("[4, 6] is not [batch, tokens, channels]", () => tokens.Reshape([4, 6]).TokenErrorsFrom(tokens.Reshape([4, 6]), ErrorMeasure.Cosine));
        Refused(
            "a BFloat16 tensor is needed",
            () => tokens.As(DType.BFloat16).ScatterTokensInPlace(Tensor.From(backend, [0], [1, 1]), Numbers(backend, [1, 1, 6])));
    }

    private static Tensor Numbers(IBackend backend, Shape shape)
    {
        var random = new Random(shape.Columns);
        return Tensor.From(backend, [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (random.NextSingle() * 4) - 2)], shape);
    }
}
