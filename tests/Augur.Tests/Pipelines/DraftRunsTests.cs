using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Pipelines;

public sealed class DraftRunsTests
{
    [Theory]
    [InlineData("CddddddddddC", null)] // 10 of 50
    [InlineData("CdddddddddddC", "11 of 50 calls in a row were forecast without a check; no method was measured beyond 20 % of a run")]
    [InlineData("CdddddCdddddddCddddddddddC", null)] // more, but not in a row
    [InlineData("CdddddadddddddC", null)] // a check in between
    [InlineData("CdddddpdddddddC", null)] // computed in part in between
    [InlineData("Caaaaaaaaaaaaaaaa", null)] // checked, each of them
    public void More_than_a_fifth_of_a_run_forecast_in_a_row_is_said(string marks, string? begin)
    {
        var note = DraftRuns.NoteOn([.. marks.PadRight(50, 'C').Select(Outcome)]);
        Assert.True(begin is null ? note is null : note!.StartsWith(begin, StringComparison.Ordinal), note);
    }

    [Fact]
    public void Three_forecasts_in_a_short_run_are_not_many()
    {
        Assert.Null(DraftRuns.NoteOn([.. "CdddC".Select(Outcome)]));
        Assert.NotNull(DraftRuns.NoteOn([.. "CddddC".Select(Outcome)]));
    }

    [Fact]
    public async Task The_report_says_it()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var model = SmallDit.Load(backend);
        var pipeline = new GenerationPipeline(model);
        var bold = await pipeline.GenerateAsync(model.Request(1, 5) with
        {
            Cache =
            PolicyCatalog.Parse("taylorseer(interval=12,granularity=output)")
        });
        Assert.Contains("calls in a row were forecast without a check", bold.Report.Note, StringComparison.Ordinal);
        var cautious = await pipeline.GenerateAsync(model.Request(1, 5) with
        {
            Cache =
            PolicyCatalog.Parse("taylorseer(interval=3,granularity=output)")
        });
        Assert.Null(cautious.Report.Note);
    }

    private static CallOutcome Outcome(char mark) =>
        new(mark switch { 'C' => CallKind.Computed, 'a' => CallKind.Accepted, 'p' => CallKind.Partial, _ => CallKind.Drafted });
}
