using System.Globalization;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Cli.Commands.Options;
using Augur.Tuning;

namespace Augur.Cli.Commands.Tune;

/// <summary>One <c>augur tune</c>: checks what was asked, searches, states what was found, writes the profile.</summary>
internal sealed record TuneRun
{
    /// <summary>Pictures of a search where the user names none.</summary>
    public const int DefaultCount = 24;

    internal const long HeldOutSeeds = 1_000_000;
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    public required Drawing Drawing { get; init; }

    public required double? Speedup { get; init; }

    public required string? Quality { get; init; }

    public required string? Policy { get; init; }

    public required int Trials { get; init; }

    public required int HeldOut { get; init; }

    public required string Out { get; init; }

    public bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var target = Target();
        var range = Policy is null ? null : PolicyRange.Parse(Policy);
        if (Policy is not null && range is null)
        {
            _ = PolicyCatalog.Parse(Policy); // what is wrong with it is said before anything is drawn
        }

        OutputFile.Require([("--out", Out)], Drawing.Inputs());
        var options = new TuningOptions { Trials = Trials, Seed = unchecked((int)Drawing.Seed) };
        using var backend = Drawing.Compute.Open();
        using var model = Drawing.Load(backend);
        var chosen = Drawing with { Count = Drawing.Count ?? DefaultCount };
        Drawing Held(int attempt) => chosen with { Count = HeldOut, Seed = unchecked(chosen.Seed + ((attempt + 1) * HeldOutSeeds)) };
        Calibration Pictures(Drawing drawing) => new(model, Drawing.EngineOptions, drawing.Requests(model, spread: true));

        var progress = new TuneProgress(Error, Every);
        var tuner = new Tuner(Pictures(chosen), attempt => Pictures(Held(attempt)), options, progress.Report);
        var found = range is not null ? await tuner.FindAsync(target, range, cancellationToken)
            : Policy is not null ? await tuner.StateAsync(target, Policy, cancellationToken)
            : await tuner.FindAsync(target, cancellationToken);
        if (found.Policy is not { } policy)
        {
            throw CommandException.Failed($"no setting was found that gives {target}: of {found.Tried} tried, the nearest was "
                + $"{found.Calibrated.Policy} with {Nearest(target, found)}.");
        }

        var first = chosen.Requests(model)[0];
        Profile.Write(Out, policy, ProfileAbout.Of(found, target, first, ChangeRecorder.CallCountOf(model, first)) with
        {
            Model = model.Denoiser.Name,
            Weights = Drawing.WeightsHash,
            Pictures = chosen.Count,
            Seed = chosen.Seed,
            HeldOutSeed = found.HeldOut is null ? null : Held(found.Attempt).Seed,
        });
        if (found.IsStopped)
        {
            var (best, count) = (found.Calibrated, found.Calibrated.Quality.Count);
            await Error.WriteLineAsync($"augur: stopped; {Printable.Line(Out)} has the best so far, {policy}: " + string.Create(
                CultureInfo.InvariantCulture,
                $"{best.FlopsSpeedup:0.00} times fewer FLOPs, mean PSNR {best.MeanQuality:0.0} dB on {count} pictures that it was chosen by; ")
                + "it was not held against others.");
            return CommandRunner.Cancelled;
        }

        if (Json)
        {
            var (held, interval) = (found.HeldOut!, found.Interval!);
            var report = new TuneOutput(
                Out, policy, HeldOut, held.FlopsSpeedup, interval.Estimate, interval.Lower, interval.Upper, held.Quality.Min(), found.Tried,
                progress.Elapsed.TotalSeconds);
            Output.WriteLine(JsonSerializer.Serialize(report, CliJson.Indented.TuneOutput));
            return 0;
        }

        Terminal.WriteText(Output, string.Create(CultureInfo.InvariantCulture, $"""
            {Printable.Line(Out)}: {policy}
            On {HeldOut} pictures that the search never saw: {Stated(target, found)}.
            {found.Tried} settings tried on {chosen.Count} pictures in {progress.Elapsed.TotalSeconds:0} s.
            Use it with --policy @{Printable.Line(Out)}.
            """));
        return 0;
    }

    private static string Nearest(TuningTarget target, TuningResult found)
    {
        var chosenOn = string.Create(
            CultureInfo.InvariantCulture, $"{found.Calibrated.FlopsSpeedup:0.00}x and {found.Calibrated.MeanQuality:0.0} dB");
        return found.HeldOut is null ? chosenOn : $"{chosenOn} on the pictures of the search, and on others {Stated(target, found)}";
    }

    private static string Stated(TuningTarget target, TuningResult found)
    {
        var (held, interval) = (found.HeldOut!, found.Interval!);
        var stated = string.Create(
            CultureInfo.InvariantCulture,
            $"{held.FlopsSpeedup:0.00} times fewer FLOPs; mean PSNR {interval.Estimate:0.0} dB, {100 * interval.Confidence:0.##} % interval ")
            + string.Create(CultureInfo.InvariantCulture, $"{interval.Lower:0.0} to {interval.Upper:0.0}, worst picture {held.Quality.Min():0.0} dB");
        if (target.Floor is not { } floor)
        {
            return stated;
        }

        var misses = held.CountBelow(floor);
        return stated + string.Create(
            CultureInfo.InvariantCulture,
            $", {misses} below {floor} dB (with 95 % confidence at most {PictureShare.Upper(misses, held.Quality.Count):0.#%} of all like these)");
    }

    private TuningTarget Target() => (Speedup, Quality) switch
    {
        ({ } speedup, null) => TuningTarget.Faster(speedup),
        (null, { } quality) => TuningTarget.ParseQuality(quality),
        _ => throw CommandException.WrongUse("augur tune takes one target: --speedup, or --quality."),
    };
}
