using Augur.Cli.Commands.Bench;

namespace Augur.Cli.Commands.Pages;

/// <summary>A row of a bench in a plot.</summary>
/// <param name="Number">Of the row; its label.</param>
/// <param name="Name">Of the row.</param>
/// <param name="Speed">How many times faster than the uncached run.</param>
/// <param name="Quality">With its interval.</param>
internal sealed record PlotPoint(int Number, string Name, double Speed, MetricValue Quality);
