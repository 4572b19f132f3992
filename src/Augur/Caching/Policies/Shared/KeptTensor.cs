using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>A copy of a tensor of an earlier call, float32, and how far another is from it; all rows of a sample are one unit.</summary>
internal sealed class KeptTensor : IDisposable
{
    private Tensor? _kept;

    /// <summary>Whether anything is kept.</summary>
    public bool IsKnown => _kept is not null;

    /// <summary>Bytes kept.</summary>
    public long ByteCount => _kept?.ByteCount ?? 0;

    /// <summary>What is kept; something is.</summary>
    public Tensor Value => _kept!;

    /// <summary>What is kept, as a feature to be supplied.</summary>
    public Forecast AsForecast() => new((Tensor[])[Value], (float[])[1]);

    /// <summary>Keeps a copy in place of what was kept.</summary>
    public void Keep(Tensor x)
    {
        _kept ??= Tensor.Empty(x.Backend, x.Shape).Retain();
        _kept.CopyFromInPlace(x);
    }

    /// <summary>Σ |x − kept| / Σ |kept|; NaN where nothing is kept, and where something in either is not finite.</summary>
    public double RatioTo(Tensor x) => _kept is null ? double.NaN : Error(x, _kept, ErrorMeasure.L1Ratio);

    /// <summary>mean |x − kept|.</summary>
    public double DistanceTo(Tensor x) => _kept is null ? double.NaN : Error(x, _kept, ErrorMeasure.L1);

    /// <summary>mean |kept|.</summary>
    public double Magnitude() => _kept is null ? double.NaN : Error(Tensor.Zeros(_kept.Backend, _kept.Shape), _kept, ErrorMeasure.L1);

    /// <summary>An error over all elements of both tensors.</summary>
    public static double Error(Tensor x, Tensor y, ErrorMeasure measure)
    {
        var together = new Shape(1, checked((int)x.Shape.ElementCount));
        return x.Reshape(together).ErrorsFrom(y.Reshape(together), measure)[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kept?.Dispose();
        _kept = null;
    }
}
