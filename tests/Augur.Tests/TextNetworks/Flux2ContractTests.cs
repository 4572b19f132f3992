using Augur.Pipelines;
using Augur.Tests.Networks;

namespace Augur.Tests.TextNetworks;

/// <summary>The contracts on FLUX.2, and what its texts refer to.</summary>
public sealed class Flux2ContractTests : PictureContractTests<SmallFlux2>
{
    [Theory]
    [InlineData("taylorseer(interval=3)")]
    [InlineData("toca(bonus=0)")]
    [InlineData("teacache(threshold=0.5)")]
    public async Task Pictures_that_a_text_refers_to_are_read_in_a_batch_as_alone(string policy)
    {
        GenerationRequest[] requests = [Edit(3, 4), Edit(4, 3), Request(7, 5, policy)];
        var together = await Pipeline.GenerateAsync(requests);
        for (var i = 0; i < requests.Length; i++)
        {
            Assert.Equal((await Pipeline.GenerateAsync(requests[i])).Latent, together[i].Latent);
        }

        Assert.NotEqual(together[0].Latent, together[1].Latent);
        Assert.NotEqual(together[0].Latent, together[2].Latent);

        GenerationRequest Edit(int height, int width) => Request(7, 5, policy) with
        {
            Condition = new EditCondition(
                SmallFlux2.Text(7, 5), [new ReferenceLatent([.. Enumerable.Range(0, 32 * 12).Select(i => MathF.Cos(i))], [32, height, width])]),
        };
    }

    [Fact]
    public async Task The_filter_of_seacache_needs_a_picture_alone()
    {
        var request = Request(7, 5, "seacache(threshold=0.5)") with
        {
            Condition = new EditCondition(SmallFlux2.Text(7, 5), [new ReferenceLatent([.. new float[32 * 4]], [32, 2, 2])]),
        };
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => Pipeline.GenerateAsync(request));
        Assert.StartsWith("Policy seacache: the filter needs a picture of tokens", error.Message);
    }
}
