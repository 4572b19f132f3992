using Augur.Fuzz;

namespace Augur.Tests.Catalogs;

public sealed class FolderFuzzTests
{
    [Fact]
    public void Damaged_model_folders_draw_or_are_refused_in_one_sentence_with_little_memory()
    {
        using var fuzzer = new FolderFuzzer(FolderSeed.All(Fixtures.Path("field-faults")), seed: 7);
        var report = fuzzer.Run(1500);
        Assert.Empty(report.Failures);
        Assert.True(
            report.Accepted > 100 && report.Refused > 500 && report.Reasons.Count > 50,
            $"{report.Accepted} accepted, {report.Refused} refused for {report.Reasons.Count} reasons: the mutations lost their edge.");
    }
}
