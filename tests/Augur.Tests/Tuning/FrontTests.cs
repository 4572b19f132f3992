using Augur.Tuning;

namespace Augur.Tests.Tuning;

/// <summary>NSGA-II on fronts drawn by hand.</summary>
public sealed class FrontTests
{
    [Fact]
    public void Candidates_are_sorted_into_fronts_by_who_dominates_whom()
    {
        // (1,5), (2,3), (4,1) are beaten by nobody; (2,5) and (4,3) by those alone; (5,5) by these too.
        double[][] points = [[5, 5], [1, 5], [4, 3], [2, 3], [2, 5], [4, 1]];
        Assert.Equal([2, 0, 1, 0, 1, 0], NonDominated.Ranks(points));
        Assert.True(NonDominated.Dominates([1, 5], [2, 5]));
        Assert.False(NonDominated.Dominates([1, 5], [1, 5]));
        Assert.False(NonDominated.Dominates([1, 5], [2, 3]));
    }

    [Fact]
    public void Distances_are_sums_of_shares_of_the_extent_and_infinite_at_the_ends()
    {
        // First objective: 0, 1, 3, 4; second: 8, 4, 1, 0.
        double[][] front = [[1, 4], [0, 8], [4, 0], [3, 1]];
        Assert.Equal(
            [(3.0 / 4) + (7.0 / 8), double.PositiveInfinity, double.PositiveInfinity, (3.0 / 4) + (4.0 / 8)], NonDominated.Crowding(front));
        Assert.Equal([double.PositiveInfinity, double.PositiveInfinity], NonDominated.Crowding([[1, 2], [1, 2]]));
    }

    [Fact]
    public void Survivors_are_whole_fronts_and_of_the_last_the_loneliest()
    {
        double[][] points = [[9, 9], [0, 8], [1, 4], [4, 0], [3, 1], [1.1, 3.9]];
        Assert.Equal([1, 3, 4], NonDominated.Best(points, 3).Order());
        Assert.Equal([1, 3], NonDominated.Best(points, 2).Order());
        Assert.Equal(0, NonDominated.Best(points, 6)[5]);
    }

    [Fact]
    public void A_policy_with_choices_is_written_out_gene_by_gene()
    {
        var choices = PolicyChoices.Parse("dato(depth={0|1|2 x 3},ratio={0|0.5})");
        Assert.Equal([3, 3, 3, 2], choices.Genes);
        Assert.Equal("dato(depth=0 2 1,ratio=0.5)", choices.At([0, 2, 1, 1]));
    }

    [Theory]
    [InlineData("dato", "leaves nothing to be chosen")]
    [InlineData("dato(depth={2})", "braces hold two or more values")]
    [InlineData("dato(depth={0|1 x 0})", "braces hold two or more values")]
    [InlineData("dato(depth={0|1)", "leaves nothing to be chosen")]
    public void Braces_without_a_choice_are_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => PolicyChoices.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_search_finds_the_front_of_a_problem_whose_answer_is_known()
    {
        // Cost is the sum of the genes, and quality rises with the first ones most: best is to raise genes from the first on.
        var search = Search(300);
        await search.RunAsync(null, CancellationToken.None);
        var front = search.Front();
        Assert.True(search.Tried.Count <= 300);
        Assert.Equal(front.OrderByDescending(t => t.MeanQuality), front);
        Assert.All(front, t => Assert.All(front, other => Assert.False(
            NonDominated.Dominates(FrontSearch.Objectives(other), FrontSearch.Objectives(t)))));
        Assert.Contains(front, t => t.Policy == "p(1 1 1 0 0 0)");
        Assert.Contains(front, t => t.Policy == "p(1 0 0 0 0 0)");
    }

    [Fact]
    public async Task A_search_that_was_stopped_goes_on_as_if_it_had_not_been()
    {
        var whole = Search(60);
        await whole.RunAsync(null, CancellationToken.None);
        var first = Search(25);
        await first.RunAsync(null, CancellationToken.None);
        var measured = 0;
        var second = Search(60);
        second.Know(first.Tried);
        await second.RunAsync(_ => measured++, CancellationToken.None);
        Assert.Equal(25, first.Tried.Count);
        Assert.Equal(whole.Tried.Keys.Order(StringComparer.Ordinal), second.Tried.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(whole.Tried.Count - 25, measured);
    }

    [Fact]
    public void Children_have_genes_of_both_parents()
    {
        const int Genes = 40;
        int[][] parents = [.. Enumerable.Range(0, 20).Select(i => Enumerable.Repeat(i % 2, Genes).ToArray())];
        double[][] points = [.. Enumerable.Range(0, parents.Length).Select(i => (double[])[i, -i])]; // one front
        var children = new Evolution([.. Enumerable.Repeat(2, Genes)], seed: 1).Children(parents, points);
        Assert.Equal(parents.Length, children.Length);
        Assert.Contains(children, child => child.Sum() is > Genes / 4 and < Genes * 3 / 4); // mutation changes about one gene
    }

    [Fact]
    public void Children_are_mostly_of_the_better_parents()
    {
        const int Genes = 10;
        int[][] parents = [.. Enumerable.Range(0, 40).Select(i => Enumerable.Repeat(i % 2, Genes).ToArray())];
        double[][] points = [.. parents.Select(genes => (double[])[genes[0], genes[0]])]; // those of zeros dominate
        var children = new Evolution([.. Enumerable.Repeat(2, Genes)], seed: 1).Children(parents, points);
        Assert.InRange(children.Sum(child => child.Sum()) / (double)(children.Length * Genes), 0, 0.45); // a quarter, and mutations
    }

    [Fact]
    public void Too_many_members_lose_those_that_stand_closest_to_others()
    {
        var search = new FrontSearch(PolicyChoices.Parse("p({0|1})"), new() { Members = 3 }, (_, _) => throw new InvalidOperationException());
        search.Know(new Dictionary<string, Trial>
        {
            ["a"] = new("a", 1, [50]),
            ["b"] = new("b", 2, [40]),
            ["c"] = new("c", 2.1, [39.5]),
            ["d"] = new("d", 10, [20]),
        });
        Assert.Equal(["a", "c", "d"], search.Front().Select(t => t.Policy).Order(StringComparer.Ordinal));
    }

    private static FrontSearch Search(int trials) => new(
        PolicyChoices.Parse("p({0|1 x 6})"), new() { Trials = trials, Population = 12, Members = 20, Seed = 1 }, (policy, _) =>
        {
            int[] genes = [.. policy.Where(char.IsDigit).Select(c => c - '0')];
            var quality = genes.Select((gene, i) => gene * (8.0 - i)).Sum();
            return Task.FromResult(new Trial(policy, 10.0 / (1 + genes.Sum()), [20 + quality]));
        });
}
