using Augur.Caching;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.TextNetworks;

/// <summary>What every network that draws texts keeps to, whatever it is made of.</summary>
public abstract class TextNetworkTests<TNetwork> : IDisposable
    where TNetwork : ITextNetwork
{
    protected CpuBackend Backend { get; } = new(new CpuOptions { Threads = 2 });

    public void Dispose()
    {
        Assert.Equal(0, Backend.BytesInUse);
        Backend.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_row_does_not_depend_on_the_rows_beside_it_nor_on_the_length_of_their_texts()
    {
        using var network = TNetwork.Network(Backend);
        using var scope = TensorScope.Begin();
        var texts = network.Encode([TNetwork.Text(7, 1), TNetwork.Text(2, 2), TNetwork.Text(13, 3)]);
        var latents = TextNetwork.Latents(network, 3);
        float[] times = [1000, 700, 20];
        float?[] guidance = [3.5f, 1, 7];
        var map = network.Describe(network.LatentShape, texts);
        var together = network.Predict(new NetworkInput(map, latents, times, texts) { Guidance = guidance }, ComputeEverything.Instance).ToArray();
        for (var row = 0; row < 3; row++)
        {
            var own = network.Describe(network.LatentShape, [texts[row]]);
            var input = new NetworkInput(own, latents.Rows(row, 1), [times[row]], [texts[row]]) { Guidance = [guidance[row]] };
            var alone = network.Predict(input, ComputeEverything.Instance).ToArray();
            Assert.Equal(alone, together[(row * alone.Length)..((row + 1) * alone.Length)]);
        }

        TextNetwork.Release(texts);
    }

    [Fact]
    public void Computing_some_rows_and_tokens_through_the_door_equals_computing_all()
    {
        using var network = TNetwork.Network(Backend);
        using var scope = TensorScope.Begin();
        var texts = network.Encode([TNetwork.Text(7, 1), TNetwork.Text(3, 2), TNetwork.Text(8, 3)]);
        var map = network.Describe(network.LatentShape, texts);
        var input = new NetworkInput(map, TextNetwork.Latents(network, 3), [900, 500, 100], texts) { Guidance = [3.5f, 2, 1] };
        var pieces = new InPieces(Backend);
        Assert.Equal(network.Predict(input, ComputeEverything.Instance).ToArray(), network.Predict(input, pieces).ToArray());
        Assert.Equal(map.Sites.Select(s => s.Site.Kind).Distinct().Order(), pieces.Kinds.Order());
        TextNetwork.Release(texts);
    }

    [Fact]
    public void A_forward_leaves_no_memory_behind_and_takes_none_from_the_system_in_steady_state()
    {
        using var network = TNetwork.Network(Backend);
        var texts = network.Encode([TNetwork.Text(7), TNetwork.Text(3)]);
        using var latents = TextNetwork.Latents(network, 2);
        Forward(); // computes the modulations,
        Forward(); // has them from the table, as all that follow
        var (inUse, taken) = (Backend.BytesInUse, Backend.SystemAllocations);
        for (var i = 0; i < 10; i++)
        {
            Forward();
        }

        Assert.Equal((inUse, taken), (Backend.BytesInUse, Backend.SystemAllocations));
        TextNetwork.Release(texts);

        void Forward()
        {
            using var scope = TensorScope.Begin();
            var input = new NetworkInput(network.Describe(network.LatentShape, texts), latents, [1, 2], texts) { Guidance = [1, 2] };
            network.Predict(input, ComputeEverything.Instance);
        }
    }

    [Fact]
    public void A_latent_and_a_condition_of_another_network_are_refused_in_a_sentence()
    {
        using var network = TNetwork.Network(Backend);
        var shape = Assert.Throws<ArgumentException>(() => network.Describe([3, 8, 8], []));
        Assert.Contains($"{network.Name} draws latents [{network.LatentShape[0]}, height, width]", shape.Message);
        Assert.Contains("not of [3, 8, 8]", shape.Message);
        var label = Assert.Throws<ArgumentException>(() => network.Guide(Condition.Class(3), new Guidance(3.5)));
        Assert.Contains("draws prompts, not class 3", label.Message);
        var narrow = Assert.Throws<ArgumentException>(() => network.Guide(new PromptEmbedding([1, 2, 3], 3, []), new Guidance(1)));
        Assert.Contains("reads texts of ", narrow.Message);
    }
}

/// <summary>Answers sites row by row, branches also token half by token half.</summary>
internal sealed class InPieces(IBackend backend) : IFeatureDoor
{
    public HashSet<SiteKind> Kinds { get; } = [];

    public void Offer(Site site, Signal signal, Func<Tensor> measure) => measure();

    public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute, SignalOffer? offer = null)
    {
        offer?.Measure();
        Kinds.Add(site.Kind);
        if (site.Kind is SiteKind.Output or SiteKind.Block)
        {
            return compute(input, Selection.Everything);
        }

        Tensor? output = null;
        for (var row = 0; row < input.Shape[0]; row++)
        {
            var whole = new Selection(IndexTable.From(backend, [row]));
            var computed = compute(whole.NarrowRows(input), whole);
            output ??= Tensor.Empty(backend, computed.Shape.With(0, input.Shape[0]));
            if (site.IsBranch)
            {
                var (half, tokens) = (computed.Shape[1] / 2, computed.Shape[1]);
                computed = Tensor.Zeros(backend, computed.Shape);
                foreach (var part in new[] { Enumerable.Range(half, tokens - half).Reverse(), Enumerable.Range(0, half) })
                {
                    int[] wanted = [.. part];
                    var at = new Selection(IndexTable.From(backend, [row]), IndexTable.From(backend, wanted, [1, wanted.Length]));
                    computed.ScatterTokensInPlace(at.Tokens!, compute(at.NarrowRows(input), at));
                }
            }

            output.ScatterRowsInPlace(whole.Rows!, computed);
        }

        return output!;
    }
}
