using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tests.Caching;
using Augur.Tests.Networks;

namespace Augur.Tests.Llada;

/// <summary>The contracts on models that write, and what methods of texts keep to.</summary>
public sealed class LladaContractTests : WriterContractTests<LladaRow>
{
    [Theory]
    [InlineData("easycache", "Policy easycache steers by NetworkInput, which this network does not offer.")]
    [InlineData("seacache", "Policy seacache: the filter needs a picture of tokens, and this network's are 12 tokens")]
    [InlineData("toca(score=norm)", "Tokens toca: bonus=0.6 needs a picture of tokens, and this network's are 12 tokens")]
    [InlineData("toca(bonus=0)", "does not offer")]
    public async Task A_method_that_steers_by_what_a_text_has_not_is_refused_by_name(string policy, string sentence)
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => Pipeline.GenerateAsync(Request(7, policy)));
        Assert.Contains(sentence, error.Message);
    }

    [Theory]
    [InlineData("dllm-cache")]
    [InlineData("block-cache")]
    public void A_method_of_texts_is_refused_by_name_where_keys_and_values_are_no_features(string policy)
    {
        var error = Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse(policy).Open(CacheScript.Run(5)));
        Assert.Equal($"Policy {policy} keeps keys and values of a text, and this network offers none.", error.Message);
    }

    [Fact]
    public async Task Under_a_budget_the_layers_that_fit_are_kept()
    {
        var whole = await Pipeline.GenerateAsync(Request(7, "dllm-cache"));
        var half = await Pipeline.GenerateAsync(Request(7, "dllm-cache") with { CacheBudget = whole.Report.PeakCacheBytes - 1 });
        Assert.Equal(whole.Report.PeakCacheBytes / 2, half.Report.PeakCacheBytes);
        Assert.Contains("left room for 1 of 2 layers", half.Report.Note);
        Assert.InRange(half.Report.Cost.TotalFlops, whole.Report.Cost.TotalFlops + 1, whole.Report.UncachedFlops);
        var nothing = await Pipeline.GenerateAsync(Request(7, "dllm-cache") with { CacheBudget = 10 });
        Assert.Equal(nothing.Report.UncachedFlops, nothing.Report.Cost.TotalFlops);
    }

    [Fact]
    public async Task Tokens_that_the_network_is_sure_of_end_the_run_early_and_the_report_counts_the_calls_made()
    {
        var sampler = TokenSamplers.Parse("llada(block=6,threshold=0.05)");
        var steps = new List<StepEvent>();
        var result = await Pipeline.GenerateAsync(Request(7, "dllm-cache") with { Sampler = sampler, Previews = true }, steps.Add);
        Assert.InRange(result.Report.Calls.Count, 2, TinyLlada.Length - 1);
        Assert.Equal(result.Report.Calls.Count, steps.Count);
        Assert.DoesNotContain(-1f, result.Latent);
        Assert.All(steps, step => Assert.NotNull(step.Preview));
    }

    [Fact]
    public async Task The_difference_of_guidance_is_computed_every_so_many_calls_and_the_other_calls_run_one_row()
    {
        var request = Request(7, "dllm-cache(prompt=1,response=1,guidance=4)") with { Guidance = new Guidance(1.5) };
        var report = (await Pipeline.GenerateAsync(request)).Report;
        Assert.Equal("cccccpppcppp", string.Concat(report.Calls.Select(c => c.Kind == CallKind.Computed ? 'c' : 'p')));
        Assert.Equal(report.UncachedFlops * 18 / 24, report.Cost.ComputeFlops + report.Cost.DraftFlops); // 12 and 6 of 24 rows
    }

    [Fact]
    public async Task A_memory_that_does_not_complete_its_rows_ends_its_own_run_with_a_sentence()
    {
        var request = Request(7, "none") with { Guidance = new Guidance(2), Cache = new FirstRowPolicy() };
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Pipeline.GenerateAsync(request));
        Assert.Equal("Policy first-row does not make the answers of 2 rows.", error.Message);
    }

    private GenerationRequest Request(int tokens, string policy) =>
        Model.Request(TinyLlada.Prompt(tokens), 5) with { Cache = PolicyCatalog.Parse(policy), Guidance = new Guidance(1) };

    /// <summary>Runs the first row and forgets the other.</summary>
    private sealed class FirstRowPolicy : ICachePolicy, ISampleMemory
    {
        public string Name => "first-row";

        public long ByteCount => 0;

        public IReadOnlyList<ISampleMemory> Rows => [this];

        public ISampleMemory Open(RunInfo run) => this;

        public CallPlan Begin(NetworkCall call) => CallPlan.Compute;

        public Answer Ask(Question question) => Answer.Compute;

        public CallOutcome End() => new(CallKind.Computed);

        public void Dispose()
        {
        }
    }
}
