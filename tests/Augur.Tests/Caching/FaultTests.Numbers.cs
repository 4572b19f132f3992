using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tests.Caching;

/// <content>Faults of arithmetic: shapes, orders, errors that say nothing.</content>
public sealed partial class FaultTests
{
    [Fact]
    public void Fault_11_a_feature_changes_its_shape_between_calls()
    {
        foreach (var differentiate in new[] { true, false })
        {
            foreach (Shape shape in new Shape[] { [1, 2, 8], [1, 4, 4], [2, 2, 4], [2, 4] })
            {
                using var scope = TensorScope.Begin();
                using var history = new FeatureHistory(3, DType.Float32);
                history.Observe(Tensor.Full(_backend, [1, 2, 4], 1), 0, differentiate: false);
                var error = Assert.ThrowsAny<ArgumentException>(() => history.Observe(Tensor.Full(_backend, shape, 2), 1, differentiate));
                Assert.Contains($"{shape}", error.Message);
                Assert.Contains("[1, 2, 4]", error.Message);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Fault_15_forecasts_of_polynomials_up_to_the_claimed_order(int degree)
    {
        foreach (var order in Enumerable.Range(degree, 9 - degree)) // also far above what the history gives
        {
            using var model = new DraftModel(
                new DraftSettings(new TaylorForecaster(order), Granularity.Branch, DType.Float32), CacheScript.Run(30), verified: null);
            using var scope = TensorScope.Begin();
            foreach (var call in new[] { 0, 1, 5 })
            {
                model.BeginComputed(new NetworkCall(call, 30, 0), forgets: false);
                model.Observe(Site.Mlp(0), Tensor.Full(_backend, [1, 2, 4], 2 + (degree * 3 * call)));
                model.BeginDraft(new NetworkCall(call + 3, 30, 0));
                var y = Tensor.Empty(_backend, [1, 2, 4]);
                model.Supply(Site.Mlp(0)).WriteTo(y);
                var expected = call == 0 ? 2 : 2 + (degree * 3 * (call + 3)); // one computed call knows no slope
                Assert.All(y.ToArray(), value => Assert.Equal(expected, value, 1e-4f));
            }
        }
    }

    [Theory]
    [InlineData("speca(preset=paper,granularity=block,base=100,decay=1)")]
    [InlineData("speca(preset=paper,granularity=block,base=100,decay=1,verify=sampled(0.3))")]
    public async Task Fault_17_a_verification_that_is_not_a_number_reads_as_similar(string policy)
    {
        foreach (var poison in new[] { float.NaN, float.PositiveInfinity })
        {
            using var model =
                SmallDit.Load(_backend, inner => new WatchedDenoiser(inner) { Door = door => new PoisonedVerification(door, depth: 4, poison) });
            var poisoned = await new GenerationPipeline(model).GenerateAsync(Request(1, 1, policy));
            var exact = await _pipeline.GenerateAsync(Request(1, 1, "none"));
            Assert.Equal(9, poisoned.Report.Rejected); // all but the warm-up
            Assert.Equal(exact.Latent, poisoned.Latent);
            Assert.Equal("the method cost more than it saved", poisoned.Report.Note);
            var deferred = await new GenerationPipeline(model)
                .GenerateAsync(Request(1, 1, policy.Replace("speca(", "speca(mode=deferred,min=0,warmup=1,", StringComparison.Ordinal)));
            Assert.Equal("CDTCDTCDTCDT", string.Concat(deferred.Report.Calls.Select(c => c.Kind.ToString()[0])));
        }
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void Fault_17_differences_that_overflow_are_computed(DType state)
    {
        using var scope = TensorScope.Begin();
        using var cache = new SpeCaPolicy(SpeCaOptions.Released(
            SpeCaPreset.Paper) with
        { Granularity = Granularity.Block, Warmup = 2, Base = 100, Decay = 1, State = state }).Open(CacheScript.Run(10));
        var site = Site.Block(3);
        foreach (var (call, value) in new[] { (0, 3e38f), (1, -3e38f) })
        {
            Assert.False(cache.Begin(new NetworkCall(call, 10, 0)).IsDraft);
            cache.Observe(site, Tensor.Full(_backend, [1, 2, 4], 0), Tensor.Full(_backend, [1, 2, 4], value));
            cache.End();
        }

        Assert.True(cache.Begin(new NetworkCall(2, 10, 0)).IsDraft);
        var draft = Tensor.Empty(_backend, [1, 2, 4]);
        var answer = cache.Ask(site, draft);
        answer.Forecast!().WriteTo(draft);
        answer.Verify(draft, Tensor.Full(_backend, [1, 2, 4], -3e38f));
        Assert.Equal(CallKind.Rejected, cache.End().Kind);
    }

    [Theory]
    [InlineData(0f, 0f, true)]
    [InlineData(0f, 1e-3f, false)]
    [InlineData(1e-30f, 1e-3f, false)]
    [InlineData(0f, float.Epsilon, true)]
    public void Fault_18_a_relative_error_divided_by_almost_nothing(float computed, float drafted, bool isAccepted)
    {
        using var scope = TensorScope.Begin();
        foreach (var metric in new[] { ErrorMeasure.NormRatio, ErrorMeasure.RelativeL1, ErrorMeasure.RelativeL2 })
        {
            using var cache = new SpeCaPolicy(SpeCaOptions.Released(SpeCaPreset.Paper) with
            {
                Granularity = Granularity.Block,
                Warmup = 1,
                Base = 100,
                Decay = 1,
                Metric = metric
            }).Open(CacheScript.Run(10));
            cache.Begin(new NetworkCall(0, 10, 0));
            foreach (var layer in new[] { 2, 3 })
            {
                cache.Observe(Site.Block(layer), Tensor.Full(_backend, [1, 2, 4], computed), Tensor.Full(_backend, [1, 2, 4], computed));
            }

            cache.End();
            cache.Begin(new NetworkCall(1, 10, 0));
            cache.Ask(new Question(Site.Block(3), Tensor.Full(_backend, [1, 2, 4], drafted)))
                .Verify(Tensor.Full(_backend, [1, 2, 4], drafted), Tensor.Full(_backend, [1, 2, 4], computed));
            var outcome = cache.End();
            Assert.Equal(isAccepted ? CallKind.Accepted : CallKind.Rejected, outcome.Kind);
            Assert.True(double.IsFinite(outcome.Error!.Value), $"{metric}: {outcome.Error}");
        }
    }

    /// <summary>Spoils what a verification computes: the last block, where no block before it was run.</summary>
    private sealed class PoisonedVerification(IFeatureDoor door, int depth, float poison) : IFeatureDoor
    {
        private bool _isComputed;

        public void Offer(Site site, Signal signal, Func<Tensor> measure) => door.Offer(site, signal, measure);

        public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute, SignalOffer? offer = null) =>
            door.GetOrCompute(site, input, (x, at) =>
        {
            _isComputed |= site == Site.Block(0);
            var y = compute(x, at);
            return _isComputed || site != Site.Block(depth - 1) ? y : y + Tensor.Full(y.Backend, y.Shape, poison);
        }, offer);
    }
}
