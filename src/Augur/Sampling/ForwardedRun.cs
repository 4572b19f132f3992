using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>A sampler's run that is another one, but for what is overridden.</summary>
/// <param name="run">The other; disposed with this.</param>
internal abstract class ForwardedRun(ISamplerRun run) : ISamplerRun
{
    public virtual int CallCount => run.CallCount;

    public virtual int CallIndex => run.CallIndex;

    public virtual int StepIndex => run.StepIndex;

    public virtual int StepCount => run.StepCount;

    public bool IsFinished => run.IsFinished;

    public float Timestep => run.Timestep;

    public double Sigma => run.Sigma;

    public double NoiseToSignal => run.NoiseToSignal;

    public (int First, int Count)? Focus => run.Focus;

    public virtual bool FollowsAnswers => run.FollowsAnswers;

    public virtual Tensor Latent => run.Latent;

    public Tensor? Estimate => run.Estimate;

    /// <summary>The other run.</summary>
    protected ISamplerRun Run => run;

    public virtual void Advance(Tensor output, Tensor? variance, INoiseSource noise) => run.Advance(output, variance, noise);

    public virtual void Dispose() => run.Dispose();
}
