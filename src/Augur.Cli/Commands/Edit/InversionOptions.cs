using System.CommandLine;
using Augur.Cli.Commands.Options;
using Augur.Pipelines;

namespace Augur.Cli.Commands.Edit;

/// <summary>The options of commands that invert a picture.</summary>
internal sealed class InversionOptions
{
    private readonly Option<int?> _skip = NumberOptions.OptionalInteger(
        "--skip", "Steps of the inversion from one call to the next; default: 3 for flow models, 1 for diffusion models.", 1, 1000);

    private readonly Option<int> _iterations = NumberOptions.Integer(
        "--iterations", "Calls of a step of the inversion of a diffusion model; more of them near the exact inverse.", 1, 100, 1);

    private readonly Option<double> _gamma = NumberOptions.Number(
        "--gamma", "Of flow models: how much the inversion is drawn towards one draw of noise, 0 to 1.", "a number from 0 to 1",
        gamma => gamma is >= 0 and <= 1, 0.7);

    public void AddTo(Command command)
    {
        command.Add(_skip);
        command.Add(_iterations);
        command.Add(_gamma);
    }

    /// <summary>What was given.</summary>
    public InversionSettings Read(ParseResult parsed) => new()
    {
        Skip = parsed.GetValue(_skip),
        Iterations = parsed.GetValue(_iterations),
        Gamma = parsed.GetValue(_gamma),
    };
}
