using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Models.Llada;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests.Llada;

/// <summary>dLLM-Cache's decisions without a network: what is due when, and which tokens have changed most.</summary>
public sealed class DllmCacheTests : IDisposable
{
    private readonly ReferenceBackend _backend = new();

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void Prompt_and_response_are_due_at_their_intervals()
    {
        using var scope = TensorScope.Begin();
        using var memory = new DllmCachePolicy(new() { Prompt = 4, Response = 2, Ratio = 0 }).Open(Run());
        var kinds = Enumerable.Range(0, 6).Select(call =>
        {
            memory.Begin(new NetworkCall(call, 6, 0));
            Ask(memory, Site.Values(1), call, [1, 0, 0, 1, 1, 1, 1, -1, 1, 2, 3, 4]);
            return memory.End().Kind == CallKind.Computed ? "all" : Selected(memory, Site.Keys(1)) is { } tokens ? string.Join(' ', tokens) : "none";
        });
        Assert.Equal(["all", "none", "0 1 2 3", "none", "all", "none"], kinds);
    }

    [Fact]
    public void Tokens_whose_values_have_turned_most_are_chosen()
    {
        using var scope = TensorScope.Begin();
        using var memory = new DllmCachePolicy(new() { Prompt = 9, Response = 9, Ratio = 0.5 }).Open(Run());
        memory.Begin(new NetworkCall(0, 6, 0));
        Ask(memory, Site.Values(1), 0, [1, 0, 0, 1, 1, 1, 1, -1, 7, 7, 7, 7]);
        memory.End();
        memory.Begin(new NetworkCall(1, 6, 0));
        Ask(memory, Site.Values(1), 1, [1, 0.1f, 1, 1, 1, 1.05f, -1, 1]);
        Assert.Equal([1, 3], Selected(memory, Site.Keys(1))!);
        Assert.Equal([1, 3], Selected(memory, Site.Attended(1))!);
        Assert.Equal([1, 3], Selected(memory, Site.Mlp(1))!);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Values_that_are_not_finite_have_the_whole_response_computed(float value)
    {
        using var scope = TensorScope.Begin();
        using var memory = new DllmCachePolicy(new() { Prompt = 9, Response = 9, Ratio = 0.5 }).Open(Run());
        memory.Begin(new NetworkCall(0, 6, 0));
        Ask(memory, Site.Values(1), 0, [1, 0, 0, 1, 1, 1, 1, -1, 7, 7, 7, 7]);
        memory.End();
        memory.Begin(new NetworkCall(1, 6, 0));
        Ask(memory, Site.Values(1), 1, [1, 0, value, 1, 1, 1, 1, -1]);
        Assert.Equal([0, 1, 2, 3], Selected(memory, Site.Keys(1))!);
    }

    [Fact]
    public void Tokens_that_are_computed_from_the_same_text_change_no_answer()
    {
        using var model = TinyLlada.Open(_backend);
        var network = (LladaModel)model.Denoiser;
        var conditions = network.Encode([TinyLlada.Prompt(7)]);
        var map = network.Describe(network.LatentShape, conditions);
        foreach (var (prompt, response, ratio, draft) in new (int, int, double, string)[]
        {
            (1, 9, 0.5, "reuse"), (9, 1, 0.5, "reuse"), (9, 9, 0.5, "reuse"), (9, 9, 0.0, "reuse"), (1, 9, 0.0, "reuse"),
            (9, 2, 0.5, "taylor(order=1)"), (1, 2, 0.0, "hicache"),
        })
        {
            using var scope = TensorScope.Begin();
            var run = new RunInfo { Map = map, CallCount = 9, RowCount = 1 };
            using var memory = new DllmCachePolicy(
                new() { Prompt = prompt, Response = response, Ratio = ratio, Draft = Forecasters.Parse(draft) }).Open(run);
            var latent = Tensor.From(_backend, [.. Enumerable.Range(0, TinyLlada.Length).Select(i => i % 3 == 0 ? -1f : i)], [1, TinyLlada.Length]);
            var answers = Enumerable.Range(0, 5).Select(call =>
            {
                using var reads = new DeferredRead();
                memory.Begin(new NetworkCall(call, 9, 0));
                var door = new FeatureDoor([(memory, 1)], new CostLedger(map, [1], TimeProvider.System), reads);
                var answer = network.Predict(new NetworkInput(map, latent, [0], conditions), door).ToArray();
                memory.End();
                return answer;
            }).ToArray();
            var largest = answers[0].Max(Math.Abs);
            Assert.All(answers, answer => Assert.All(answer.Zip(answers[0]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * largest)));
        }
    }

    [Theory]
    [InlineData(32, 5, new[] { 7, 7, 6, 6, 6 })]
    [InlineData(16, 16, new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(3, 5, new[] { 1, 1, 1, 0, 0 })]
    public void Tokens_are_shared_out_among_steps_with_the_rest_at_the_first(int tokens, int steps, int[] expected) =>
        Assert.Equal(expected, LladaSampler.Shares(tokens, steps));

    [Theory]
    [InlineData("llada(block=5)", 12, "Sampler llada(block=5): blocks of 5 tokens do not divide a text of 12.")]
    [InlineData("llada(block=4)", 8, "Sampler llada(block=4): 8 steps do not divide among 3 blocks.")]
    public void A_block_or_a_number_of_steps_that_does_not_divide_is_told_with_both_numbers(string sampler, int steps, string sentence)
    {
        using var noise = Tensor.Zeros(_backend, [1, 12]);
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => TokenSamplers.Parse(sampler).Begin(noise, steps, Prediction.Tokens)).Message);
    }

    private static RunInfo Run()
    {
        Shape stream = [6, 2];
        var sites = new List<NetworkSite> { new(Site.Output, stream, stream, 0, 0), new(Site.Span(0, 2), stream, stream, 0, 0) };
        for (var layer = 0; layer < 2; layer++)
        {
            sites.AddRange(new[]
            {
                Site.Block(layer), Site.Attention(layer), Site.Values(layer), Site.Keys(layer), Site.Attended(layer), Site.Mlp(layer),
            }.Select(site => new NetworkSite(site, stream, stream, 0, 0)));
        }

        return new RunInfo
        {
            Map = new NetworkMap(sites, [new(TokenGroup.Image, 0, 4, [4]), new(TokenGroup.Text, 4, 2, [2])], [1]),
            CallCount = 6,
            RowCount = 1,
        };
    }

    // Asks as a network does, whose feature of the computed tokens is given.
    private void Ask(ISampleMemory memory, Site site, int call, float[] fresh)
    {
        var input = Tensor.Zeros(_backend, [1, 6, 2]);
        var answer = memory.Ask(new Question(site, input));
        if (answer.Runs)
        {
            answer.Observe!(input, Tensor.From(_backend, fresh, [1, 6, 2]));
        }
        else if (answer.Select?.Invoke(input) is { } tokens)
        {
            Assert.True(fresh.Length >= 2 * tokens.Shape[1], $"call {call} computes {tokens}");
            answer.Merge!(tokens, Tensor.From(_backend, fresh.AsSpan(0, 2 * tokens.Shape[1]), [1, tokens.Shape[1], 2]));
        }
    }

    private int[]? Selected(ISampleMemory memory, Site site) =>
        memory.Ask(new Question(site, Tensor.Zeros(_backend, [1, 6, 2]))).Select?.Invoke(Tensor.Zeros(_backend, [1, 6, 2]))?.Indices.ToArray();
}
