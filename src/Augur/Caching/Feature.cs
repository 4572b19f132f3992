using Augur.Tensors;

namespace Augur.Caching;

/// <summary>A forecast feature that has not been formed yet: Σ coefficients[i] · terms[i].</summary>
/// <param name="Terms">Kept tensors [rows, tokens, channels] of one shape, float32 or bfloat16; at least one.</param>
/// <param name="Coefficients">One per term.</param>
/// <param name="AddsToInput">Whether the sum is a change of the site's input (a kept residual of blocks) rather than its output.</param>
public readonly record struct Forecast(ReadOnlyMemory<Tensor> Terms, ReadOnlyMemory<float> Coefficients, bool AddsToInput = false)
{
    /// <summary>FLOPs of what a memory formed for its terms beforehand.</summary>
    internal long FlopsBefore { get; init; }

    /// <summary>FLOPs of forming it: a multiply-add per element and term.</summary>
    public long Flops => FlopsBefore + (2L * Terms.Length * Terms.Span[0].Shape.ElementCount);

    /// <summary>The output that is meant, given what the site reads: a change becomes input + change.</summary>
    internal Forecast At(Tensor input) => AddsToInput
        ? new((Tensor[])[input, .. Terms.Span], (float[])[1, .. Coefficients.Span]) { FlopsBefore = FlopsBefore } : this;

    /// <summary>What one term has to be at some tokens for the sum to be what was computed there.</summary>
    /// <param name="computed">[rows, k, channels].</param>
    /// <param name="term">One of the terms, whose coefficient is not 0.</param>
    /// <param name="tokens">[rows, k].</param>
    internal Tensor TermThatGives(Tensor computed, Tensor term, IndexTable tokens)
    {
        var (terms, coefficients) = (Terms.ToArray(), Coefficients.ToArray());
        var a = coefficients[Array.IndexOf(terms, term)];
        var others = terms.Zip(coefficients).Where(t => t.First != term).ToArray();
        return Tensor.Combine([computed, .. others.Select(t => t.First.GatherTokens(tokens))], [1 / a, .. others.Select(t => -t.Second / a)]);
    }

    /// <summary>Forms it in the given place.</summary>
    public void WriteTo(Tensor destination) => destination.NotNull().CombineInPlace(Terms.Span, Coefficients.Span);
}

/// <summary>
/// What the door answers with: a tensor, or forecasts that are formed where they are needed, so that a gated forecast is added to the stream
/// in one pass over memory.
/// </summary>
public readonly struct Feature
{
    private readonly Tensor? _tensor;
    private readonly (int Row, Forecast Forecast)[]? _forecasts;

    private Feature(Tensor? tensor, (int Row, Forecast Forecast)[]? forecasts) => (_tensor, _forecasts) = (tensor, forecasts);

    /// <summary>A feature that exists.</summary>
    public static implicit operator Feature(Tensor tensor) => new(tensor, null);

    /// <summary>Forecasts for consecutive rows of the batch; together they cover it.</summary>
    internal static Feature Of((int Row, Forecast Forecast)[] forecasts) => new(null, forecasts);

    /// <summary>The feature [batch, tokens, channels], formed now if it was not. The network must not write to it.</summary>
    public Tensor ToTensor()
    {
        if (_tensor is not null)
        {
            return _tensor;
        }

        var shape = _forecasts![0].Forecast.Terms.Span[0].Shape;
        var rows = _forecasts.Sum(f => f.Forecast.Terms.Span[0].Shape[0]);
        var y = Tensor.Empty(_forecasts[0].Forecast.Terms.Span[0].Backend, shape.With(0, rows));
        foreach (var (row, forecast) in _forecasts)
        {
            forecast.WriteTo(y.Rows(row, forecast.Terms.Span[0].Shape[0]));
        }

        return y;
    }

    /// <summary>stream + gate ⊙ feature, without forming a forecast first.</summary>
    internal Tensor AddTo(Tensor stream, Tensor gate)
    {
        if (_tensor is not null)
        {
            return stream.AddGated(gate, _tensor);
        }

        var y = Tensor.Empty(stream.Backend, stream.Shape);
        foreach (var (row, forecast) in _forecasts!)
        {
            var count = forecast.Terms.Span[0].Shape[0];
            y.Rows(
                row, count).AddGatedCombinationInPlace(
                    stream.Rows(row, count), gate.Rows(row, count), forecast.Terms.Span, forecast.Coefficients.Span);
        }

        return y;
    }
}

/// <summary>Gated residuals of features.</summary>
internal static class FeatureAddition
{
    /// <summary>stream + gate ⊙ feature. Stream [batch, tokens, channels], gate [batch, channels].</summary>
    public static Tensor AddGated(this Tensor stream, Tensor gate, Feature feature) => feature.AddTo(stream.NotNull(), gate.NotNull());
}
