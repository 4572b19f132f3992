using System.Globalization;
using Augur.Notation;

namespace Augur.Sampling;

/// <summary>
/// Which timesteps a diffusion run visits, by a rule of its own instead of <see cref="TimestepSpacing"/>: for solvers in few steps, whose error
/// depends on where the steps lie more than on their order.
/// </summary>
public abstract record TimestepGrid
{
    private const string Kind = "Timesteps";

    internal static Catalog<TimestepGrid> Catalog { get; } = new(
        Kind,
        grid => grid.Name,
        Catalog<TimestepGrid>.Entry(Kind, "uniform", "Equal parts of time.", () => new UniformGrid()),
        Catalog<TimestepGrid>.Entry("quad", "Equal parts of a root of time: denser towards the image.", PowerGrid.Settings, o => new PowerGrid(o)),
        Catalog<TimestepGrid>.Entry(Kind, "logsnr", "Equal parts of the logarithm of signal over noise.", () => new LogSnrGrid()),
        Catalog<TimestepGrid>.Entry(Kind, "searched", "As a search placed few steps on the built-in model of classes.", () => new SearchedGrid()),
        Catalog<TimestepGrid>.Entry("list", "The timesteps that are named.", ListGrid.Settings, o => new ListGrid(o)));

    /// <summary>As the command line writes it, with the settings that differ from the defaults.</summary>
    public abstract string Name { get; }

    /// <summary>The visited timesteps, descending.</summary>
    /// <param name="count">How many, at least 2 and at most as many as were trained.</param>
    /// <param name="alphas">ᾱ of every trained timestep.</param>
    /// <exception cref="ArgumentException">The grid is for another number of steps, or names a timestep that was not trained.</exception>
    internal abstract int[] Visit(int count, IReadOnlyList<double> alphas);

    /// <summary>Rounded to whole timesteps; where two meet, one makes room, so that none is visited twice.</summary>
    private protected static int[] Apart(IEnumerable<double> times, int trained)
    {
        int[] whole = [.. times.Select(time => Math.Clamp(DiffusionPlan.Round(time), 0, trained - 1))];
        for (var i = whole.Length - 2; i >= 0; i--)
        {
            whole[i] = Math.Max(whole[i], whole[i + 1] + 1);
        }

        for (var i = 0; i < whole.Length; i++)
        {
            whole[i] = Math.Min(whole[i], i == 0 ? trained - 1 : whole[i - 1] - 1);
        }

        return whole;
    }
}

/// <summary>Equal parts of time from the last trained timestep; the first trained one is where the last step ends, and is not visited.</summary>
public sealed record UniformGrid : TimestepGrid
{
    /// <inheritdoc/>
    public override string Name => "uniform";

    /// <inheritdoc/>
    internal override int[] Visit(int count, IReadOnlyList<double> alphas) =>
        Apart(DiffusionPlan.Indices(count).Select(i => (alphas.Count - 1) * (count - i) / (double)count), alphas.Count);
}

/// <summary>Settings of <see cref="PowerGrid"/>.</summary>
public sealed record PowerGridOptions
{
    /// <summary>Time is the power of equal parts: 1 is uniform, 2 the quadratic grid of DDIM and DEIS, more is denser towards the image.</summary>
    [Setting("exponent", 0.2, 10, IsPositional = true)]
    public double Exponent { get; init => field = Setting.Checked(this, value); } = 2;
}

/// <summary>Equal parts of a root of time (Song et al., 2021, appendix D.2; Zhang and Chen, 2023, section 4).</summary>
public sealed record PowerGrid(PowerGridOptions Options) : TimestepGrid
{
    internal static readonly SettingList<PowerGridOptions> Settings = new("Timesteps", "quad");

    /// <inheritdoc/>
    public override string Name => Settings.Format(Options);

    /// <inheritdoc/>
    internal override int[] Visit(int count, IReadOnlyList<double> alphas) => Apart(
        DiffusionPlan.Indices(count).Select(i => (alphas.Count - 1) * Math.Pow((count - i) / (double)count, Options.Exponent)), alphas.Count);
}

/// <summary>
/// Equal parts of λ = log(√ᾱ/√(1−ᾱ)) (Lu et al., 2022); the first trained timestep is where the last step ends, and is not visited.
/// </summary>
public sealed record LogSnrGrid : TimestepGrid
{
    /// <inheritdoc/>
    public override string Name => "logsnr";

    /// <inheritdoc/>
    internal override int[] Visit(int count, IReadOnlyList<double> alphas)
    {
        // A terminal ᾱ of 0 has no logarithm; its neighbour stands in for it.
        double Level(int time) => Math.Log(alphas[time] / (1 - alphas[time])) / 2;
        var last = alphas[^1] > 0 ? alphas.Count - 1 : alphas.Count - 2;
        double from = Level(last), to = Level(0);
        var times = new double[count];
        var time = last;
        for (var i = 0; i < count; i++)
        {
            var level = from + ((to - from) * i / count);
            while (time > 0 && Math.Abs(Level(time - 1) - level) <= Math.Abs(Level(time) - level))
            {
                time--;
            }

            times[i] = i == 0 ? alphas.Count - 1 : time;
        }

        return Apart(times, alphas.Count);
    }
}

/// <summary>
/// Timesteps that a search placed for UniPC on the built-in model of classes, so that its pictures come nearest to those of DDIM in 50 steps; for
/// other numbers of steps the nearest list is stretched, its points in equal parts of the run.
/// </summary>
public sealed record SearchedGrid : TimestepGrid
{
    // Augur.Studies grid; of 1000 trained timesteps.
    private const int Of = 1000;
    private static readonly int[][] s_found =
    [
        [965, 753, 619, 426, 274, 147, 48],
        [999, 837, 731, 609, 448, 321, 221, 108, 73, 32],
    ];

    /// <inheritdoc/>
    public override string Name => "searched";

    /// <inheritdoc/>
    internal override int[] Visit(int count, IReadOnlyList<double> alphas)
    {
        var found = s_found.MinBy(list => Math.Abs(Math.Log((double)list.Length / count)))!;
        double[] points = [.. found, 0];
        return Apart(
            DiffusionPlan.Indices(count).Select(i =>
            {
                var at = (double)i * found.Length / count;
                var time = points[(int)at] + ((at - (int)at) * (points[(int)at + 1] - points[(int)at]));
                return time * (alphas.Count - 1) / (Of - 1);
            }),
            alphas.Count);
    }
}

/// <summary>Settings of <see cref="ListGrid"/>.</summary>
public sealed record ListGridOptions
{
    /// <summary>The visited timesteps, separated by hyphens, descending.</summary>
    /// <exception cref="ArgumentException">It is not such a list.</exception>
    [Setting("timesteps", Values = "a list of timesteps like 999-700-400-100, descending", IsPositional = true)]
    public string Timesteps { get; init => field = Read(value.NotNull()) is null ? throw Setting.Refused(this, value) : value; } = "999";

    internal int[] Indices => Read(Timesteps)!;

    private static int[]? Read(string text)
    {
        var times = new List<int>();
        foreach (var part in text.Split('-'))
        {
            var isNumber = int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var time);
            if (!isNumber || time >= (times.Count == 0 ? 100_000 : times[^1]))
            {
                return null;
            }

            times.Add(time);
        }

        return [.. times];
    }
}

/// <summary>The timesteps that are named, for example by a search; a run has exactly as many steps.</summary>
public sealed record ListGrid(ListGridOptions Options) : TimestepGrid
{
    internal static readonly SettingList<ListGridOptions> Settings = new("Timesteps", "list");

    /// <inheritdoc/>
    public override string Name => Settings.Format(Options);

    /// <inheritdoc/>
    internal override int[] Visit(int count, IReadOnlyList<double> alphas)
    {
        var times = Options.Indices;
        return times.Length != count ? throw new ArgumentException($"Timesteps {Name} are {times.Length} steps; this run takes {count}.")
            : times[0] >= alphas.Count ? throw new ArgumentException(
                $"Timesteps {Name} begin at {times[0]}; the {alphas.Count} trained timesteps end at {alphas.Count - 1}.")
            : times;
    }
}
