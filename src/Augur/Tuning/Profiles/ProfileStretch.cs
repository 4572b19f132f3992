using System.Globalization;
using Augur.Caching.Schedules;
using Augur.Catalogs;

namespace Augur.Tuning;

/// <summary>
/// Adapts a policy that was measured on runs of one length to runs of another length. A schedule keeps its shape: its share of computed calls on
/// longer runs, and their number on shorter ones, so that no forecast reaches further than it did when measured, in calls or as a share of the run.
/// MagCache's ratios are resampled from their cumulative curve.
/// </summary>
internal static class ProfileStretch
{
    /// <summary>Adapts a policy.</summary>
    /// <param name="profile">The policy, with a name for messages.</param>
    /// <param name="from">Number of network calls of the measured runs.</param>
    /// <param name="to">Number of network calls of the new run; different from <paramref name="from"/>.</param>
    /// <returns>The adapted policy, and what was changed, in a few words.</returns>
    /// <exception cref="ArgumentException">The policy cannot be adapted to another number of calls.</exception>
    public static (string Policy, string Note) To(Profile profile, int from, int to)
    {
        var spelled = PolicyCatalog.Spell(profile.Policy);
        var name = spelled[0].Value;
        var settings = spelled.Skip(1).ToList();
        var at = settings.FindIndex(s => s.Name == "schedule");
        if (at >= 0)
        {
            var (schedule, count) = Schedule(CallSchedules.Parse(settings[at].Value), from, to);
            settings[at] = ("schedule", schedule);
            return (Text(name, settings), Computed(count, to));
        }

        if (settings.Exists(s => s.Name == "forecast"))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{profile.Name} has forecasts that were fitted to runs of {from} network calls, and this run makes {to}: augur fit forecast."));
        }

        if (settings.Exists(s => s.Name == "speedup"))
        {
            return (profile.Policy, "its share of computed calls stays");
        }

        if (settings.Exists(s => s.Name == "error"))
        {
            return (profile.Policy, "each picture chooses its computed calls, and the error was measured on longer or shorter runs");
        }

        if (name == "augur")
        {
            var calls = settings.FindIndex(s => s.Name is "" or "calls");
            var count = Count(Number(calls < 0 ? Default(name, "calls") : settings[calls].Value), from, to);
            settings.RemoveAll(s => s.Name is "" or "calls");
            return (Text(name, [("calls", Text(count)), .. settings]), Computed(count, to));
        }

        if (name == "magcache" && settings.FindIndex(s => s.Name == "ratios") is >= 0 and var ratios)
        {
            settings[ratios] = ("ratios", string.Join(' ',
                Ratios([.. settings[ratios].Value.Split(' ').Select(Real)], to).Select(r => r.ToString(CultureInfo.InvariantCulture))));
            return (Text(name, settings), string.Create(CultureInfo.InvariantCulture, $"its ratios are taken from the same curve at {to} calls"));
        }

        if (name == "teacache" && settings.Exists(s => s.Name == "coefficients"))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{profile.Name} has a polynomial that was fitted to runs of {from} network calls, and this run makes {to}: augur fit teacache."));
        }

        if (PolicyCatalog.All.First(e => e.Name == name).Settings.Any(s => s.Name == "interval"))
        {
            at = settings.FindIndex(s => s.Name == "interval");
            var interval = Number(at < 0 ? Default(name, "interval") : settings[at].Value);
            var shortened = Math.Max(1, (int)(interval * Math.Min(1.0, (double)to / from)));
            settings.RemoveAll(s => s.Name == "interval");
            return (Text(name, [.. settings, ("interval", Text(shortened))]),
                string.Create(CultureInfo.InvariantCulture, $"it computes every {Ordinal(shortened)}call"));
        }

        return (profile.Policy, string.Create(CultureInfo.InvariantCulture, $"its settings stay those found for {from} calls"));
    }

    // At least the measured number of computed calls, and no longer runs of drafts than measured.
    private static int Count(int count, int from, int to) => Math.Clamp(Math.Max(count, (int)Math.Ceiling((double)count * to / from)), 1, to);

    private static (string Schedule, int Count) Schedule(ICallSchedule schedule, int from, int to)
    {
        switch (schedule)
        {
            case ListSchedule { Options: var list }:
                var of = list.Of == 0 ? from : list.Of;
                int[] calls = [.. list.Indices.Where(i => i < of)];
                var count = Count(calls.Length, of, to);
                return (new ListSchedule(new() { Calls = string.Join('-', Stretched(calls, of, count, to)), Of = to }).Name, count);
            case PowerSchedule { Options: var power }:
                var computed = Count(Math.Min(power.Calls, from), from, to);
                return (new PowerSchedule(power with { Calls = Math.Min(computed, 1000) }).Name, computed);
            default:
                return (schedule.Name, schedule.Plan(to).Count(isComputed => isComputed));
        }
    }

    // The end of the run is a point of the shape as well: if calls are added, some are placed after the last computed call.
    private static int[] Stretched(int[] calls, int of, int count, int to)
    {
        int[] points = [.. calls, of];
        var stretched = new int[count];
        for (var i = 1; i < count; i++)
        {
            var at = (double)i * calls.Length / count;
            var call = points[(int)at] + ((at - (int)at) * (points[(int)at + 1] - points[(int)at]));
            stretched[i] = Math.Clamp((int)Math.Round(call * to / of), stretched[i - 1] + 1, to - (count - i));
        }

        return stretched;
    }

    // The cumulative product of the ratios gives the magnitude over the run; its logarithm is interpolated linearly.
    private static double[] Ratios(double[] ratios, int to)
    {
        var curve = new double[ratios.Length];
        for (var i = 1; i < ratios.Length; i++)
        {
            curve[i] = curve[i - 1] + Math.Log(ratios[i]);
        }

        var stretched = new double[to];
        stretched[0] = ratios[0];
        for (var i = 1; i < to; i++)
        {
            stretched[i] = Math.Round(Math.Exp(At(i) - At(i - 1)), 5);
        }

        return stretched;

        double At(int call)
        {
            var place = call * (curve.Length - 1.0) / (to - 1);
            var below = Math.Min((int)place, Math.Max(0, curve.Length - 2));
            return curve.Length == 1 ? 0 : curve[below] + ((place - below) * (curve[below + 1] - curve[below]));
        }
    }

    private static string Text(string name, List<(string Name, string Value)> settings) => PolicyCatalog.Parse(settings.Count == 0 ? name
        : $"{name}({string.Join(',', settings.Select(s => s.Name.Length == 0 ? s.Value : $"{s.Name}={s.Value}"))})").Name;

    private static string Computed(int count, int to) =>
        string.Create(CultureInfo.InvariantCulture, $"its schedule is stretched to {count} computed calls of {to}");

    private static string Default(string policy, string setting) =>
        PolicyCatalog.All.First(e => e.Name == policy).Settings.First(s => s.Name == setting).Default;

    private static string Ordinal(int interval) => interval == 1 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{interval}{(interval == 2 ? "nd" : interval == 3 ? "rd" : "th")} ");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
