using Augur.Pipelines;

namespace Augur.Metrics;

/// <summary>Summarises the audits of several samples: how well the verified error predicts the true error.</summary>
public sealed class AuditSummary
{
    private readonly AuditPoint[] _comparable;
    private readonly double[] _x;
    private readonly double[] _y;

    private AuditSummary(IReadOnlyList<AuditPoint> points)
    {
        Points = points;
        _comparable = [.. points.Where(p => p.IsComparable)];
        _x = Array.ConvertAll(_comparable, p => Math.Log10(p.VerifiedError!.Value));
        _y = Array.ConvertAll(_comparable, p => Math.Log10(p.TrueError));
    }

    /// <summary>Every call that was not computed in full, and every draft that was rejected.</summary>
    public IReadOnlyList<AuditPoint> Points { get; }

    /// <summary>Network calls of the audited samples, including computed ones.</summary>
    public int Calls { get; private init; }

    /// <summary>FLOPs of the audit, in addition to the runs. A multiply-add is 2.</summary>
    public long Flops { get; private init; }

    /// <summary>Time of the audit, in addition to the runs.</summary>
    public TimeSpan Time { get; private init; }

    /// <summary>Audited calls whose draft was verified and whose errors are both finite and above 0; correlations are over these.</summary>
    public int Comparable => _comparable.Length;

    /// <summary>Audited calls whose true error is not a finite number.</summary>
    public int NotFinite => Points.Count(p => !double.IsFinite(p.TrueError));

    /// <summary>Spearman's rank correlation of verified and true error, −1 to 1; null for fewer than three comparable calls.</summary>
    public double? Spearman => Correlation.Spearman(_x, _y);

    /// <summary>Pearson's correlation of the logarithms of both errors, −1 to 1; null for fewer than three comparable calls.</summary>
    public double? Pearson => Correlation.Pearson(_x, _y);

    /// <summary>
    /// Pearson's correlation after removing the mean of each call index, so that the dependence of both errors on the position in the run does not
    /// count. Calls that only one sample verified are left out.
    /// </summary>
    public double? PearsonWithinCalls
    {
        get
        {
            var groups = Enumerable.Range(0, Comparable).GroupBy(i => _comparable[i].CallIndex).Where(g => g.Count() > 1).ToList();
            return Correlation.Pearson([.. groups.SelectMany(g => Centred(g, _x))], [.. groups.SelectMany(g => Centred(g, _y))]);
        }
    }

    /// <summary>Median of true error / verified error; null if no call is comparable.</summary>
    public double? MedianRatio => Median(_comparable.Select(p => p.TrueError / p.VerifiedError!.Value));

    /// <summary>Share of the accepted calls whose true error exceeds the error that was allowed, 0 to 1; null where none was accepted.</summary>
    public double? AcceptedAboveThreshold => ShareOfAccepted(p => p.Threshold!.Value);

    /// <summary>Median true error for each outcome, in the order of the legend.</summary>
    public IReadOnlyList<(CallMark Mark, double Median)> MedianTrueErrors =>
    [
        .. from mark in CallMark.All
           let median = Median(Points.Where(p => p.Mark == mark).Select(p => p.TrueError))
           where median is not null
           select (mark, median.Value),
    ];

    /// <summary>Summarises reports; null if no sample was audited.</summary>
    public static AuditSummary? Of(IReadOnlyList<GenerationReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var audited = reports.Select((report, sample) => (report, sample)).Where(r => r.report.Audit is not null).ToList();
        return audited.Count == 0 ? null : new AuditSummary([.. audited.SelectMany(r => PointsOf(r.report, r.sample))])
        {
            Calls = audited.Sum(r => r.report.Calls.Count),
            Flops = audited.Sum(r => r.report.Audit!.Flops),
            Time = audited.Aggregate(TimeSpan.Zero, (sum, r) => sum + r.report.Audit!.Time),
        };
    }

    /// <summary>
    /// Share of the accepted calls whose true error exceeds a limit, 0 to 1; NaN exceeds every limit. Null if no call was accepted.
    /// </summary>
    public double? AcceptedAbove(double limit) => ShareOfAccepted(_ => limit);

    /// <summary>Sorts the calls by verified error, divides them into groups of about equal size, and returns both medians of each group.</summary>
    /// <param name="most">Largest number of groups, at least 1; a group has at least five calls.</param>
    public IReadOnlyList<(double Verified, double True)> BinnedMedians(int most)
    {
        var sorted = _comparable.OrderBy(p => p.VerifiedError).ToArray();
        var count = Math.Min(most, sorted.Length / 5);
        return
        [
            .. from bin in Enumerable.Range(0, count)
               let members = sorted[(bin * sorted.Length / count)..((bin + 1) * sorted.Length / count)]
               select (Median(members.Select(p => p.VerifiedError!.Value))!.Value, Median(members.Select(p => p.TrueError))!.Value),
        ];
    }

    /// <summary>The median of the finite values (for an even number the lower middle one); null if there are none.</summary>
    public static double? Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length == 0 ? null : sorted[(sorted.Length - 1) / 2];
    }

    private static IEnumerable<AuditPoint> PointsOf(GenerationReport report, int sample) =>
        from call in report.Calls.Select((outcome, index) => (outcome, index))
        let error = report.Audit!.TrueErrors[call.index]
        where error is not null
        select new AuditPoint(
            sample,
            call.index,
            call.index / Math.Max(1.0, report.Calls.Count - 1),
            CallMark.Of(call.outcome),
            call.outcome.Error,
            call.outcome.Threshold,
            error.Value);

    private double? ShareOfAccepted(Func<AuditPoint, double> limit)
    {
        var accepted = Points.Where(p => p.Mark.Word == "accepted").ToList();
        return accepted.Count == 0 ? null : (double)accepted.Count(p => !(p.TrueError <= limit(p))) / accepted.Count;
    }

    private static IEnumerable<double> Centred(IEnumerable<int> group, double[] values)
    {
        var mean = group.Average(i => values[i]);
        return group.Select(i => values[i] - mean);
    }
}
