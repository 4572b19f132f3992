using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>
/// A sampler's run that holds on to a picture, whatever the sampler: where a mask says so, and for some steps everywhere, the network's answer is
/// replaced by the one that points to the picture. The latent then goes straight from its noise to the picture there, and a sampler that adds noise
/// adds it there too. At the end what was not to change is the picture, bit for bit.
/// </summary>
/// <param name="run">The sampler's run; disposed with this.</param>
/// <param name="source">Picture, mask, pull.</param>
/// <param name="prediction">What the network's output means.</param>
internal sealed class PinnedRun(ISamplerRun run, SourcePicture source, Prediction prediction) : ForwardedRun(run)
{
    private readonly float[]? _mask = source.Mask.IsDefaultOrEmpty ? null
        : [.. Enumerable.Repeat(source.Mask, source.Latent.Shape[0]).SelectMany(cells => cells)]; // of every channel

    private Tensor? _result;

    public override bool FollowsAnswers => false;

    public override Tensor Latent => _result ?? Run.Latent;

    public override void Advance(Tensor output, Tensor? variance, INoiseSource noise)
    {
        using (TensorScope.Begin())
        {
            Run.Advance(Run.NoiseToSignal > 0 ? Held(output) : output, variance, noise);
        }

        if (Run.IsFinished && _mask is { } mask)
        {
            var values = Run.Latent.ToArray();
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = mask[i] == 0 ? source.Latent.Values[i] : values[i];
            }

            _result = Tensor.From(Run.Latent.Backend, values, Run.Latent.Shape).Retain();
        }
    }

    public override void Dispose()
    {
        _result?.Dispose();
        base.Dispose();
    }

    private Tensor Held(Tensor output)
    {
        var own = Run.StepIndex < source.PullSteps ? 1 - (float)source.Pull : 1; // the network's share where all may change
        if (_mask is null && own == 1)
        {
            return output;
        }

        var (latent, backend) = (Run.Latent, output.Backend);
        var towards = TowardsPicture(latent, Tensor.From(backend, source.Latent.Values.AsSpan(), latent.Shape));
        if (_mask is null)
        {
            return Tensor.Combine([output, towards], [own, 1 - own]);
        }

        float[] share = Array.ConvertAll(_mask, m => m * own);
        return (Tensor.From(backend, share, output.Shape) * output)
            + (Tensor.From(backend, Array.ConvertAll(share, s => 1 - s), output.Shape) * towards);
    }

    // What the network would say if it saw the picture: x = signal · picture + noise · ε, with r = noise / signal.
    private Tensor TowardsPicture(Tensor x, Tensor picture)
    {
        var r = Run.NoiseToSignal;
        var signal = double.IsPositiveInfinity(r) ? 0 : 1 / Math.Sqrt(1 + (r * r));
        var noise = double.IsPositiveInfinity(r) ? 1 : r * signal;
        var level = double.IsPositiveInfinity(r) ? 1 : r / (1 + r);
        return prediction switch
        {
            Prediction.Epsilon => Tensor.Combine([x, picture], [(float)(1 / noise), (float)(-signal / noise)]),
            Prediction.Velocity => Tensor.Combine([x, picture], [(float)(signal / noise), (float)(-1 / noise)]),
            Prediction.Flow => Tensor.Combine([x, picture], [(float)(1 / level), (float)(-1 / level)]),
            _ => picture,
        };
    }
}
