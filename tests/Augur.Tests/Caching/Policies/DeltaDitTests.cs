using Augur.Caching;
using Augur.Catalogs;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/delta-dit.md: which span is reused when, and what is supplied.</summary>
public sealed class DeltaDitTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData("delta-dit", "FbbFbbFffFff")]
    [InlineData("delta-dit(switch=0)", "FffFffFffFff")]
    [InlineData("delta-dit(switch=1)", "FbbFbbFbbFbb")]
    [InlineData("delta-dit(interval=4,switch=0.25)", "FbbfFfffFfff")]
    [InlineData("delta-dit(interval=1)", "FFFFFFFFFFFF")]
    public void The_back_is_reused_early_and_the_front_late(string policy, string expected)
    {
        using var cache = PolicyCatalog.Parse(policy).Open(CacheScript.Run(12, depth: 28));
        Assert.Equal(expected, string.Concat(Enumerable.Range(0, 12).Select(i =>
        {
            var plan = cache.Begin(new NetworkCall(i, 12, 0));
            using var scope = TensorScope.Begin();
            foreach (var site in new[] { Site.Span(0, 13), Site.Span(15, 13) })
            {
                var stream = Tensor.Full(_backend, [1, 2, 4], i);
                cache.Ask(site).Observe?.Invoke(stream, stream);
            }

            var letter = (cache.Ask(Site.Span(0, 13)).Kind(), cache.Ask(Site.Span(13, 2)).Kind(), cache.Ask(Site.Span(15, 13)).Kind()) switch
            {
                (Says.ComputeAndObserve, Says.Compute, Says.ComputeAndObserve) => 'F',
                (Says.Supply, Says.Compute, Says.Compute) => 'f',
                (Says.Compute, Says.Compute, Says.Supply) => 'b',
                _ => '?',
            };
            Assert.Equal([13, 15], plan.Cuts);
            Assert.Equal((letter != 'F', letter == 'F' ? CallKind.Computed : CallKind.Partial), (plan.IsDraft, cache.End().Kind));
            return letter;
        })));
    }

    [Fact]
    public void The_change_of_the_span_at_the_last_computed_call_is_added_to_its_input_now()
    {
        using var scope = TensorScope.Begin();
        using var cache = PolicyCatalog.Parse("delta-dit(span=0.25,switch=0.5)").Open(CacheScript.Run(4));
        var (front, back) = (Site.Span(0, 1), Site.Span(3, 1));
        cache.Begin(new NetworkCall(0, 4, 0));
        cache.Observe(front, Full(1), Full(3));
        cache.Observe(back, Full(3), Full(8));
        cache.End();
        Assert.Equal(15, Supplied(1, back, 10)); // + 5
        Assert.Equal(12, Supplied(2, front, 10)); // + 2

        float Supplied(int call, Site site, float input)
        {
            cache.Begin(new NetworkCall(call, 4, 0));
            var formed = Full(0);
            cache.Supply(site).At(Full(input)).WriteTo(formed);
            cache.End();
            return formed.ToArray()[0];
        }

        Tensor Full(float value) => Tensor.Full(_backend, [1, 2, 4], value);
    }
}
