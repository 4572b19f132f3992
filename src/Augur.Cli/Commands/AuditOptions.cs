using System.CommandLine;

namespace Augur.Cli.Commands;

/// <summary>The options of an audit, for every command that draws with caching methods.</summary>
internal sealed class AuditOptions
{
    private readonly Option<bool> _audit = new("--audit") { Description = "Also compute, on the side, every call that the method did not, and report the true errors; changes no picture and no cost." };
    private readonly Option<string?> _page = new("--audit-out") { Description = "Page with the audit's plots; default: audit.html.", HelpName = "PATH" };

    public void AddTo(Command command)
    {
        command.Add(_audit);
        command.Add(_page);
    }

    /// <summary>Where the audit's page goes; null: no audit.</summary>
    /// <exception cref="CommandException">There is a page but no audit.</exception>
    public string? Read(ParseResult parsed)
    {
        var page = parsed.GetValue(_page);
        return parsed.GetValue(_audit) ? page ?? "audit.html"
            : page is null ? null : throw CommandException.WrongUse($"{_page.Name} {page} has nothing to show without {_audit.Name}.");
    }
}
