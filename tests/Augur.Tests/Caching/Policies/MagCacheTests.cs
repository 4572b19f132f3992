using Augur.Caching;
using Augur.Catalogs;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/magcache.md: the schedule follows from the ratios alone.</summary>
public sealed class MagCacheTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData("magcache(ratios=1 1 1.02 1.02 1.02 1.02 0.9 1 1 1)", "FFrFrFFrrr")] // 1.02² is off by 0.02 + 0.0404
    [InlineData("magcache(ratios=1)", "FFrrrFrrrF")]
    [InlineData("magcache(ratios=1,max_consecutive=1)", "FFrFrFrFrF")]
    [InlineData("magcache(ratios=1,max_consecutive=0)", "FFFFFFFFFF")]
    [InlineData("magcache(ratios=1,retention=0)", "FrrrFrrrFr")]
    [InlineData("magcache(ratios=1,retention=0.25)", "FFFrrrFrrr")] // 2.5 calls, half up
    [InlineData("magcache(ratios=1,retention=1)", "FFFFFFFFFF")]
    [InlineData("magcache(ratios=0.5,threshold=0)", "FFFFFFFFFF")]
    public void Errors_of_the_magnitude_add_up_until_the_threshold(string policy, string expected) =>
        Assert.Equal(expected, GateScript.Play(policy, 10, _ => new(), _backend));

    [Fact]
    public void Ratios_of_another_number_of_calls_are_read_at_the_nearest_one() =>
        // calls 0 to 4 read 0, 0, 1, 2, 2
        Assert.Equal("FrFrr", GateScript.Play("magcache(ratios=1 2 1,retention=0,max_consecutive=9)", 5, _ => new(), _backend));

    [Fact]
    public void A_reused_call_is_known_before_it_begins()
    {
        using var cache = PolicyCatalog.Parse("magcache(ratios=1,retention=0)").Open(CacheScript.Run(4));
        Assert.False(cache.Begin(new NetworkCall(0, 4, 0)).IsDraft);
        cache.End();
        Assert.True(cache.Begin(new NetworkCall(1, 4, 0)).IsDraft);
    }

    [Fact]
    public void Without_ratios_it_says_where_they_come_from()
    {
        var error = Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse("magcache").Open(CacheScript.Run(4)));
        Assert.Contains("augur fit magcache measures them", error.Message);
    }
}
