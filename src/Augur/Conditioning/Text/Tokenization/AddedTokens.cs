using System.Text.RegularExpressions;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>A token that is looked for in the text itself, before anything is cut.</summary>
/// <param name="Text">How it is spelt.</param>
/// <param name="Id">Its number.</param>
/// <param name="EatsLeft">Whether it takes the white space before it.</param>
/// <param name="EatsRight">Whether it takes the white space behind it.</param>
/// <param name="InNormalised">Whether it is looked for in the normalised text instead of the given one.</param>
internal readonly record struct AddedToken(string Text, int Id, bool EatsLeft = false, bool EatsRight = false, bool InNormalised = false);

/// <summary>Finds added tokens, the longest where several begin.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<string, AddedToken> _tokens = [];
    private readonly Regex? _pattern;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        foreach (var token in tokens.Where(token => token.Text.Length > 0))
        {
            _tokens[token.Text] = token;
        }

        _pattern = _tokens.Count == 0 ? null : new Regex(
            string.Join('|', _tokens.Keys.OrderByDescending(text => text.Length).ThenBy(text => text, StringComparer.Ordinal).Select(Regex.Escape)),
            RegexOptions.CultureInvariant);
    }

    /// <summary>Cuts a text at its added tokens: parts of text (<c>Id</c> null) and tokens, in order; empty parts are left out.</summary>
    public IEnumerable<(string Text, int? Id)> Split(string text)
    {
        var at = 0;
        for (var match = _pattern?.Match(text); match is { Success: true }; match = match.NextMatch())
        {
            if (match.Index < at)
            {
                continue; // white space behind the last token was eaten
            }

            var token = _tokens[match.Value];
            var before = text[at..match.Index];
            before = token.EatsLeft ? before.TrimEnd() : before;
            if (before.Length > 0)
            {
                yield return (before, null);
            }

            yield return (token.Text, token.Id);
            at = match.Index + match.Length;
            while (token.EatsRight && at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }
        }

        if (at < text.Length)
        {
            yield return (text[at..], null);
        }
    }
}
