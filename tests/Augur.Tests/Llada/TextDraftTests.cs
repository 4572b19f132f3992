using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;

namespace Augur.Tests.Llada;

/// <summary>Forecasts in place of reuse, and refreshes that are left out, in dLLM-Cache.</summary>
public sealed class TextDraftTests : IDisposable
{
    private const int Response = 2;
    private readonly ReferenceBackend _backend = new();

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData("reuse", true, new float[] { 3, 30, 700 })]
    [InlineData("taylor(order=1)", false, new float[] { 4, 40, 700 })] // 3 + (3 − 1) / 2 calls, the prompt stays
    [InlineData("taylor(order=1)", true, new float[] { 4, 30, 700 })] // the second token was decided on between the refreshes
    public void What_stands_still_goes_on_along_its_slope_and_what_was_decided_on_is_reused(string draft, bool steady, float[] expected)
    {
        using var scope = TensorScope.Begin();
        var settings = $"prompt=9,response=2,ratio=0,draft={draft},steady={(steady ? "true" : "false")}";
        using var memory = PolicyCatalog.Parse($"dllm-cache({settings})").Open(Run());
        Call(memory, 0, [5, 5], [1, 10, 700]);
        Call(memory, 1, [5, 5], []);
        Call(memory, 2, [5, 6], [3, 30]);
        Assert.Equal(expected, Call(memory, 3, [5, 6], []));
    }

    [Fact]
    public void A_token_that_changes_after_the_refresh_is_reused_from_then_on()
    {
        using var scope = TensorScope.Begin();
        using var memory = PolicyCatalog.Parse("dllm-cache(prompt=9,response=2,ratio=0,draft=taylor(order=1))").Open(Run());
        Call(memory, 0, [5, 5], [1, 10, 700]);
        Call(memory, 1, [5, 5], []);
        Call(memory, 2, [5, 5], [3, 30]);
        Assert.Equal([4f, 30, 700], Call(memory, 3, [5, 7], [])!);
    }

    [Fact]
    public async Task A_verification_that_allows_nothing_writes_what_the_refreshing_run_writes_and_one_that_allows_all_skips_them()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var model = TinyLlada.Open(backend);
        var plain = await Write(model, "dllm-cache(prompt=100,response=3,ratio=0)");
        var strict = await Write(model, "dllm-cache(prompt=100,response=3,ratio=0,skip=0)");
        var lax = await Write(model, "dllm-cache(prompt=100,response=3,ratio=0,skip=100)");
        Assert.Equal(plain.Latent, strict.Latent);
        Assert.Equal((3, 0), (strict.Report.Rejected, strict.Report.Accepted)); // calls 3, 6 and 9 of 12
        Assert.Equal((0, 3), (lax.Report.Rejected, lax.Report.Accepted));
        Assert.True(lax.Report.Cost.TotalFlops < plain.Report.Cost.TotalFlops);
        Assert.True(plain.Report.Cost.TotalFlops < strict.Report.Cost.TotalFlops);
        Assert.All(strict.Report.Calls.Where(c => c.Error is not null), call => Assert.Equal(0, call.Threshold));
    }

    [Fact]
    public void Refreshes_that_are_verified_and_rows_that_are_not_all_run_do_not_go_together() =>
        Assert.Equal(
            "Policy dllm-cache: skip=0.1 verifies the rows of a call together, and guidance=3 runs one of them only in some calls; guidance is 1.",
            Assert.Throws<ArgumentException>(() => new DllmCachePolicy(new() { Skip = 0.1, Guidance = 3 })).Message);

    private static async Task<GenerationResult> Write(DiffusionModel model, string policy) => await new GenerationPipeline(model).GenerateAsync(
        model.Request(TinyLlada.Prompt(9)) with { LatentShape = [TinyLlada.Length], Cache = PolicyCatalog.Parse(policy) });

    private static RunInfo Run()
    {
        Shape stream = [Response + 1, 1];
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
            Map = new NetworkMap(sites, [new(TokenGroup.Image, 0, Response, [Response]), new(TokenGroup.Text, Response, 1, [1])], [1]),
            CallCount = 6,
            RowCount = 1,
        };
    }

    // A call of a network of embedded tokens, whose feed-forward part of layer 1 gives what is said; empty: it is not run. Returns what is supplied.
    private float[]? Call(ISampleMemory memory, int call, float[] text, float[] fresh)
    {
        var stream = Tensor.From(_backend, [.. text, 9], [1, Response + 1, 1]);
        memory.Begin(new NetworkCall(call, 6, 0));
        Assert.True(memory.Ask(new Question(Site.Output, stream)).Runs);
        var answer = memory.Ask(new Question(Site.Mlp(1), stream));
        if (answer.Runs)
        {
            answer.Observe!(stream, Tensor.From(_backend, fresh, [1, Response + 1, 1]));
        }
        else if (answer.Select?.Invoke(stream) is { } tokens)
        {
            answer.Merge!(tokens, Tensor.From(_backend, fresh, [1, Response, 1]));
        }

        var supplied = answer.Forecast is { } forecast ? Formed(forecast()) : null;
        memory.End();
        return supplied;
    }

    private float[] Formed(Forecast forecast)
    {
        var formed = Tensor.Empty(_backend, forecast.Terms.Span[0].Shape);
        forecast.WriteTo(formed);
        return formed.ToArray();
    }
}
