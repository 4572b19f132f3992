using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>
/// From a picture's latent back to noise along a rectified flow (RF inversion, arXiv 2410.10792), with EEdit's skipped steps. A run of T steps makes
/// T − 1 updates and ends at noise level (T − 1)/T.
/// </summary>
/// <remarks>
/// Step i, at level τ = i/T: Y ← Y + [u + γ·((y₁ − Y)/(1 − τ) − u)]/T, with u the network's velocity of the last call and y₁ one draw of noise. The
/// network is called where i is a multiple of skip, and in the last update.
/// </remarks>
/// <param name="options">The settings; null: the defaults.</param>
public sealed class FlowInversion(FlowInversionOptions? options = null) : ISampler
{
    internal static readonly SettingList<FlowInversionOptions> Settings = new("Sampler", "rf-inversion");

    /// <summary>The settings.</summary>
    public FlowInversionOptions Options { get; } = options ?? new();

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool AddsNoise => false;

    /// <summary>The noise that is aimed at, if it is not drawn from the run's source: of the latent's elements.</summary>
    internal float[]? Target { get; init; }

    /// <summary>Is shown the latent before each update and the last: step and latent; valid within the call.</summary>
    internal Action<int, Tensor>? OnLatent { get; init; }

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => prediction == Prediction.Flow;

    /// <inheritdoc/>
    /// <param name="noise">The picture's latent [1, …].</param>
    /// <param name="steps">Steps that the way back to the picture will have; at least 2.</param>
    /// <param name="prediction">What the network's output means.</param>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        var grid = steps + (Options.HasExtraEntry ? 1 : 0);
        return grid < 2 ? throw new ArgumentOutOfRangeException(nameof(steps), $"Sampler {Name} takes at least 2 steps, not {steps}.")
            : new SamplerRun(noise, steps, Enumerable.Range(0, grid - 1).Count(i => Calls(i, grid)), (x, answer) => Walk(x, answer, grid, steps))
            {
                FollowsAnswers = Options.Gamma == 0,
            };
    }

    private bool Calls(int step, int grid) => step % Options.Skip == 0 || step == grid - 2;

    private IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, int grid, int steps)
    {
        Tensor? velocity = null, target = null;
        for (var i = 0; i < grid - 1; i++)
        {
            OnLatent?.Invoke(i, x);
            var level = (double)i / grid;
            if (Calls(i, grid))
            {
                yield return SamplerQuestion.OnFlow(i, x, level) with { Kept = target is null ? [] : [target] };

                velocity = answer.Output.Copy();
                target ??= Target is { } given ? Tensor.From(x.Backend, given, x.Shape) : answer.DrawNoise();
            }

            var pull = Options.Gamma / (grid * (1 - level));
            x = Sum((1 - pull, x), ((1 - Options.Gamma) / grid, velocity!), (pull, target!));
        }

        OnLatent?.Invoke(grid - 1, x);
        yield return SamplerQuestion.Result(steps, x, null);
    }
}
