using Augur.Caching;
using Augur.Caching.Tokens;
using Augur.Catalogs;
using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests.Caching;

/// <summary>Scores, reductions and recoveries, each by hand on a few tokens.</summary>
public sealed class TokenPartsTests : IDisposable
{
    private static readonly Site s_branch = Site.Mlp(1);
    private readonly ReferenceBackend _backend = new();
    private readonly RunInfo _run = CacheScript.Run(10) with { Map = CacheScript.Map(4, [16, 2], [16, 2], [4, 4]), Seed = 3 };

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void The_largest_scores_stay_and_the_others_are_represented_by_what_resembles_them()
    {
        using var scope = TensorScope.Begin();
        var plan = TopReduction.Instance.Reduce(View(OnACircle(0, 10, 65, 75, 90)), [5, 1, 2, 3, 4], 2);
        Assert.Equal([0, 4], plan.Kept!.Indices.ToArray().Order());
        var stays = plan.Kept.Indices.ToArray();
        Assert.Equal([0, 0, 4, 4, 4], plan.Sources.Indices.ToArray().Select(place => stays[place]));
    }

    [Fact]
    public void What_cannot_be_judged_is_computed()
    {
        using var scope = TensorScope.Begin();
        Assert.Equal(5, TopReduction.Instance.Reduce(View(OnACircle(0, 10, 65, 75, 90)), [5, float.NaN, 2, 3, 4], 2).Kept!.Shape[1]);
    }

    [Fact]
    public void Spread_tokens_begin_with_the_largest_score_and_lie_far_apart()
    {
        using var scope = TensorScope.Begin();
        var spread = new SpreadReduction();
        Assert.Equal([0, 4], spread.Reduce(View(OnACircle(0, 10, 65, 75, 180)), [2, 1, 1, 1, 1], 2).Kept!.Indices.ToArray());
        Assert.Equal([1, 4], spread.Reduce(View(OnACircle(0, 10, 65, 75, 180)), [1, 2, 1, 1, 1], 2).Kept!.Indices.ToArray());
        Assert.Equal([0, 1, 2, 3, 4], spread.Reduce(View(OnACircle(0, 10, 65, 75, 180)), [1, 2, 1, 1, 1], 9).Kept!.Indices.ToArray());
    }

    [Fact]
    public void Draws_follow_scores_and_take_no_token_twice()
    {
        using var scope = TensorScope.Begin();
        using var drawing = new DrawReduction().Open(_run, 0.5);
        float[] scores = [.. Enumerable.Range(0, 16).Select(i => i < 8 ? 0f : 1)];
        var x = Tensor.From(_backend, new float[16], [1, 16, 1]);
        var drawn = new int[16];
        for (var call = 0; call < 200; call++)
        {
            int[] kept = drawing.Reduce(new(new NetworkCall(call, 200, 0), s_branch, x), scores, 4).Kept!.Indices.ToArray();
            Assert.Equal(4, kept.Distinct().Count());
            Array.ForEach(kept, token => drawn[token]++);
        }

        Assert.InRange(drawn[8..].Sum() / (double)drawn.Sum(), 0.8, 0.97); // 11 to 1, less where several of the likely are gone
        Assert.All(drawn, count => Assert.InRange(count, 1, 150));
    }

    [Fact]
    public void Copies_are_what_the_representing_token_got_and_kept_ones_stay()
    {
        using var scope = TensorScope.Begin();
        var plan = new TokenPlan(IndexTable.From(_backend, [1, 3], [1, 2]), () => IndexTable.From(_backend, [0, 0, 1, 1], [1, 4]));
        Assert.Equal((float[])[10, 10, 30, 30], CopyRecovery.Instance.Recover(s_branch, plan, Column(10, 30), Column(1, 2, 3, 4)).ToArray());
        Assert.Equal((float[])[10, 10, 30, 30], CopyRecovery.Instance.Recover(s_branch, plan, Column(10, 30), kept: null).ToArray());
        Assert.Equal((float[])[1, 10, 3, 30], KeepRecovery.Instance.Recover(s_branch, plan, Column(10, 30), Column(1, 2, 3, 4)).ToArray());
        Assert.Equal(
            (float[])[5.5f, 10, 16.5f, 30],
            new BlendRecovery(new() { Share = 0.5 }).Recover(s_branch, plan, Column(10, 30), Column(1, 2, 3, 4)).ToArray());
    }

    [Fact]
    public void What_all_tokens_have_in_common_is_least_distinct()
    {
        using var scope = TensorScope.Begin();
        var scores = InputScores.Distinct.Form(View(OnACircle(0, 0, 0, 90)));
        Assert.Equal(3, Array.IndexOf(scores, scores.Max()));
        Assert.Equal(1 - (3 / Math.Sqrt(10)), scores[0], 1e-6);
    }

    [Fact]
    public void Age_counts_calls_since_a_token_was_computed()
    {
        using var scope = TensorScope.Begin();
        using var scoring = new AgeScore().Open(_run);
        var view = View(OnACircle(0, 10, 65, 75, 90));
        scoring.Chose(view, IndexTable.From(_backend, [0, 2], [1, 2]));
        scoring.Chose(view, IndexTable.From(_backend, [4], [1, 1]));
        Assert.Equal([1, 2, 1, 2, 0], scoring.Of(view).Select(score => (int)score));
        scoring.Observe(s_branch, view.Input);
        Assert.Equal([0, 0, 0, 0, 0], scoring.Of(view).Select(score => (int)score));
    }

    [Fact]
    public void Dynamics_are_the_change_of_the_answer_and_shared_by_guidance_rows()
    {
        using var scope = TensorScope.Begin();
        var run = _run with { RowCount = 2, RowsPerSample = 2 };
        using var scoring = new DynamicsScore(new() { Noise = 0, Weight = 2 }).Open(run);
        Assert.True(scoring.Observes(Site.Output));
        scoring.Observe(Site.Output, Tensor.From(_backend, (float[])[1, 1, 2, 2], [2, 2, 1]));
        scoring.Observe(Site.Output, Tensor.From(_backend, (float[])[1, 4, 2, 7], [2, 2, 1]));
        Assert.Equal((float[])[0, 10, 0, 10], scoring.Of(View(Tensor.From(_backend, new float[4], [2, 2, 1]))));
    }

    [Theory]
    [InlineData("taylorseer(tokens=compress(reduce=merge))", "computes means of tokens")]
    [InlineData("compress(score=similarity)", "score=similarity looks at what earlier calls kept")]
    [InlineData("compress(reduce=clusters)", "reduce=clusters looks at what earlier calls kept")]
    public void Parts_that_cannot_go_together_are_refused(string policy, string expected) =>
        Assert.Contains(
            expected, Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse(policy)).Message, StringComparison.Ordinal);

    [Fact]
    public void Names_carry_their_parts()
    {
        const string Text = "taylorseer(tokens=compress(score=dynamics(noise=0),reduce=prune(rows=4),recover=blend(0.2),keep=0.25))";
        Assert.Equal(Text, PolicyCatalog.Parse(Text).Name);
    }

    private static TokenView View(Tensor input) => new(new NetworkCall(1, 10, 0), s_branch, input, null);

    private Tensor Column(params float[] values) => Tensor.From(_backend, values, [1, values.Length, 1]);

    private Tensor OnACircle(params double[] degrees) => Tensor.From(
        _backend,
        [.. degrees.SelectMany(d => new[] { (float)Math.Cos(d * Math.PI / 180), (float)Math.Sin(d * Math.PI / 180) })],
        [1, degrees.Length, 2]);
}
