using Augur.Caching;
using Augur.Caching.Tokens;
using Augur.Models.Flux;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Flux;

public sealed class ClusCaGroupTests
{
    private static readonly FluxConfig s_config = new()
    {
        InChannels = 4,
        HiddenSize = 4,
        HeadCount = 1,
        DoubleBlockCount = 2,
        SingleBlockCount = 1,
        TextChannels = 4,
        PooledChannels = 4,
        MlpSize = 16,
        PositionAxes = [0, 2, 2],
    };

    [Theory]
    [InlineData(TokenGroup.Image, 2)]
    [InlineData(TokenGroup.Text, 1)]
    public void A_fresh_token_of_the_picture_moves_its_cluster_and_one_of_the_text_does_not(TokenGroup group, float others)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var scope = TensorScope.Begin();
        var run = new RunInfo { Map = FluxMap.Of(s_config, [2, 2], 0, 3), CallCount = 4, RowCount = 1 };
        using var selection = new ClusCaTokens(new() { Clusters = 1, Propagation = 0.5 }).Open(run);
        var behind = Site.Block(1); // the last block with feed-forward branches of its own
        Assert.True(selection.Observes(behind));
        selection.Begin(new NetworkCall(0, 4, 1), isDraft: false);
        selection.Observe(behind, Tensor.From(backend, [.. Enumerable.Range(0, 7 * 4).Select(i => (float)i)], [1, 7, 4]));

        selection.Begin(new NetworkCall(1, 4, 0.7f), isDraft: true);
        var site = Site.Mlp(0, group);
        var kept = Tensor.Full(backend, [1, group == TokenGroup.Image ? 4 : 3, 4], 1);
        var tokens = selection.Select(site, kept, kept)!;
        selection.Merge(site, kept, tokens, Tensor.Full(backend, [1, 1, 4], 3));
        var chosen = tokens.Indices[0];
        Assert.All(kept.ToArray().Index(), value => Assert.Equal(value.Index / 4 == chosen ? 3 : others, value.Item));
    }
}
