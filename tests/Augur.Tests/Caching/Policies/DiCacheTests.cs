using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/dicache.md on scripted features.</summary>
public sealed class DiCacheTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    // The probe is 1 + call / 10: relative changes 1/12, 1/13, 1/14 from call 3 on.
    [Theory]
    [InlineData("dicache(threshold=0.2)", "FFFrrFrrrF")]
    // 1/10 + 1/11 is 0.19; then 1/13 + 1/14, 1/16 + 1/17 and a third are too much at call 6
    [InlineData("dicache(threshold=0.2,retention=0)", "FrrFrrFrrF")]
    [InlineData("dicache(threshold=0)", "FFFFFFFFFF")]
    public void Changes_of_the_probe_add_up_until_the_threshold(string policy, string expected) =>
        Assert.Equal(expected, GateScript.Play(policy, 10, i => new(Front: 1 + (i / 10f)), _backend));

    [Fact]
    public void A_probe_that_changes_as_its_input_does_says_nothing_new()
    {
        Shown Same(int i) => new(Input: 1 + i, Front: 2 * (1 + i));
        Assert.Equal("FrrrrrrrrF", GateScript.Play("dicache(indicator=difference,threshold=0.08,retention=0)", 10, Same, _backend));
        Assert.Equal("FFFFFFFFFF", GateScript.Play("dicache(indicator=probe,threshold=0.08,retention=0)", 10, Same, _backend));
    }

    [Theory]
    [InlineData(1.15f, 5)] // between the probes 1.1 and 1.2 of the computed calls: at least the newest
    [InlineData(1.22f, 5.6f)] // 1.2 times the way
    [InlineData(1.4f, 6.5f)] // at most 1.5 times
    public void The_changes_of_two_computed_calls_are_combined_as_the_probe_stands_to_theirs(float probe, float expected)
    {
        var supplied = new List<float>();
        float[] front = [1, 1.1f, 1.2f, probe];
        GateScript.Play(
            "dicache(threshold=1000,retention=0.5)", 5, i => new(Front: front[Math.Min(i, 3)], Output: i == 1 ? 2 : 5), _backend, supplied: supplied);
        Assert.Equal(expected, supplied[0], 1e-3f);
    }

    [Fact]
    public void With_one_computed_call_its_change_is_reused()
    {
        var supplied = new List<float>();
        Assert.Equal("FrrrF",
            GateScript.Play("dicache(threshold=1000,retention=0)", 5, i => new(Input: i, Front: i + 1, Output: i + 7), _backend, supplied: supplied));
        Assert.Equal([8, 9, 10], supplied);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_probe_that_is_not_finite_computes_its_call(float value) =>
        Assert.StartsWith("FFFrFF", GateScript.Play("dicache(threshold=1000)", 10, i => new(Front: i == 4 ? value : 1 + (i / 10f)), _backend));
}
