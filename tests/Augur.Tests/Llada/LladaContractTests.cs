using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;
using Augur.Tests.Caching;

namespace Augur.Tests.Llada;

/// <summary>What every caching method keeps to on models that write, or the sentence with which it is refused there.</summary>
public sealed class LladaContractTests : IDisposable
{
    private static readonly string[] s_own =
    [
        "dllm-cache(prompt=5,response=3)", "dllm-cache(prompt=3,response=4,ratio=0)", "dllm-cache(prompt=100,response=2,ratio=0.5,first_layer=false)",
        "dllm-cache(response=4,change=keys)", "dllm-cache(response=4,change=random,keep=selected)", "dllm-cache(response=5,keep=selected)",
        "dllm-cache(prompt=5,response=3,guidance=3)", "dllm-cache(prompt=5,response=3,draft=taylor(order=1))",
        "dllm-cache(response=3,ratio=0.5,draft=taylor(order=2),steady=false)", "dllm-cache(response=2,ratio=0,draft=foca)",
        "dllm-cache(prompt=5,response=3,skip=100)", "dllm-cache(response=3,ratio=0,draft=taylor(order=1),skip=0.2,verify=all)",
        "block-cache", "block-cache(kind=prefix)", "block-cache(refresh=3)",
        "toca(interval=3,score=norm,bonus=0)", "taylorseer(interval=3,tokens=random(k=5))",
    ];

    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private DiffusionModel? _model;

    public static TheoryData<string, string> MostCautious => Table(PolicyCatalog.All
        .Where(e => e.Name is not ("easycache" or "seacache")) // refused below
        .Select(e => e.Name is "toca" or "duca" ? $"{e.Name}(interval=1,score=norm,bonus=0)" : e.MostCautious));

    public static TheoryData<string, string> PerSample => Table(s_own.Concat(
        ((IEnumerable<object[]>)PolicyContractTests.PerSample).Select(row => (string)row[0])
            .Where(p => p.StartsWith("fora", StringComparison.Ordinal) || p.StartsWith("taylorseer", StringComparison.Ordinal)
                || p.StartsWith("speca", StringComparison.Ordinal) || p.StartsWith("fbcache", StringComparison.Ordinal)
                || p.StartsWith("teacache", StringComparison.Ordinal) || p.StartsWith("dbcache", StringComparison.Ordinal))
            .Where(p => !p.Contains("toca", StringComparison.Ordinal) && !p.Contains("clusca", StringComparison.Ordinal))
            .Where((p, i) => i % 3 == 0 && !p.Contains("front=2", StringComparison.Ordinal))));

    public void Dispose()
    {
        _model?.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [MemberData(nameof(MostCautious))]
    public async Task At_its_most_cautious_setting_a_policy_is_the_uncached_run_bit_for_bit(string model, string policy)
    {
        var pipeline = Open(model);
        var exact = await pipeline.GenerateAsync(Request(7, "none") with { Guidance = new Guidance(1.5) });
        var cautious = await pipeline.GenerateAsync(Request(7, policy) with { Guidance = new Guidance(1.5) });
        Assert.Equal(exact.Latent, cautious.Latent);
        Assert.Equal(exact.Report.Cost.TotalFlops, cautious.Report.Cost.TotalFlops);
        Assert.DoesNotContain(-1f, exact.Latent);
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    public async Task A_batch_of_prompts_of_different_lengths_equals_single_runs_bit_for_bit(string model, string policy)
    {
        var pipeline = Open(model);
        var shared = Request(7, policy);
        GenerationRequest[] requests =
        [
            shared,
            shared with { Condition = TinyLlada.Prompt(5, 1), Guidance = new Guidance(2) }, // filled up to as many tokens
            shared with { Condition = TinyLlada.Prompt(14, 2), Seed = 7 }, // to others
            shared with { Condition = TinyLlada.Prompt(0), LatentShape = [6], Steps = 6, Sampler = TokenSamplers.Parse("llada(temperature=0.7)") },
            Request(8, "none"),
        ];
        var together = await pipeline.GenerateAsync(requests);
        foreach (var (request, among) in requests.Zip(together))
        {
            var alone = await pipeline.GenerateAsync(request);
            Assert.Equal(alone.Latent, among.Latent);
            Assert.Equal(alone.Report.Calls, among.Report.Calls);
            Assert.Equal(alone.Report.PeakCacheBytes, among.Report.PeakCacheBytes);
            Assert.Equal(alone.Report.Cost.TotalFlops, among.Report.Cost.TotalFlops);
        }
    }

    [Theory]
    [InlineData("llada")]
    [InlineData("dream")]
    public async Task Methods_of_texts_save_some_of_the_run(string model)
    {
        var pipeline = Open(model);
        foreach (var policy in s_own)
        {
            var report = (await pipeline.GenerateAsync(Request(7, policy) with { Guidance = new Guidance(1.5) })).Report;
            var isIdle = model == "dream" && policy.StartsWith("block", StringComparison.Ordinal); // Dream writes no blocks
            Assert.True(isIdle || report.FlopsSpeedup > 1.1, $"{policy}: {report.FlopsSpeedup}");
        }
    }

    [Theory]
    [InlineData("easycache", "Policy easycache steers by NetworkInput, which this network does not offer.")]
    [InlineData("seacache", "Policy seacache: the filter needs a picture of tokens, and this network's are 12 tokens")]
    [InlineData("toca(score=norm)", "Tokens toca: bonus=0.6 needs a picture of tokens, and this network's are 12 tokens")]
    [InlineData("toca(bonus=0)", "does not offer")]
    public async Task A_method_that_steers_by_what_a_text_has_not_is_refused_by_name(string policy, string sentence)
    {
        var pipeline = Open("llada");
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => pipeline.GenerateAsync(Request(7, policy)));
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
        var pipeline = Open("llada");
        var whole = await pipeline.GenerateAsync(Request(7, "dllm-cache"));
        var half = await pipeline.GenerateAsync(Request(7, "dllm-cache") with { CacheBudget = whole.Report.PeakCacheBytes - 1 });
        Assert.Equal(whole.Report.PeakCacheBytes / 2, half.Report.PeakCacheBytes);
        Assert.Contains("left room for 1 of 2 layers", half.Report.Note);
        Assert.InRange(half.Report.Cost.TotalFlops, whole.Report.Cost.TotalFlops + 1, whole.Report.UncachedFlops);
        var nothing = await pipeline.GenerateAsync(Request(7, "dllm-cache") with { CacheBudget = 10 });
        Assert.Equal(nothing.Report.UncachedFlops, nothing.Report.Cost.TotalFlops);
    }

    [Fact]
    public async Task Tokens_that_the_network_is_sure_of_end_the_run_early_and_the_report_counts_the_calls_made()
    {
        var pipeline = Open("llada");
        var sampler = TokenSamplers.Parse("llada(block=6,threshold=0.05)");
        var steps = new List<StepEvent>();
        var result = await pipeline.GenerateAsync(Request(7, "dllm-cache") with { Sampler = sampler, Previews = true }, steps.Add);
        Assert.InRange(result.Report.Calls.Count, 2, TinyLlada.Length - 1);
        Assert.Equal(result.Report.Calls.Count, steps.Count);
        Assert.DoesNotContain(-1f, result.Latent);
        Assert.All(steps, step => Assert.NotNull(step.Preview));
    }

    [Fact]
    public async Task The_difference_of_guidance_is_computed_every_so_many_calls_and_the_other_calls_run_one_row()
    {
        var pipeline = Open("llada");
        var request = Request(7, "dllm-cache(prompt=1,response=1,guidance=4)") with { Guidance = new Guidance(1.5) };
        var report = (await pipeline.GenerateAsync(request)).Report;
        Assert.Equal("cccccpppcppp", string.Concat(report.Calls.Select(c => c.Kind == CallKind.Computed ? 'c' : 'p')));
        Assert.Equal(report.UncachedFlops * 18 / 24, report.Cost.ComputeFlops + report.Cost.DraftFlops); // 12 and 6 of 24 rows
    }

    [Fact]
    public async Task A_memory_that_does_not_complete_its_rows_ends_its_own_run_with_a_sentence()
    {
        var pipeline = Open("llada");
        var request = Request(7, "none") with { Guidance = new Guidance(2), Cache = new FirstRowPolicy() };
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.GenerateAsync(request));
        Assert.Equal("Policy first-row does not make the answers of 2 rows.", error.Message);
    }

    private static TheoryData<string, string> Table(IEnumerable<string> policies)
    {
        var data = new TheoryData<string, string>();
        foreach (var policy in policies)
        {
            data.Add("llada", policy);
            data.Add("dream", policy);
        }

        return data;
    }

    private GenerationPipeline Open(string name)
    {
        _model = TinyLlada.Open(_backend, name);
        return new GenerationPipeline(_model);
    }

    private GenerationRequest Request(int tokens, string policy) =>
        _model!.Request(TinyLlada.Prompt(tokens), 5) with { Cache = PolicyCatalog.Parse(policy) };

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
