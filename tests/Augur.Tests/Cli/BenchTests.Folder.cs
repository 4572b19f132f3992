using Augur.Cli.Commands.Bench;


namespace Augur.Tests.Cli;

/// <content>What is in a folder already: torn, damaged, measured with other settings, or held.</content>
public sealed partial class BenchTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(1)]
    [InlineData(0)]
    public async Task A_torn_last_line_is_left_out_with_a_note_and_measured_again(int bytesKept)
    {
        await Bench(Out);
        var whole = Path.Combine(_folder, "whole.jsonl");
        File.Copy(Results, whole);
        var lines = (await File.ReadAllTextAsync(Results)).Split('\n');
        await File.WriteAllTextAsync(Results, string.Join('\n', lines[..4]) + "\n" + lines[4][..bytesKept]);
        var (code, _, error) = await Bench(Out);
        Assert.Equal(0, code);
        Assert.Equal(bytesKept > 0, error.Contains("the last line was not whole, and is left out.", StringComparison.Ordinal));
        AssertSameMeasurements(whole, Results);
    }

    [Fact]
    public async Task Another_damaged_line_is_named()
    {
        await Bench(Out);
        var lines = await File.ReadAllLinesAsync(Results);
        lines[2] = "{}";
        await File.WriteAllLinesAsync(Results, lines);
        var (code, _, error) = await Bench(Out);
        Assert.Equal(1, code);
        Assert.Contains("results.jsonl: line 3 is not one of augur bench", error);
    }

    [Theory]
    [InlineData("--seed 0, not 1", "--seed", "1")]
    [InlineData("--count 3, not 4", "--count", "4")]
    [InlineData("--steps 8, not 9", "--steps", "9")]
    [InlineData("--guidance 2, not 3", "--guidance", "3")]
    [InlineData("--guidance-interval none, not 0.2-0.8", "--guidance-interval", "0.2-0.8")]
    [InlineData("--batch 2, not 1", "--batch", "1")]
    [InlineData("--sampler ddim, not ddpm", "--sampler", "ddpm")]
    [InlineData("--class all, not 3", "--class", "3")]
    [InlineData("--noise torch, not cuda", "--noise", "cuda")]
    public async Task Other_settings_do_not_mix_with_those_of_the_folder(string difference, params string[] changed)
    {
        await Bench(Out, "--policies", "fora(interval=4)");
        var before = await File.ReadAllBytesAsync(Results);
        var (code, _, error) = await Bench(Out, ["--policies", "fora(interval=4)", .. changed]);
        Assert.Equal(2, code);
        Assert.Equal($"augur: {Out} was measured with {difference}; give another --out.", error.TrimEnd());
        Assert.Equal(before, await File.ReadAllBytesAsync(Results));
    }

    [Fact]
    public async Task Other_weights_do_not_mix_with_those_of_the_folder()
    {
        await Bench(Out, "--policies", "fora(interval=4)");
        var config = Path.Combine(_model.Folder, "config.json");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("octopus", "squid"));
        var (code, _, error) = await Bench(Out, "--policies", "fora(interval=4)");
        Assert.Equal(2, code);
        Assert.Contains("was measured with --model ", error);
    }

    [Fact]
    public async Task Further_policies_join_what_was_measured()
    {
        await Bench(Out, "--policies", "fora(interval=4)", "--baselines", "none");
        var before = Measured(Results).Count;
        var (_, output, _) = await Bench(Out, "--policies", "taylorseer(interval=3)", "--baselines", "none");
        Assert.Contains("  fora(interval=4)\n", output.ReplaceLineEndings("\n"));
        Assert.Contains("  taylorseer(interval=3)\n", output.ReplaceLineEndings("\n"));
        Assert.Equal(before + 2, Measured(Results).Count);
    }

    [Fact]
    public async Task Two_at_once_in_a_folder_do_not_mix()
    {
        await Bench(Out, "--policies", "fora(interval=4)", "--baselines", "none");
        using (new BenchFolder(Out).Claim())
        {
            var (code, _, error) = await Bench(Out, "--policies", "taylorseer(interval=3)");
            Assert.Equal(1, code);
            Assert.Contains("another augur bench is at work in that folder", error);
            Assert.Equal(0, (await CommandLine.Run("bench", "--report", Out)).Code);
        }
    }

    [Fact]
    public async Task A_folder_with_other_files_is_left_alone()
    {
        Directory.CreateDirectory(Out);
        await File.WriteAllTextAsync(Path.Combine(Out, "letters.txt"), "dear");
        var (code, _, error) = await Bench(Out);
        Assert.Equal(2, code);
        Assert.Contains("has files but no results.jsonl", error);
        Assert.Single(Directory.GetFileSystemEntries(Out));
    }
}
