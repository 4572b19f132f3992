using Spectre.Console;
using Spectre.Console.Rendering;

namespace Augur.Cli.Commands.Write;

/// <summary>As many lines of something as the terminal has: those around the last that holds a style, or else the last ones.</summary>
/// <param name="inner">What is shown.</param>
/// <param name="followed">The style.</param>
internal sealed class FollowingFrame(IRenderable inner, Style followed) : IRenderable
{
    /// <inheritdoc/>
    public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

    /// <inheritdoc/>
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var lines = Segment.SplitLines(inner.Render(options, maxWidth));
        var height = Math.Max(1, options.ConsoleSize.Height - 1); // the line behind the last is the cursor's
        var place = lines.FindLastIndex(line => line.Any(segment => segment.Style.Equals(followed)));
        var first = place < 0 ? lines.Count - height : place - (height / 2);
        first = Math.Clamp(first, 0, Math.Max(0, lines.Count - height));
        return lines.Skip(first).Take(height).SelectMany(line => line.Append(Segment.LineBreak));
    }
}
