namespace Augur.Replay;

/// <summary>Compares the tensors of one run with the saved ones and collects the differences.</summary>
/// <param name="tolerance">Limit on |ours − reference| / max |reference| per tensor, in single precision.</param>
internal sealed class Comparison(double tolerance)
{
    public const double ForwardTolerance = 1e-5;
    public const double TrajectoryTolerance = 1e-4;
    public const double TableTolerance = 1e-12;

    private readonly HashSet<string> _compared = [];
    private double _absolute;
    private double _relative;
    private string _detail = "";
    private string _decided = ""; // the first difference of whole numbers: what follows from it differs too, whatever was compared before

    /// <summary>Names of the saved tensors that were compared or used as input.</summary>
    public IReadOnlySet<string> Seen => _compared;

    /// <summary>Marks a saved tensor as an input of the run.</summary>
    public void Used(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _compared.Add(name);
        }
    }

    /// <summary>Compares a tensor in single precision, or one step of it.</summary>
    /// <param name="name">Name of the saved tensor.</param>
    /// <param name="actual">Our elements.</param>
    /// <param name="expected">The saved elements.</param>
    /// <param name="scale">Largest magnitude of the whole saved tensor; 0 to take it from <paramref name="expected"/>.</param>
    /// <param name="step">Index of the step, for the message.</param>
    /// <param name="limit">Tolerance of this tensor; null: that of the run.</param>
    public void Tensor(
        string name, ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, double scale = 0, int? step = null, double? limit = null)
    {
        _compared.Add(name);
        var largest = scale > 0 ? scale : Magnitude(expected);
        if (actual.Length != expected.Length)
        {
            Differ($"{name}: {actual.Length} elements instead of {expected.Length}");
            return;
        }

        double absolute = 0;
        for (var i = 0; i < actual.Length; i++)
        {
            var difference = Math.Abs((double)actual[i] - expected[i]);
            absolute = difference <= absolute ? absolute : difference; // keeps a NaN
        }

        Record(name, absolute, largest, limit ?? tolerance, step);
    }

    /// <summary>Compares a table in double precision, with the error relative to each element.</summary>
    public void Table(string name, IReadOnlyList<double> actual, ReadOnlySpan<double> expected)
    {
        _compared.Add(name);
        if (actual.Count != expected.Length)
        {
            Differ($"{name}: {actual.Count} entries instead of {expected.Length}");
            return;
        }

        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs(actual[i] - expected[i]);
            if (!(difference <= TableTolerance * Math.Abs(expected[i])) && difference != 0)
            {
                Differ(FormattableString.Invariant($"{name}[{i}]: {actual[i]:R} instead of {expected[i]:R}"));
            }
        }
    }

    /// <summary>Compares a number with tolerances of its own.</summary>
    public void Number(string name, double actual, double expected, double relative, double absolute)
    {
        if (!(Math.Abs(actual - expected) <= Math.Max(absolute, relative * Math.Abs(expected))))
        {
            Differ(FormattableString.Invariant($"{name}: {actual:g6} instead of {expected:g6}"));
        }
    }

    /// <summary>Compares whole numbers: decisions, timesteps, counters.</summary>
    public void Exact(string name, IReadOnlyList<long> actual, ReadOnlySpan<long> expected)
    {
        _compared.Add(name);
        for (var i = 0; i < Math.Max(actual.Count, expected.Length); i++)
        {
            if (i >= actual.Count || i >= expected.Length || actual[i] != expected[i])
            {
                var what = $"{name}[{i}]: {(i < actual.Count ? actual[i] : "nothing")} instead of {(i < expected.Length ? expected[i] : "nothing")}";
                _decided = _decided.Length == 0 ? what : _decided;
                return;
            }
        }
    }

    /// <summary>The result. A saved tensor that was neither compared nor used counts as a failure.</summary>
    public ReplayResult Finish(string run, IEnumerable<string> saved)
    {
        if (saved.Where(name => !_compared.Contains(name)).ToArray() is { Length: > 0 } ignored)
        {
            Differ($"{ignored.Length} saved tensors were not compared, first '{ignored[0]}'");
        }

        var detail = _decided.Length > 0 ? _decided : _detail;
        var status = detail.Length == 0 ? ReplayStatus.Pass : ReplayStatus.Fail;
        return new ReplayResult(run, status, _compared.Count, _absolute, _relative, tolerance, detail);
    }

    /// <summary>Largest magnitude of the elements.</summary>
    public static double Magnitude(ReadOnlySpan<float> values)
    {
        double largest = 0;
        foreach (var value in values)
        {
            largest = Math.Max(largest, Math.Abs((double)value));
        }

        return largest;
    }

    private void Record(string name, double absolute, double scale, double limit, int? step)
    {
        var relative = scale > 0 ? absolute / scale : absolute;
        _absolute = absolute <= _absolute ? _absolute : absolute;
        _relative = relative <= _relative ? _relative : relative;
        if (!(relative <= limit))
        {
            Differ(FormattableString.Invariant($"{name}{(step is { } s ? $" at step {s}" : "")} differs by {relative:g3} of its scale {scale:g4}"));
        }
    }

    private void Differ(string what)
    {
        if (_detail.Length == 0)
        {
            _detail = what;
        }
    }
}
