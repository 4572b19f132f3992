using Augur.Caching;
using Augur.Models.Joint;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tests.Models;
using Augur.Tests.TextNetworks;

namespace Augur.Tests.Networks;

/// <summary>What a call does not pay for whose output is forecast, and what joint networks keep from one call to the next.</summary>
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

    [Fact]
    public void Rotations_of_sizes_and_texts_in_turn_are_those_made_anew_and_the_oldest_leave()
    {
        var made = 0;
        using var scope = TensorScope.Begin();
        using var tables = new RotationTables(_backend, [2, 4, 2], 10000, Places);
        JointCondition[] texts = [.. Enumerable.Range(1, RotationTables.Most + 1).Select(n => new JointCondition(Tensor.Zeros(_backend, [1, n, 8])))];
        foreach (var rows in (JointCondition[][])[[texts[0]], [texts[1]], [texts[0], texts[1]], [texts[1], texts[0]], [texts[2], texts[2]]])
        {
            foreach (var grid in (Shape[])[[2, 3], [3, 2]])
            {
                var expected = JointRotation.Of(_backend, [2, 4, 2], 10000, [.. rows.Select(row => Places(grid, row, 9))]);
                foreach (var _ in (int[])[1, 2])
                {
                    var kept = tables.Of(grid, rows, 9);
                    Assert.Equal(expected.Cosines.Shape, kept.Cosines.Shape);
                    Assert.Equal(expected.Cosines.ToArray(), kept.Cosines.ToArray());
                    Assert.Equal(expected.Sines.ToArray(), kept.Sines.ToArray());
                }
            }
        }

        var first = tables.Of([2, 2], [texts[0]], 9);
        var before = first.Cosines.ToArray();
        made = 0;
        foreach (var text in texts)
        {
            tables.Of([2, 2], [text], 9); // the first is known
        }

        Assert.Equal(RotationTables.Most, made);
        tables.Of([2, 2], [texts[1]], 9);
        Assert.Equal(RotationTables.Most, made);
        tables.Of([2, 2], [texts[0]], 9); // had to leave
        Assert.Equal(RotationTables.Most + 1, made);
        Assert.Equal(before, first.Cosines.ToArray());

        int[] Places(Shape grid, JointCondition row, int text)
        {
            made++;
            return [.. Enumerable.Range(0, 3 * ((int)grid.ElementCount + text)).Select(i => (i * grid[1]) + (row.TokenCount * (i % 3)))];
        }
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
