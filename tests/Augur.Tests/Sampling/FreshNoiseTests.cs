using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests.Sampling;

/// <summary>What a sampler tells of the noise that its steps add, and what becomes of a run whose noise ends.</summary>
public sealed class FreshNoiseTests : IDisposable
{
    private static readonly Shape s_shape = [1, 2, 3, 2];
    private readonly ReferenceBackend _backend = new();

    public static TheoryData<string> All =>
    [
        .. Samplers.All.Select(entry => entry.Name),
        "ddim(eta=0.3)", "ddim(eta=1,spacing=trailing)", "ddpm(variance=fixed_small)", "ddpm(variance=fixed_large)",
    ];

    public void Dispose() => _backend.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void A_sampler_says_whether_its_steps_add_noise(string text)
    {
        using var scope = TensorScope.Begin();
        var sampler = Samplers.Parse(text);
        var noise = new GivenNoise(new float[12 * 16]);
        using var run = Begin(sampler, 8); // of one draw or two a step
        while (!run.IsFinished)
        {
            run.Advance(run.Latent, null, noise);
        }

        Assert.Equal(sampler.AddsNoise, noise.Remaining < 12 * 16);
    }

    [Theory]
    [InlineData("ddpm")]
    [InlineData("ddim(eta=1)")]
    public void Noise_that_runs_out_is_named_with_the_step_and_the_run_is_over(string text)
    {
        using (var run = BeginInScope(text))
        {
            using var scope = TensorScope.Begin();
            var noise = new GivenNoise(new float[30], "The noise of picture 0 in a.safetensors");
            run.Advance(run.Latent, null, noise);
            run.Advance(run.Latent, null, noise);
            var before = run.Latent.ToArray();
            var error = Assert.Throws<InvalidOperationException>(() => run.Advance(run.Latent, null, noise));
            Assert.Equal(
                "Step 2 of 5: The noise of picture 0 in a.safetensors has 30 numbers, of which 24 are used; a further 12 were asked for.",
                error.Message);
            Assert.Equal((2, false), (run.CallIndex, run.IsFinished));
            Assert.Equal(before, run.Latent.ToArray());
            error = Assert.Throws<InvalidOperationException>(() => run.Advance(run.Latent, null, new TorchCpuNoise(1)));
            Assert.Equal("The run failed at call 2 of 5; it takes no further answer.", error.Message);
        }

        Assert.Equal(0, _backend.BytesInUse);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Given_noise_that_is_not_finite_is_refused(float value)
    {
        var error = Assert.Throws<ArgumentException>(() => new GivenNoise(new[] { 0.5f, 1, value }));
        Assert.Equal(FormattableString.Invariant($"The given noise has {value} at number 2; noise is finite."), error.Message);
    }

    private ISamplerRun BeginInScope(string text)
    {
        using var scope = TensorScope.Begin();
        return Begin(Samplers.Parse(text), 5);
    }

    private ISamplerRun Begin(ISampler sampler, int steps)
    {
        var values = new float[12];
        new TorchCpuNoise(3).Fill(values);
        return sampler.Begin(Tensor.From(_backend, values, s_shape), steps, sampler.Accepts(Prediction.Flow) ? Prediction.Flow : Prediction.Epsilon);
    }
}
