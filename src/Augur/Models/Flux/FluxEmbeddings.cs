using Augur.Models.Dit;
using Augur.Tensors;

namespace Augur.Models.Flux;

/// <summary>By what angle each token's queries and keys turn; both [tokens, headChannels / 2], the picture's tokens first.</summary>
internal readonly record struct FluxRotation(Tensor Cosines, Tensor Sines);

/// <summary>The fixed tables of a FLUX transformer.</summary>
internal static class FluxEmbeddings
{
    /// <summary>cos then sin of value · 10000^(−i/128), [rows, 256]: of timesteps, which count to 1000, and of guidance times 1000.</summary>
    public static Tensor Sinusoid(IBackend backend, ReadOnlySpan<float> thousandths) =>
        DitEmbeddings.Timesteps(backend, thousandths, frequenciesReachEnd: false);

    /// <summary>
    /// The rotary angles: a token of the picture stands at (0, row, column), one of the text at (0, 0, 0). In double precision, then rounded.
    /// </summary>
    public static FluxRotation Rotation(IBackend backend, FluxConfig config, Shape grid, int text)
    {
        int half = config.HeadChannels / 2, tokens = (int)grid.ElementCount + text;
        var (cosines, sines) = (new float[tokens * half], new float[tokens * half]);
        var rows = Axis(config, 1, grid[0]);
        var columns = Axis(config, 2, grid[1]);
        Array.Fill(cosines, 1);
        for (var token = 0; token < grid.ElementCount; token++)
        {
            var at = (token * half) + (config.PositionAxes[0] / 2); // the first axis stands at 0
            foreach (var angles in new[] { rows[token / grid[1]], columns[token % grid[1]] })
            {
                angles.Cosines.CopyTo(cosines.AsSpan(at));
                angles.Sines.CopyTo(sines.AsSpan(at));
                at += angles.Cosines.Length;
            }
        }

        Shape shape = [tokens, half];
        return new(Tensor.From(backend, cosines, shape), Tensor.From(backend, sines, shape));
    }

    private static (float[] Cosines, float[] Sines)[] Axis(FluxConfig config, int axis, int places)
    {
        var pairs = config.PositionAxes[axis] / 2;
        return [.. Enumerable.Range(0, places).Select(place =>
        {
            var angles = Enumerable.Range(0, pairs).Select(i => place / Math.Pow(config.Theta, 2.0 * i / config.PositionAxes[axis])).ToArray();
            return (Array.ConvertAll(angles, a => (float)Math.Cos(a)), Array.ConvertAll(angles, a => (float)Math.Sin(a)));
        })];
    }
}
