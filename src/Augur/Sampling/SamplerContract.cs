using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>Checks that every sampler makes before a run begins.</summary>
internal static class SamplerContract
{
    /// <summary>Whether the prediction is one of discrete diffusion (noise, velocity or image), not of a flow.</summary>
    public static bool IsDiffusion(Prediction prediction) => prediction is Prediction.Epsilon or Prediction.Velocity or Prediction.Image;

    /// <summary>Returns the options after checking that they are consistent.</summary>
    /// <exception cref="ArgumentException">The betas do not ascend.</exception>
    public static TOptions Valid<TOptions>(TOptions options)
        where TOptions : DiffusionOptions
    {
        _ = options.CreateSchedule();
        return options;
    }

    /// <summary>Refuses a network that the sampler cannot use, a latent that is not one sample, and a run without steps.</summary>
    public static void RequireBegin(ISampler sampler, Tensor noise, int steps, Prediction prediction)
    {
        if (!sampler.Accepts(prediction))
        {
            var accepted = string.Join(" or ", Enum.GetValues<Prediction>().Where(sampler.Accepts));
            throw new ArgumentException($"Sampler {sampler.Name} needs a network that predicts {accepted}, not {prediction}.", nameof(prediction));
        }

        if (noise.Shape.Rank < 2 || noise.Shape[0] != 1)
        {
            throw new ArgumentException($"Sampler {sampler.Name} begins with one latent [1, …], not {noise.Shape}.", nameof(noise));
        }

        if (steps < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(steps), $"Sampler {sampler.Name} takes at least 1 step, not {steps}.");
        }
    }

    /// <summary>Refuses to skip all steps.</summary>
    public static void RequireSkip(DiffusionOptions options, int steps)
    {
        if (options.SkippedSteps >= steps)
        {
            throw new ArgumentOutOfRangeException(nameof(steps), $"Of {steps} steps {options.SkippedSteps} are to be skipped, which leaves none.");
        }
    }
}
