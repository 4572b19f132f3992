using Augur.Cli;
using Augur.Cli.Commands;

namespace Augur.Tests.Cli;

/// <summary>The whole program without its process.</summary>
internal static class CommandLine
{
    public static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var code = await CommandRunner.RunAsync(AugurCommand.Create(), arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
