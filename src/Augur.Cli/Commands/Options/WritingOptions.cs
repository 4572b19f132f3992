using System.CommandLine;
using System.CommandLine.Parsing;

namespace Augur.Cli.Commands.Options;

/// <summary>The options of measurements that are of texts alone, beside those of pictures.</summary>
internal sealed class WritingOptions
{
    private const int MostTokens = 1 << 16;

    private readonly Option<int?> _length = NumberOptions.OptionalInteger(
        "--length", "Tokens of a text, where the model writes; default: the model's.", 1, MostTokens);

    private readonly Option<int?> _beginning = NumberOptions.OptionalInteger(
        "--beginning", "Where the model writes and no prompts are given: tokens of the beginnings that it writes for itself; default: 24.", 1,
        MostTokens);

    public void AddTo(Command command)
    {
        command.Add(_length);
        command.Add(_beginning);
    }

    public int? Length(ParseResult parsed) => parsed.GetValue(_length);

    public int? Beginning(ParseResult parsed) => parsed.GetValue(_beginning);

    /// <summary>Whether the model writes; options of the other kind are refused.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="asked">Names the model.</param>
    /// <param name="ofPictures">Options of the command that are of pictures.</param>
    /// <exception cref="CommandException">An option is given that the model has no use for.</exception>
    public bool IsOfTexts(ParseResult parsed, Drawing asked, params IReadOnlyList<Option> ofPictures)
    {
        var writes = asked.Writes;
        var others = writes ? ofPictures : [_length, _beginning];
        var wrong = others.FirstOrDefault(option => parsed.GetResult(option) is OptionResult { Implicit: false });
        return wrong is null ? writes
            : throw CommandException.WrongUse(
                $"{wrong.Name} is of {(writes ? "pictures; this model writes texts" : "texts; this model draws pictures")}.");
    }
}
