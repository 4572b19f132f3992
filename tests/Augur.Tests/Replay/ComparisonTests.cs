using Augur.Replay;

namespace Augur.Tests.Replay;

/// <summary>What a replay says of its differences.</summary>
public sealed class ComparisonTests
{
    [Fact]
    public void A_decision_that_differs_is_told_before_a_tensor_that_differed_earlier()
    {
        var compare = new Comparison(1e-4);
        compare.Tensor("latent", [1, 2], [1, 3]);
        compare.Exact("decisions", [1, 0, 0], [1, 0, 1]);
        Assert.Equal("decisions[2]: 0 instead of 1", compare.Finish("run", ["latent", "decisions"]).Detail);
    }

    [Fact]
    public void A_tensor_that_differs_is_told_where_all_decisions_are_the_same()
    {
        var compare = new Comparison(1e-4);
        compare.Exact("decisions", [1, 0], [1, 0]);
        compare.Tensor("latent", [1, 2], [1, 4]);
        Assert.Equal("latent differs by 0.5 of its scale 4", compare.Finish("run", ["latent", "decisions"]).Detail);
    }
}
