using Augur.Caching;
using Augur.Catalogs;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/dbcache.md and fbcache.md on scripted features.</summary>
public sealed class DBCacheTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void The_front_is_compared_with_the_last_computed_call()
    {
        float[] front = [1, 1.05f, 1.1f, 1.15f, 1.17f, 1.3f];
        var outcomes = new List<CallOutcome>();
        Assert.Equal("FrFrrF", GateScript.Play("fbcache", 6, i => new(Front: front[i]), _backend, outcomes));
        double[] expected = [0.05, 0.1, 0.05 / 1.1, 0.07 / 1.1, 0.2 / 1.1];
        Assert.Equal(expected, outcomes.Skip(1).Select(o => Math.Round(o.Error!.Value, 6)).ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void What_is_compared_is_the_change_and_not_the_stream() =>
        Assert.Equal("Frrr", GateScript.Play("fbcache", 4, i => new(Input: 100 * i, Front: (100 * i) + 1), _backend));

    [Fact]
    public void The_change_of_the_middle_is_added_to_what_the_front_gives_now()
    {
        var supplied = new List<float>();
        GateScript.Play("fbcache", 3, i => new(Input: i, Front: i + 1, Output: i + 8), _backend, supplied: supplied);
        Assert.Equal([9, 10], supplied); // 2 + 7, 3 + 7
    }

    [Fact]
    public void The_change_may_be_extrapolated()
    {
        var supplied = new List<float>();
        Assert.Equal("FFrr",
            GateScript.Play("fbcache(warmup=2,draft=taylor(order=1))", 4, i => new(Front: 1, Output: 1 + (2 * i)), _backend, supplied: supplied));
        Assert.Equal([5, 7], supplied);
    }

    [Theory]
    [InlineData("dbcache(front=1)", "FFFFFFFFrrrr")]
    [InlineData("dbcache(front=2,back=1,warmup=2)", "FFrrrrrrrrrr")]
    [InlineData("dbcache(front=1,warmup=1,max_consecutive=1)", "FrFrFrFrFrFr")]
    [InlineData("dbcache(front=1,warmup=1,max_consecutive=4)", "FrrrrFrrrrFr")]
    [InlineData("dbcache(front=1,warmup=1,max_cached=2)", "FrrFFFFFFFFF")]
    [InlineData("dbcache(front=1,warmup=1,max_consecutive=2,max_cached=3)", "FrrFrFFFFFFF")]
    [InlineData("dbcache(front=1,warmup=1,threshold=0)", "FFFFFFFFFFFF")]
    public void Warm_up_and_limits(string policy, string expected) => Assert.Equal(expected, GateScript.Play(policy, 12, _ => new(), _backend));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void What_cannot_be_compared_is_computed_and_so_is_what_would_be_compared_with_it(float value) =>
        Assert.Equal("FrFFrr", GateScript.Play("fbcache(threshold=1000)", 6, i => new(Front: i == 2 ? value : 1), _backend));

    [Fact]
    public void Front_and_back_leave_a_block_between_them()
    {
        var error = Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse("dbcache(front=3,back=1)").Open(CacheScript.Run(5)));
        Assert.Equal("Policy dbcache: front=3 and back=1 leave none of this network's 4 blocks to reuse.", error.Message);
    }
}
