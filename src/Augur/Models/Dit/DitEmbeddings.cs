using Augur.Tensors;

namespace Augur.Models.Dit;

/// <summary>The two fixed sinusoids of a DiT: of the timestep and of the position.</summary>
internal static class DitEmbeddings
{
    /// <summary>cos then sin of t · 10000^(−i/half), [rows, width]; computed in single precision, as the original does.</summary>
    public static Tensor Timesteps(
        IBackend backend, ReadOnlySpan<float> timesteps, bool frequenciesReachEnd, int width = DitConfig.FrequencyCount)
    {
        var half = width / 2;
        var values = new float[timesteps.Length * width];
        for (var row = 0; row < timesteps.Length; row++)
        {
            for (var i = 0; i < half; i++)
            {
                var frequency = TorchExp((float)-Math.Log(10000) * i / (frequenciesReachEnd ? half - 1 : half));
                var angle = timesteps[row] * frequency;
                values[(row * width) + i] = MathF.Cos(angle);
                values[(row * width) + half + i] = MathF.Sin(angle);
            }
        }

        return Tensor.From(backend, values, [timesteps.Length, width]);
    }

    // A timestep of 1000 multiplies an error in the last bit of a frequency into 6e-5 of angle, so the exponential must round as the one that the
    // networks were trained with: PyTorch's vectorised one, a minimax polynomial with an error of up to one unit in the last place.
    private static float TorchExp(float x)
    {
        ReadOnlySpan<float> coefficients = [1.98527618e-4f, 1.39304355e-3f, 8.33336078e-3f, 4.16664854e-2f, 0.166666672f, 0.5f];
        var power = MathF.Round(x * 1.44269504f);
        var rest = MathF.FusedMultiplyAdd(power, -1.42860677e-6f, MathF.FusedMultiplyAdd(power, -0.693145752f, x)); // ln 2 in two parts
        var sum = 0f;
        foreach (var coefficient in coefficients)
        {
            sum = MathF.FusedMultiplyAdd(sum, rest, coefficient);
        }

        return MathF.ScaleB(1 + MathF.FusedMultiplyAdd(rest * rest, sum, rest), (int)power);
    }

    /// <summary>
    /// The sin-cos table of a square grid, [1, side², width]: the column in the first half of the channels, the row in the second;
    /// sines before cosines; computed in double precision.
    /// </summary>
    public static Tensor Positions(IBackend backend, int side, int width)
    {
        var values = new float[side * side * width];
        int half = width / 2, quarter = width / 4;
        for (var token = 0; token < side * side; token++)
        {
            for (var axis = 0; axis < 2; axis++)
            {
                var position = axis == 0 ? token % side : token / side;
                for (var i = 0; i < quarter; i++)
                {
                    var angle = position / Math.Pow(10000, i / (double)quarter);
                    values[(token * width) + (axis * half) + i] = (float)Math.Sin(angle);
                    values[(token * width) + (axis * half) + quarter + i] = (float)Math.Cos(angle);
                }
            }
        }

        return Tensor.From(backend, values, [1, side * side, width]);
    }
}
