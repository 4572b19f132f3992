using System.Numerics;
using Augur.Notation;

namespace Augur.Caching.Schedules;

/// <summary>Settings of <see cref="CentredSchedule"/>.</summary>
public sealed record CentredScheduleOptions
{
    /// <summary>Calls from one computed call to the next, on average.</summary>
    [Setting("interval", 1, 1000, Unit = "calls", IsPositional = true)]
    public int Interval { get; init => field = Setting.Checked(this, value); } = 5;

    /// <summary>The call around which computed calls lie closest together.</summary>
    [Setting("center", 0, 1000, Unit = "calls")]
    public int Center { get; init => field = Setting.Checked(this, value); } = 15;

    /// <summary>
    /// How much closer; near 1 they are spread evenly. It is lowered by 0.02 until as many calls are distinct as the interval asks for.
    /// </summary>
    [Setting("power", 1, 10, AboveMinimum = true)]
    public double Power { get; init => field = Setting.Checked(this, value); } = 1.4;
}

/// <summary>
/// Computed calls that lie closer together around one call than elsewhere: DeepCache's non-uniform schedule (arXiv 2312.00858, section 3.3).
/// </summary>
/// <remarks>
/// The released code takes a root of a negative number, which is complex there, and truncates the real part of what it raises again; so does this.
/// </remarks>
public sealed record CentredSchedule(CentredScheduleOptions Options) : ICallSchedule
{
    internal static readonly SettingList<CentredScheduleOptions> Settings = new("Schedule", "centred");

    private const double Lowered = 0.02;

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No power gives so many distinct calls.</exception>
    public bool[] Plan(int callCount)
    {
        var count = (callCount + Options.Interval - 1) / Options.Interval;
        if (Options.Interval == 1)
        {
            return [.. Enumerable.Repeat(true, callCount)];
        }

        for (var power = Options.Power; power > 1; power -= Lowered)
        {
            var calls = Calls(callCount, count, power);
            if (calls.Count == count && calls.All(call => call >= 0 && call < callCount))
            {
                return [.. Enumerable.Range(0, callCount).Select(calls.Contains)];
            }
        }

        throw new ArgumentException(
            $"Schedule {Name}: no power above 1 spreads {count} computed calls over {callCount} around call {Options.Center}; another center may.");
    }

    private HashSet<int> Calls(int callCount, int count, double power)
    {
        var (first, last) = (Complex.Pow(-Options.Center, 1 / power), Complex.Pow(callCount - Options.Center, 1 / power));
        int[] distinct =
        [
            .. Enumerable.Range(0, count + 1).Select(i => (int)Complex.Pow(first + ((last - first) / count * i), power).Real).Distinct().Order(),
        ];
        return [0, .. distinct.Skip(1).SkipLast(1).Select(i => i + Options.Center)];
    }
}
