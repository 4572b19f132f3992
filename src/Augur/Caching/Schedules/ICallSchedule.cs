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
        schedule => schedule.Name,
        Catalog<ICallSchedule>.Entry(
            "power",
            "So many calls, closer together at the beginning or at the end.",
            PowerSchedule.Settings,
            o => new PowerSchedule(o)),
        Catalog<ICallSchedule>.Entry("list", "The calls that are named.", ListSchedule.Settings, o => new ListSchedule(o)),
        Catalog<ICallSchedule>.Entry("growing", "Calls that lie ever further apart.", GrowingSchedule.Settings, o => new GrowingSchedule(o)),
        Catalog<ICallSchedule>.Entry(
            "centred",
            "One call in so many, closer together around one of them.",
            CentredSchedule.Settings,
            o => new CentredSchedule(o)));

    /// <summary>Every schedule but the plain interval.</summary>
    public static IReadOnlyList<CatalogEntry<ICallSchedule>> All => Catalog.All;

    /// <summary>The schedule that a text names: <c>power(calls=10,exponent=0.8)</c>, <c>list(0-1-4-9)</c>.</summary>
    /// <exception cref="ArgumentException">The text does not name one; the message says what does.</exception>
    public static ICallSchedule Parse(string text) => Catalog.Parse(text);

    /// <summary>A schedule of the same shape with another number of computed calls, for a run of another length.</summary>
    /// <param name="calls">Ascending from 0.</param>
    /// <param name="of">Calls of the run that they belong to.</param>
    /// <param name="count">Computed calls wanted, at most as many as the run has.</param>
    /// <param name="callCount">Calls of the run.</param>
    internal static int[] Resample(IReadOnlyList<int> calls, int of, int count, int callCount)
    {
        var stretched = new int[count];
        for (var i = 1; i < count; i++)
        {
            // The first stays the first and the last the last.
            var at = count == 1 ? 0 : i * (calls.Count - 1.0) / (count - 1);
            var low = Math.Min((int)at, calls.Count - 2);
            var call = calls.Count == 1 ? (double)i * of / count : calls[low] + ((at - low) * (calls[low + 1] - calls[low]));
            stretched[i] = Math.Clamp((int)Math.Round(call * callCount / of), stretched[i - 1] + 1, callCount - (count - i));
        }

        return stretched;
    }
}
