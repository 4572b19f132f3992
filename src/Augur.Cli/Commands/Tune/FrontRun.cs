using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Cli.Commands.Options;
using Augur.Metrics;
using Augur.Pipelines;
using Augur.Tuning;

namespace Augur.Cli.Commands.Tune;

/// <summary>One <c>augur tune --objectives</c>: searches a front, keeps it after every trial, states its members, plots it.</summary>
internal sealed record FrontRun
{
    /// <summary>The only objectives there are.</summary>
    public const string Objectives = "quality,cost";

    private const long HeldOutSeeds = 1_000_000;

    public required Drawing Drawing { get; init; }

    public required string? Policy { get; init; }

    public required FrontOptions Options { get; init; }

    public required int HeldOut { get; init; }

    public required string Out { get; init; }

    public bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    // The front is judged by as many pictures as a target.
    private int Count => Drawing.Count ?? TuneRun.DefaultCount;

    private string Page => Path.ChangeExtension(Out, ".html");

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var choices = PolicyChoices.Parse(Policy ?? throw CommandException.WrongUse(
            "--objectives searches what --policy leaves open, as in --policy \"dato(depth={0|1|2 x 49})\"."));
        _ = PolicyCatalog.Parse(choices.At(new int[choices.Genes.Count])); // what is wrong with it is said before anything is drawn
        OutputFile.Require([("--out", Out), ("--out (its page)", Page)], Drawing.Inputs());
        using var backend = Drawing.Compute.Open();
        using var model = Drawing.Load(backend);
        var chosen = Drawing with { Count = Count };
        var first = chosen.Requests(model)[0];
        var about = About(model, first);
        var pictures = new Calibration(model, Drawing.EngineOptions, chosen.Requests(model, spread: true));
        var search = new FrontSearch(choices, Options, (policy, token) => pictures.MeasureAsync(policy, 0, Count, null, token));
        if (FrontFile.ReadTried(Out, about) is { } known)
        {
            search.Know(known);
            await Error.WriteLineAsync($"augur: goes on from the {known.Count} policies that {Printable.Line(Out)} has measured.");
        }

        var member = Described(model, first, search);
        var clock = Stopwatch.StartNew();
        try
        {
            await search.RunAsync(trial => Keep(trial, search, about, member, clock), cancellationToken);
            return await StateAsync(model, search, about, member, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && search.Tried.Count > 0)
        {
            var front = search.Front();
            FrontFile.Write(Out, about, search.Tried, [.. front.Select(trial => (trial.Policy, member(trial) with { Note = Unstated() }))]);
            await Error.WriteLineAsync($"augur: stopped; {Printable.Line(Out)} has a front of {front.Count} from {search.Tried.Count} policies, "
                + "which were not held against other pictures; the same command goes on from there.");
            return CommandRunner.Cancelled;
        }
    }

    private string Unstated() => FormattableString.Invariant($"stopped; judged on {Count} pictures that it was chosen by, and on no others");

    private (string Name, string Value)[] About(DiffusionModel model, GenerationRequest first) =>
    [
        ("policy", Policy!), ("objectives", Objectives), ("model", model.Denoiser.Name), ("weights", Drawing.WeightsHash),
        ("sampler", first.Sampler!.Name), ("steps", Text(first.Steps)), ("guidance", Text(first.Guidance!.Value.Scale)),
        .. first.Guidance.Value.Interval is { } interval ? ((string, string)[])[("guidanceInterval", interval.ToString())] : [],
        ("pictures", Text(Count)), ("seed", Text(Drawing.Seed)), ("population", Text(Options.Population)),
    ];

    private Func<Trial, ProfileAbout> Described(DiffusionModel model, GenerationRequest first, FrontSearch search)
    {
        var calls = ChangeRecorder.CallCountOf(model, first);
        return trial => new ProfileAbout
        {
            Target = "a front of quality against cost",
            Model = model.Denoiser.Name,
            Weights = Drawing.WeightsHash,
            Sampler = first.Sampler!.Name,
            Steps = first.Steps,
            Calls = calls,
            Guidance = first.Guidance!.Value.Scale,
            GuidanceInterval = first.Guidance.Value.Interval,
            Tried = search.Tried.Count,
            Pictures = Count,
            Seed = Drawing.Seed,
            CalibratedPsnr = Math.Round(trial.MeanQuality, 2),
        };
    }

    // After each trial the file has everything, so that nothing is lost however the search ends.
    private void Keep(
        Trial trial, FrontSearch search, (string, string)[] about, Func<Trial, ProfileAbout> member, Stopwatch clock)
    {
        var front = search.Front();
        FrontFile.Write(Out, about, search.Tried, [.. front.Select(t => (t.Policy, member(t) with { Note = Unstated() }))]);
        Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{clock.Elapsed.TotalSeconds,5:0} s  {search.Tried.Count} of {Options.Trials} tried  {trial.FlopsSpeedup:0.00}x  ")
            + string.Create(CultureInfo.InvariantCulture, $"{trial.MeanQuality:0.0} dB") + $"{(front.Contains(trial) ? "  on the front" : "")}");
    }

    private async Task<int> StateAsync(
        DiffusionModel model, FrontSearch search, (string, string)[] about, Func<Trial, ProfileAbout> member, CancellationToken cancellationToken)
    {
        var seed = unchecked(Drawing.Seed + HeldOutSeeds);
        var held = new Calibration(
            model, Drawing.EngineOptions, (Drawing with { Count = HeldOut, Seed = seed }).Requests(model, spread: true));
        var members = new List<FrontMember>();
        foreach (var trial in search.Front())
        {
            await Error.WriteLineAsync($"augur: holding #{members.Count + 1} against pictures that the search never saw");
            var other = await held.MeasureAsync(trial.Policy, 0, HeldOut, null, cancellationToken);
            members.Add(new(trial, other, BootstrapInterval.OfMean(other.Quality, unchecked((int)Drawing.Seed))));
        }

        FrontFile.Write(Out, about, search.Tried, [.. members.Select(m => (m.Found.Policy, member(m.Found) with
        {
            HeldOutPictures = HeldOut,
            HeldOutSeed = seed,
            HeldOutSets = 1,
            Speedup = Math.Round(m.HeldOut.FlopsSpeedup, 3),
            Psnr = Math.Round(m.Psnr.Estimate, 2),
            PsnrLower = Math.Round(m.Psnr.Lower, 2),
            PsnrUpper = Math.Round(m.Psnr.Upper, 2),
            Confidence = Math.Round(m.Psnr.Confidence, 5),
            WorstPsnr = Math.Round(m.HeldOut.Quality.Min(), 2),
        }))]);
        FrontPage.Write(Page, model.Denoiser.Name, members, search.Tried.Count, Count, HeldOut, Out);
        Report(members, search.Tried.Count);
        return 0;
    }

    private void Report(List<FrontMember> members, int tried)
    {
        if (Json)
        {
            var rows = members.Select((m, i) => new FrontMemberOutput(
                $"@{Out}#{i + 1}", m.Found.Policy, m.HeldOut.FlopsSpeedup, m.Found.MeanQuality, m.Psnr.Estimate, m.Psnr.Lower, m.Psnr.Upper,
                m.HeldOut.Quality.Min()));
            Output.WriteLine(JsonSerializer.Serialize(new FrontOutput(Out, Page, tried, Count, HeldOut, [.. rows]), CliJson.Indented.FrontOutput));
            return;
        }

        FrontPage.Table(members).Write(Output);
        Terminal.WriteText(Output, string.Create(CultureInfo.InvariantCulture, $"""
            {members.Count} of {tried} policies are beaten by no other in both quality and cost on the {Count} pictures of the search.
            Held out are {HeldOut} others.
            {Printable.Line(Out)} has them, {Printable.Line(Page)} shows them. Use one with --policy @{Printable.Line(Out)}#1.
            """));
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
