using Augur.Caching;
using Augur.Catalogs;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/cg-taylor.md on scripted features.</summary>
public sealed class CgTaylorTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void While_the_first_block_is_forecast_well_the_last_one_is_forecast()
    {
        var supplied = new List<float>();
        // the last call is always computed
        Assert.Equal("FFFrrrrF", GateScript.Play("cg-taylor", 8, i => new(Front: 1 + i, Output: 10 * i), _backend, supplied: supplied));
        Assert.Equal([30, 40, 50, 60], supplied); // the output itself, not a change of the input
    }

    [Fact]
    public void A_first_block_that_jumps_computes_the_call_and_teaches_both_histories()
    {
        var outcomes = new List<CallOutcome>();
        var supplied = new List<float>();
        float[] front = [1, 2, 3, 4, 9, 12, 15, 18];
        var calls = GateScript.Play("cg-taylor(gate=taylor(order=1))", 8, i => new(Front: front[i], Output: i * i), _backend, outcomes, supplied);
        Assert.Equal("FFFrFrrF", calls);
        Assert.Equal(4.0 / 9, outcomes[4].Error!.Value, 1e-6); // forecast 5, found 9
        Assert.Equal(0.008, outcomes[4].Threshold);
        Assert.Equal([7, 22, 28], supplied); // 4 + 3; then 16 and the slope (16 − 4) / 2 from the computed calls alone
    }

    [Theory]
    [InlineData("cg-taylor(threshold=0)", "FFFFFFFF")]
    [InlineData("cg-taylor(warmup=1)", "FrrrrrrF")]
    [InlineData("cg-taylor(warmup=5)", "FFFFFrrF")]
    public void The_warm_up_and_a_threshold_of_nothing(string policy, string expected) =>
        Assert.Equal(expected, GateScript.Play(policy, 8, _ => new(), _backend));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_first_block_that_is_not_finite_computes_the_call(float value) =>
        Assert.Equal("FFFrF", GateScript.Play("cg-taylor(threshold=1000)", 9, i => new(Front: i == 4 ? value : 1), _backend)[..5]);

    [Fact]
    public void A_network_of_one_block_has_nothing_behind_the_gate()
    {
        var error = Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse("cg-taylor").Open(CacheScript.Run(5, depth: 1)));
        Assert.Equal("Policy cg-taylor: front=1 and back=0 leave none of this network's 1 blocks to reuse.", error.Message);
    }
}
