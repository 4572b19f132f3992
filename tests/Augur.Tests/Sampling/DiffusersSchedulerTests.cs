using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Reference;
using Augur.Tensors.Weights;

namespace Augur.Tests.Sampling;

/// <summary>Whole runs of diffusers' schedulers with given network outputs (tests/fixtures/diffusers).</summary>
public sealed class DiffusersSchedulerTests : IDisposable
{
    private const double Relative = 1e-5;
    private readonly ReferenceBackend _backend = new();
    private readonly Checkpoint _fixture = Checkpoint.Open(Fixtures.Path("diffusers/schedulers.safetensors"));

    public void Dispose()
    {
        _fixture.Dispose();
        _backend.Dispose();
    }

    [Theory]
    [InlineData("ddim20_leading", "ddim(spacing=leading,rederive_noise=false)", Prediction.Epsilon)]
    [InlineData(
        "ddim25_trailing_scaled",
        "ddim(spacing=trailing,rederive_noise=false,end_at_image=false,betas=scaled_linear,beta_start=0.00085,beta_end=0.012)",
        Prediction.Velocity)]
    [InlineData("ddpm15", "ddpm(spacing=leading,variance=fixed_small)", Prediction.Epsilon)]
    [InlineData("dpm15", "dpm++", Prediction.Epsilon)]
    [InlineData("flow12_shift3", "euler(shift=3,grid=trained)", Prediction.Flow)]
    [InlineData("flow12_dynamic", "euler(dynamic=true,mu=0.8)", Prediction.Flow)]
    public void A_run_visits_the_same_times_and_latents(string name, string sampler, Prediction prediction)
    {
        using var scope = TensorScope.Begin();
        var outputs = Rows(name, "model_output");
        var samples = Rows(name, "sample");
        var times = prediction == Prediction.Flow
            ? Array.ConvertAll(_fixture.Tensors[$"{name}.timesteps"].ToSingles(), time => (double)time)
            : Array.ConvertAll(_fixture.Tensors[$"{name}.timesteps"].ToInt64s(), time => (double)time);
        var sigmas = _fixture.Tensors.ContainsKey($"{name}.sigmas") ? _fixture.Tensors[$"{name}.sigmas"].ToSingles() : null;
        var noise = new GivenNoise(_fixture.Tensors.ContainsKey($"{name}.noise") ? _fixture.Tensors[$"{name}.noise"].ToSingles() : []);

        Shape shape = [1, 4, 4, 4];
        using var run = Samplers.Parse(sampler).Begin(
            Tensor.From(_backend, _fixture.Tensors[$"{name}.x0"].ToSingles(), shape), outputs.Length, prediction);
        for (var i = 0; i < outputs.Length; i++)
        {
            Assert.Equal(times[i], run.Timestep, 1e-3);
            if (sigmas is not null)
            {
                Assert.Equal(sigmas[i], run.Sigma, 1e-6 * sigmas[0]);
            }

            run.Advance(Tensor.From(_backend, outputs[i], shape), null, noise);
            LatentComparison.AssertClose(samples[i], run.Latent.ToArray(), Relative, $"{name}, sample {i}");
        }

        Assert.True(run.IsFinished);
        Assert.Equal(0, noise.Remaining);
    }

    private float[][] Rows(string name, string tensor) => [.. _fixture.Tensors[$"{name}.{tensor}"].ToSingles().Chunk(64)];
}
