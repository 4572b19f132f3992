using System.Globalization;
using Augur.Pipelines;
using Spectre.Console;

namespace Augur.Cli;

/// <summary>One row per picture, one cell per network call: what became of it, in colour on a terminal, in letters in a pipe.</summary>
internal static class StripChart
{
    private const int MaxRows = 32;
    private const int Margin = 5; // the picture's number

    public static void Write(TextWriter output, IReadOnlyList<IReadOnlyList<CallMark>> pictures)
    {
        var console = Terminal.On(output);
        var width = console is null ? int.MaxValue : Math.Max(10, console.Profile.Width - Margin);
        foreach (var (marks, index) in pictures.Take(MaxRows).Select((marks, index) => (marks, index)))
        {
            var label = string.Create(CultureInfo.InvariantCulture, $"{index,4} ");
            foreach (var line in marks.Chunk(width))
            {
                Line(label, line);
                label = new string(' ', Margin);
            }
        }

        if (pictures.Count > MaxRows)
        {
            output.WriteLine($"{new string(' ', Margin)}… and {pictures.Count - MaxRows} more");
        }

        Legend();

        void Line(string label, IEnumerable<CallMark> marks)
        {
            if (console is null)
            {
                output.WriteLine(label + string.Concat(marks.Select(m => m.Letter)));
                return;
            }

            console.MarkupLine(label + string.Concat(marks.Select(m => Cell(m, m.Letter.ToString()))));
        }

        void Legend()
        {
            var shown = pictures.SelectMany(p => p).ToHashSet();
            var marks = CallMark.All.Where(shown.Contains);
            if (console is null)
            {
                output.WriteLine(new string(' ', Margin) + string.Join(", ", marks.Select(m => $"{m.Letter} {m.Word}")));
                return;
            }

            console.MarkupLine(new string(' ', Margin) + string.Join("  ", marks.Select(m => $"{Cell(m, $" {m.Letter} ")} {m.Word}")));
        }
    }

    private static string Cell(CallMark mark, string text) =>
        $"[{(mark.Letter is 'd' or 't' ? "black" : "white")} on {CallColours.Of(mark)}]{text}[/]";
}
