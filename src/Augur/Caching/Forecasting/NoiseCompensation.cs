using Augur.Tensors;

namespace Augur.Caching.Forecasting;

/// <summary>
/// The network's output where the sampler adds fresh noise on the way. What the network says of a latent follows that noise, so that its answers cannot be
/// extrapolated from call to call; the picture they point to can. The picture is kept, and the answer that would point to it from the latent at hand is
/// supplied: input · latent + output · answer = picture.
/// </summary>
internal static class NoiseCompensation
{
    /// <summary>The picture that a computed answer points to, in the order of the network's output.</summary>
    public static Tensor ImageFrom(NetworkCall call, Tensor latent, Tensor answer)
    {
        var (input, output) = Factors(call);
        return Tensor.Combine([latent, answer], [(float)input, (float)output]);
    }

    /// <summary>The answer that points from the latent to a forecast picture.</summary>
    public static Forecast AnswerFrom(NetworkCall call, Tensor latent, Forecast image)
    {
        var (input, output) = Factors(call);
        return new Forecast((Tensor[])[latent, .. image.Terms.Span], (float[])[(float)(-input / output), .. image.Coefficients.ToArray().Select(c => (float)(c / output))]);
    }

    private static ImageEstimate Factors(NetworkCall call) => call.Image is { Output: not 0 } image && double.IsFinite(image.Input) && double.IsFinite(image.Output) ? image
        : throw new InvalidOperationException($"Call {call.CallIndex}: the sampler adds noise, and does not say how latent and answer give the picture.");
}
