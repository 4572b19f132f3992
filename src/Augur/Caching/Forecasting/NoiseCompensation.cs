using Augur.Tensors;

namespace Augur.Caching.Forecasting;

/// <summary>
/// The network's output where the sampler adds fresh noise on the way. What the network says of a latent follows that noise, so that its answers
/// cannot be extrapolated from call to call; the picture they point to can. The picture is kept, and the answer that would point to it from the
/// latent at hand is supplied: input · latent + output · answer = picture. A learned variance is kept as it is.
/// </summary>
/// <param name="map">Says which outputs are the latent's.</param>
internal sealed class NoiseCompensation(NetworkMap map)
{
    /// <summary>The picture that a computed answer points to, in the order of the network's output, [rows, tokens, outputs].</summary>
    /// <param name="call">Says how latent and answer give the picture.</param>
    /// <param name="latent">In the order of the output, 0 where that has a variance.</param>
    /// <param name="answer">The network's.</param>
    public Tensor ImageFrom(NetworkCall call, Tensor latent, Tensor answer)
    {
        var (input, output) = Factors(call);
        return ((float)input * latent).AddGated(map.OutputGate(answer, (float)output, 1), answer);
    }

    /// <summary>The answer that points from the latent to a forecast picture.</summary>
    public Forecast AnswerFrom(NetworkCall call, Tensor latent, Forecast image)
    {
        var (input, output) = Factors(call);
        var formed = Tensor.Empty(latent.Backend, latent.Shape);
        image.WriteTo(formed);
        var answer = ((float)(-input / output) * latent).AddGated(map.OutputGate(latent, (float)(1 / output), 1), formed);
        return new Forecast((Tensor[])[answer], (float[])[1]);
    }

    private static ImageEstimate Factors(NetworkCall call) =>
        call.Image is { Output: not 0 } image && double.IsFinite(image.Input) && double.IsFinite(image.Output) ? image
        : throw new InvalidOperationException(
            $"Call {call.CallIndex}: the sampler adds noise, and does not say how latent and answer give the picture.");
}
