using Augur.Models.Dit;
using Augur.Models.Joint;
using Augur.Tensors;

namespace Augur.Models.Flux;

/// <summary>The fixed tables of a FLUX transformer.</summary>
internal static class FluxEmbeddings
{
    /// <summary>cos then sin of value · 10000^(−i/128), [rows, 256]: of timesteps, which count to 1000, and of guidance times 1000.</summary>
    public static Tensor Sinusoid(IBackend backend, ReadOnlySpan<float> thousandths) =>
        DitEmbeddings.Timesteps(backend, thousandths, frequenciesReachEnd: false);

    /// <summary>The rotary angles of a picture and a text, of all rows alike; see <see cref="Places"/>.</summary>
    public static JointRotation Rotation(IBackend backend, FluxConfig config, Shape grid, int text) =>
        JointRotation.Of(backend, config.PositionAxes, config.Theta, [Places(grid, [], text)]);

    /// <summary>
    /// Where the tokens of a row stand: one of the picture at (0, row, column), one of a picture that is referred to at (1, row, column) (FLUX.1
    /// Kontext, Black Forest Labs, 2025, arXiv 2506.15742), one of the text at (0, 0, 0). Axes fastest.
    /// </summary>
    public static int[] Places(Shape grid, IReadOnlyList<Shape> references, int text)
    {
        var places = new List<int>();
        foreach (var (index, size) in references.Prepend(grid).Index())
        {
            for (var token = 0; token < size.ElementCount; token++)
            {
                places.AddRange([index, token / size[1], token % size[1]]);
            }
        }

        places.AddRange(Enumerable.Repeat(0, 3 * text));
        return [.. places];
    }
}
