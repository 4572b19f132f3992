using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>Settings of <see cref="FlowEditSampler"/>; the defaults are EEdit's for edits by a mask.</summary>
internal sealed record FlowEditOptions
{
    /// <summary>How much the path is drawn towards the picture that is changed, in place of the network's velocity (η of RF inversion).</summary>
    [Setting("eta", 0, 1)]
    public double Eta { get; init => field = Setting.Checked(this, value); } = 0.7;

    /// <summary>First step in which it is.</summary>
    [Setting("start", 0, 1000, Unit = "steps")]
    public int Start { get; init => field = Setting.Checked(this, value); }

    /// <summary>The step from which on it is not.</summary>
    [Setting("stop", 0, 1000, Unit = "steps")]
    public int Stop { get; init => field = Setting.Checked(this, value); } = 6;

    /// <summary>Steps behind which what lies outside the mask is put back to the picture; none: all, so that it stays what it was.</summary>
    [Setting("pinned", 0, 1000, Unit = "steps", None = "all")]
    public int? Pinned { get; init => field = Setting.Checked(this, value); }

    /// <summary>Steps from one call to the next; between them the velocity is held. 1 calls in every step.</summary>
    [Setting("skip", 1, 1000, Unit = "steps")]
    public int Skip { get; init => field = Setting.Checked(this, value); } = 1;
}

/// <summary>
/// From noise that a picture was inverted to, to a changed picture along a rectified flow (RF inversion, arXiv 2410.10792; EEdit): for some steps
/// drawn towards the picture, and outside a mask put back to it.
/// </summary>
/// <remarks>
/// Step i: v ← v + η·((x − y₀)/σ − v), x ← x + (σ' − σ)·v, then outside the mask x ← σ'·noise + (1 − σ')·picture. Where a step makes no call, the σ
/// that divides is that of the last one that did, as released.
/// </remarks>
internal sealed class FlowEditSampler : ISampler
{
    internal static readonly SettingList<FlowEditOptions> Settings = new("Sampler", "rf-edit");

    private readonly PictureSource _goal;
    private readonly PictureSource _background;
    private readonly float[] _noise;

    /// <summary>Describes an edit.</summary>
    /// <param name="levels">Noise levels of the run.</param>
    /// <param name="options">The settings.</param>
    /// <param name="goal">Towards what the path is drawn; its mask is not looked at.</param>
    /// <param name="background">What stays outside its mask.</param>
    /// <param name="noise">With which the background is noised.</param>
    internal FlowEditSampler(FlowOptions levels, FlowEditOptions options, PictureSource goal, PictureSource background, float[] noise)
    {
        levels.Validate();
        (Levels, Options, _goal, _background, _noise) = (levels, options, goal, background, noise);
    }

    /// <summary>Noise levels of the run.</summary>
    public FlowOptions Levels { get; }

    /// <summary>The settings.</summary>
    public FlowEditOptions Options { get; }

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool AddsNoise => false;

    /// <summary>Is shown what the network sees or would see in each step: step and latent; valid within the call.</summary>
    internal Action<int, Tensor>? OnLatent { get; init; }

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => prediction == Prediction.Flow;

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        var sigmas = Levels.Sigmas(noise.Shape, steps);
        var calls = Enumerable.Range(0, steps).Count(i => i % Options.Skip == 0);
        return new SamplerRun(noise, steps, calls, (x, answer) => Walk(x, answer, sigmas)) { FollowsAnswers = false };
    }

    private IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, double[] sigmas)
    {
        Tensor? velocity = null, image = null;
        var called = 0;
        for (var i = 0; i < sigmas.Length - 1; i++)
        {
            OnLatent?.Invoke(i, x);
            if (i % Options.Skip == 0)
            {
                yield return SamplerQuestion.OnFlow(i, x, sigmas[i]) with { Estimate = image };

                (velocity, called) = (answer.Output.Copy(), i);
                image = Sum((1, x), (-sigmas[i], velocity));
            }

            var (length, eta) = (sigmas[i + 1] - sigmas[i], i >= Options.Start && i < Options.Stop ? Options.Eta : 0);
            var pull = length * eta / sigmas[called];
            x = eta > 0
                ? Sum((1 + pull, x), (length * (1 - eta), velocity!), (-pull, _goal.LatentLike(x)))
                : Sum((1, x), (length, velocity!));
            if (i < (Options.Pinned ?? sigmas.Length) && _background.Mask is not null)
            {
                var latent = _background.LatentLike(x);
                x = _background.Choose(x, sigmas[i + 1] == 0 ? latent
                    : Sum((1 - sigmas[i + 1], latent), (sigmas[i + 1], Tensor.From(x.Backend, _noise, x.Shape))));
            }
        }

        yield return SamplerQuestion.Result(sigmas.Length - 1, x, image);
    }
}
