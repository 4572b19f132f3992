using Augur.Caching;
using Augur.Catalogs;
using Augur.Models.Dit;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>Where neither the latent nor the timestep changes between calls, a method that reuses returns what the network would.</summary>
public sealed class StaticInputTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DitModel _model;

    public StaticInputTests() => _model = ModelSource.Find(Fixtures.Path("models/tiny-dit")).LoadDenoiser(_backend);

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData("cg-taylor", 8)]
    [InlineData("cg-taylor(gate=reuse,draft=taylor(order=3),warmup=1,state=bfloat16)", 10, 0.01)]
    [InlineData("fbcache", 11)]
    [InlineData("dbcache(front=2,back=1,warmup=3,draft=taylor(order=2))", 9)]
    [InlineData("teacache", 10)]
    [InlineData("seacache", 10)]
    [InlineData("magcache(ratios=1,retention=0)", 9)]
    [InlineData("sencache(times=500,by_latent=1,by_time=1,max_consecutive=20,retention=0.1)", 10)]
    [InlineData("xslim", 11)]
    [InlineData("easycache(warmup=2)", 0)] // without a change of the input no rate can be measured: all is computed
    [InlineData("dicache", 8)]
    [InlineData("delta-dit", 8)]
    [InlineData("delta-dit(draft=taylor(order=1),interval=4)", 9)]
    [InlineData("pab(mlp_range=3)", 10)]
    public void A_method_returns_the_full_result_where_nothing_changes(string policy, int reused, double tolerance = 1e-5)
    {
        const int Calls = 12;
        using var scope = TensorScope.Begin();
        using var cache = PolicyCatalog.Parse(policy).Open(CacheScript.Run(Calls) with { Map = CacheScript.Map(4, [16, 64], [16, 32], [4, 4]) });
        float[] latent = [.. Enumerable.Range(0, 256).Select(i => MathF.Sin(i * 0.7f))];
        float[] exact = _model.Predict(Tensor.From(_backend, latent, [1, 4, 8, 8]), [500f], [3], ComputeEverything.Instance).ToArray();
        var kinds = new List<CallKind>();
        for (var call = 0; call < Calls; call++)
        {
            var plan = cache.Begin(new NetworkCall(call, Calls, 500, NoiseToSignal: 2));
            var door = _model.Door(cache, 1);
            var input = NetworkInput.OfClasses(_model, Tensor.From(_backend, latent, [1, 4, 8, 8]), [500f], [3]);
            var output = _model.Predict(input with { Parts = input.Map.PartsBetween(plan.Cuts) }, door).ToArray();
            kinds.Add(cache.End().Kind);
            Assert.All(output.Zip(exact), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, tolerance * exact.Max(MathF.Abs)));
        }

        Assert.Equal(reused, kinds.Count(k => k != CallKind.Computed));
    }
}
