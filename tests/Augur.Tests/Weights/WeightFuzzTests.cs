using Augur.Fuzz;

namespace Augur.Tests.Weights;

public sealed class WeightFuzzTests
{
    [Fact]
    public void Damaged_files_are_read_or_refused_in_one_sentence_with_little_memory()
    {
        var report = new WeightFuzzer(FuzzSeed.All(Fixtures.Path("weights")), seed: 7).Run(4000);
        Assert.Empty(report.Failures);
        Assert.True(
            report.Accepted > 100 && report.Refused > 1000, $"{report.Accepted} accepted, {report.Refused} refused: the mutations lost their edge.");
    }
}
