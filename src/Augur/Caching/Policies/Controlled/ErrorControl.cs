namespace Augur.Caching.Policies;

/// <summary>
/// How far drafts may reach. A draft that is off by δ in the picture that it points to moves the latent, divided by its signal, by δ · Δσ/σ, with σ
/// the noise over the signal; of an error there the way to the end keeps r/√(r² + σ²), were pictures Gaussian with the standard deviation r. Of the
/// next drafts δ is foretold from the last computed call: it grows with the square of the distance, as drafts of second order do.
/// </summary>
/// <param name="tolerance">What the drafts between two computed calls may change the result by, relative to r.</param>
internal sealed class ErrorControl(double tolerance)
{
    private const double Radius = 0.5; // of pictures in −1 to 1; a wrong one changes what a tolerance comes to, which is calibrated
    private const double Power = 2;
    private const double Newest = 0.7; // of the logarithm of the rate, the rest is what was thought before
    private const double LongestGap = 0.2, FirstGap = 0.08; // of the run

    private int _last = -1; // computed call
    private double? _rate; // error of the answer a call behind a computed one
    private double _sum; // of the drafts since
    private double _way = double.NaN;

    /// <summary>Whether a call may be drafted. Asked for every call of a run, in order.</summary>
    /// <param name="call">The call.</param>
    /// <param name="factor">Of an error of the answer, what it changes the picture by that the answer points to.</param>
    public bool Drafts(NetworkCall call, double factor)
    {
        var (before, gap) = (_way, call.CallIndex - _last);
        _way = Math.Asinh(Radius / call.NoiseToSignal) / Radius; // ∫ dσ / (σ √(r² + σ²)), 0 at noise alone
        if (_last < 0 || gap > Math.Max(1, Math.Floor(LongestGap * call.CallCount)))
        {
            return false;
        }

        if (_rate is not { } rate)
        {
            return gap < Math.Max(1, Math.Round(FirstGap * call.CallCount));
        }

        _sum += rate * Math.Pow(gap, Power) * factor * Math.Abs(_way - before); // the step to here stands for the step from here
        return _sum <= tolerance; // not where it is not a number
    }

    /// <summary>A call was computed.</summary>
    /// <param name="call">The call.</param>
    /// <param name="error">Root mean square of what a draft of its answer would have been off; null: there was none.</param>
    public void Computed(NetworkCall call, double? error)
    {
        if (error is { } off)
        {
            var rate = off / Math.Pow(call.CallIndex - _last, Power);
            _rate = _rate is > 0 and < double.PositiveInfinity ? Math.Pow(rate, Newest) * Math.Pow(_rate.Value, 1 - Newest) : rate;
        }

        (_last, _sum) = (call.CallIndex, 0);
    }
}
