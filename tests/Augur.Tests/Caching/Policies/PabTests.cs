using Augur.Caching;
using Augur.Catalogs;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/pab.md: which branches are repeated when.</summary>
public sealed class PabTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    // Ten calls at timesteps 900, 800, … 0: calls 2 to 7 lie inside (100, 800). A branch: F computed, r repeated.
    [Theory]
    [InlineData("pab", "FFFrFrFrFF", "FFFFFFFFFF")]
    [InlineData("pab(range=3)", "FFrFrrFrFF", "FFFFFFFFFF")] // counted from the run's beginning: call 2 repeats call 1
    [InlineData("pab(range=1)", "FFFFFFFFFF", "FFFFFFFFFF")]
    [InlineData("pab(range=2,mlp_range=6)", "FFFrFrFrFF", "FFrrrrFrFF")]
    [InlineData("pab(range=1,mlp_range=2,from=350,to=650)", "FFFFFFFFFF", "FFFrFrFFFF")]
    [InlineData("pab(range=2,from=0,to=1e6)", "FrFrFrFrFF", "FFFFFFFFFF")] // timestep 0 is not inside
    public void Branches_are_repeated_inside_the_window(string policy, string attention, string mlp)
    {
        var (first, second) = Play(policy, layer: 0);
        Assert.Equal((attention, mlp), (first, second));
    }

    [Fact]
    public void Feed_forward_branches_behind_the_given_blocks_are_computed()
    {
        Assert.Equal("FFFrFrFrFF", Play("pab(mlp_range=2,mlp_blocks=2)", layer: 1).Mlp);
        Assert.Equal("FFFFFFFFFF", Play("pab(mlp_range=2,mlp_blocks=2)", layer: 2).Mlp);
    }

    private (string Attention, string Mlp) Play(string policy, int layer)
    {
        using var scope = TensorScope.Begin();
        using var cache = PolicyCatalog.Parse(policy).Open(CacheScript.Run(10));
        var letters = Enumerable.Range(0, 10).Select(i =>
        {
            cache.Begin(new NetworkCall(i, 10, 900 - (100 * i)));
            var answers = (Letter(Site.Attention(layer), i), Letter(Site.Mlp(layer), i));
            Assert.Equal(answers == ('F', 'F'), cache.End().Kind == CallKind.Computed);
            return answers;
        }).ToArray();
        return (string.Concat(letters.Select(l => l.Item1)), string.Concat(letters.Select(l => l.Item2)));

        char Letter(Site site, int call)
        {
            var answer = cache.Ask(site).Kind();
            if (answer == Says.ComputeAndObserve)
            {
                cache.Observe(site, Full(0), Full(call));
            }
            else if (answer == Says.Supply)
            {
                var formed = Full(-1);
                cache.Supply(site).WriteTo(formed);
                Assert.InRange(formed.ToArray()[0], 0, call - 1);
            }

            return answer == Says.Supply ? 'r' : 'F';
        }

        Tensor Full(float value) => Tensor.Full(_backend, [1, 2, 4], value);
    }
}
