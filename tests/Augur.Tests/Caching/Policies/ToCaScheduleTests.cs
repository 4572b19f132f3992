using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Caching.Tokens;
using Augur.Replay;

namespace Augur.Tests.Caching;

/// <summary>
/// The schedules of ToCa and DuCa as released, on DiT-XL/2 at 256 pixels with one guidance pair; the totals are the published ones.
/// </summary>
public sealed class ToCaScheduleTests
{
    private const int Depth = 28;
    private const int Tokens = 256;
    private static readonly OfficialFlops s_flops = new(2, Tokens, 1152, 16);

    [Fact]
    public void A_full_step_costs_what_the_released_code_counts()
    {
        Assert.Equal(0.474706, Depth * s_flops.FullBlock / 1e12, 6);
        Assert.Equal(23.7353, 50 * Depth * s_flops.FullBlock / 1e12, 4);
    }

    [Fact]
    public void Ddim50_as_released_has_18_full_steps_and_2_that_are_full_in_their_first_block()
    {
        var (options, passes) = (ToCaOptions.Released(ToCaPreset.Ddim50), Play(ToCaOptions.Released(ToCaPreset.Ddim50), 50));
        Assert.Equal([49, 44, 40, 36, 30, 27, 24, 21, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0], Steps(passes, (Pass.Full, Pass.Full)));
        Assert.Equal([45, 32], Steps(passes, (Pass.Full, Pass.Conservative)));
        Assert.Equal(10.2328, Total(options, passes), 4);
    }

    [Fact]
    public void Ddim50_decided_once_per_call_makes_those_2_steps_full()
    {
        var options = new ToCaOptions();
        var passes = Play(options, 50);
        Assert.Equal(20, Steps(passes, (Pass.Full, Pass.Full)).Length);
        Assert.All(passes, p => Assert.Equal(p.First, p.Others));
        Assert.Equal(11.13, Total(options, passes), 2);
    }

    [Fact]
    public void Ddpm250_as_released_has_72_full_steps()
    {
        var options = ToCaOptions.Released(ToCaPreset.Ddpm250);
        var passes = Play(options, 250);
        Assert.Equal(72, Steps(passes, (Pass.Full, Pass.Full)).Length);
        Assert.Equal([245, 155], Steps(passes, (Pass.Full, Pass.Conservative)));
        Assert.Equal(43.42, Total(options, passes), 2);
    }

    [Fact]
    public void With_a_ratio_of_0_the_interval_is_constant()
    {
        var options = ToCaOptions.Released(ToCaPreset.Ddim50) with { Ratio = 0 };
        var passes = Play(options, 50);
        Assert.Equal([49, .. Enumerable.Range(0, 17).Select(i => 48 - (3 * i))], Steps(passes, (Pass.Full, Pass.Full)));
        Assert.Equal(8.560, Total(options, passes), 3);
    }

    [Theory]
    [InlineData(3, "FCACCFCACFCACFCACACFACFACFACFACFCFCFCFCFCFCFCFCFCF", 9.575)]
    [InlineData(4, null, 7.662)]
    [InlineData(5, null, 6.320)]
    public void Duca_alternates_by_the_parity_of_the_step_within_its_cycle(int interval, string? expected, double tera)
    {
        var options = DuCaOptions.Released(DuCaPreset.Ddim50) with { Interval = interval };
        var passes = Play(options, 50);
        Assert.Equal(tera, Total(options, passes), 3);
        if (expected is not null)
        {
            Assert.Equal(expected, string.Concat(passes.Select(p => "FCA"[(int)p.Others])));
            Assert.Equal([45], Steps(passes, (Pass.Full, Pass.Conservative)));
            Assert.Equal([32], Steps(passes, (Pass.Full, Pass.Aggressive)));
        }
    }

    [Theory]
    [InlineData(38, 0, 0, 0)]
    [InlineData(37, 1, 1, 2)]
    [InlineData(34, 10, 12, 15)]
    [InlineData(26, 32, 40, 49)]
    [InlineData(20, 50, 62, 75)]
    [InlineData(13, 70, 87, 105)]
    [InlineData(5, 93, 115, 139)]
    [InlineData(1, 104, 129, 156)]
    public void Tokens_per_block_of_ddim50(int step, int first, int middle, int last) => Assert.Equal((first, middle, last), Counts(new(), step, 50));

    [Theory]
    [InlineData(13, 50, 62, 75)]
    [InlineData(1, 74, 92, 112)]
    public void Tokens_per_block_of_duca(int step, int first, int middle, int last) =>
        Assert.Equal((first, middle, last), Counts(new DuCaOptions(), step, 50));

    [Theory]
    [InlineData(248, 48, 27, 5)]
    [InlineData(1, 112, 64, 12)]
    public void Tokens_per_block_of_ddpm250(int step, int first, int middle, int last) =>
        Assert.Equal((first, middle, last), Counts(ToCaOptions.Released(ToCaPreset.Ddpm250), step, 250));

    [Theory]
    [InlineData(false, "FCCCmCFCCFCCFCCFCCFC")] // m: the first block is full, the others are not
    [InlineData(true, "FCAFCAFCAFCAFCAFCAFC")]
    public void The_released_runs_of_PixArt_count_steps_up(bool alternates, string expected)
    {
        ToCaOptions options = alternates ? DuCaOptions.Released(DuCaPreset.PixArt) : ToCaOptions.Released(ToCaPreset.PixArt);
        Assert.Equal(expected, string.Concat(Play(options, 20).Select(p => p.First == p.Others ? "FCA"[(int)p.First] : 'm')));
    }

    [Theory]
    [InlineData(1, 33, 64)] // of step 1 of 20, block 0: 0.3 · 1.6 · 1.81 · 0.6, and all
    [InlineData(19, 3, 9)]
    public void PixArt_computes_fewer_tokens_in_cross_attention_and_towards_the_end(int step, int cross, int mlp)
    {
        var (options, call) = (ToCaOptions.Released(ToCaPreset.PixArt), new NetworkCall(step, 20, 0));
        Assert.Equal((cross, mlp), (options.FreshCount(Site.CrossAttention(0), call, 28, 64), options.FreshCount(Site.Mlp(0), call, 28, 64)));
        Assert.True(options.FreshCount(Site.Mlp(27), call, 28, 64) < options.FreshCount(Site.Mlp(0), call, 28, 64) || mlp == 64);
    }

    [Theory]
    [InlineData(FreshSchedule.Constant, 25, 51)]
    [InlineData(FreshSchedule.Linear, 49, 6)] // 0.2 · (1.9 − 1.764)
    [InlineData(FreshSchedule.Linear, 0, 97)]
    [InlineData(FreshSchedule.Exponential, 0, 51)]
    [InlineData(FreshSchedule.Exponential, 25, 48)] // 0.2 · √0.9
    public void Tokens_under_schedules_that_do_not_look_at_the_block(FreshSchedule schedule, int step, int expected) =>
        Assert.Equal((expected, expected, expected), Counts(new() { Ratio = 0.2, Schedule = schedule }, step, 50));

    [Fact]
    public void The_layer_factor_ends_at_the_last_block_unless_27_is_asked_for()
    {
        var call = new NetworkCall(40, 50, 0);
        var deep = new ToCaTokensOptions().FreshCount(Site.Mlp(27), call, 28, Tokens);
        Assert.Equal(deep, new ToCaTokensOptions().FreshCount(Site.Mlp(3), call, 4, Tokens));
        Assert.Equal(
            new ToCaTokensOptions().FreshCount(Site.Mlp(3), call, 28, Tokens),
            new ToCaTokensOptions { LastLayer = 27 }.FreshCount(Site.Mlp(3), call, 4, Tokens));
        Assert.True(new ToCaTokensOptions().FreshCount(Site.Mlp(0), call, 1, Tokens) > 0); // a single block is both first and last
    }

    [Theory]
    [InlineData("toca(preset=ddim50)")]
    [InlineData("toca(preset=ddpm250)")]
    [InlineData("duca(preset=ddim50)")]
    [InlineData("duca(preset=random)")]
    [InlineData("toca(preset=pixart)")]
    [InlineData("duca(preset=pixart)")]
    [InlineData("toca(count=up,cross=true,score=text-entropy)")]
    [InlineData("toca(schedule=linear,layers=27,score=value-norm,values=large)")]
    [InlineData("taylorseer(tokens=toca(ratio=0.1,twins=average))")]
    public void Names_are_what_was_written(string text) => Assert.Equal(text, Augur.Catalogs.PolicyCatalog.Parse(text).Name);

    private static (Pass First, Pass Others)[] Play(ToCaOptions options, int calls)
    {
        var cycle = new TokenCycle(options, alternates: options is DuCaOptions, calls);
        return [.. Enumerable.Range(0, calls).Select(call => cycle.Begin(new NetworkCall(call, calls, 0)))];
    }

    private static int[] Steps((Pass, Pass)[] passes, (Pass, Pass) kind) =>
        [.. Enumerable.Range(0, passes.Length).Where(i => passes[i] == kind).Select(i => passes.Length - 1 - i)];

    // TFLOPs of the whole run as the released code counts them.
    private static double Total(ToCaOptions options, (Pass First, Pass Others)[] passes) => passes.Select((pass, i) =>
        Enumerable.Range(0, Depth).Sum(layer => (layer == 0 ? pass.First : pass.Others) switch
        {
            Pass.Full => s_flops.FullBlock,
            Pass.Conservative => s_flops.PartialBlock(options.FreshCount(Site.Mlp(layer), new NetworkCall(i, passes.Length, 0), Depth, Tokens)),
            _ => 0,
        })).Sum() / 1e12;

    private static (int, int, int) Counts(ToCaTokensOptions options, int step, int calls)
    {
        var call = new NetworkCall(calls - 1 - step, calls, 0);
        return (Count(0), Count(13), Count(27));

        int Count(int layer) => options.FreshCount(Site.Mlp(layer), call, Depth, Tokens);
    }
}
