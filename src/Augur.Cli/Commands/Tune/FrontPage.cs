using System.Globalization;
using Augur.Cli.Commands.Bench;
using Augur.Cli.Commands.Pages;
using Augur.Metrics;
using Augur.Tensors.Files;
using Augur.Tuning;

namespace Augur.Cli.Commands.Tune;

/// <summary>A member of a front.</summary>
/// <param name="Found">On the pictures of the search.</param>
/// <param name="HeldOut">On others.</param>
/// <param name="Psnr">The mean of these with its interval, in dB.</param>
internal sealed record FrontMember(Trial Found, Trial HeldOut, BootstrapInterval Psnr);

/// <summary>What <c>augur tune --objectives --json</c> prints of a member; PSNR in dB, on held-out pictures but for the first.</summary>
internal sealed record FrontMemberOutput(
    string Use, string Policy, double FlopsSpeedup, double SearchPsnr, double Psnr, double PsnrLower, double PsnrUpper, double WorstPsnr);

/// <summary>What <c>augur tune --objectives --json</c> prints.</summary>
internal sealed record FrontOutput(
    string File, string Page, int Tried, int Pictures, int HeldOutPictures, IReadOnlyList<FrontMemberOutput> Members);

/// <summary>A front as one HTML file that needs nothing else: a table and two plots.</summary>
internal static class FrontPage
{
    private static readonly BenchMetric s_psnr = new("PSNR", "dB", IsHigherBetter: true, "0.0", IsPaired: true, _ => default);

    public static TextTable Table(IReadOnlyList<FrontMember> members) => new(
        ["#", "FLOPs", "PSNR searched", "PSNR held out", "interval", "worst"],
        [
            .. members.Select((m, i) => (string[])
            [
                $"#{i + 1}", Text(m.HeldOut.FlopsSpeedup, "0.00") + "x", Text(m.Found.MeanQuality, "0.0"), Text(m.Psnr.Estimate, "0.0"),
                $"{Text(m.Psnr.Lower, "0.0")} to {Text(m.Psnr.Upper, "0.0")}", Text(m.HeldOut.Quality.Min(), "0.0"),
            ]),
        ]);

    public static void Write(
        string path, string model, IReadOnlyList<FrontMember> members, int tried, int pictures, int heldOut, string file) =>
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(PageParts.Head($"Augur: a front on {model}", 64, ParetoPlot.Css));
            writer.Write($"<h1>Quality against cost on {PageParts.Text(model)}</h1>\n");
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"<p>{members.Count} of {tried} policies that no other beats in both, "
                + $"by {pictures} pictures; bars are 95 % intervals from {heldOut} pictures that the search never saw.</p>\n"));
            writer.Write(PageParts.Table(Table(members)));
            writer.Write("<div class=\"plots\">\n");
            var marks = new PlotMarks(members.Select(m => m.Found.Policy));
            writer.Write(new ParetoPlot("times fewer FLOPs, held out", s_psnr, Points(members, m => m.HeldOut, m =>
                new(m.Psnr.Estimate, m.Psnr.Lower, m.Psnr.Upper)), marks).Svg());
            writer.Write(new ParetoPlot("times fewer FLOPs, as searched", s_psnr, Points(members, m => m.Found, m =>
                new(m.Found.MeanQuality, m.Found.MeanQuality, m.Found.MeanQuality)), marks).Svg());
            writer.Write("</div>\n<h2>Policies</h2>\n");
            foreach (var (member, i) in members.Select((m, i) => (m, i)))
            {
                writer.Write($"<p>#{i + 1}, <code>--policy @{PageParts.Text(Path.GetFileName(file))}#{i + 1}</code>: "
                    + $"<code>{PageParts.Text(member.Found.Policy)}</code></p>\n");
            }

            writer.Write(PageParts.Foot);
        });

    private static PlotPoint[] Points(IReadOnlyList<FrontMember> members, Func<FrontMember, Trial> of, Func<FrontMember, MetricValue> quality) =>
        [.. members.Select((m, i) => new PlotPoint(i + 1, m.Found.Policy, of(m).FlopsSpeedup, quality(m)))];

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
