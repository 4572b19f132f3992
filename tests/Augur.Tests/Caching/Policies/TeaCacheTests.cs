using Augur.Caching;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/teacache.md on scripted signals.</summary>
public sealed class TeaCacheTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    // The signal grows by a tenth from call to call.
    [Theory]
    [InlineData("teacache(threshold=0.25)", "FrrFrrFrrF")]
    [InlineData("teacache(threshold=0.25,coefficients=2 0)", "FrFrFrFrFF")]
    [InlineData("teacache(threshold=0.25,coefficients=1 0 0.05)", "FrrrrFrrrF")] // 0.01 + 0.05 a call
    [InlineData("teacache(threshold=0.25,coefficients=0.12)", "FrrFrrFrrF")]
    [InlineData("teacache(threshold=0.25,warmup=4)", "FFFFrrFrrF")]
    [InlineData("teacache(threshold=1000)", "FrrrrrrrrF")]
    [InlineData("teacache(threshold=0)", "FFFFFFFFFF")]
    public void Changes_add_up_until_the_threshold(string policy, string expected) =>
        Assert.Equal(expected, GateScript.Play(policy, 10, i => new(Signal: MathF.Pow(1.1f, i)), _backend));

    [Fact]
    public void Changes_are_from_call_to_call_also_where_the_input_returns()
    {
        var outcomes = new List<CallOutcome>();
        Assert.Equal("FrrFrF", GateScript.Play("teacache(threshold=0.25)", 6, i => new(Signal: i % 2 == 0 ? 1 : 1.1f), _backend, outcomes));
        Assert.Equal(
            [0.1, 0.1 + (0.1 / 1.1), 0.2 + (0.1 / 1.1), 0.1 / 1.1], outcomes[1..5].Select(o => o.Error!.Value), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(CallKind.Drafted, outcomes[1].Kind);
        Assert.Null(outcomes[0].Error);
    }

    [Fact]
    public void The_change_of_all_blocks_is_added_to_the_stream_of_now()
    {
        var supplied = new List<float>();
        GateScript.Play("teacache", 4, i => new(Input: i, Output: i + 7), _backend, supplied: supplied);
        Assert.Equal([8, 9], supplied);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_signal_that_is_not_finite_computes_its_call_and_the_next(float value) =>
        Assert.Equal("FrFFrF", GateScript.Play("teacache(threshold=1000)", 6, i => new(Signal: i == 2 ? value : 1), _backend));
}
