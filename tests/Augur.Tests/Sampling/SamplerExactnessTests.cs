using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests.Sampling;

/// <summary>Samplers with a network that knows the image: where the answer is known in closed form.</summary>
public sealed class SamplerExactnessTests : IDisposable
{
    private static readonly Shape s_shape = [1, 2, 3, 2];
    private readonly ReferenceBackend _backend = new();

    public void Dispose() => _backend.Dispose();

    [Theory]
    [InlineData("ddim", 1)]
    [InlineData("ddim", 20)]
    [InlineData("ddim(eta=0.5)", 20)]
    [InlineData("ddim(spacing=leading,steps_offset=1)", 30)]
    [InlineData("ddim(betas=cosine)", 50)]
    [InlineData("ddpm", 25)]
    [InlineData("dpm++", 1)]
    [InlineData("dpm++", 20)]
    [InlineData("dpm++(spacing=trailing)", 14)]
    [InlineData("dpm++(karras=true)", 14)]
    [InlineData("dpm++(order=3,timesteps=quad)", 20)]
    [InlineData("deis", 1)]
    [InlineData("deis", 20)]
    [InlineData("deis(order=4,basis=log-rho,timesteps=logsnr)", 12)]
    [InlineData("deis(basis=rho,timesteps=uniform)", 20)]
    [InlineData("unipc", 1)]
    [InlineData("unipc(order=3,karras=true)", 20)]
    [InlineData("ddim(timesteps=list(999-700-400-100-10))", 5)]
    [InlineData("ddim(spacing=linspace,eta=0.5)", 20)]
    [InlineData("ddpm(spacing=linspace)", 20)]
    [InlineData("k-euler", 1)]
    [InlineData("k-euler(karras=true)", 9)]
    [InlineData("euler-a", 12)]
    [InlineData("k-heun", 7)]
    [InlineData("lms(spacing=leading,steps_offset=1)", 11)]
    [InlineData("dpm++sde", 6)]
    [InlineData("dpm++2m-sde(karras=true)", 9)]
    [InlineData("unipc", 8)]
    [InlineData("unipc(order=3,lower_order_final=false,variant=bh1)", 8)]
    [InlineData("unipc(predict_image=false)", 8)]
    [InlineData("pndm(end_at_image=true)", 9)]
    [InlineData("pndm(end_at_image=true,runge_kutta=true)", 10)] // under an odd stride its half steps are told a timestep one off, as released
    public void A_perfect_noise_prediction_leads_to_the_image(string text, int steps) => AssertReaches(text, steps, Prediction.Epsilon);

    [Theory]
    [InlineData("ddim", 20)]
    [InlineData("ddpm", 20)]
    [InlineData("dpm++", 20)]
    [InlineData("deis", 20)]
    [InlineData("unipc", 20)]
    [InlineData("k-euler", 10)]
    public void A_perfect_velocity_prediction_leads_to_the_image(string text, int steps) => AssertReaches(text, steps, Prediction.Velocity);

    [Theory]
    [InlineData("ddim(zero_snr=true,spacing=trailing)", 1)]
    [InlineData("ddim(zero_snr=true,spacing=trailing)", 20)]
    [InlineData("ddim(zero_snr=true,eta=1)", 20)]
    [InlineData("ddpm(zero_snr=true)", 20)]
    [InlineData("dpm++(zero_snr=true)", 20)]
    public void A_perfect_velocity_leads_from_noise_without_any_signal_to_the_image(string text, int steps) =>
        AssertReaches(text, steps, Prediction.Velocity);

    [Theory]
    [InlineData("ddim", 20)]
    [InlineData("ddim(zero_snr=true,eta=0.5)", 20)]
    [InlineData("ddpm", 20)]
    [InlineData("dpm++", 20)]
    [InlineData("dpm++(karras=true)", 12)]
    public void A_perfect_prediction_of_the_image_leads_to_it(string text, int steps) => AssertReaches(text, steps, Prediction.Image);

    [Theory]
    [InlineData("euler", 1)]
    [InlineData("euler(grid=trained,terminal=0.1)", 7)]
    [InlineData("euler(shift=3)", 9)]
    [InlineData("dpm++2m(shift=3)", 7)]
    [InlineData("heun", 1)]
    [InlineData("heun(dynamic=true,mu=0.8)", 6)]
    public void A_perfect_flow_prediction_leads_to_the_image(string text, int steps) => AssertReaches(text, steps, Prediction.Flow);

    [Fact]
    public void Heun_calls_the_network_twice_a_step_and_once_in_the_last()
    {
        using var scope = TensorScope.Begin();
        using var run = new FlowHeunSampler().Begin(Tensor.Zeros(_backend, s_shape), 4, Prediction.Flow);
        var (times, steps) = (new List<float>(), new List<int>());
        while (!run.IsFinished)
        {
            times.Add(run.Timestep);
            steps.Add(run.StepIndex);
            run.Advance(run.Latent, null, new GivenNoise(default));
        }

        Assert.Equal([1000f, 750, 750, 500, 500, 250, 250], times);
        Assert.Equal([0, 0, 1, 1, 2, 2, 3], steps);
    }

    [Fact]
    public void Multistep_flow_is_nearer_than_euler_at_as_many_calls()
    {
        // An image that moves in proportion to log σ is followed exactly but for the first step and the last.
        double Error(string text)
        {
            using var scope = TensorScope.Begin();
            using var run = Samplers.Parse(text).Begin(Tensor.Full(_backend, s_shape, 1), 20, Prediction.Flow);
            while (run.StepIndex < 10)
            {
                var image = 0.1 * Math.Log(run.Sigma);
                run.Advance(Tensor.Full(_backend, s_shape, (float)((run.Latent.ToArray()[0] - image) / run.Sigma)), null, new GivenNoise(default));
            }

            // dx/dσ = (x − D)/σ with D = 0.1·ln σ and x(1) = 1 has x = 0.1·(ln σ + 1) + 0.9·σ.
            return Math.Abs(run.Latent.ToArray()[0] - ((0.1 * (Math.Log(run.Sigma) + 1)) + (0.9 * run.Sigma)));
        }

        Assert.InRange(Error("dpm++2m") / Error("euler"), 0, 0.3);
    }

    [Fact]
    public void Continuous_times_end_at_the_first_trained_timestep_and_begin_where_they_are_told()
    {
        using var scope = TensorScope.Begin();
        DpmSolverPlusPlusOptions options = new() { Continuous = true, EndAtImage = false };
        using var run = new DpmSolverPlusPlusSampler(options) { Start = 0.7 }.Begin(Tensor.Zeros(_backend, s_shape), 3, Prediction.Epsilon);
        var times = new List<float>();
        while (!run.IsFinished)
        {
            times.Add(run.Timestep);
            run.Advance(run.Latent, null, new GivenNoise(default));
        }

        Assert.All(times.Zip([699f, 466, 233]), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new DpmSolverPlusPlusSampler(options).Begin(Tensor.Zeros(_backend, s_shape), 1001, Prediction.Epsilon));
        Assert.Contains("1001 steps cannot be taken from 1000", error.Message);
    }

    [Fact]
    public void Heun_is_of_second_order_where_euler_is_of_first()
    {
        // dx/dσ = x from σ = 1 to 0 takes 1 to 1/e; the last step is left out because Heun makes it an Euler step.
        double Error(string text, int steps)
        {
            using var scope = TensorScope.Begin();
            using var run = Samplers.Parse(text).Begin(Tensor.Full(_backend, s_shape, 1), steps, Prediction.Flow);
            while (run.StepIndex < steps / 2)
            {
                run.Advance(run.Latent, null, new GivenNoise(default));
            }

            return Math.Abs(run.Latent.ToArray()[0] - Math.Exp(-0.5));
        }

        Assert.InRange(Error("euler", 10) / Error("euler", 20), 1.8, 2.2);
        Assert.InRange(Error("heun", 10) / Error("heun", 20), 3.6, 4.4);
    }

    [Fact]
    public void Ddpm_draws_noise_at_every_step_but_the_last_and_ddim_only_with_eta()
    {
        Assert.Equal(9, Draws("ddpm", 10));
        Assert.Equal(0, Draws("ddpm", 1));
        Assert.Equal(0, Draws("ddim", 10));
        Assert.Equal(9, Draws("ddim(eta=0.3)", 10));
        Assert.Equal(0, Draws("dpm++", 10));
    }

    private int Draws(string text, int steps)
    {
        using var scope = TensorScope.Begin();
        var noise = new GivenNoise(new float[12 * steps]);
        using var run = Samplers.Parse(text).Begin(Tensor.Full(_backend, s_shape, 1), steps, Prediction.Epsilon);
        while (!run.IsFinished)
        {
            run.Advance(run.Latent, null, noise);
        }

        return steps - (noise.Remaining / 12);
    }

    private void AssertReaches(string text, int steps, Prediction prediction)
    {
        using var scope = TensorScope.Begin();
        var noise = new TorchCpuNoise(2);
        float[] image = new float[s_shape.ElementCount], start = new float[s_shape.ElementCount];
        noise.Fill(image);
        noise.Fill(start);
        using var run = Samplers.Parse(text).Begin(Tensor.From(_backend, start, s_shape), steps, prediction);
        while (!run.IsFinished)
        {
            run.Advance(Tensor.From(_backend, PerfectAnswer(run, image, prediction), s_shape), null, noise);
        }

        var result = run.Latent.ToArray();
        for (var i = 0; i < image.Length; i++)
        {
            Assert.Equal(image[i], result[i], 2e-4f);
        }
    }

    private static float[] PerfectAnswer(ISamplerRun run, float[] image, Prediction prediction)
    {
        // For flow σ itself is the share of noise; for diffusion σ = √(1−ᾱ)/√ᾱ.
        var isFlow = prediction == Prediction.Flow;
        var signal = isFlow ? 1 - run.Sigma : 1 / Math.Sqrt(1 + (run.Sigma * run.Sigma));
        var share = isFlow ? run.Sigma : Math.Sqrt(1 - (signal * signal));
        Assert.Equal(signal / share, 1 / run.NoiseToSignal, 1e-9);
        return [.. run.Latent.ToArray().Select((x, i) =>
        {
            var epsilon = (x - (signal * image[i])) / share;
            return (float)(prediction switch
            {
                Prediction.Epsilon => epsilon,
                Prediction.Velocity => (signal * epsilon) - (share * image[i]),
                Prediction.Image => image[i],
                _ => epsilon - image[i],
            });
        })];
    }
}
