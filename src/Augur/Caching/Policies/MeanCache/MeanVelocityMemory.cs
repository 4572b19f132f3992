using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// MeanCache for one sample, in the coordinate in which the latent's way is straight while an answer holds; docs/methods/meancache.md.
/// </summary>
/// <param name="plan">One entry per call, true where it is computed; the first is.</param>
/// <param name="steps">Computed calls from which the mean velocity is taken.</param>
/// <param name="path">Rectified flow, or diffusion that predicts the noise.</param>
internal sealed class MeanVelocityMemory(bool[] plan, int steps, LatentPath path) : ISampleMemory
{
    private readonly List<Point> _points = []; // of computed calls, oldest first
    private readonly List<double> _places = []; // of every call
    private readonly KeptTensor _answer = new(); // of the last computed call, [rows, tokens, outputs]
    private Tensor? _slope; // of the answer over the place, the same for all rows, [rows, tokens, outputs]
    private NetworkCall _call;
    private bool _isDraft;
    private int _computed; // the last computed call

    public long ByteCount => _answer.ByteCount + (_slope?.ByteCount ?? 0) + _points.Sum(p => p.Latent.ByteCount + (p.Velocity?.ByteCount ?? 0));

    public CallPlan Begin(NetworkCall call)
    {
        _call = call;
        _isDraft = !call.MustCompute && !plan[call.CallIndex];
        return _isDraft ? CallPlan.Draft : CallPlan.Compute;
    }

    public Answer Ask(Question question)
    {
        if (question.Site != Site.Output)
        {
            return Answer.Compute;
        }

        if (steps > 1)
        {
            Follow(question.Measure(Signal.NetworkInput).Rows(0, 1)); // all rows of a sample see one latent
        }

        return _isDraft ? Answer.Supply(Forecast()) : Answer.Compute.Observed((_, output) => _answer.Keep(output));
    }

    public CallOutcome End() => new(_isDraft ? CallKind.Drafted : CallKind.Computed);

    public void Dispose()
    {
        _answer.Dispose();
        _slope?.Dispose();
        _points.ForEach(p => p.Dispose());
        _points.Clear();
    }

    // Where the latent is on its way: σ of a flow; of a diffusion √(1−ᾱ)/√ᾱ, with the latent divided by √ᾱ.
    private (double Place, double Scale) Here()
    {
        var ratio = _call.NoiseToSignal;
        return path == LatentPath.Noise ? (ratio, Math.Sqrt(1 + (ratio * ratio)))
            : (double.IsPositiveInfinity(ratio) ? 1 : ratio / (1 + ratio), 1);
    }

    // The latent of this call, [1, tokens, outputs].
    private void Follow(Tensor seen)
    {
        using var scope = TensorScope.Begin();
        var (place, scale) = Here();
        while (_places.Count < _call.CallIndex)
        {
            _places.Add(double.NaN); // of calls before this memory began
        }

        _places.Add(place);
        var latent = (float)scale * seen;
        if (_points is [.., { Velocity: null } last] && last.Call == _call.CallIndex - 1)
        {
            last.Velocity = Between(last, latent, place)?.Retain();
        }

        if (_isDraft)
        {
            _slope ??= _call.CallIndex == _computed + 1 ? SlopeBehind(latent, place) : null;
            return;
        }

        _slope?.Dispose();
        (_slope, _computed) = (null, _call.CallIndex);
        if (_points.Count == steps)
        {
            _points[0].Dispose();
            _points.RemoveAt(0);
        }

        _points.Add(new Point(_call.CallIndex, place, latent.Copy().Retain()));
    }

    // From the velocity at the first point and the mean velocity since: (v − u) / (place of v − place of u). Null: the last answer is repeated.
    private Tensor? SlopeBehind(Tensor latent, double place)
    {
        var first = _points[0];
        if (_points.Count < 2 || first.Velocity is null || Between(first, latent, place) is not { } mean)
        {
            return null;
        }

        var away = 0d; // the mean's place is that of the calls whose answers it is made of, by the length of their steps
        for (var call = first.Call; call < _call.CallIndex; call++)
        {
            away += (_places[call] - first.Place) * (_places[call + 1] - _places[call]) / (place - first.Place);
        }

        if (!double.IsFinite(1 / away))
        {
            return null;
        }

        var slope = Tensor.Combine([mean, first.Velocity], [(float)(1 / away), (float)(-1 / away)]);
        var all = Tensor.Empty(slope.Backend, _answer.Value.Shape);
        for (var row = 0; row < all.Shape[0]; row++)
        {
            all.Rows(row, 1).CopyFromInPlace(slope); // weights of guidance add up to 1, so that the guided answer has this slope as well
        }

        return all.Retain();
    }

    // The mean velocity from a point to here; null where the place is the same, or none.
    private static Tensor? Between(Point from, Tensor latent, double place)
    {
        var factor = (float)(1 / (place - from.Place));
        return float.IsFinite(factor) ? factor * (latent - from.Latent) : null;
    }

    private Forecast Forecast() => _slope is null ? _answer.AsForecast()
        : new(new[] { _answer.Value, _slope }, new[] { 1, (float)(_places[^1] - _places[_computed]) });

    /// <summary>A computed call: where it was, its latent, and the velocity of its step, both [1, tokens, outputs].</summary>
    private sealed class Point(int call, double place, Tensor latent) : IDisposable
    {
        public int Call => call;

        public double Place => place;

        public Tensor Latent => latent;

        public Tensor? Velocity { get; set; }

        public void Dispose()
        {
            latent.Dispose();
            Velocity?.Dispose();
        }
    }
}
