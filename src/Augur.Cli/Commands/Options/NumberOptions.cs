using System.CommandLine;
using System.CommandLine.Parsing;
using Augur.Requests;

namespace Augur.Cli.Commands.Options;

/// <summary>Options that take a number: with a decimal point, whatever the machine's language, finite, within the range that help names.</summary>
internal static class NumberOptions
{
    public static Option<int> Integer(string name, string description, int least, int most, int @default) => new(name)
    {
        Description = $"{description} {least} to {most}.",
        HelpName = "N",
        DefaultValueFactory = _ => @default,
        CustomParser = result => Read(result, text => NumberText.Integer(name, text, least, most)),
    };

    public static Option<int?> OptionalInteger(string name, string description, int least, int most) => new(name)
    {
        Description = $"{description} {least} to {most}.",
        HelpName = "N",
        CustomParser = result => Read<int?>(result, text => NumberText.Integer(name, text, least, most)),
    };

    public static Option<double> Number(string name, string description, string values, Func<double, bool> isAllowed, double @default) => new(name)
    {
        Description = description,
        HelpName = "X",
        DefaultValueFactory = _ => @default,
        CustomParser = result => Read(result, text => NumberText.Number(name, text, values, isAllowed)),
    };

    public static Option<double?> OptionalNumber(string name, string description, string values, Func<double, bool> isAllowed) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result => Read<double?>(result, text => NumberText.Number(name, text, values, isAllowed)),
    };

    /// <summary>A parser that refuses with the sentence of an <see cref="ArgumentException"/>.</summary>
    public static T? Read<T>(ArgumentResult result, Func<string, T> parse)
    {
        try
        {
            return parse(result.Tokens[^1].Value);
        }
        catch (ArgumentException wrong)
        {
            result.AddError(wrong.Message);
            return default;
        }
    }
}
