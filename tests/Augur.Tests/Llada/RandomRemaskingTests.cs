using Augur.Decoding;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Llada;

/// <summary>
/// Where which tokens stay is drawn, it is by the sample's own seed, whatever runs beside it, and each place is decided on once; and those who join
/// share calls.
/// </summary>
public sealed class RandomRemaskingTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;

    public RandomRemaskingTests() => _model = TinyLlada.Open(_backend);

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData("llada(remasking=random)")]
    [InlineData("llada(block=6,remasking=random)")]
    [InlineData("llada(block=4,remasking=random,temperature=0.7)")]
    public async Task The_same_seed_decides_in_the_same_order_alone_and_in_a_batch_and_another_in_another(string sampler)
    {
        GenerationRequest[] requests = [.. new long[] { 3, 4, 3 }.Select(seed => Request(sampler, seed))];
        var alone = new List<GenerationResult>();
        var orders = new List<string>();
        foreach (var request in requests)
        {
            var order = new List<string>();
            alone.Add(await new GenerationPipeline(_model).GenerateAsync(request, step => order.Add(((WrittenText)step.Preview!).Text)));
            orders.Add(string.Join('\n', order));
        }

        Assert.Equal(orders[0], orders[2]);
        Assert.NotEqual(orders[0], orders[1]);
        await using var engine = new GenerationEngine(_model);
        var tickets = engine.Submit(requests);
        for (var i = 0; i < requests.Length; i++)
        {
            Assert.Equal(alone[i].Latent, (await tickets[i].Result).Latent);
        }
    }

    [Theory]
    [InlineData("llada(remasking=random)", 12, 1)]
    [InlineData("llada(block=6,remasking=random)", 4, 3)]
    public async Task Every_token_is_decided_on_once_and_within_its_block(string sampler, int steps, int each)
    {
        var known = new List<string[]> { Enumerable.Repeat("-1", TinyLlada.Length).ToArray() };
        var result = await new GenerationPipeline(_model).GenerateAsync(
            Request(sampler, 3) with { Steps = steps }, step => known.Add(((WrittenText)step.Preview!).Text.Split(' ')));
        Assert.Equal(steps, known.Count - 1);
        for (var step = 1; step < known.Count; step++)
        {
            var fresh = Enumerable.Range(0, TinyLlada.Length).Where(i => known[step][i] != known[step - 1][i]).ToArray();
            Assert.Equal(each, fresh.Length);
            Assert.All(fresh, place => Assert.Equal("-1", known[step - 1][place]));
            Assert.True(!sampler.Contains("block", StringComparison.Ordinal) || fresh.All(place => place / 6 == (step - 1) / 2));
        }

        Assert.DoesNotContain(-1f, result.Latent);
    }

    [Fact]
    public async Task A_request_that_joins_one_on_its_way_shares_its_calls()
    {
        using var isSubmitted = new ManualResetEventSlim();
        using var model = new DiffusionModel(Watched(call => Assert.True(call != 3 || isSubmitted.Wait(TimeSpan.FromMinutes(1)))), TinyLlada.Decoder,
            null, _model.Defaults);
        await using var engine = new GenerationEngine(model);
        var first = await engine.SubmitAsync(Request("llada", 3));
        await foreach (var step in first.ReadEventsAsync())
        {
            break;
        }

        var second = await engine.SubmitAsync(Request("llada", 4) with { Condition = TinyLlada.Prompt(7, 1) });
        isSubmitted.Set();
        await Task.WhenAll(first.Result, second.Result);
        int[] rows = [.. ((WatchedDenoiser)model.Denoiser).Calls];
        Assert.Equal([.. Enumerable.Repeat(1, 3), .. Enumerable.Repeat(2, TinyLlada.Steps - 3), .. Enumerable.Repeat(1, 3)], rows);
    }

    private WatchedDenoiser Watched(Action<int> before) => new(TinyLlada.Open(_backend).Denoiser) { Before = before };

    private GenerationRequest Request(string sampler, long seed) => _model.Request(TinyLlada.Prompt(5), seed) with
    {
        Sampler = TokenSamplers.Parse(sampler),
        Previews = true,
    };
}
