using Augur.Caching;
using Augur.Caching.Schedules;
using Augur.Caching.Tokens;
using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests.Caching;

/// <summary>Which tokens are pruned or merged, by hand on a few.</summary>
public sealed class TokenPruningTests : IDisposable
{
    private readonly ReferenceBackend _backend = new();

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void A_window_has_the_first_of_its_largest_scores_and_a_border_that_fills_none_has_no_base()
    {
        var windows = new TokenWindows(3, 5, 2, 2);
        Assert.Equal((2, 4), (windows.Count, windows.Size));
        float[] scores = [0, 1, 2, 2, 9, 1, 0, 2, 0, 9, 9, 9, 9, 9, 9];
        Assert.Equal([1, 2], windows.Largest(scores));
        Assert.Equal([6, 8], windows.At([3, 3]));
    }

    [Fact]
    public void What_resembles_a_base_most_is_pruned_and_takes_the_output_of_what_resembles_it_most()
    {
        using var scope = TensorScope.Begin();

        // On a circle: 0 and 90 degrees are bases; 10 is pruned first, then 75, whose nearest of the retained is 65 and not its base.
        var pruning = TokenPruning.Of(OnACircle(0, 10, 65, 75, 90), [[0, 4]], 2, roundsNorms: false);
        Assert.Equal([1, 3], pruning.Pruned[0]);
        Assert.Equal([0, 2], pruning.RecoverTo[0]);
        Assert.Equal([0, 2, 4], pruning.Retained.Indices.ToArray());
        Assert.Equal([0, 0, 1, 1, 2], pruning.Sources.Indices.ToArray());
    }

    [Fact]
    public void As_many_tokens_as_are_no_base_can_be_pruned_and_none_at_all()
    {
        using var scope = TensorScope.Begin();
        Assert.Equal([0, 4], TokenPruning.Of(OnACircle(0, 10, 65, 75, 90), [[0, 4]], 9, roundsNorms: true).Retained.Indices.ToArray());
        var none = TokenPruning.Of(OnACircle(0, 10, 65, 75, 90), [[0, 4]], 0, roundsNorms: false);
        Assert.Equal([0, 1, 2, 3, 4], none.Retained.Indices.ToArray());
        Assert.Empty(none.Pruned[0]);
    }

    [Fact]
    public void Merged_tokens_share_a_group_with_their_destination_and_the_others_have_their_own()
    {
        using var scope = TensorScope.Begin();
        var merging = TokenMerging.Of(OnACircle(0, 10, 50, 70, 90), [[0, 4]], 2);
        Assert.Equal([1, 3], merging.Merged[0]);
        Assert.Equal([0, 4], merging.Into[0]);
        Assert.Equal(3, merging.Groups!.Count);
        Assert.Equal([1, 1, 0, 2, 2], merging.Groups.Labels.Indices.ToArray());
    }

    [Theory]
    [InlineData(50, "centred(interval=5,center=15,power=1.4)", 10)]
    [InlineData(50, "centred(interval=10,center=15,power=1.2)", 5)]
    [InlineData(20, "centred(interval=4,center=6,power=1.3)", 5)]
    [InlineData(7, "centred(interval=1)", 7)]
    public void A_centred_schedule_computes_one_call_in_so_many_and_the_first(int calls, string text, int computed)
    {
        var plan = CallSchedules.Parse(text).Plan(calls);
        Assert.Equal((calls, computed, true), (plan.Length, plan.Count(isFull => isFull), plan[0]));
    }

    [Fact]
    public void Draws_of_a_seed_repeat_and_those_of_another_place_differ()
    {
        var (draws, here) = (new SeededPruning(7), new PruningDraw(3, Site.Attention(2), 0));
        Assert.Equal(draws.Noise(here, 2, 500), new SeededPruning(7).Noise(here, 2, 500));
        Assert.NotEqual(draws.Noise(here, 2, 500), draws.Noise(here with { CallIndex = 4 }, 2, 500));
        Assert.InRange(draws.Noise(here, 2, 5000).Average(), -0.05, 0.05);
        Assert.InRange(draws.Noise(here, 2, 5000).Average(v => v * v), 0.95, 1.05);
        Assert.All(draws.Places(here, 100, 4), place => Assert.InRange(place, 0, 3));
    }

    private Tensor OnACircle(params double[] degrees) => Tensor.From(
        _backend,
        [.. degrees.SelectMany((d, i) => new[] { (float)((i + 1) * Math.Cos(d * Math.PI / 180)), (float)((i + 1) * Math.Sin(d * Math.PI / 180)) })],
        [1, degrees.Length, 2]);
}
