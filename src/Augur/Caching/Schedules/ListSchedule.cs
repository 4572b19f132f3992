using System.Globalization;
using Augur.Notation;

namespace Augur.Caching.Schedules;

/// <summary>Settings of <see cref="ListSchedule"/>.</summary>
public sealed record ListScheduleOptions
{
    /// <summary>Computed calls in ascending order, separated by hyphens, the first of them 0. Default "0".</summary>
    /// <exception cref="ArgumentException">It is not such a list.</exception>
    public string Calls { get; init => field = Read(value) is null ? throw new ArgumentException($"Calls is \"{value}\"; it is a list of calls like 0-1-4-9, ascending from 0.") : value; } = "0";

    /// <summary>Calls of the run that the list was made for, 0 (default): any run, without scaling. A run of another length scales the list.</summary>
    public int Of { get; init => field = Ranges.Within(value, 0, 100_000); }

    internal IReadOnlyList<int> Indices => Read(Calls)!;

    private static int[]? Read(string text)
    {
        var calls = new List<int>();
        foreach (var part in text.Split('-'))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var call) || call > 100_000 || call <= calls.LastOrDefault(-1))
            {
                return null;
            }

            calls.Add(call);
        }

        return calls[0] == 0 ? [.. calls] : null;
    }
}

/// <summary>The calls that are named, for example by a search on a model; a run of another length computes the same shares of the way.</summary>
public sealed record ListSchedule(ListScheduleOptions Options) : ICallSchedule
{
    internal static readonly SettingList<ListScheduleOptions> Settings = new(
        "Schedule",
        "list",
        [
            new("calls", "calls in ascending order from 0, as 0-1-4-9", o => o.Calls, (o, text) => o with { Calls = text }) { IsPositional = true },
            Setting<ListScheduleOptions>.Integer("of", "a whole number between 0 and 100000", o => o.Of, (o, value) => o with { Of = value }),
        ]);

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool[] Plan(int callCount)
    {
        var plan = new bool[callCount];
        foreach (var call in Options.Indices)
        {
            var at = Options.Of == 0 ? call : (int)Math.Round((double)call * callCount / Options.Of);
            if (at < callCount)
            {
                plan[at] = true;
            }
        }

        return plan;
    }
}
