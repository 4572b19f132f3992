using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Options;
using Augur.Conditioning;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Tensors.Files;

namespace Augur.Cli.Commands.Edit;

/// <summary>One <c>augur edit</c>: inverts the picture, draws it anew, writes the results, the page and the report.</summary>
internal sealed record EditRun
{
    public required Drawing Drawing { get; init; }

    public required InversionChoice Inversion { get; init; }

    /// <summary>What the picture shows; null: not said.</summary>
    public required string? From { get; init; }

    /// <summary>Null: the model's kind decides.</summary>
    public required double? Eta { get; init; }

    public required int Stop { get; init; }

    public required string Out { get; init; }

    /// <summary>Null: none.</summary>
    public required string? Html { get; init; }

    public required bool Json { get; init; }

    public required string CommandLine { get; init; }

    /// <summary>Whether no method was asked for.</summary>
    public required bool IsUnasked { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    // Where the picture goes to standard output, nothing else does.
    private TextWriter Report => OutputFile.IsStandardOutput(Out) ? Error : Output;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Drawing.Description.Require();
        if (Drawing.Description is { Prompts.Count: 0, PromptsFile: null, Classes.Count: 0 })
        {
            throw CommandException.WrongUse("augur edit needs what the picture is to show: a prompt behind its name.");
        }

        RequireSense();
        var clock = Stopwatch.StartNew();
        using var backend = Drawing.Compute.Open();
        using var model = Drawing.Load(backend);
        var editor = new PictureEditor(model);
        var settings = Inversion.For(model) with { Condition = From is null ? null : ConditionOf(model, From) };
        GenerationRequest[] requests = [.. Drawing.Requests(model).Select(request => Pulled(request, model))];
        GenerationRequest[] inversions = [.. requests.Select(request => editor.Inversion(request, settings))];
        var method = model.Choose(requests[0]);

        var progress = new StepProgress(Json ? TextWriter.Null : Error, requests.Concat(inversions).Sum(r => (long)r.TakenSteps));
        IReadOnlyList<GenerationResult> inverted = [], edited = [];
        await progress.RunAsync(async () =>
        {
            await progress.EncodeAsync(model, [.. inversions, .. requests]);
            inverted = await EngineRun.DrawAllAsync(
                model, Drawing.EngineOptions, inversions, keepsBroken: false, progress.Advance, cancellationToken);
            edited = await EngineRun.DrawAllAsync(
                model, Drawing.EngineOptions, [.. requests.Zip(inverted, PictureEditor.Redrawn)], keepsBroken: false, progress.Advance,
                cancellationToken);
        });

        var parameters = Drawing.Describe(model, requests, method.Policy.Name) with { Origin = PictureOrigin.Of(Drawing, method.Policy.Name) };
        var scale = Drawing.Enlargement(model);
        Sheet([.. edited.Select(e => e.Image)], scale).SavePng(Out, parameters.AsText());
        var edits = edited.Zip(inverted, (result, inversion) => EditedPicture.Of(model, result, inversion)).ToArray();
        if (Html is not null)
        {
            var page = new EditPage(edits, parameters, CommandLine, Machine.Describe(backend), scale);
            AtomicFile.WriteText(Html, page.Write);
        }

        Tell(edits, method, clock.Elapsed);
        return 0;
    }

    private void RequireSense()
    {
        (string, string)[] outputs = Html is null ? [("--out", Out)] : [("--out", Out), ("--html", Html)];
        OutputFile.RequirePng("--out", Out);
        OutputFile.Require(outputs, Drawing.Inputs());
    }

    // A single picture stands without a frame, so that it can be edited again.
    private static RgbImage Sheet(RgbImage[] images, int scale) => images is [var only] ? only.Enlarge(scale)
        : ImageGrid.Compose(images, (int)Math.Ceiling(Math.Sqrt(images.Length)), new ImageGridOptions { Enlargement = scale });

    private GenerationRequest Pulled(GenerationRequest request, DiffusionModel model)
    {
        var isFlow = model.Denoiser.Prediction == Augur.Sampling.Prediction.Flow;
        return request with { Source = request.Source! with { Pull = Eta ?? (isFlow ? 0.7 : 0), PullSteps = Stop } };
    }

    private static Condition ConditionOf(DiffusionModel model, string text) =>
        model.TakesPrompts ? Condition.Prompt(text) : Condition.Class(Requests.ClassChoice.Named(text).In(model));

    private void Tell(EditedPicture[] edits, PolicyChoice method, TimeSpan total)
    {
        var reports = edits.SelectMany(e => new[] { e.Inversion.Report, e.Result.Report }).ToArray();
        var (flops, uncached) = (reports.Sum(r => r.Cost.TotalFlops), reports.Sum(r => r.UncachedFlops));
        var output = new EditOutput(
            Out, method.Policy.Name, edits.Sum(e => e.Inversion.Report.Calls.Count), edits.Sum(e => e.Result.Report.Calls.Count), flops, uncached,
            total.TotalSeconds, edits.Max(e => e.ChangedOutside), [.. edits.Select(e => e.Difference.CappedPsnr)]);
        if (Json)
        {
            Report.WriteLine(JsonSerializer.Serialize(output, CliJson.Indented.EditOutput));
            return;
        }

        var what = edits.Length == 1 ? "one picture" : $"{edits.Length} pictures";
        Terminal.WriteText(Report, string.Create(
            CultureInfo.InvariantCulture,
            $"{Printable.Line(Out)}: {what} in {total.TotalSeconds:0.0} s: {output.InversionCalls} network calls back to noise and "
            + $"{output.Calls} from there, {flops / 1e12:0.00} TFLOP of {uncached / 1e12:0.00} uncached."));
        var reason = IsUnasked ? "profiles were measured on pictures drawn from noise" : method.Reason;
        Terminal.WriteText(Report, $"Method: {method.Policy.Name}; {reason}.");
        if (edits[0].Result.Request.Source!.Mask.IsDefaultOrEmpty)
        {
            return;
        }

        Terminal.WriteText(Report, output.ChangedOutside == 0 ? "Outside the mask the latent is the picture's, bit for bit."
            : string.Create(CultureInfo.InvariantCulture, $"Outside the mask the latent differs by {output.ChangedOutside:g3} at most."));
    }
}

/// <summary>What <c>augur edit --json</c> prints.</summary>
/// <param name="Picture">The file.</param>
/// <param name="Policy">The method.</param>
/// <param name="InversionCalls">Network calls back to noise.</param>
/// <param name="Calls">Network calls from there.</param>
/// <param name="TotalFlops">Of both.</param>
/// <param name="UncachedFlops">Of the same calls in full.</param>
/// <param name="Seconds">From the beginning, loading included.</param>
/// <param name="ChangedOutside">Largest difference of the latent where the mask is black.</param>
/// <param name="Psnr">Of each result against the picture, in decibels.</param>
internal sealed record EditOutput(
    string Picture, string Policy, int InversionCalls, int Calls, long TotalFlops, long UncachedFlops, double Seconds, double ChangedOutside,
    IReadOnlyList<double> Psnr);
