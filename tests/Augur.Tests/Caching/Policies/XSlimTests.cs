using Augur.Caching;
using Augur.Catalogs;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/xslim.md on scripted changes of the front, which is block 0 of six.</summary>
public sealed class XSlimTests : IDisposable
{
    private const int Depth = 6;

    // Against the last full call: 0.1, 0.3, 0.1, 0.6, and 0.0625 against the new one.
    private static readonly float[] s_fronts = [10, 11, 13, 11, 16, 17];
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData("xslim(warn=0.2,critical=0.5)", "12345 ..... 1-3-5 ..... 12345 .....")]
    [InlineData("xslim(warn=0.05,critical=0.5)", "12345 1-3-5 -2-4- 1-3-5 12345 1-3-5")]
    [InlineData("xslim(warn=0.05,critical=0.5,every=3)", "12345 1--4- -2--5 --3-- 12345 1--4-")]
    [InlineData("xslim(warn=0.5,critical=0.5)", "12345 ..... ..... ..... 12345 .....")] // no third answer between equal thresholds
    [InlineData("xslim(warn=0.5,critical=0.5,max_consecutive=1)", "12345 ..... 12345 ..... 12345 .....")]
    [InlineData("xslim(warn=0.05,critical=0.5,warmup=4)", "12345 12345 12345 12345 1-3-5 12345")]
    [InlineData("xslim(warn=0,critical=0)", "12345 12345 12345 12345 12345 12345")]
    public void The_change_of_the_front_says_whether_none_some_or_all_blocks_are_computed(string policy, string expected) =>
        Assert.Equal(expected, Play(policy, s_fronts));

    [Fact]
    public void What_is_not_refreshed_makes_the_change_it_last_made()
    {
        var changes = new List<(int Call, int Layer, float Change)>();
        Play("xslim(warn=0.05,critical=0.5)", s_fronts, changes);
        Assert.Contains((1, 2, 200), changes); // of call 0
        Assert.Contains((2, 3, 301), changes); // refreshed at call 1
        Assert.Contains((3, 4, 402), changes);
    }

    [Fact]
    public void A_draft_of_all_blocks_makes_the_change_that_refreshed_and_kept_blocks_made_together()
    {
        var changes = new List<(int Call, int Layer, float Change)>();
        Play("xslim(warn=0.2,critical=0.5)", s_fronts, changes);
        Assert.Contains((1, 0, 100 + 200 + 300 + 400 + 500), changes);
        Assert.Contains((3, 0, 102 + 200 + 302 + 400 + 502), changes);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_front_that_is_not_finite_computes_its_call_and_the_next(float value) =>
        Assert.Equal("12345 ..... 12345 12345 .....", Play("xslim(warn=1000,critical=1000)", [10, 10, value, 10, 10]));

    [Fact]
    public void Thresholds_stand_in_order() => Assert.Equal(
        "Policy xslim: warn=0.4 lies above critical=0.2; it is at most that.",
        Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse("xslim(warn=0.4,critical=0.2)")).Message);

    [Fact]
    public void The_outcome_has_what_was_measured_and_the_threshold_that_it_was_held_against()
    {
        var outcomes = new List<CallOutcome>();
        Play("xslim(warn=0.2,critical=0.5)", s_fronts, outcomes: outcomes);
        Assert.Equal([CallKind.Computed, CallKind.Partial, CallKind.Partial, CallKind.Partial, CallKind.Computed, CallKind.Partial],
            outcomes.Select(o => o.Kind));
        Assert.Equal([null, 0.2, 0.5, 0.2, 0.5, 0.2], outcomes.Select(o => o.Threshold));
        Assert.Equal(0.3, outcomes[2].Error!.Value, 1e-6);
    }

    // Computed blocks by their numbers, - where one was forecast, . where all were. Block l changes the stream by 100 · l + call.
    private string Play(string policy, float[] fronts, List<(int Call, int Layer, float Change)>? changes = null, List<CallOutcome>? outcomes = null)
    {
        using var scope = TensorScope.Begin();
        using var cache = PolicyCatalog.Parse(policy).Open(CacheScript.Run(fronts.Length, Depth));
        var words = new List<string>();
        for (var call = 0; call < fronts.Length; call++)
        {
            var plan = cache.Begin(new NetworkCall(call, fronts.Length, 0));
            Assert.Equal([1], plan.Cuts);
            cache.Ask(new Question(Site.Span(0, 1), Full(0))).Observe!(Full(0), Full(fronts[call]));
            var (span, stream) = (cache.Ask(new Question(Site.Span(1, Depth - 1), Full(0))), 0f);
            var word = "";
            for (var layer = 1; span.Runs && layer < Depth; layer++)
            {
                var answer = cache.Ask(new Question(Site.Block(layer), Full(stream)));
                var change = answer.Runs ? (100 * layer) + call : Formed(answer, stream) - stream;
                answer.Observe?.Invoke(Full(stream), Full(stream + change));
                changes?.Add((call, layer, change));
                stream += change;
                word += answer.Runs ? layer : "-";
            }

            span.Observe?.Invoke(Full(0), Full(stream));
            if (!span.Runs)
            {
                changes?.Add((call, 0, Formed(span, 0)));
            }

            words.Add(span.Runs ? word : new string('.', Depth - 1));
            var outcome = cache.End();
            outcomes?.Add(outcome);
        }

        return string.Join(' ', words);

        Tensor Full(float value) => Tensor.Full(_backend, [1, 2, 4], value);

        float Formed(Answer answer, float stream)
        {
            var formed = Full(0);
            answer.Forecast!().At(Full(stream)).WriteTo(formed);
            return formed.ToArray()[0];
        }
    }
}
