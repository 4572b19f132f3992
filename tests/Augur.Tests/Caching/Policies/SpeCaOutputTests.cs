using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>SpeCa with granularity output: the forecast of the output is held against the network's ends on the true latent.</summary>
public sealed class SpeCaOutputTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;

    public SpeCaOutputTests() => _model = SmallDit.Load(_backend);

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public async Task A_rejected_draft_is_computed_and_leaves_no_trace()
    {
        var exact = await Draw("none");
        var rejected = await Draw("speca(granularity=output,base=1e-12,decay=1,min=0,max=4,order=1)");
        Assert.Equal(exact.Latent, rejected.Latent);
        Assert.Equal((12, 11), (rejected.Report.Computed, rejected.Report.Rejected));
    }

    [Fact]
    public async Task The_pictures_of_drafts_that_all_pass_are_those_of_the_same_schedule_without_a_check()
    {
        var accepted = await Draw("speca(granularity=output,base=100,decay=1,min=0,max=3,draft=foca)");
        var withoutCheck = await Draw("taylorseer(granularity=output,interval=4,warmup=1,draft=foca)");
        Assert.Equal("CaaaCaaaCaaa", Letters(accepted));
        Assert.Equal("CdddCdddCddd", Letters(withoutCheck));
        Assert.Equal(withoutCheck.Latent, accepted.Latent); // a verification judges and changes nothing
    }

    [Fact]
    public async Task What_is_verified_with_repeated_features_is_how_far_the_network_s_ends_move_with_the_true_latent()
    {
        // Two drafts of reuse: the output repeated, and the ends of the network on the true latent plus the repeated change of the blocks.
        var run = await Draw("speca(granularity=output,base=100,decay=1,min=0,max=3,draft=reuse)");
        Assert.All(run.Report.Calls.Where(c => c.Kind == CallKind.Accepted), c => Assert.InRange(c.Error!.Value, 1e-6, 2));
        Assert.True(run.Report.Calls[3].Error > run.Report.Calls[1].Error, "the latent moves on while the features stand");
    }

    private async Task<GenerationResult> Draw(string policy) =>
        await new GenerationPipeline(_model).GenerateAsync(_model.Request(3, 5) with { Cache = PolicyCatalog.Parse(policy) });

    private static string Letters(GenerationResult result) => string.Concat(result.Report.Calls.Select(call => CallMark.Of(call).Letter));
}
