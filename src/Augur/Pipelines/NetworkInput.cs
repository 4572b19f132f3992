using Augur.Caching;
using Augur.Models;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>What the network sees of one sample in one call.</summary>
/// <param name="Latent">[1, channels, height, width]; its guidance rows see the same.</param>
/// <param name="Timestep">Model time.</param>
/// <param name="Label">Class of the conditional row.</param>
/// <param name="RowCount">1, or 2 with the unconditional row behind the conditional one.</param>
internal readonly record struct NetworkInput(Tensor Latent, float Timestep, int Label, int RowCount)
{
    /// <summary>The same, once it is seen that the network can read it.</summary>
    /// <param name="shape">What it reads of one sample, [channels, height, width].</param>
    /// <exception cref="InvalidOperationException">The sampler's latent has another shape.</exception>
    /// <exception cref="ObjectDisposedException">The sampler's latent was released.</exception>
    public NetworkInput Validated(Shape shape)
    {
        _ = Latent.Buffer; // throws if it was released
        return Latent.Shape == new Shape(1, shape[0], shape[1], shape[2]) ? this
            : throw new InvalidOperationException($"The sampler's latent is {Latent.Shape}; the network reads [1, {shape[0]}, {shape[1]}, {shape[2]}].");
    }

    /// <summary>One batched call for several samples: [rows, channels (twice, with a learned variance), height, width].</summary>
    public static Tensor Predict(INetwork model, IReadOnlyList<NetworkInput> inputs, IFeatureDoor cache)
    {
        var shape = model.LatentShape;
        var latents = Tensor.Empty(model.Backend, [inputs.Sum(i => i.RowCount), shape[0], shape[1], shape[2]]);
        var row = 0;
        foreach (var input in inputs)
        {
            for (var i = 0; i < input.RowCount; i++)
            {
                latents.Rows(row++, 1).CopyFromInPlace(input.Latent);
            }
        }

        return model.Predict(
            latents,
            [.. inputs.SelectMany(i => Enumerable.Repeat(i.Timestep, i.RowCount))],
            [.. inputs.SelectMany(i => i.RowCount == 2 ? (int[])[i.Label, model.ClassCount] : [i.Label])],
            cache);
    }
}
