using System.CommandLine;
using Augur.Cli.Commands.Options;
using Augur.Pipelines;
using Augur.Sampling;

namespace Augur.Cli.Commands.Edit;

/// <summary>The options of commands that invert a picture.</summary>
internal sealed class InversionOptions
{
    private readonly Option<int?> _skip = NumberOptions.OptionalInteger(
        "--skip", "Steps of the inversion from one call to the next; default: 3 for flow models, 1 for diffusion models.", 1, 1000);

    private readonly Option<int?> _iterations = NumberOptions.OptionalInteger(
        "--iterations", "Calls of a step of the inversion of a diffusion model; more of them near the exact inverse; default: 1.", 1, 100);

    private readonly Option<double?> _gamma = NumberOptions.OptionalNumber(
        "--gamma", "Of flow models: how much the inversion is drawn towards one draw of noise, 0 to 1; default: 0.7.",
        "a number from 0 to 1", gamma => gamma is >= 0 and <= 1);

    public void AddTo(Command command)
    {
        command.Add(_skip);
        command.Add(_iterations);
        command.Add(_gamma);
    }

    /// <summary>What was given.</summary>
    public InversionChoice Read(ParseResult parsed) => new(parsed.GetValue(_skip), parsed.GetValue(_iterations), parsed.GetValue(_gamma));
}

/// <summary>How a picture is to be inverted; null: not said.</summary>
/// <param name="Skip">Steps from one call to the next.</param>
/// <param name="Iterations">Calls of a step, of diffusion models.</param>
/// <param name="Gamma">Pull towards noise, of flow models.</param>
internal sealed record InversionChoice(int? Skip, int? Iterations, double? Gamma)
{
    /// <summary>The settings for a model.</summary>
    /// <exception cref="CommandException">An option belongs to models of the other kind.</exception>
    public InversionSettings For(DiffusionModel model)
    {
        var isFlow = model.Denoiser.Prediction == Prediction.Flow;
        return isFlow && Iterations is not null ? throw CommandException.WrongUse("--iterations belongs to diffusion models, and this is a flow model.")
            : !isFlow && Gamma is not null ? throw CommandException.WrongUse("--gamma belongs to flow models, and this is a diffusion model.")
            : new() { Skip = Skip, Iterations = Iterations ?? 1, Gamma = Gamma ?? 0.7 };
    }
}
