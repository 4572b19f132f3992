using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>Stages in order: the encoder or the decoder. Only the features between two stages are kept.</summary>
internal sealed class StageSequence(IReadOnlyList<IStage> stages)
{
    /// <summary>Runs all stages.</summary>
    /// <param name="input">[batch, height, width, channels]; stays the caller's.</param>
    /// <param name="observe">Told each stage's name and output, which is released after the next stage.</param>
    /// <returns>[batch, height', width', channels'], in the current scope.</returns>
    public Tensor Forward(Tensor input, Action<string, Tensor>? observe = null)
    {
        var x = input;
        foreach (var stage in stages)
        {
            Tensor y;
            using (TensorScope.Begin())
            {
                y = stage.Forward(x).Escape();
            }

            if (x != input)
            {
                x.Dispose();
            }

            x = y;
            observe?.Invoke(stage.Name, x);
        }

        return x;
    }

    /// <summary>The most elements alive at once for one picture of a size.</summary>
    public long PeakElements(FeatureSize input)
    {
        long peak = 0;
        foreach (var stage in stages)
        {
            peak = Math.Max(peak, stage.PeakElements(input));
            input = stage.SizeAfter(input);
        }

        return peak;
    }
}
