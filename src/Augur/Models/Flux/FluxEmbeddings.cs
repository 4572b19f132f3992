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

    /// <summary>The rotary angles: a token of the picture stands at (0, row, column), one of the text at (0, 0, 0).</summary>
    public static JointRotation Rotation(IBackend backend, FluxConfig config, Shape grid, int text)
    {
        var places = new int[((int)grid.ElementCount + text) * config.PositionAxes.Rank];
        for (var token = 0; token < grid.ElementCount; token++)
        {
            (places[(3 * token) + 1], places[(3 * token) + 2]) = (token / grid[1], token % grid[1]);
        }

        return JointRotation.Of(backend, config.PositionAxes, config.Theta, [places]);
    }
}
