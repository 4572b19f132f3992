using Augur.Caching;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>Where the elements of a latent stand among the network's outputs: [tokens, K] of the K outputs a token has of the latent.</summary>
/// <param name="Columns">Which of a token's outputs those are, ascending; K of them.</param>
/// <param name="Places">For each element of the latent its place in [tokens, K].</param>
internal sealed record TokenLayout(int[] Columns, int[] Places)
{
    /// <summary>Finds it by showing the network a latent whose elements are all different.</summary>
    /// <exception cref="ArgumentException">The network does not say, or its outputs are no rearrangement of a latent.</exception>
    public static TokenLayout Of(DiffusionModel model, Trajectory sample)
    {
        sample.Map.RequireSignal("A fit of forecasts", Site.Output, Signal.NetworkInput);
        using var scope = TensorScope.Begin();
        var latent = sample.Run.Latent;
        var count = (int)latent.Shape.ElementCount;
        var probe = Tensor.From(latent.Backend, [.. Enumerable.Range(1, count).Select(i => (float)i)], latent.Shape);
        using var seen = new Look();
        NetworkPass.Run(model, [(sample, seen)], [sample.Input with { Latent = probe }]);
        var outputs = sample.Map.Output[1];
        int[] columns = [.. Enumerable.Range(0, outputs).Where(sample.Map.IsOfLatent)];
        var places = new int[count];
        Array.Fill(places, -1);
        for (var i = 0; i < seen.Input.Length; i++)
        {
            var (value, column) = (seen.Input[i], Array.IndexOf(columns, i % outputs));
            if (column >= 0 && value >= 1 && value <= count && value == (int)value)
            {
                places[(int)value - 1] = (i / outputs * columns.Length) + column;
            }
        }

        return places.Distinct().Count() == count && !places.Contains(-1) && count == sample.Map.Output[0] * columns.Length
            ? new TokenLayout(columns, places)
            : throw new ArgumentException(
                $"Forecasts cannot be fitted to {model.Denoiser.Name}: its outputs [{sample.Map.Output[0]}, {outputs}] are no rearrangement of a "
                + $"latent {latent.Shape}.");
    }

    /// <summary>A latent in the order of the outputs, [tokens, K].</summary>
    public float[] ToTokens(ReadOnlySpan<float> latent)
    {
        var tokens = new float[latent.Length];
        for (var i = 0; i < latent.Length; i++)
        {
            tokens[Places[i]] = latent[i];
        }

        return tokens;
    }

    // Answers nothing and computes nothing.
    private sealed class Look : ISampleMemory
    {
        public float[] Input { get; private set; } = [];

        public long ByteCount => 0;

        public CallPlan Begin(NetworkCall call) => CallPlan.Draft;

        public Answer Ask(Question question)
        {
            if (question.Site != Site.Output)
            {
                return Answer.Compute;
            }

            var input = question.Measure(Signal.NetworkInput);
            Input = input.Rows(0, 1).ToArray();
            return Answer.Supply(new Forecast((Tensor[])[input], (float[])[1]));
        }

        public CallOutcome End() => new(CallKind.Drafted);

        public void Dispose()
        {
        }
    }
}
