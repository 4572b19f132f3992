using System.Globalization;
using Augur.Notation;

namespace Augur.Caching.Schedules;

/// <summary>Settings of <see cref="ListSchedule"/>.</summary>
public sealed record ListScheduleOptions
{
    /// <summary>The computed calls, separated by hyphens.</summary>
    /// <exception cref="ArgumentException">It is not such a list.</exception>
    [Setting("calls", Values = "a list of calls like 0-1-4-9, ascending from 0", IsPositional = true)]
    public string Calls { get; init => field = Read(value.NotNull()) is null ? throw Setting.Refused(this, value) : value; } = "0";

    /// <summary>
    /// Calls of the run that the list was made for; a run of another length scales the list. 0: the list is meant for any run and not scaled.
    /// </summary>
    [Setting("of", 0, 100_000, Unit = "calls")]
    public int Of { get; init => field = Setting.Checked(this, value); }

    internal IReadOnlyList<int> Indices => Read(Calls)!;

    private static int[]? Read(string text)
    {
        var calls = new List<int>();
        foreach (var part in text.Split('-'))
        {
            var isNumber = int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var call);
            if (!isNumber || call > 100_000 || call <= calls.LastOrDefault(-1))
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
    internal static readonly SettingList<ListScheduleOptions> Settings = new("Schedule", "list");

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
