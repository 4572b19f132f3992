using System.Globalization;
using System.Text;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Pages;

namespace Augur.Cli.Commands.Edit;

/// <summary>Edits as one HTML file that needs nothing else: before, after, and the difference, with the network calls of both ways.</summary>
internal sealed class EditPage(
    IReadOnlyList<EditedPicture> edits, GenerationParameters parameters, string commandLine, string machine, int enlargement)
{
    public void Write(TextWriter writer)
    {
        var html = new StringBuilder(PageParts.Head("Augur: edit", edits[0].Before.Width * enlargement));
        html.Append(CultureInfo.InvariantCulture, $"""
            <h1>Edit</h1>
            <p>{PageParts.Text($"{parameters.InWords()}.")}</p>
            <p><code>{PageParts.Text(commandLine)}</code></p>
            <p>{PageParts.Text($"Augur {parameters.Version}; {machine}")}</p>
            <p>Before, the noise it was inverted to with the network calls of the inversion, and after: below it the difference from before, |a − b|
            amplified {PageParts.Amplification} times, and its network calls.</p>

            """);
        html.Append(PageParts.Legend(edits.SelectMany(e => e.Inversion.Report.Marks.Concat(e.Result.Report.Marks)).Select(m => m.Letter)));
        writer.Write(html);
        foreach (var (index, edit) in edits.Index())
        {
            writer.Write(Strip(index, edit));
        }

        writer.Write(PageParts.Foot);
    }

    private string Strip(int index, EditedPicture edit)
    {
        var picture = parameters.Pictures[index];
        var name = picture.Name ?? $"class {picture.Class}";
        var quality = string.Create(
            CultureInfo.InvariantCulture, $"{edit.Difference.CappedPsnr:0.0} dB, SSIM {edit.Difference.Ssim:0.000} to what was before");
        return $"""
            <section>
            <h3>{PageParts.Text($"{index}: {name}, seed {picture.Seed}")}</h3>
            <div class="row">
            {PageParts.Figure(edit.Before, "before", "before", "")}
            {PageParts.Figure(edit.Inversion.Image, edit.Before, CallStrip.Svg(edit.Inversion.Report), "noise", "inverted", "")}
            {PageParts.Figure(edit.Result.Image, edit.Before, CallStrip.Svg(edit.Result.Report), name, "after", quality)}
            </div>
            </section>

            """;
    }
}
