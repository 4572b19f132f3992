using System.CommandLine;

namespace Augur.Cli.Commands.Fit;

/// <summary><c>augur fit</c>: what a method has to learn beforehand, one subcommand per method.</summary>
internal static class FitCommand
{
    public static Command Create() => new("fit", "Learn what a caching method needs to know of a model before it can run.")
    {
        FitTeaCacheCommand.Create(),
        FitMagCacheCommand.Create(),
        FitSenCacheCommand.Create(),
        FitMeanCacheCommand.Create(),
        FitL2CCommand.Create(),
        FitForecastCommand.Create(),
        FitErrorCommand.Create(),
    };
}
