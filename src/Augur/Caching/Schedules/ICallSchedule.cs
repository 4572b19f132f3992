using Augur.Notation;

namespace Augur.Caching.Schedules;

/// <summary>Which network calls of a run are computed, known before it begins: immutable.</summary>
public interface ICallSchedule
{
    /// <summary>As the command line writes it, with the settings that differ from the defaults.</summary>
    string Name { get; }

    /// <summary>One entry per call, true where it is computed. The first call always is.</summary>
    /// <param name="callCount">Calls of the run, at least 1.</param>
    bool[] Plan(int callCount);
}

/// <summary>The schedules by name; every method that computes at fixed calls takes any of them.</summary>
public static class CallSchedules
{
    private const string Kind = "Schedule";

    internal static Catalog<ICallSchedule> Catalog { get; } = new(
        Kind,
        Catalog<ICallSchedule>.Entry("power", "So many calls, closer together at the beginning or at the end.", PowerSchedule.Settings, o => new PowerSchedule(o)),
        Catalog<ICallSchedule>.Entry("list", "The calls that are named.", ListSchedule.Settings, o => new ListSchedule(o)));

    /// <summary>Every schedule but the plain interval.</summary>
    public static IReadOnlyList<CatalogEntry<ICallSchedule>> All => Catalog.All;

    /// <summary>The schedule that a text names: <c>power(calls=10,exponent=0.8)</c>, <c>list(0-1-4-9)</c>.</summary>
    /// <exception cref="ArgumentException">The text does not name one; the message says what does.</exception>
    public static ICallSchedule Parse(string text) => Catalog.Parse(text);
}
