using System.Globalization;
using System.Text.Json;
using Augur.Cli.Commands.Options;
using Augur.Pipelines;
using Augur.Requests;
using Augur.Tuning;

namespace Augur.Cli.Commands.Tune;

/// <summary>One <c>augur tune</c> of a model that writes: checks what was asked, searches, states what was found, writes the profile.</summary>
internal sealed record TuneTextsRun
{
    private const int DefaultCount = 12;
    private const int DefaultBeginning = 24;
    private const int UsualSets = 3; // of held-out texts, where the model begins them by itself and there is no end of them

    /// <summary>What is of pictures and texts alike.</summary>
    public required TuneRun Asked { get; init; }

    /// <summary>Least share of the same tokens, in percent; null: the target is a speed.</summary>
    public required double? Agreement { get; init; }

    /// <summary>Tokens of a text; null: the model's.</summary>
    public required int? Length { get; init; }

    /// <summary>Tokens of beginnings that the model writes for itself; null: the default.</summary>
    public required int? Beginning { get; init; }

    private Drawing Drawing => Asked.Drawing;

    private int Count => Drawing.Count ?? DefaultCount;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var target = Target();
        var range = Asked.Policy is null ? null : PolicyRange.Parse(Asked.Policy);
        if (Asked.Policy is not null && range is null)
        {
            _ = TextContender.Parse(Asked.Policy); // what is wrong with it is said before anything is written
        }

        OutputFile.Require([("--out", Asked.Out)], Drawing.Inputs());
        var options = new TuningOptions { Trials = Asked.Trials, Seed = unchecked((int)Drawing.Seed) };
        var description = WritingDescription.Of(Drawing.Description, Length);
        using var backend = Drawing.Compute.Open();
        using var model = Drawing.LoadWriter(backend);
        var given = Given();
        TextCalibration Texts(int set) => new(
            model, set == 0 ? Count : Asked.HeldOut, async stop => description.Requests(model, await PromptsAsync(model, given, set, stop)));

        var progress = new TuneProgress(Asked.Error, TuneRun.Every, isOfTexts: true);
        var tuner = new Tuner(Texts(0), attempt => Texts(attempt + 1), options, progress.Report);
        var first = description.Requests(model, [""])[0];
        var found = range is not null ? await tuner.FindAsync(target, range, cancellationToken)
            : Asked.Policy is not null ? await tuner.StateAsync(target, Asked.Policy, cancellationToken)
            : await tuner.FindAsync(target, new TextSpace(first.Sampler!, given is null ? UsualSets : given.Count - 1), cancellationToken);
        if (found.Policy is not { } text)
        {
            throw CommandException.Failed($"no setting was found that gives {target}: of {found.Tried} tried, the nearest was "
                + $"{found.Calibrated.Policy} with {Nearest(found)}.");
        }

        var way = TextContender.Parse(text);
        Write(model, way, found, target, way.Apply(first));
        Tell(way, found, progress.Elapsed);
        return found.IsStopped ? CommandRunner.Cancelled : 0;
    }

    // The prompts of the search, then sets of others, as many as there are; null: the model writes beginnings for itself.
    private IReadOnlyList<IReadOnlyList<string>>? Given()
    {
        string[] given = [.. Drawing.Description.AllPrompts().Distinct()];
        if (given.Length == 0)
        {
            return null;
        }

        string[][] others = [.. given.Skip(Count).Chunk(Asked.HeldOut).Where(set => set.Length == Asked.HeldOut)];
        return Beginning is not null ? throw CommandException.WrongUse("--beginning is of texts that the model begins by itself; prompts are given.")
            : others.Length > 0 ? [given[..Count], .. others]
            : throw CommandException.WrongUse($"{given.Length} different prompts are given; --count {Count} to search on and --held-out "
                + $"{Asked.HeldOut} that the search never sees need {Count + Asked.HeldOut}.");
    }

    private async Task<IReadOnlyList<string>> PromptsAsync(
        DiffusionModel model, IReadOnlyList<IReadOnlyList<string>>? given, int set, CancellationToken cancellationToken) =>
        given is null
            ? await TextBeginnings.WriteAsync(
                model, set == 0 ? Count : Asked.HeldOut, Beginning ?? DefaultBeginning, unchecked(Drawing.Seed + (set * TuneRun.HeldOutSeeds)),
                cancellationToken)
            : set < given.Count ? given[set]
            : throw CommandException.Failed(
                $"what was found did not hold on {set - 1} times {Asked.HeldOut} other texts, and no further prompts are given.");

    private void Write(DiffusionModel model, TextContender way, TuningResult found, TuningTarget target, GenerationRequest request)
    {
        var calls = request.Sampler!.MayEndEarly ? request.LatentShape!.Value[0] : request.Steps;
        Profile.Write(Asked.Out, way.Policy?.Name ?? TextContender.Reference.Name, ProfileAbout.OfTexts(found, target, request, calls) with
        {
            Model = model.Denoiser.Name,
            Weights = Drawing.WeightsHash,
            Texts = Count,
            Seed = Drawing.Seed,
            HeldOutSeed = found.HeldOut is null || Drawing.Description.AllPrompts().Count > 0 ? null
                : unchecked(Drawing.Seed + ((found.Attempt + 1) * TuneRun.HeldOutSeeds)),
        });
    }

    private void Tell(TextContender way, TuningResult found, TimeSpan elapsed)
    {
        var file = Printable.Line(Asked.Out);
        if (found is not { HeldOut: { } held, Interval: { } interval })
        {
            Asked.Error.WriteLine($"augur: stopped; {file} has the best so far, {way.Name}: {Chosen(found.Calibrated)} of "
                + string.Create(CultureInfo.InvariantCulture, $"{found.Calibrated.Quality.Count} texts that it was chosen by; ")
                + "it was not held against others.");
        }
        else if (Asked.Json)
        {
            Asked.Output.WriteLine(JsonSerializer.Serialize(
                new TuneTextsOutput(
                    Asked.Out, way.Policy?.Name ?? TextContender.Reference.Name, way.Sampler?.Name ?? "", held.Quality.Count, held.FlopsSpeedup,
                    interval.Estimate, interval.Lower, interval.Upper, held.Quality.Min(), found.Tried, elapsed.TotalSeconds),
                CliJson.Indented.TuneTextsOutput));
        }
        else
        {
            Terminal.WriteText(Asked.Output, string.Create(CultureInfo.InvariantCulture, $"""
                {file}: {way.Name}
                On {held.Quality.Count} texts that the search never saw: {Stated(found)}.
                {found.Tried} settings tried on {Count} texts in {elapsed.TotalSeconds:0} s.
                Use it with augur write --policy @{file}.
                """));
        }
    }

    private static string Nearest(TuningResult found) => found.HeldOut is null ? Chosen(found.Calibrated)
        : $"{Chosen(found.Calibrated)} on the texts of the search, and on others {Stated(found)}";

    private static string Chosen(Trial trial) => string.Create(
        CultureInfo.InvariantCulture, $"{trial.FlopsSpeedup:0.00} times fewer FLOPs and {trial.MeanQuality:0.0} % of the tokens the same");

    private static string Stated(TuningResult found)
    {
        var (held, interval) = (found.HeldOut!, found.Interval!);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{held.FlopsSpeedup:0.00} times fewer FLOPs; {interval.Estimate:0.0} % of the tokens the uncached run's, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{100 * interval.Confidence:0.##} % interval {interval.Lower:0.0} to {interval.Upper:0.0}, worst text {held.Quality.Min():0.0} %");
    }

    private TuningTarget Target() => (Asked.Speedup, Agreement) switch
    {
        ({ } speedup, null) => TuningTarget.Faster(speedup),
        (null, { } agreement) => TuningTarget.Agreeing(agreement),
        _ => throw CommandException.WrongUse("augur tune takes one target of a model that writes: --speedup, or --agreement."),
    };
}
