using Augur.Decoding;
using Augur.Pipelines;
using Spectre.Console;

namespace Augur.Cli.Commands.Write;

/// <summary>Shows texts while they are written: on a terminal token by token, in a pipe not at all.</summary>
/// <param name="writer">Where the terminal is.</param>
internal sealed class WriteView(TextWriter writer)
{
    private static readonly Style s_given = new(decoration: Decoration.Dim);
    private static readonly Style s_fresh = new(Color.Green);

    /// <summary>Whether anybody looks.</summary>
    public bool IsLive { get; } = writer != TextWriter.Null && Terminal.On(writer) is { Profile.Capabilities.Ansi: true };

    /// <summary>Follows tickets to their end.</summary>
    /// <param name="prompts">Beginnings, one per ticket.</param>
    /// <param name="tickets">On their way.</param>
    /// <param name="onStep">Called after each step of each text.</param>
    public async Task FollowAsync(IReadOnlyList<string> prompts, IReadOnlyList<GenerationTicket> tickets, Action onStep)
    {
        if (!IsLive)
        {
            await Task.WhenAll(tickets.Select((ticket, _) => ReadAsync(ticket, __ => onStep())));
            return;
        }

        var texts = new WrittenText?[tickets.Count];
        var before = new WrittenText?[tickets.Count];
        var turn = new Lock();
        using var screen = new LiveScreen(writer);
        await Task.WhenAll(tickets.Select((ticket, i) => ReadAsync(ticket, step =>
        {
            lock (turn)
            {
                (before[i], texts[i]) = (texts[i], step.Preview as WrittenText ?? texts[i]);
                screen.Show(new FollowingFrame(new Rows(prompts.Select((prompt, at) => Paragraph(prompt, texts[at], before[at]))), s_fresh));
            }
        })));
    }

    private static async Task ReadAsync(GenerationTicket ticket, Action<StepEvent> onStep)
    {
        await foreach (var step in ticket.ReadEventsAsync())
        {
            onStep(step);
        }
    }

    // The prompt dim, what came last green, what is unknown a dot.
    private static Paragraph Paragraph(string prompt, WrittenText? text, WrittenText? before)
    {
        var paragraph = new Paragraph(Printable.Text(prompt), s_given);
        foreach (var (i, token) in (text?.Tokens ?? []).Index())
        {
            var isFresh = token is not null && (before is null || i >= before.Tokens.Length || before.Tokens[i] is null);
            paragraph.Append(token is null ? "·" : Printable.Text(token), token is null ? s_given : isFresh ? s_fresh : Style.Plain);
        }

        return paragraph;
    }
}
