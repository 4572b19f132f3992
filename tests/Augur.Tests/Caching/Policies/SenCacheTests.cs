using System.Text;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/sencache.md on scripted latents and times.</summary>
public sealed class SenCacheTests : IDisposable
{
    private const int Calls = 10;
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    // The latent moves by 1 from call to call, the time by 100 from 1000 down.
    [Theory]
    [InlineData("times=500,by_latent=0.1,by_time=0,threshold=0.25,early_share=0,retention=0", "FrrFrrFrrF")] // 0.1, 0.2, not 0.3
    [InlineData("times=500,by_latent=0.1,by_time=0,threshold=0.2,early_share=0,retention=0", "FrFrFrFrFr")] // at the threshold: computed
    [InlineData("times=500,by_latent=0,by_time=0.001,threshold=0.25,early_share=0,retention=0", "FrrFrrFrrF")]
    [InlineData("times=500,by_latent=0.1,by_time=0.001,threshold=0.25,early_share=0,retention=0", "FrFrFrFrFr")] // both add up
    [InlineData("times=500,by_latent=0.1,by_time=0,threshold=9,early_share=0,retention=0,max_consecutive=3", "FrrrFrrrFr")]
    [InlineData("times=500,by_latent=0.1,by_time=0,threshold=9,early_threshold=0.15,early_share=0.4,retention=0", "FrFrrrrrrr")]
    [InlineData("times=500,by_latent=0.1,by_time=0,threshold=9,early_share=0,retention=0.2", "FFrrrrrrFF")]
    [InlineData("times=500,by_latent=0.1,by_time=0,threshold=9,early_share=0,max_consecutive=0", "FFFFFFFFFF")]
    [InlineData("times=500,by_latent=0.1,by_time=0,threshold=0,early_share=0", "FFFFFFFFFF")]
    public void Changes_of_latent_and_time_since_the_last_computed_call_are_weighed_by_the_table(string settings, string expected) =>
        Assert.Equal(expected, Play(settings, call => call));

    [Fact]
    public void The_table_is_read_at_the_time_nearest_to_the_last_computed_call() =>
        // Times 1000 to 700 read 0.3, 600 and below 0.1.
        Assert.Equal("FFFFFrrFrr", Play("times=900 400,by_latent=0.3 0.1,by_time=0 0,threshold=0.25,early_share=0,retention=0", call => call));

    [Fact]
    public void Each_sample_decides_by_its_own_latent()
    {
        const string Settings = "times=500,by_latent=0.1,by_time=0,threshold=0.25,early_share=0,retention=0";
        Assert.Equal("FrrrrrrrrF", Play(Settings, call => call * 0.3));
        Assert.Equal("FFFFFFFFFF", Play(Settings, call => call * 3));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_latent_that_is_not_finite_computes_its_call_and_the_next(double value) => Assert.Equal(
        "FrrFFrrrrr", Play("times=500,by_latent=0.1,by_time=0,threshold=9,early_share=0,retention=0", call => call == 3 ? value : call));

    [Fact]
    public void Channels_of_a_learned_variance_do_not_dilute_the_change()
    {
        const string Settings = "times=500,by_latent=0.1,by_time=0,threshold=0.25,early_share=0,retention=0";
        Assert.Equal("FrrFrrFrrF", Play(Settings, call => call, isLatent: [true, false, false]));
    }

    [Fact]
    public void Without_a_table_it_says_where_that_comes_from()
    {
        var error = Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse("sencache").Open(CacheScript.Run(4)));
        Assert.Equal(
            "Policy sencache needs this model's sensitivities (times, by_latent, by_time); augur fit sencache measures them.", error.Message);
    }

    [Fact]
    public void Columns_of_the_table_are_of_one_length()
    {
        var error = Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse("sencache(times=900 500,by_latent=1 1,by_time=1)"));
        Assert.Equal("Policy sencache: times, by_latent and by_time have 2, 2 and 1 numbers; they are columns of one table.", error.Message);
    }

    // The calls as letters: F computed, r the change of the blocks reused.
    private string Play(string settings, Func<int, double> latent, bool[]? isLatent = null)
    {
        using var scope = TensorScope.Begin();
        var run = CacheScript.Run(Calls);
        run = isLatent is null ? run : run with { Map = new NetworkMap(run.Map.Sites, run.Map.Tokens, run.Map.Cuts, isLatent) };
        using var cache = PolicyCatalog.Parse($"sencache({settings})").Open(run);
        var letters = new StringBuilder();
        for (var call = 0; call < Calls; call++)
        {
            cache.Begin(new NetworkCall(call, Calls, 1000 - (100 * call)));
            var stream = Tensor.Full(_backend, [1, 2, 4], 0);
            var value = (float)latent(call);
            float[] token = [value, isLatent is null ? value : 0, isLatent is null ? value : 0];
            Assert.Equal(Answer.Compute, cache.Ask(new Question(
                Site.Output, stream, _ => Tensor.From(_backend, [.. token, .. token], [1, 2, 3]))));
            var answer = cache.Ask(new Question(run.Map.Blocks, stream));
            answer.Observe?.Invoke(stream, stream);
            letters.Append(answer.Supplies ? 'r' : 'F');
            Assert.Equal(answer.Supplies ? CallKind.Drafted : CallKind.Computed, cache.End().Kind);
        }

        return letters.ToString();
    }
}
