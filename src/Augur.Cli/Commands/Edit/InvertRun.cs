using System.Globalization;
using System.Text.Json;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Options;
using Augur.Pipelines;
using Augur.Tensors.Weights;

namespace Augur.Cli.Commands.Edit;

/// <summary>One <c>augur invert</c>: to noise, back again, and how far the result is from the picture.</summary>
internal sealed record InvertRun
{
    public required Drawing Drawing { get; init; }

    public required InversionChoice Inversion { get; init; }

    public required string Out { get; init; }

    /// <summary>Null: none.</summary>
    public required string? Latent { get; init; }

    public required bool Json { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    // Where the picture goes to standard output, nothing else does.
    private TextWriter Report => OutputFile.IsStandardOutput(Out) ? Error : Output;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Drawing.Description.Require();
        (string, string)[] outputs = Latent is null ? [("--out", Out)] : [("--out", Out), ("--latent", Latent)];
        OutputFile.RequirePng("--out", Out);
        OutputFile.Require(outputs, Drawing.Inputs());
        if (Drawing.Description.Prompts.Count + Drawing.Description.Classes.Count is var count and > 1)
        {
            throw CommandException.WrongUse($"augur invert takes one text, what the picture shows, and {count} are given.");
        }

        using var backend = Drawing.Compute.Open();
        using var model = Drawing.Load(backend);
        var settings = Inversion.For(model);
        var request = Drawing.Requests(model)[0];
        var inversion = new PictureEditor(model).Inversion(request, settings with { Condition = request.Condition });
        RequireUse(model, request, inversion);
        var progress = new StepProgress(Json ? TextWriter.Null : Error, inversion.TakenSteps + request.TakenSteps);
        GenerationResult? there = null, back = null;
        await progress.RunAsync(async () =>
        {
            await progress.EncodeAsync(model, [inversion]);
            there = await DrawAsync(model, inversion, progress, cancellationToken);
            back = await DrawAsync(
                model, PictureEditor.Redrawn(request with { Guidance = inversion.Guidance }, there), progress, cancellationToken);
        });
        Tell(there!, back!, EditedPicture.Of(model, back!, there!), Drawing.Enlargement(model), Drawing.Describe(model, [request], "none"));
        return 0;
    }

    // Guidance that two rows make would be left out without a word.
    private void RequireUse(DiffusionModel model, GenerationRequest request, GenerationRequest inversion)
    {
        if (Drawing.Description.Guidance is { } asked && asked != inversion.Guidance?.Scale)
        {
            throw CommandException.WrongUse(string.Create(
                CultureInfo.InvariantCulture, $"--guidance is {asked}; an inversion follows the text alone, as 1 does."));
        }

        if (Drawing.Noise != "torch" && model.Denoiser.Prediction != Sampling.Prediction.Flow)
        {
            throw CommandException.WrongUse($"--noise is {Drawing.Noise}; the inversion of a diffusion model draws none.");
        }
    }

    private async Task<GenerationResult> DrawAsync(
        DiffusionModel model, GenerationRequest request, StepProgress progress, CancellationToken cancellationToken) =>
        (await EngineRun.DrawAllAsync(model, Drawing.EngineOptions, [request], keepsBroken: false, progress.Advance, cancellationToken))[0];

    private void Tell(GenerationResult there, GenerationResult back, EditedPicture picture, int scale, GenerationParameters parameters)
    {
        picture.Result.Image.Enlarge(scale).SavePng(Out, parameters.AsText());
        if (Latent is not null)
        {
            var shape = back.Request.Source!.Latent.Shape;
            var file = new SafetensorsWriter();
            file.Add("noise", there.Latent, [1, shape[0], shape[1], shape[2]]);
            file.Save(Latent);
        }

        var output = new InvertOutput(
            Out, Latent, there.Report.Sampler, there.Report.Calls.Count, picture.Difference.LatentError, picture.Difference.CappedPsnr);
        if (Json)
        {
            Report.WriteLine(JsonSerializer.Serialize(output, CliJson.Indented.InvertOutput));
            return;
        }

        Terminal.WriteText(Report, string.Create(
            CultureInfo.InvariantCulture,
            $"{Printable.Line(Out)}: the way back from the noise of {output.Sampler} ({output.Calls} network calls) is "
            + $"{100 * output.LatentError:0.00} % of the picture's latent away from it, {output.Psnr:0.0} dB."));
        if (Latent is not null)
        {
            Terminal.WriteText(Report, $"{Printable.Line(Latent)}: the noise.");
        }
    }
}

/// <summary>What <c>augur invert --json</c> prints.</summary>
/// <param name="Picture">The file of the way back.</param>
/// <param name="Latent">The file of the noise; null: none.</param>
/// <param name="Sampler">Of the inversion.</param>
/// <param name="Calls">Network calls of the inversion.</param>
/// <param name="LatentError">‖way back − picture‖ / ‖picture‖ of the latents.</param>
/// <param name="Psnr">Of the way back against the picture, in decibels.</param>
internal sealed record InvertOutput(string Picture, string? Latent, string Sampler, int Calls, double LatentError, double Psnr);
