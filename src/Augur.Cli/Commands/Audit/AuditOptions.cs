using System.CommandLine;
using Augur.Cli.Commands.Options;
using Augur.Requests;

namespace Augur.Cli.Commands.Audit;

/// <summary>The options of an audit, for every command that draws with caching methods.</summary>
internal sealed class AuditOptions
{
    private readonly Option<double> _audit = new("--audit")
    {
        Description = "Also compute, on the side, this share of the calls that the method did not, drawn at random (all, where no share is given), "
            + "and report the true errors; changes no picture and no cost.",
        HelpName = "SHARE",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? 1 : NumberOptions.Read(
            result, text => NumberText.Number("--audit", text, "a share of the calls, above 0 and at most 1", share => share is > 0 and <= 1)),
    };

    private readonly Option<string?> _page = new("--audit-out")
    {
        Description = "Page with the audit's plots; default: "
        + "audit.html.",
        HelpName = "PATH"
    };

    public void AddTo(Command command)
    {
        command.Add(_audit);
        command.Add(_page);
    }

    /// <summary>What was asked for; null: no audit.</summary>
    /// <exception cref="CommandException">There is a page but no audit.</exception>
    public AskedAudit? Read(ParseResult parsed)
    {
        var page = parsed.GetValue(_page);
        return parsed.GetResult(_audit) is not null ? new(parsed.GetValue(_audit), page ?? "audit.html")
            : page is null ? null : throw CommandException.WrongUse($"{_page.Name} {page} has nothing to show without {_audit.Name}.");
    }
}

/// <summary>An audit that was asked for.</summary>
/// <param name="Share">Of the calls, above 0 and at most 1.</param>
/// <param name="Page">Where its plots go.</param>
internal sealed record AskedAudit(double Share, string Page);
