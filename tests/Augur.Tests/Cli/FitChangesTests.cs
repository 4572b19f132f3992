using Augur.Catalogs;

namespace Augur.Tests.Cli;

public sealed class FitChangesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-fits").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("teacache", "--degree", "1")]
    [InlineData("magcache", "--seed", "3")]
    public async Task A_fit_writes_a_policy_that_can_be_drawn_with(string policy, string option, string value)
    {
        var path = Path.Combine(_folder, "policy.json");
        var (code, output, error) = await CommandLine.Run("fit", policy, "--count", "2", "--steps", "4", option, value, "--out", path);
        Assert.True(code == 0, error);
        Assert.Contains($"policy {policy},", output);
        Assert.Contains("from 2 pictures", output);
        var fitted = PolicyCatalog.Parse($"@{path}");
        Assert.StartsWith(policy == "teacache" ? "teacache(coefficients=" : "magcache(ratios=1 ", fitted.Name);
        fitted.Open(Caching.CacheScript.Run(4)).Dispose();
    }
}
