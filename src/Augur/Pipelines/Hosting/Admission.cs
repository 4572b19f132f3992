using System.Globalization;
using Augur.Caching;

namespace Augur.Pipelines;

/// <summary>
/// Decides who may join, by rows and by memory. What the features of a method take is learnt from its runs that have finished; until there is one, a
/// run counts with all that its features may take.
/// </summary>
internal sealed class Admission(EngineOptions options)
{
    // A block's stream, norm, query, key, value, attention, projection, hidden layer (4), features, with room to spare.
    private const int StreamsPerRow = 16;
    private const int MostKinds = 1000;   // of runs to remember: names of policies come from strangers
    private readonly Dictionary<Kind, long> _takenBy = [];

    /// <summary>Refuses what could not run even alone.</summary>
    /// <exception cref="ArgumentException">The message names the budget and what the call takes.</exception>
    public void Require(RequestGroup group)
    {
        if (options.MemoryBudget is { } budget && WorkingBytes(group) > budget)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"The memory budget is {budget} bytes; a network call of this request's {group.RowCount} rows takes about {WorkingBytes(group)}."));
        }
    }

    /// <summary>Whether a group may begin beside those in flight. A lone one always may.</summary>
    public bool Allows(RequestGroup next, IReadOnlyList<RequestGroup> active) =>
        active.Count == 0
        || (active.Sum(f => f.RowCount) + next.RowCount <= options.MaxRows
            && (options.MemoryBudget is not { } budget || BytesOf(next) + active.Sum(BytesOf) <= budget));

    /// <summary>What a group's features may take: its own limit, and what the engine's budget leaves to a lone sample.</summary>
    public long? CacheBudgetOf(RequestGroup group)
    {
        var own = group.Tickets.Min(t => t.Request.CacheBudget) is { } each
            ? (long?)Int128.Min((Int128)each * group.Tickets.Count, long.MaxValue) // one memory keeps the features of all
            : null;
        return options.MemoryBudget is { } budget ? Math.Min(own ?? long.MaxValue, Math.Max(0, budget - WorkingBytes(group))) : own;
    }

    /// <summary>After a call: refuses a run whose method keeps more than the budget leaves it, and learns from one that is over.</summary>
    /// <exception cref="InvalidOperationException">The message names the budget and what is kept.</exception>
    public void Look(RequestGroup group)
    {
        if (options.MemoryBudget is not { } budget)
        {
            return;
        }

        var decisions = group.Decisions;
        if (WorkingBytes(group) + decisions.PeakCacheBytes > budget)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The memory budget is {budget} bytes, of which a network call takes about {WorkingBytes(group)}; "
                + $"{decisions.PolicyName} keeps {decisions.PeakCacheBytes} bytes of features."));
        }

        if (decisions.IsFinished)
        {
            if (_takenBy.Count >= MostKinds)
            {
                _takenBy.Clear();
            }

            var kind = Kind.Of(group);
            _takenBy[kind] = Math.Max(_takenBy.GetValueOrDefault(kind), decisions.PeakCacheBytes);
        }
    }

    // Of a group in flight or waiting, at its largest.
    private long BytesOf(RequestGroup group) => WorkingBytes(group)
        + (_takenBy.TryGetValue(Kind.Of(group), out var taken) ? taken : CacheBudgetOf(group) ?? 0);

    private static long WorkingBytes(RequestGroup group) =>
        group.RowCount * StreamsPerRow * group.Map.Sites.Max(s => s.Feature.ElementCount) * sizeof(float);

    /// <summary>Runs that keep alike.</summary>
    private readonly record struct Kind(string Policy, NetworkMap Map, int Steps, int RowCount, long? CacheBudget)
    {
        public static Kind Of(RequestGroup group) =>
            new(group.PolicyName, group.Map, group.Tickets[0].Request.Steps, group.RowCount, group.Tickets.Min(t => t.Request.CacheBudget));
    }
}
