using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>Stages that run one after the other: the encoder or the decoder. Features are released as soon as the next stage has run.</summary>
internal sealed class StageSequence(IReadOnlyList<IStage> stages)
{
    /// <summary>Runs all stages.</summary>
    /// <param name="input">[batch, height, width, channels]; remains owned by the caller.</param>
    /// <param name="observe">Called with each stage's name and output; the output is released after the next stage.</param>
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

    /// <summary>Largest number of feature elements in memory at once, for one picture of a given size.</summary>
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
