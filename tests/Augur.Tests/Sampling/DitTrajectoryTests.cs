using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Reference;
using Augur.Tensors.Weights;

namespace Augur.Tests.Sampling;

/// <summary>Trajectories of the released DiT code with its network outputs given (tests/fixtures/sampling).</summary>
public sealed class DitTrajectoryTests : IDisposable
{
    private const int Elements = 4 * 8 * 8;

    // The fixture's own tolerance for whole runs: with the network's answers given, a rounding error in the latent grows by 1/√ᾱ on its way.
    private const double Relative = 1e-4;
    private static readonly Shape s_shape = [1, 4, 8, 8];
    private readonly ReferenceBackend _backend = new();
    private readonly Checkpoint _fixture = Checkpoint.Open(Fixtures.Path("sampling/dit_trajectories.safetensors"));

    public void Dispose()
    {
        _fixture.Dispose();
        _backend.Dispose();
    }

    [Theory]
    [InlineData("ddim50", "ddim")]
    [InlineData("ddim20_eta", "ddim(eta=0.7)")]
    [InlineData("ddpm20", "ddpm")]
    [InlineData("ddpm20_clip", "ddpm(clip=1)")]
    public void A_run_visits_the_released_latents(string name, string sampler)
    {
        using var scope = TensorScope.Begin();
        var times = _fixture.Tensors[$"{name}.timestep_map"].ToInt64s();
        var outputs = Rows(name, "model_out", 2 * Elements);
        var samples = Rows(name, "sample", Elements);
        var estimates = Rows(name, "pred_xstart", Elements);
        var noise = new GivenNoise(_fixture.Tensors.ContainsKey($"{name}.noise") ? _fixture.Tensors[$"{name}.noise"].ToSingles() : []);
        using var run = Samplers.Parse(sampler).Begin(Of(_fixture.Tensors[$"{name}.x_T"].ToSingles()), times.Length, Prediction.Epsilon);
        for (var i = 0; i < times.Length; i++)
        {
            Assert.Equal(times[^(i + 1)], run.Timestep);
            run.Advance(Of(outputs[i][..Elements]), Of(outputs[i][Elements..]), noise);
            LatentComparison.AssertClose(samples[i], run.Latent.ToArray(), Relative, $"{name}, sample {i}");
            if (estimates.Length > 0)
            {
                LatentComparison.AssertClose(estimates[i], run.Estimate!.ToArray(), Relative, $"{name}, estimate {i}");
            }
        }

        Assert.True(run.IsFinished);
    }

    private float[][] Rows(string name, string tensor, int length) =>
        _fixture.Tensors.ContainsKey($"{name}.{tensor}") ? [.. _fixture.Tensors[$"{name}.{tensor}"].ToSingles().Chunk(length)] : [];

    private Tensor Of(float[] values) => Tensor.From(_backend, values, s_shape);
}
