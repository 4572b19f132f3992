using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests.Sampling;

/// <summary>Where the steps of diffusion samplers begin and end, against tables made here.</summary>
public sealed class DiffusionPlanTests : IDisposable
{
    private static readonly Shape s_shape = [1, 2, 3, 2];
    private readonly ReferenceBackend _backend = new();

    public void Dispose() => _backend.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(30)]
    public void Ddim_under_linspace_leads_to_the_level_of_the_timestep_visited_next(int steps)
    {
        using var scope = TensorScope.Begin();
        var (alphas, times) = (LinearAlphas(), EqualParts(steps));
        float[] image = Gaussian(1), noise = Gaussian(2);
        using var run = Samplers.Parse("ddim(spacing=linspace)").Begin(At(alphas[times[0]]), steps, Prediction.Epsilon);
        for (var i = 0; i < steps; i++)
        {
            Assert.Equal(times[i], run.Timestep);
            run.Advance(Tensor.From(_backend, noise, s_shape), null, new GivenNoise(default));

            // A network that knows the noise keeps it: the latent is image and noise in the shares of the level.
            LatentComparison.AssertClose(At(i + 1 < steps ? alphas[times[i + 1]] : 1).ToArray(), run.Latent.ToArray(), 1e-4, $"step {i}");
        }

        Tensor At(double alpha) => Tensor.From(
            _backend, [.. image.Zip(noise, (x, e) => (float)((Math.Sqrt(alpha) * x) + (Math.Sqrt(1 - alpha) * e)))], s_shape);
    }

    [Theory]
    [InlineData("linspace", 7)]
    [InlineData("linspace", 20)]
    [InlineData("trailing", 7)]
    [InlineData("trailing", 30)]
    public void Ddpm_leads_to_the_level_of_the_timestep_visited_next(string spacing, int steps)
    {
        using var scope = TensorScope.Begin();
        var alphas = LinearAlphas();
        var times = spacing == "linspace" ? EqualParts(steps)
            : [.. Enumerable.Range(0, steps).Select(i => (int)Math.Round(1000 - (i * 1000.0 / steps), MidpointRounding.ToEven) - 1)];
        float[] output = Gaussian(5), drawn = Gaussian(6);
        var x = Array.ConvertAll(Gaussian(4), value => (double)value);
        var sampler = Samplers.Parse($"ddpm(spacing={spacing},variance=fixed_small)");
        using var run = sampler.Begin(Tensor.From(_backend, Gaussian(4), s_shape), steps, Prediction.Epsilon);
        for (var i = 0; i < steps; i++)
        {
            Assert.Equal(times[i], run.Timestep);
            run.Advance(Tensor.From(_backend, output, s_shape), null, new GivenNoise(drawn));

            // Ho et al., 2020, algorithm 2, line 4, with the process shortened to the visited timesteps; the code uses equation 7.
            var (alpha, next) = (alphas[times[i]], i + 1 < steps ? alphas[times[i + 1]] : 1);
            var kept = alpha / next;
            var deviation = Math.Sqrt((1 - next) / (1 - alpha) * (1 - kept));
            for (var j = 0; j < x.Length; j++)
            {
                x[j] = ((x[j] - ((1 - kept) / Math.Sqrt(1 - alpha) * output[j])) / Math.Sqrt(kept)) + (deviation * drawn[j]);
            }

            LatentComparison.AssertClose(Array.ConvertAll(x, value => (float)value), run.Latent.ToArray(), 1e-4, $"step {i}");
        }
    }

    [Fact]
    public void Rescaled_betas_end_without_signal_and_keep_the_first_level()
    {
        var plain = NoiseSchedule.Create(BetaSchedule.ScaledLinear, 1000, 0.00085, 0.012);
        var options = new DdimOptions { Betas = BetaSchedule.ScaledLinear, BetaStart = 0.00085, BetaEnd = 0.012, ZeroTerminalSnr = true };
        var rescaled = options.CreateSchedule();
        Assert.Equal((0, 1), (rescaled.AlphasCumulative[^1], rescaled.Betas[^1]));
        Assert.Equal(plain.AlphasCumulative[0], rescaled.AlphasCumulative[0], 1e-15);

        // Lin et al., 2023, algorithm 1: √ᾱ is moved and stretched, so that every √ᾱ keeps its place between the first and the last.
        double Place(NoiseSchedule schedule, int i) => (Root(schedule, i) - Root(schedule, 999)) / (Root(schedule, 0) - Root(schedule, 999));
        static double Root(NoiseSchedule schedule, int i) => Math.Sqrt(schedule.AlphasCumulative[i]);
        Assert.All([1, 250, 500, 750, 998], i => Assert.Equal(Place(plain, i), Place(rescaled, i), 1e-12));
    }

    [Theory]
    [InlineData("ddim(zero_snr=true,spacing=trailing)")]
    [InlineData("ddim(zero_snr=true,spacing=linspace,eta=1)")]
    [InlineData("ddpm(zero_snr=true)")]
    public void A_network_that_predicts_noise_is_refused_where_no_signal_is_left(string text)
    {
        using var scope = TensorScope.Begin();
        var error = Assert.Throws<ArgumentException>(() => Samplers.Parse(text).Begin(Tensor.Zeros(_backend, s_shape), 10, Prediction.Epsilon));
        Assert.StartsWith(
            "A network that predicts Epsilon cannot begin at timestep 999, where the betas leave no signal (zero terminal SNR);",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Leading_spacing_begins_below_the_timestep_without_signal_so_that_a_network_of_noise_can_go_on()
    {
        using var scope = TensorScope.Begin();
        using var run = Samplers.Parse("ddim(zero_snr=true,spacing=leading)").Begin(Tensor.Zeros(_backend, s_shape), 10, Prediction.Epsilon);
        Assert.Equal(900, run.Timestep);
        Assert.True(double.IsFinite(run.Sigma));
    }

    [Fact]
    public void The_multistep_solver_is_left_a_last_bit_of_signal_as_by_diffusers()
    {
        using var scope = TensorScope.Begin();
        using var run = Samplers.Parse("dpm++(zero_snr=true)").Begin(Tensor.Zeros(_backend, s_shape), 10, Prediction.Epsilon);
        Assert.Equal(Math.Sqrt((1 << 24) - 1), run.Sigma, 1e-6);
    }

    [Fact]
    public void Karras_levels_lie_in_equal_parts_of_the_seventh_root()
    {
        // Karras et al., 2022, equation 5, and the trained timesteps nearest in log σ; made in Python from the linear betas.
        double[] sigmas = [157.40728081, 50.580670646, 13.037830601, 2.422833636, 0.263127142, 0.0100005];
        float[] times = [999, 880, 711, 434, 77, 0];
        using var scope = TensorScope.Begin();
        using var run = Samplers.Parse("dpm++(karras=true)").Begin(Tensor.Full(_backend, s_shape, 1), 6, Prediction.Epsilon);
        for (var i = 0; i < sigmas.Length; i++)
        {
            Assert.Equal(sigmas[i], run.Sigma, 1e-6 * sigmas[i]);
            Assert.Equal(times[i], run.Timestep);
            run.Advance(run.Latent, null, new GivenNoise(default));
        }
    }

    [Fact]
    public void A_model_s_training_goes_with_another_sampler_unless_the_text_says_otherwise()
    {
        var own = new DdimSampler(new()
        {
            Betas = BetaSchedule.ScaledLinear,
            BetaStart = 0.00085,
            BetaEnd = 0.012,
            ZeroTerminalSnr = true,
            Spacing = TimestepSpacing.Leading,
            EndAtImage = false,
        });
        Assert.Equal(
            "dpm++(order=1,betas=scaled_linear,beta_start=0.00085,beta_end=0.012,zero_snr=true)", Samplers.Parse("dpm++(order=1)", own).Name);
        Assert.Equal("ddpm(betas=scaled_linear,beta_end=0.012)", Samplers.Parse("ddpm(beta_start=0.0001,zero_snr=false)", own).Name);
        Assert.Equal("euler", Samplers.Parse("euler", own).Name);

        var given = new DdimSampler(new() { Betas = BetaSchedule.Given, TrainedBetas = [0.1, 0.2, 0.3], TrainedStepCount = 3 });
        var sampler = Assert.IsType<DdpmSampler>(Samplers.Parse("ddpm", given));
        Assert.Equal([0.9, 0.72, 0.504], sampler.Options.CreateSchedule().AlphasCumulative, (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Theory]
    [InlineData(1000, "There are 3 trained betas for 1000 trained timesteps.", new[] { 0.1, 0.2, 0.3 })]
    [InlineData(3, "NoiseSchedule: the beta of timestep 1 is 1; betas lie above 0 and below 1.", new[] { 0.1, 1, 0.3 })]
    [InlineData(3, "NoiseSchedule: the beta of timestep 0 is -0.1; betas lie above 0 and below 1.", new[] { -0.1, 0.2, 0.3 })]
    public void Betas_that_make_no_schedule_are_named(int count, string message, double[] betas)
    {
        var options = new DdimOptions { Betas = BetaSchedule.Given, TrainedBetas = [.. betas], TrainedStepCount = count };
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => new DdimSampler(options)).Message);
    }

    private static double[] LinearAlphas()
    {
        var (alphas, product) = (new double[1000], 1.0);
        for (var i = 0; i < alphas.Length; i++)
        {
            alphas[i] = product *= 1 - (0.0001 + ((0.02 - 0.0001) * i / 999));
        }

        return alphas;
    }

    private static int[] EqualParts(int steps) =>
        [.. Enumerable.Range(0, steps).Select(i => (int)Math.Round(999.0 * (steps - 1 - i) / (steps - 1), MidpointRounding.ToEven))];

    private static float[] Gaussian(ulong seed)
    {
        var values = new float[12];
        new TorchCpuNoise(seed).Fill(values);
        return values;
    }
}
