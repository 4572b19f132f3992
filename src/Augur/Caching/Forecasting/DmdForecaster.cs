using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Forecasting;

/// <summary>Settings of <see cref="DmdForecaster"/>.</summary>
public sealed record DmdOptions
{
    /// <summary>Computed features in use; four at equal gaps are needed. The default is that of the released codes.</summary>
    [Setting("history", 4, 12, Unit = "calls")]
    public int History { get; init => field = Setting.Checked(this, value); } = 6;
}

/// <summary>
/// Dynamic mode decomposition (Schmid, 2010), as hicache-plus-plus and cache-dit forecast by it: what leads from each change of the feature to the
/// next is taken to be one linear map, whose modes decay, grow or turn. On rectified flows only.
/// </summary>
/// <remarks>
/// The map is fitted to the changes from computed call to computed call, not to the features themselves as released, so that a straight line is
/// followed exactly (docs/methods/forecasters.md). With fewer than four features at equal gaps it is the straight line through the last two; where
/// something is not finite the feature is repeated. Guidance rows are one unit.
/// </remarks>
public sealed record DmdForecaster : SnapshotForecaster
{
    private const int Fewest = 4;

    internal static readonly SettingList<DmdOptions> Settings = new("Draft", "dmd");

    private readonly DmdOptions _options;

    /// <summary>With settings.</summary>
    public DmdForecaster(DmdOptions? options = null) => _options = options ?? new();

    /// <inheritdoc/>
    public override string Name => Settings.Format(_options);

    /// <inheritdoc/>
    public override int TermCount => _options.History;

    /// <inheritdoc/>
    public override void RequireRun(RunInfo run)
    {
        if (run.NotNull().Path is not (LatentPath.Flow or LatentPath.Unknown))
        {
            throw new ArgumentException(
                "Draft dmd is for rectified flows, and this run is none: on diffusions it was measured to end many times further from the uncached "
                + "pictures than taylor.");
        }
    }

    /// <summary>The straight line through the last two features, where there are too few for modes.</summary>
    /// <inheritdoc/>
    public override double[] Weigh(ReadOnlySpan<int> calls, int target)
    {
        var weights = new double[calls.Length];
        var ahead = calls.Length < 2 ? 0 : (double)(target - calls[0]) / (calls[0] - calls[1]);
        weights[0] = 1 + ahead;
        if (calls.Length > 1)
        {
            weights[1] = -ahead;
        }

        return weights;
    }

    private protected override Func<int, double[]> Window(IReadOnlyList<Tensor> features, int[] calls)
    {
        var even = 1; // features at equal gaps, from the newest
        while (even < calls.Length && calls[even - 1] - calls[even] == calls[0] - calls[1])
        {
            even++;
        }

        if (even < Fewest)
        {
            return target => Weigh(calls, target);
        }

        using var scope = TensorScope.Begin();
        var modes = DmdModes.Of([.. features.Take(even).Reverse().Select(feature => feature.As(DType.Float32).ToArray())]);
        return target =>
        {
            var weights = new double[calls.Length];
            var found = modes?.Weigh((double)(target - calls[0]) / (calls[0] - calls[1]));
            if (found is null || !Array.TrueForAll(found, double.IsFinite))
            {
                weights[0] = 1;
                return weights;
            }

            for (var i = 0; i < even; i++)
            {
                weights[i] = found[even - 1 - i];
            }

            return weights;
        };
    }
}
