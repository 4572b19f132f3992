using Augur.Metrics;
using Augur.Tensors.Weights;

namespace Augur.Tests.Metrics;

/// <summary>Distances of feature sets against independent calculations; see the fixture's README.</summary>
public sealed class FeatureDistanceTests : IDisposable
{
    private readonly Checkpoint _saved = Checkpoint.Open(Fixtures.Path("metrics/features.safetensors"));

    public static TheoryData<string> Cases => ["plain", "few", "uneven", "graded", "shifted", "identical", "permuted"];

    public void Dispose() => _saved.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Frechet_distance_equals_an_independent_calculation(string name)
    {
        var (generated, reference) = Sets(name);

        // What is left of equal covariances is rounding of their traces.
        var scale = TraceOf(generated) + TraceOf(reference);
        Assert.Equal(Number(name, "frechet"), FrechetDistance.Between(generated, reference), 1e-8 * scale);
        Assert.Equal(Number(name, "frechet"), FrechetDistance.Between(reference, generated), 1e-8 * scale);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Kernel_distance_equals_an_independent_calculation(string name)
    {
        var (generated, reference) = Sets(name);
        AssertRelative(Number(name, "kernel"), KernelDistance.Between(generated, reference), 1e-8);
        var subsets = Rows(name, "subsets.generated").Zip(Rows(name, "subsets.reference")).ToArray();
        var spread = KernelDistance.OverRows(generated, reference, subsets);
        AssertRelative(_saved.Tensors[$"{name}.subsets"].ToDoubles()[0], spread.Mean, 1e-8);
        AssertRelative(_saved.Tensors[$"{name}.subsets"].ToDoubles()[1], spread.StandardDeviation, 1e-8);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Neighbour_figures_equal_an_independent_calculation(string name)
    {
        var (generated, reference) = Sets(name);
        var expected = _saved.Tensors[$"{name}.manifolds"].ToDoubles();
        var (near, far) = (new NeighbourDistances(generated, 5), new NeighbourDistances(reference, 5));
        foreach (var (k, row) in new[] { (1, 0), (3, 1), (5, 2) })
        {
            var (precision, recall) = PrecisionRecall.Between(near, far, k);
            var (density, coverage) = DensityCoverage.Between(generated, far, k);
            Assert.Equal(expected.AsSpan(4 * row, 4).ToArray(), [precision, recall, density, coverage], (a, b) => Math.Abs(a - b) < 1e-12);
            Assert.Equal(new PrecisionRecall(precision, recall), PrecisionRecall.Between(generated, reference, k));
            Assert.Equal(new DensityCoverage(density, coverage), DensityCoverage.Between(generated, reference, k));
        }
    }

    [Fact]
    public void A_set_and_its_rows_in_another_order_are_the_same_distribution()
    {
        var (set, permuted) = Sets("permuted");
        Assert.InRange(FrechetDistance.Between(set, permuted), 0, 1e-10 * TraceOf(set));
        Assert.Equal(new PrecisionRecall(1, 1), PrecisionRecall.Between(set, permuted));
        Assert.Equal(new DensityCoverage(1, 1), DensityCoverage.Between(set, permuted));
        Assert.Equal(KernelDistance.Between(set, set), KernelDistance.Between(set, permuted), 1e-10);
    }

    [Fact]
    public void Sets_without_spread_are_as_far_apart_as_their_means()
    {
        FeatureSet a = new([[1, 2, 3], [1, 2, 3]]), b = new([[1, 2, 5], [1, 2, 5], [1, 2, 5]]);
        Assert.Equal(4, FrechetDistance.Between(a, b), 12);
    }

    [Fact]
    public void Subsets_are_drawn_by_the_seed_without_repetition()
    {
        var (generated, reference) = Sets("plain");
        Assert.Equal(KernelDistance.OverSubsets(generated, reference, 7, 50, 10), KernelDistance.OverSubsets(generated, reference, 7, 50, 10));
        Assert.NotEqual(KernelDistance.OverSubsets(generated, reference, 7, 50, 10), KernelDistance.OverSubsets(generated, reference, 8, 50, 10));

        // A subset that is the whole set, in some order: were a row drawn twice, the figure would differ.
        var (few, others) = Sets("shifted");
        var whole = KernelDistance.OverSubsets(few, others, 7, few.Count, 3);
        AssertRelative(KernelDistance.Between(few, others), whole.Mean, 1e-10);
        Assert.Equal(0, whole.StandardDeviation, 1e-10);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_with_both_values()
    {
        FeatureSet two = new([[1, 2], [3, 4], [5, 6]]), three = new([[1, 2, 3], [4, 5, 6]]), one = new([[1, 2]]);
        Assert.All<Action>(
            [() => FrechetDistance.Between(two, three), () => FrechetDistance.Between(new FeatureMoments(two), new FeatureMoments(three)),
                () => KernelDistance.Between(two, three), () => PrecisionRecall.Between(two, three, 1), () => DensityCoverage.Between(two, three, 1)],
            compare => Assert.Contains("2 and 3 dimensions", Assert.Throws<ArgumentException>(compare).Message));
        Assert.All<Action>(
            [() => FrechetDistance.Between(two, one), () => KernelDistance.Between(two, one), () =>
                KernelDistance.OverSubsets(two, one, 0, 2, 1), () => PrecisionRecall.Between(two, one, 1)],
            compare => Assert.Contains("3 and 1 rows", Assert.Throws<ArgumentException>(compare).Message));
        Assert.Contains("at least 4", Assert.Throws<ArgumentException>(() => PrecisionRecall.Between(two, two)).Message);
        Assert.Contains("at least 6 rows, not 3", Assert.Throws<ArgumentException>(() => DensityCoverage.Between(two, two)).Message);
        Assert.Contains("k is 2", Assert.Throws<ArgumentException>(() => DensityCoverage.Between(two, new NeighbourDistances(two, 1), 2)).Message);
        Assert.Contains("not 1", Assert.Throws<ArgumentException>(() => new FeatureMoments(one)).Message);
    }

    [Fact]
    public void A_feature_set_has_equal_finite_rows()
    {
        Assert.Contains("at least one row", Assert.Throws<ArgumentException>(() => new FeatureSet([])).Message);
        Assert.Contains("row 1 has 1 values and row 0 has 2", Assert.Throws<ArgumentException>(() => new FeatureSet([[1, 2], [3]])).Message);
        Assert.Contains("value 1 of row 0 is NaN", Assert.Throws<ArgumentException>(() => new FeatureSet([[1, float.NaN]])).Message);
    }

    private (FeatureSet Generated, FeatureSet Reference) Sets(string name) => (Set(name, "generated"), Set(name, "reference"));

    private FeatureSet Set(string name, string side)
    {
        var stored = _saved.Tensors[$"{name}.{side}"];
        return new FeatureSet([.. stored.ToSingles().Chunk(stored.Shape[1])]);
    }

    private double Number(string name, string figure) => _saved.Tensors[$"{name}.{figure}"].ToDoubles()[0];

    private int[][] Rows(string name, string tensor)
    {
        var stored = _saved.Tensors[$"{name}.{tensor}"];
        return [.. stored.ToInt64s().Select(row => (int)row).Chunk(stored.Shape[1])];
    }

    private static double TraceOf(FeatureSet set)
    {
        var moments = new FeatureMoments(set);
        return Enumerable.Range(0, set.Dimensions).Sum(i => moments.Covariance[i * (set.Dimensions + 1)]);
    }

    private static void AssertRelative(double expected, double actual, double tolerance) =>
        Assert.Equal(expected, actual, tolerance * Math.Abs(expected));
}
