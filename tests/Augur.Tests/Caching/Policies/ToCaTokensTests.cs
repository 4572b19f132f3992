using Augur.Caching;
using Augur.Caching.Tokens;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>Choices of tokens by script: a picture of 2 × 4 tokens, a conditional row and its twin.</summary>
public sealed class ToCaTokensTests : IDisposable
{
    private const int TokenCount = 8;
    private static readonly Site s_mlp = Site.Mlp(1);
    private static readonly Site s_attention = Site.Attention(1);
    private static readonly ToCaTokensOptions s_plain = new() { Schedule = FreshSchedule.Constant, Ratio = 0.25, Staleness = 0, Bonus = 0 };

    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });
    private readonly TensorScope _scope = TensorScope.Begin();

    public void Dispose()
    {
        _scope.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void Tokens_that_are_read_most_are_chosen_and_of_equals_the_first()
    {
        using var selection = Open(s_plain);
        Read(selection, [0, 3, 1, 0, 0, 2, 0, 0, /**/ 1, 1, 1, 1, 1, 1, 1, 1]);
        Assert.Equal("1 5 | 0 1", Select(selection, 1));
    }

    [Fact]
    public void Scores_are_relative_to_the_row()
    {
        var shown = Array.Empty<float>();
        using var selection = new ToCaTokens(s_plain) { ObserveScores = (_, _, scores) => shown = scores }.Open(Run());
        Read(selection, [3, 4, 0, 0, 0, 0, 0, 0, /**/ 0, 0, 0, 0, 0, 0, 0, 0]);
        Select(selection, 1);
        Assert.Equal([0.6f, 0.8f, 0, 0], shown[..4]);
        Assert.All(shown[8..], score => Assert.Equal(0, score));
    }

    [Fact]
    public void Tokens_that_were_not_computed_for_long_catch_up()
    {
        using var selection = Open(s_plain with { Staleness = 10 });
        Read(selection, [8, 7, 6, 5, 4, 3, 2, 1, /**/ 1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Equal(
            ["0 1 | 6 7", "2 3 | 4 5", "4 5 | 2 3", "6 7 | 0 1", "0 1 | 6 7"], Enumerable.Range(1, 5).Select(call => Select(selection, call)));
    }

    [Fact]
    public void A_branch_computed_in_full_has_no_stale_tokens_and_others_keep_theirs()
    {
        using var selection = Open(s_plain with { Staleness = 10 });
        Read(selection, [8, 7, 6, 5, 4, 3, 2, 1, /**/ 8, 7, 6, 5, 4, 3, 2, 1]);
        Read(selection, [8, 7, 6, 5, 4, 3, 2, 1, /**/ 8, 7, 6, 5, 4, 3, 2, 1], layer: 2);
        Select(selection, 1);
        Select(selection, 1, Site.Mlp(2));
        Assert.True(selection.Observes(s_mlp));
        selection.Observe(s_mlp, Stream(_ => 1));
        Assert.Equal("0 1 | 0 1", Select(selection, 2));
        Assert.Equal("2 3 | 2 3", Select(selection, 2, Site.Mlp(2)));
    }

    [Fact]
    public void Calls_that_compute_no_token_count_for_staleness()
    {
        using var selection = Open(s_plain with { Schedule = FreshSchedule.Ddim50, Ratio = 0.07, Staleness = 1, Interval = 1 });
        Read(selection, [1, 0, 0, 0, 0, 0, 0, 0, /**/ 1, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal("", Select(selection, 1)); // 3 − 4s/T is negative
        var shown = Array.Empty<float>();
        using var watched = new ToCaTokens(s_plain with { Schedule = FreshSchedule.Ddim50, Staleness = 1, Interval = 1 })
        {
            ObserveScores = (_, _,
            scores) => shown = scores
        }.Open(Run());
        Read(watched, [1, 0, 0, 0, 0, 0, 0, 0, /**/ 1, 0, 0, 0, 0, 0, 0, 0]);
        Select(watched, 1);
        Select(watched, 40);
        Assert.Equal([2, 1, 1, 1], shown[..4]);
    }

    [Fact]
    public void The_leader_of_each_window_is_raised()
    {
        using var plain = Open(s_plain);
        using var raised = Open(s_plain with { Bonus = 0.6 });
        float[] received = [5, 4, 1, 1, /* second line */ 1, 1, 3, 1, /**/ 1, 1, 1, 1, 1, 1, 1, 1];
        Read(plain, received);
        Read(raised, received);
        Assert.Equal("0 1 | 0 1", Select(plain, 1));
        Assert.Equal("0 6 | 0 2", Select(raised, 1)); // 3 · 1.6 passes 4; of equals the first leads
    }

    [Theory]
    [InlineData(ValueNormOrder.SmallFirst, "2 6 | 2 6")]
    [InlineData(ValueNormOrder.LargeFirst, "0 4 | 0 4")]
    public void Value_norms_count_small_or_large_first(ValueNormOrder order, string expected)
    {
        using var selection = Open(s_plain with { Score = TokenScore.ValueNorm, Values = order });
        Assert.Equal(Signal.ValueNorms, selection.Hears(s_attention));
        float[] head = [0.9f, 0.5f, 0.1f, 0.5f, 0.8f, 0.5f, 0.2f, 0.5f];
        selection.Hear(s_attention, Tensor.From(_backend, [.. Enumerable.Repeat(head, 4).SelectMany(h => h)], [2, 2, TokenCount]));
        Assert.Equal(expected, Select(selection, 1));
    }

    [Fact]
    public void Text_entropy_takes_tokens_that_read_the_text_evenly_and_knows_those_that_were_computed_since()
    {
        var cross = Site.CrossAttention(1);
        using var selection = new ToCaTokens(s_plain with { Score = TokenScore.TextEntropy, Cross = true }).Open(Run() with { Map = Reading() });
        Assert.Equal((Signal.TextEntropy, null), (selection.Hears(cross), selection.Hears(s_attention)));
        Assert.Equal((true, true, false), (selection.Refreshes(cross), selection.Refreshes(s_mlp), selection.Refreshes(s_attention)));
        selection.Hear(cross, Tensor.From(_backend, [5f, 1, 4, 0, 0, 0, 0, 3, /**/ 0, 0, 0, 0, 0, 0, 1, 2], [2, TokenCount]));
        Assert.Equal("0 2 | 6 7", Select(selection, 1));
        selection.Begin(new NetworkCall(2, 50, 0), isDraft: true);
        var chosen = selection.Select(cross, Stream(_ => 1), Stream(_ => 1))!;
        Assert.Equal([0, 2, 7, 6], chosen.Indices.ToArray());
        selection.Hear(cross, chosen, Tensor.From(_backend, [0f, 4, 2, 0], [2, 2])); // of the conditional row's 0 and 2, the other's 7 and 6
        Assert.Equal("2 7 | 0 7", Select(selection, 2));
    }

    [Fact]
    public void Twins_that_share_a_text_entropy_have_the_mean_of_theirs_and_ln_2_for_the_text_that_is_read()
    {
        var shown = Array.Empty<float>();
        var options = s_plain with { Score = TokenScore.TextEntropy, Twins = TwinAlignment.Average };
        using var selection = new ToCaTokens(options) { ObserveScores = (_, _, scores) => shown = scores }.Open(Run() with { Map = Reading() });
        selection.Hear(Site.CrossAttention(1), Tensor.From(_backend, [4f, 0, 0, 0, 0, 0, 0, 0, /**/ 2, 2, 0, 0, 0, 0, 0, 0], [2, TokenCount]));
        Select(selection, 1);
        float[] raw = [.. new[] { 3f, 1, 0, 0, 0, 0, 0, 0 }.Select(mean => 1 + mean + MathF.Log(2))];
        var norm = MathF.Sqrt(raw.Sum(r => r * r));
        Assert.All(shown.Zip(raw.Concat(raw)), pair => Assert.Equal(pair.Second / norm, pair.First, 1e-6));
    }

    [Fact]
    public void Similarity_takes_tokens_that_point_away_from_what_is_kept()
    {
        using var selection = Open(s_plain with { Score = TokenScore.Similarity });
        var input = Stream(i => i / 4 is 3 or 5 ? -1 : 1);
        Assert.Equal("3 5 | 0 1", Show(selection, 1, s_mlp, input, Stream(_ => 1)));
    }

    [Fact]
    public void Norm_takes_the_longest_tokens()
    {
        using var selection = Open(s_plain with { Score = TokenScore.Norm });
        Assert.Equal("6 7 | 6 7", Show(selection, 1, s_mlp, Stream(i => i), Stream(_ => 1)));
    }

    [Fact]
    public void Random_tokens_are_the_same_for_twins_and_differ_between_branches_and_calls()
    {
        using var selection = Open(s_plain with { Score = TokenScore.Random, Ratio = 0.5 });
        string[] choices = [Select(selection, 1), Select(selection, 1, Site.Mlp(2)), Select(selection, 2)];
        Assert.All(choices, c => Assert.Equal(c.Split(" | ")[0], c.Split(" | ")[1]));
        Assert.Equal(3, choices.Distinct().Count());
    }

    [Theory]
    [InlineData(TwinAlignment.None, "0 1 | 6 7")]
    [InlineData(TwinAlignment.Average, "0 7 | 0 7")]
    [InlineData(TwinAlignment.Copy, "0 1 | 0 1")]
    public void Twins_choose_apart_or_together(TwinAlignment twins, string expected)
    {
        float[] received = [8, 7, 0, 0, 0, 0, 0, 1, /**/ 1, 0, 0, 0, 0, 0, 7, 8];
        using var guided = Open(s_plain with { Twins = twins });
        Read(guided, received);
        Assert.Equal(expected, Select(guided, 1));
        using var unguided = new ToCaTokens(s_plain with { Twins = twins }).Open(Run() with { RowsPerSample = 1 });
        Read(unguided, received);
        Assert.Equal("0 1 | 6 7", Select(unguided, 1));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Where_a_score_is_no_number_every_token_is_computed(float bad)
    {
        using var selection = Open(s_plain);
        Read(selection, [1, 2, 3, bad, 5, 6, 7, 8, /**/ 1, 1, 1, 1, 1, 1, 1, 1]);
        Assert.Equal("0 1 2 3 4 5 6 7 | 0 1 2 3 4 5 6 7", Select(selection, 1));
    }

    [Fact]
    public void A_bonus_without_a_picture_and_a_network_without_the_signal_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new ToCaTokens(new()).Open(Run() with { Map = CacheScript.Map(4, [TokenCount, 4], [TokenCount, 3], [TokenCount]) }));
        Assert.Contains("bonus=0.6", error.Message);
        var mute = CacheScript.Map(4, [TokenCount, 4], [TokenCount, 3], [2, 4], offersSignals: false);
        var unheard = Assert.Throws<ArgumentException>(() => new ToCaTokens(new()).Open(Run() with { Map = mute }));
        Assert.Equal(
            "Tokens toca: this network does not offer AttentionReceived at its attention; score is random, similarity or norm.", unheard.Message);
    }

    // A chain whose blocks read a text between attention and feed-forward.
    private static NetworkMap Reading()
    {
        var map = CacheScript.Map(4, [TokenCount, 4], [TokenCount, 3], [2, 4]);
        return new NetworkMap(
            map.Sites.SelectMany(s => s.Site.Kind != SiteKind.Mlp ? [s]
                : (NetworkSite[])[s with { Site = Site.CrossAttention(s.Site.Layer), Signals = [Signal.TextEntropy] }, s]),
            map.Tokens, map.Cuts);
    }

    private static ITokenSelection Open(ToCaTokensOptions options) => new ToCaTokens(options).Open(Run());

    private static RunInfo Run() =>
        new() { Map = CacheScript.Map(4, [TokenCount, 4], [TokenCount, 3], [2, 4]), CallCount = 50, RowCount = 2, RowsPerSample = 2 };

    private void Read(ITokenSelection selection, float[] received, int layer = 1) =>
        selection.Hear(Site.Attention(layer), Tensor.From(_backend, received, [2, TokenCount]));

    // [2, tokens, 4]; the function is of the position in the conditional row, its twin is all ones unless it is the same everywhere.
    private Tensor Stream(Func<int, float> value)
    {
        float[] row = [.. Enumerable.Range(0, TokenCount * 4).Select(value)];
        float[] twin = row.Any(v => v < 0) ? [.. row.Select(_ => 1f)] : row;
        return Tensor.From(_backend, [.. row, .. twin], [2, TokenCount, 4]);
    }

    private string Select(ITokenSelection selection, int callIndex, Site? site = null) =>
        Show(selection, callIndex, site ?? s_mlp, Stream(_ => 1), Stream(_ => 1));

    // The tokens of both rows in order.
    private static string Show(ITokenSelection selection, int callIndex, Site site, Tensor input, Tensor kept)
    {
        selection.Begin(new NetworkCall(callIndex, 50, 0), isDraft: true);
        return selection.Select(site, input, kept) is { } chosen
            ? string.Join(" | ", chosen.Indices.ToArray().Chunk(chosen.Shape[1]).Select(row => string.Join(' ', row.Order())))
            : "";
    }
}
