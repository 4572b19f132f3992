using Augur.Caching;
using Augur.Catalogs;
using Augur.Tuning;

namespace Augur.Tests.Cli;

public sealed class FitChangesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-fits").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("teacache", "--degree", "1")]
    [InlineData("magcache", "--seed", "3")]
    [InlineData("sencache", "--seed", "3")]
    [InlineData("meancache", "--calls", "2")]
    public async Task A_fit_writes_a_policy_that_can_be_drawn_with(string policy, string option, string value)
    {
        var path = Path.Combine(_folder, "policy.json");
        var (code, output, error) = await CommandLine.Run("fit", policy, "--count", "2", "--steps", "4", option, value, "--out", path);
        Assert.True(code == 0, error);
        Assert.Contains($"policy {policy},", output);
        Assert.Contains("from 2 pictures", output);
        var fitted = PolicyCatalog.Parse($"@{path}");
        Assert.StartsWith(
            policy switch
            {
                "teacache" => "teacache(coefficients=",
                "magcache" => "magcache(ratios=1 ",
                "meancache" => "meancache(schedule=list(0-",
                _ => "sencache(times=",
            },
            fitted.Name);
        fitted.Open(Caching.CacheScript.Run(4) with { Path = LatentPath.Noise }).Dispose();
        var about = Profile.Read(path).About;
        Assert.Equal(("ddim", 4, 4, 2.0, 2), (about.Sampler, about.Steps, about.Calls, about.Guidance, about.Pictures));
        Assert.Equal(ModelIdentity.HashOf(ModelCatalog.BuiltInPath), about.Weights);
    }

    [Theory]
    [InlineData("--degree is \"9\"; it is a whole number from 0 to 8.", "--degree", "9")]
    [InlineData("--degree is \"-1\"; it is a whole number from 0 to 8.", "--degree", "-1")]
    [InlineData("A polynomial of degree 4 needs 5 different changes; these runs have 3.", "--steps", "4", "--count", "1")]
    [InlineData("A polynomial of degree 4 needs 5 different changes; these runs have 4.", "--steps", "2", "--count", "4")]
    public async Task A_polynomial_that_cannot_be_fitted_is_refused_before_anything_is_computed(string sentence, params string[] options)
    {
        var path = Path.Combine(_folder, "policy.json");
        var (code, output, error) = await CommandLine.Run(["fit", "teacache", "--out", path, .. options]);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"augur: {sentence}", error, StringComparison.Ordinal); // no progress before it: nothing was drawn
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(path));
    }
}
