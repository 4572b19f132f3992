using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>What every run has: the latent, the counters, the checks. A sampler adds its step.</summary>
internal abstract class SamplerRun : ISamplerRun
{
    private Tensor _latent;
    private Tensor? _estimate;

    protected SamplerRun(Tensor noise, int stepCount, int callCount)
    {
        (StepCount, CallCount) = (stepCount, callCount);
        _latent = noise.Copy().Retain();
    }

    public int CallCount { get; }

    public int CallIndex { get; private set; }

    public int StepIndex => IsFinished ? StepCount : StepOf(CallIndex);

    public int StepCount { get; }

    public bool IsFinished => CallIndex == CallCount;

    public float Timestep => IsFinished ? 0 : TimestepOf(CallIndex);

    public double Sigma => IsFinished ? 0 : SigmaOf(CallIndex);

    public virtual double NoiseToSignal => Sigma;

    public Tensor Latent => _latent;

    public Tensor? Estimate => _estimate;

    public void Advance(Tensor output, Tensor? variance, INoiseSource noise)
    {
        if (IsFinished)
        {
            throw new InvalidOperationException($"The run has had its {CallCount} calls; it takes no further answer.");
        }

        RequireShape(output, "network output");
        if (variance is not null)
        {
            RequireShape(variance, "learned variance");
        }

        using (TensorScope.Begin())
        {
            var (latent, estimate) = Take(output, variance, noise);
            _latent.Dispose();
            _estimate?.Dispose();
            (_latent, _estimate) = (latent.Retain(), estimate.Retain());
        }

        CallIndex++;
    }

    public virtual void Dispose()
    {
        _latent.Dispose();
        _estimate?.Dispose();
    }

    /// <summary>The next latent and the estimate of x₀, two different new tensors. Runs in a scope; what is to be remembered is retained.</summary>
    protected abstract (Tensor Latent, Tensor Estimate) Take(Tensor output, Tensor? variance, INoiseSource noise);

    protected abstract float TimestepOf(int callIndex);

    protected abstract double SigmaOf(int callIndex);

    protected virtual int StepOf(int callIndex) => callIndex;

    /// <summary>Fresh unit Gaussian noise of the latent's shape.</summary>
    protected Tensor Draw(INoiseSource noise)
    {
        var values = new float[_latent.Shape.ElementCount];
        noise.Fill(values);
        return Tensor.From(_latent.Backend, values, _latent.Shape);
    }

    /// <summary>Σ factors[i] · terms[i] with factors from double arithmetic, rounded once.</summary>
    protected static Tensor Sum(params ReadOnlySpan<(double Factor, Tensor Term)> parts)
    {
        var terms = new Tensor[parts.Length];
        Span<float> factors = stackalloc float[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            (factors[i], terms[i]) = ((float)parts[i].Factor, parts[i].Term);
        }

        return Tensor.Combine(terms, factors);
    }

    private void RequireShape(Tensor tensor, string role)
    {
        if (tensor.Shape != _latent.Shape)
        {
            throw new ArgumentException($"Advance: the {role} {tensor.Shape} and the latent {_latent.Shape} differ.");
        }
    }
}
