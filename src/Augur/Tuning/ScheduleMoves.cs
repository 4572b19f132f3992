using Augur.Caching.Schedules;

namespace Augur.Tuning;

/// <summary>Proposes neighbours of a schedule: one computed call, or all from one on, moved by one.</summary>
/// <param name="callCount">Number of network calls of a run.</param>
/// <param name="seed">Seed of the random proposals.</param>
internal sealed class ScheduleMoves(int callCount, int seed)
{
    private readonly Random _random = new(seed);
    private readonly HashSet<string> _seen = [];

    /// <summary>A number of computed calls from 0 on, spread by a power law.</summary>
    public static int[] Spread(int count, int callCount, double exponent)
    {
        var plan = new PowerSchedule(new() { Calls = count, Exponent = exponent }).Plan(callCount);
        return [.. Enumerable.Range(0, callCount).Where(i => plan[i])];
    }

    /// <summary>
    /// A number of computed calls from 0 to nearly the last call, denser at the beginning for larger exponents: the shape in which searches usually
    /// end.
    /// </summary>
    public static int[] Reach(int count, int callCount, double exponent)
    {
        var calls = new int[count];
        var last = Math.Max(count, callCount - 2) - 1;
        for (var i = 1; i < count; i++)
        {
            calls[i] = Math.Clamp((int)Math.Round(Math.Pow(i / (count - 1.0), exponent) * last), calls[i - 1] + 1, callCount - (count - i));
        }

        return calls;
    }

    /// <summary>A neighbour that was not proposed before; null where none was found.</summary>
    public int[]? Propose(int[] calls)
    {
        _seen.Add(string.Join('-', calls));
        for (var attempt = 0; calls.Length > 1 && attempt < 200; attempt++)
        {
            var moved = (int[])calls.Clone();
            for (var changes = _random.Next(3) == 0 ? 2 : 1; changes > 0; changes--)
            {
                var at = _random.Next(1, moved.Length);
                var by = _random.Next(2) == 0 ? 1 : -1;
                var last = _random.Next(4) == 0 ? moved.Length - 1 : at;
                for (var i = at; i <= last; i++)
                {
                    moved[i] += by;
                }
            }

            if (moved.Zip(moved.Skip(1)).All(pair => pair.First < pair.Second) && moved[^1] < callCount && _seen.Add(string.Join('-', moved)))
            {
                return moved;
            }
        }

        return null;
    }
}
