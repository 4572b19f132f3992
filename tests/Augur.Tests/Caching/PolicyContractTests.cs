using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>What every caching method keeps to, as tables over the catalog and over settings that decide for each sample.</summary>
public sealed partial class PolicyContractTests : IDisposable
{
    private const double Base = 0.2; // of strict speca: on the small DiT some drafts pass and some fail
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;
    private readonly GenerationPipeline _pipeline;

    public PolicyContractTests()
    {
        _model = SmallDit.Load(_backend);
        _pipeline = new GenerationPipeline(_model);
    }

    public static TheoryData<string> MostCautious => [.. PolicyCatalog.All.Select(e => e.MostCautious)];

    /// <summary>Settings under which every sample decides for itself.</summary>
    public static TheoryData<string> PerSample =>
    [
        "none",
        "fora",
        "fora(interval=2,warmup=3)",
        "taylorseer",
        "taylorseer(interval=3,order=2,state=bfloat16)",
        "taylorseer(interval=3,granularity=block)",
        "taylorseer(interval=3,order=2,granularity=block,state=bfloat16)",
        "taylorseer(interval=3,order=1,granularity=output)",
        "taylorseer(interval=3,granularity=output,state=bfloat16)",
        "taylorseer(interval=2,draft=adams-bashforth)",
        "taylorseer(interval=4,draft=reuse,granularity=block)",
        "taylorseer(interval=3,tokens=random(k=5))",
        "augur(4)",
        "augur(error=0.2,tolerances=9,errors=0.2)",
        "augur(error=0.2,tolerances=9,errors=0.2,draft=taylor(order=1),state=bfloat16)",
        "augur(calls=6,draft=taylor(order=2),granularity=branch,state=bfloat16)",
        "hicache(interval=3)",
        "hicache(interval=4,order=1,sigma=0.7,granularity=block,state=bfloat16)",
        "foca(interval=3)",
        "spectrum(first=2)",
        "spectrum(window=3,growth=0,first=1,granularity=branch,state=bfloat16)",
        "meancache(5)",
        "meancache(interval=3,steps=1)",
        "meancache(schedule=list(0-1-2-5-8),steps=3)",
        "foca(interval=4,history=stored,granularity=output)",
        "taylorseer(interval=3,draft=chebyshev(history=4))",
        "taylorseer(interval=3,draft=barycentric,granularity=block)",
        "taylorseer(interval=3,draft=exponential,state=bfloat16)",
        $"speca(preset=paper,granularity=block,base={Base},draft=hicache(order=2))",
        $"speca(preset=paper,base={Base},draft=foca,verify=sampled(0.2))",
        $"speca(preset=paper,granularity=block,base={Base},draft=foca(history=stored,slope=difference))",
        $"speca(preset=paper,granularity=block,base={Base},draft=chebyshev)",
        "speca(preset=paper,granularity=block,mode=deferred,base=0.2,min=1,max=4,draft=exponential)",
        $"speca(preset=paper,base={Base},tokens=random(k=3))",
        $"speca(preset=paper,granularity=block,base={Base})",
        $"speca(preset=paper,base={Base},granularity=branch,order=2)",
        $"speca(preset=paper,granularity=block,base={Base},min=1,max=3,state=bfloat16)",
        $"speca(preset=paper,granularity=block,base={Base},verify=sampled(0.5))",
        $"speca(preset=paper,base={Base},verify=sampled(0.2),granularity=branch)",
        $"speca(preset=paper,granularity=block,base={Base},draft=adams-bashforth,metric=cosine)",
        $"speca(preset=paper,granularity=block,base={Base},layer=0)",
        $"speca(preset=paper,granularity=output,base={Base},draft=foca)",
        "speca(preset=paper,granularity=output,mode=deferred,base=0.2,min=1,max=4,state=bfloat16)",
        $"speca(preset=paper,base={Base},layer=1,granularity=branch,verify=sampled(0.5))",
        "speca(preset=paper,granularity=block,mode=deferred,base=0.2,min=1,max=4)",
        "speca(preset=paper,granularity=block,mode=deferred,base=0.2,min=1,max=4,layer=-3)",
        "speca(preset=paper,granularity=block,mode=deferred,base=0.2,min=1,max=4,verify=sampled(0.4))",
        "speca(preset=dit,decide=sample)",
        "speca(preset=hunyuan-video,decide=sample)",
        "taylorseer(interval=3,tokens=toca(score=value-norm))",
        $"speca(preset=paper,base={Base},tokens=toca(schedule=constant,ratio=0.2))",
        "toca",
        "toca(preset=ddim50,ratio=0.2)",
        "toca(schedule=constant,ratio=0.3,score=random)",
        "toca(interval=4,schedule=linear,score=similarity,twins=average)",
        "toca(stretch=0,schedule=ddpm250,score=norm,twins=copy,window=3)",
        "duca",
        "duca(preset=ddim50)",
        "duca(preset=random,interval=5)",
        "duca(interval=5,dense_zone=false,score=value-norm,values=large)",
        "cg-taylor(threshold=0.2)",
        "cg-taylor(threshold=0.2,gate=taylor(order=1),draft=taylor(order=2),warmup=1,state=bfloat16)",
        "fbcache(threshold=0.3)",
        "fbcache(threshold=0.3,draft=taylor(order=1))",
        "dbcache(front=1,back=1,threshold=0.3,warmup=2,max_consecutive=2)",
        "dbcache(front=2,back=1,threshold=0.3,warmup=1,max_cached=3,state=bfloat16)",
        "xslim(warn=0.2,critical=0.6)",
        "xslim(warn=0.05,critical=1,every=3,front=2,draft=taylor(order=1),warmup=2,max_consecutive=3,state=bfloat16)",
        "teacache(threshold=0.5)",
        "teacache(threshold=0.5,coefficients=0.5 1 0.01,draft=taylor(order=1),warmup=3)",
        "seacache(threshold=0.5)",
        "seacache(threshold=0.5,power=3,draft=taylor(order=1),warmup=3,state=bfloat16)",
        "magcache(ratios=1 1.1 1.05 1 0.98 0.95,threshold=0.2)",
        "magcache(ratios=1,retention=0,draft=taylor(order=1),state=bfloat16)",
        "sencache(times=900 500 100,by_latent=0.6 0.8 0.9,by_time=0.002 0.001 0.001,threshold=9,early_threshold=0.1,max_consecutive=4)",
        "sencache(times=500,by_latent=1,by_time=0,threshold=99,max_consecutive=2,draft=taylor(order=1),state=bfloat16)",
        "easycache(threshold=0.6,warmup=2)",
        "dicache(threshold=0.6)",
        "dicache(threshold=0.05,probe=2,indicator=difference,retention=0)",
        "delta-dit",
        "delta-dit(interval=4,switch=0.3,span=0.25,draft=taylor(order=1),state=bfloat16)",
        "pab(range=3)",
        "pab(range=2,mlp_range=3,mlp_blocks=2,from=0,to=1000,state=bfloat16)",
        "clusca",
        "clusca(interval=3,order=2,k=4,gamma=0.3)",
        "clusca(interval=3,draft=hicache,k=3,gamma=0.1,exact=true)",
        $"speca(preset=paper,base={Base},tokens=clusca(k=3),granularity=branch)",
        "clusca(interval=3,k=4,region=mask)",
        "toca(schedule=constant,ratio=0.3,score=value-norm,region=box(rings=2))",
        "eedit",
        "eedit(interval=4,ratio=0.3,region=points(bonus=5),draft=taylor(order=1),tail=2)",
        "eedit(tables=false,staleness=1,region=none)",
        "taylorseer(interval=3,tokens=eedit(ratio=0.2))",
        $"speca(preset=paper,base={Base},tokens=eedit(ratio=0.2),granularity=branch)",
        "l2c(mask=random(share=0.7,seed=1))",
        "l2c(mask=uniform(share=0.4))",
    ];

    private static readonly string[] s_gatesForBatch =
    [
        "cg-taylor(threshold=0.2,decide=batch)", "dbcache(front=1,back=1,threshold=0.3,warmup=2,decide=batch)",
            "teacache(threshold=0.5,decide=batch)",
        "seacache(threshold=0.5,decide=batch)",         "easycache(threshold=0.6,warmup=2,decide=batch)", "dicache(threshold=0.6,decide=batch)",
        "xslim(warn=0.2,critical=0.6,decide=batch)", "sencache(times=500,by_latent=1,by_time=0,threshold=1,decide=batch)",
    ];

    /// <summary>Settings under which a batch decides together.</summary>
    public static TheoryData<string> PerBatch =>
        ["speca(preset=dit)", "speca(preset=flux)", $"speca(preset=paper,granularity=block,base={Base},decide=batch)", .. s_gatesForBatch];

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public async Task The_strict_settings_of_these_tables_accept_some_drafts_and_reject_some()
    {
        foreach (var text in ((IEnumerable<object[]>)PerSample).Select(row => (string)row[0])
            .Where(t => t.Contains($"base={Base}", StringComparison.Ordinal)))
        {
            var report = (await _pipeline.GenerateAsync(Request(3, 5, text))).Report;
            Assert.True(report.Accepted > 0, $"{text} accepts nothing");
        }

        Assert.True((await _pipeline.GenerateAsync(Request(3, 5, $"speca(preset=paper,granularity=block,base={Base})"))).Report.Rejected > 0);
    }

    [Fact]
    public async Task The_reusing_settings_of_these_tables_reuse_some_calls_and_compute_some()
    {
        string[] methods = ["cg-taylor", "fbcache", "dbcache", "xslim", "teacache", "seacache", "magcache", "sencache", "easycache",
            "dicache", "delta-dit", "pab"];
        foreach (var text in ((IEnumerable<object[]>)PerSample).Select(row => (string)row[0]).Concat(s_gatesForBatch)
            .Where(t => methods.Contains(t.Split('(')[0])))
        {
            var report = (await _pipeline.GenerateAsync(Request(3, 5, text))).Report;
            Assert.True(report.Drafted > 1 && report.Computed > 2,
                $"{text}: {string.Concat(report.Marks.Select(m => m.Letter))}, {string.Join(" ", report.Calls.Select(c => c.Error))}");
        }
    }

    [Theory]
    [MemberData(nameof(MostCautious))]
    public async Task At_its_most_cautious_setting_a_policy_is_the_uncached_run_bit_for_bit(string policy)
    {
        foreach (var sampler in new[] { "ddim", "ddpm", "dpm++" })
        {
            var exact = await _pipeline.GenerateAsync(Request(3, 5, "none") with { Sampler = Samplers.Parse(sampler) });
            var cautious = await _pipeline.GenerateAsync(Request(3, 5, policy) with { Sampler = Samplers.Parse(sampler) });
            Assert.Equal(exact.Latent, cautious.Latent);
            Assert.Equal(exact.Report.Cost.TotalFlops, cautious.Report.Cost.TotalFlops);
            Assert.Equal(policy == "none" ? null : "the method saved nothing: every call was computed", cautious.Report.Note);
        }
    }

    [Theory]
    [MemberData(nameof(PerSample))]
    [MemberData(nameof(PerBatch))]
    public async Task The_same_seed_gives_the_same_picture_and_the_same_decisions(string policy)
    {
        var first = await _pipeline.GenerateAsync([Request(3, 5, policy), Request(4, 6, policy)]);
        var second = await _pipeline.GenerateAsync([Request(3, 5, policy), Request(4, 6, policy)]);
        foreach (var (a, b) in first.Zip(second))
        {
            Assert.Equal(a.Latent, b.Latent);
            Assert.Equal(a.Report.Calls, b.Report.Calls);
        }
    }

    private static (long, long, long, long) Flops(GenerationResult result) =>
        (result.Report.Cost.ComputeFlops, result.Report.Cost.DraftFlops, result.Report.Cost.VerifyFlops, result.Report.Cost.ForecastFlops);

    private GenerationRequest Request(int label, long seed, string policy) =>
        _model.Request(label, seed) with { Cache = PolicyCatalog.Parse(policy) };
}
