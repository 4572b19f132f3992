using Augur.Caching;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tests.Models;
using Augur.Tests.TextNetworks;

namespace Augur.Tests.Networks;

/// <summary>What a call does not pay for whose output is forecast.</summary>
public sealed class ForecastOutputTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public static TheoryData<string> Networks => [.. HalfActivationTests.Each.Keys];

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_network_whose_output_is_forecast_embeds_nothing(string name)
    {
        using var model = HalfActivationTests.Each[name].Load(_backend);
        using var scope = TensorScope.Begin();
        var network = model.Denoiser;
        EncodedCondition[] rows = [.. network.Encode([.. network.Guide(HalfActivationTests.Each[name].Condition(3), new Guidance(3)).Conditions])];
        var latents = TextNetwork.Latents(network, rows.Length);
        var map = network.Describe(network.LatentShape, rows);
        var input = new NetworkInput(map, latents, [.. rows.Select(_ => 500f)], rows) { Guidance = [.. rows.Select(_ => (float?)3)] };
        var shown = new List<string>();
        var door = new SuppliedOutput(Tensor.Zeros(_backend, [rows.Length, map.Output[0], map.Output[1]]), shown);
        network.Predict(input, door);
        Assert.All(shown, what => Assert.Equal("final_layer.out", what));
        Assert.Equal(name is "U-Net" ? [rows.Length, map[Site.Output].Input[0], map[Site.Output].Input[1]] : latents.Shape, door.Input);
        TextNetwork.Release(rows);
    }

    /// <summary>Answers for the whole network.</summary>
    private sealed class SuppliedOutput(Tensor output, List<string> shown) : IFeatureDoor
    {
        public Shape Input { get; private set; }

        public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute, SignalOffer? offer = null)
        {
            Input = input.Shape;
            return output;
        }

        public void Offer(Site site, Signal signal, Func<Tensor> measure) => Assert.Fail($"{signal} at {site}");

        public void Show(string name, Tensor value) => shown.Add(name);
    }
}
