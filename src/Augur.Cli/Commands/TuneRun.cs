using System.Diagnostics;
using System.Globalization;
using Augur.Pipelines;
using Augur.Tuning;

namespace Augur.Cli.Commands;

/// <summary>One <c>augur tune</c>: checks what was asked, searches, states what was found, writes the profile.</summary>
internal sealed record TuneRun
{
    private const int DefaultCount = 24;
    private const long HeldOutSeeds = 1_000_000;

    public required Drawing Drawing { get; init; }

    public required double? Speedup { get; init; }

    public required string? Quality { get; init; }

    public required string? Policy { get; init; }

    public required int Trials { get; init; }

    public required int HeldOut { get; init; }

    public required string Out { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var target = Target();
        if (HeldOut is < 2 or > 4096)
        {
            throw CommandException.WrongUse($"--held-out can be 2 to 4096, not {HeldOut}.");
        }

        var range = Range();
        OutputFile.RequireWritable("--out", Out);
        var options = new TuningOptions { Trials = Trials, Seed = unchecked((int)Drawing.Seed) };
        using var backend = ComputeOptions.Backend(Drawing.Device, Drawing.Threads);
        using var model = Drawing.Load(backend);
        var chosen = Drawing with { Count = Drawing.Count ?? DefaultCount };
        Drawing Held(int attempt) => chosen with { Count = HeldOut, Seed = unchecked(chosen.Seed + ((attempt + 1) * HeldOutSeeds)) };
        Calibration Pictures(Drawing drawing) => new(model, Drawing.EngineOptions, drawing.Requests(model, spread: true));

        var clock = Stopwatch.StartNew();
        var tuner = new Tuner(Pictures(chosen), attempt => Pictures(Held(attempt)), options, trial => Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,5:0} s  {trial.FlopsSpeedup:0.00}x  {trial.MeanPsnr:0.0} dB  {trial.Policy}")));
        var found = range is null ? await tuner.FindAsync(target, cancellationToken) : await tuner.FindAsync(target, range, cancellationToken);
        if (found is not { Policy: { } policy, HeldOut: { } proof, Psnr: { } interval })
        {
            throw CommandException.Failed(string.Create(
                CultureInfo.InvariantCulture, $"no setting was found that gives {target}: of {found.Tried} tried, the nearest was {found.Calibrated.Policy} with {found.Calibrated.FlopsSpeedup:0.00}x and {found.Calibrated.MeanPsnr:0.0} dB."));
        }

        Profile.Write(Out, policy, About(model, target, found, proof, interval, chosen, Held(found.Attempt)));
        Terminal.WriteText(Output, string.Create(CultureInfo.InvariantCulture, $"""
            {Out}: {policy}
            On {HeldOut} pictures that the search never saw: {proof.FlopsSpeedup:0.00} times fewer FLOPs; mean PSNR {interval.Estimate:0.0} dB, 95 % interval {interval.Lower:0.0} to {interval.Upper:0.0}, worst picture {proof.Psnr.Min():0.0} dB.
            {found.Tried} settings tried on {chosen.Count} pictures in {clock.Elapsed.TotalSeconds:0} s. Use it with --policy @{Out}.
            """));
        return 0;
    }

    private TuningTarget Target() => (Speedup, Quality) switch
    {
        ({ } speedup, null) => TuningTarget.Faster(speedup),
        (null, { } quality) => TuningTarget.ParseQuality(quality),
        _ => throw CommandException.WrongUse("augur tune takes one target: --speedup, or --quality."),
    };

    private PolicyRange? Range() => Policy is null ? null : PolicyRange.Parse(Policy)
        ?? throw CommandException.WrongUse($"--policy leaves one number open in braces, as in teacache(threshold={{0.01..2}}); \"{Policy}\" has none.");

    private static (string Name, object Value)[] About(
        DiffusionModel model, TuningTarget target, TuningResult found, Trial proof, Metrics.BootstrapInterval interval, Drawing chosen, Drawing held)
    {
        var first = chosen.Requests(model)[0];
        return
        [
            ("target", target.ToString()),
            ("model", model.Denoiser.Name),
            ("sampler", first.Sampler!.Name),
            ("steps", first.Steps),
            ("guidance", first.Guidance!.Value.Scale),
            ("tried", found.Tried),
            ("pictures", chosen.Count!.Value),
            ("seed", chosen.Seed),
            ("calibratedPsnr", Math.Round(found.Calibrated.MeanPsnr, 2)),
            ("heldOutPictures", held.Count!.Value),
            ("heldOutSeed", held.Seed),
            ("speedup", Math.Round(proof.FlopsSpeedup, 3)),
            ("psnr", Math.Round(interval.Estimate, 2)),
            ("psnrLower", Math.Round(interval.Lower, 2)),
            ("psnrUpper", Math.Round(interval.Upper, 2)),
            ("worstPsnr", Math.Round(proof.Psnr.Min(), 2)),
        ];
    }
}
