using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Reference;
using Augur.Tensors.Weights;

namespace Augur.Tests.Sampling;

/// <summary>Solvers in few steps: against a released run, and against a process whose path is known in closed form.</summary>
public sealed class MultistepSamplerTests : IDisposable
{
    private const double Variance = 0.25; // of the data, which are Gaussian

    private readonly ReferenceBackend _backend = new();

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void Unipc_goes_the_way_of_the_released_code()
    {
        using var scope = TensorScope.Begin();
        using var fixture = Checkpoint.Open(Fixtures.Path("sampling/unipc10.safetensors"));
        Shape shape = [1, 4, 8, 8];
        float[][] Rows(string name) => [.. fixture.Tensors[name].ToSingles().Chunk(256)];
        var (outputs, samples) = (Rows("pred"), Rows("sample"));
        var times = fixture.Tensors["timesteps"].ToInt64s();
        using var run = Samplers.Parse("unipc(betas=scaled_linear,beta_start=0.00085,beta_end=0.012,spacing=leading,steps_offset=1)")
            .Begin(Tensor.From(_backend, fixture.Tensors["x_T"].ToSingles(), shape), outputs.Length, Prediction.Epsilon);
        for (var i = 0; i < outputs.Length; i++)
        {
            Assert.Equal(times[i], run.Timestep);
            run.Advance(Tensor.From(_backend, outputs[i], shape), null, new GivenNoise(default));
            LatentComparison.AssertClose(samples[i], run.Latent.ToArray(), 1e-5, $"sample {i}");
        }
    }

    // The bounds are half an order below the order of the method; each is missed by the same method with an order less.
    [Theory]
    [InlineData("ddim", 0.7)]
    [InlineData("dpm++(order=2)", 1.5)]
    [InlineData("dpm++(order=3)", 1.5)]
    [InlineData("deis(order=2)", 1.5)]
    [InlineData("deis(order=3)", 2.4)]
    [InlineData("deis(order=3,basis=log-rho)", 2.4)]
    [InlineData("deis(order=2,basis=rho)", 1.5)]
    [InlineData("unipc(order=1,corrector=false)", 0.7)]
    [InlineData("unipc(order=1)", 1.5)]
    [InlineData("unipc(order=2)", 2.4)]
    public void The_error_falls_with_the_order_of_the_method(string text, double order)
    {
        const int Few = 40, Many = 80;
        Assert.InRange(Math.Log2(Error(text, Few) / Error(text, Many)), order, order + 2);
    }

    [Fact]
    public void Dpm_of_third_order_weighs_three_estimates_as_released()
    {
        using var scope = TensorScope.Begin();
        int[] times = [900, 700, 550, 300, 0];
        double[] estimates = [0.3, -0.2, 0.5, 0.1];
        using var run = Samplers.Parse("dpm++(order=3,lower_order_final=false,end_at_image=false,timesteps=list(900-700-550-300-0))")
            .Begin(Tensor.Full(_backend, [1, 1], 1), times.Length, Prediction.Image);
        foreach (var estimate in estimates[..2])
        {
            run.Advance(Tensor.Full(_backend, [1, 1], (float)estimate), null, new GivenNoise(default));
        }

        var (x, sigma) = (run.Latent.ToArray()[0], new double[4]);
        var alphas = new DdimOptions().CreateSchedule().AlphasCumulative;
        for (var i = 0; i < 4; i++)
        {
            sigma[i] = Math.Sqrt((1 - alphas[times[i]]) / alphas[times[i]]);
        }

        run.Advance(Tensor.Full(_backend, [1, 1], (float)estimates[2]), null, new GivenNoise(default));
        double h = Math.Log(sigma[2] / sigma[3]), r0 = Math.Log(sigma[1] / sigma[2]) / h, r1 = Math.Log(sigma[0] / sigma[1]) / h;
        double near = (estimates[2] - estimates[1]) / r0, far = (estimates[1] - estimates[0]) / r1;
        double slope = near + (r0 / (r0 + r1) * (near - far)), curvature = (near - far) / (r0 + r1);
        double signal = Math.Sqrt(alphas[300]), phi = Math.Exp(-h) - 1;
        var expected = (Math.Sqrt((1 - alphas[300]) / (1 - alphas[550])) * x) - (signal * phi * estimates[2])
            + (signal * ((phi / h) + 1) * slope) - (signal * (((phi + h) / (h * h)) - 0.5) * curvature);
        Assert.Equal(expected, run.Latent.ToArray()[0], 1e-6);
    }

    [Theory]
    [InlineData("uniform", 4, "999 749 500 250")]
    [InlineData("quad", 4, "999 562 250 62")]
    [InlineData("quad(exponent=1)", 4, "999 749 500 250")]
    [InlineData("list(999-300-2)", 3, "999 300 2")]
    [InlineData("searched", 7, "965 753 619 426 274 147 48")]
    [InlineData("searched", 10, "999 837 731 609 448 321 221 108 73 32")]
    [InlineData("searched", 5, "965 699 465 249 88")]
    public void A_grid_visits_its_timesteps(string grid, int count, string times) => Assert.Equal(times, Visited(grid, count));

    [Theory]
    [InlineData("uniform")]
    [InlineData("quad")]
    [InlineData("quad(exponent=10)")]
    [InlineData("logsnr")]
    public void A_grid_visits_no_timestep_twice_and_begins_at_the_last_one(string grid)
    {
        foreach (var count in new[] { 2, 17, 400, 1000 })
        {
            int[] times = [.. Visited(grid, count).Split(' ').Select(int.Parse)];
            Assert.Equal(999, times[0]);
            Assert.Equal(times.Distinct().OrderDescending(), times);
        }
    }

    [Fact]
    public void Equal_parts_of_the_logarithm_lie_denser_towards_the_image_than_equal_parts_of_time()
    {
        int[] times = [.. Visited("logsnr", 10).Split(' ').Select(int.Parse)];
        var alphas = new DdimOptions().CreateSchedule().AlphasCumulative;
        double[] levels = [.. times.Select(t => Math.Log(alphas[t] / (1 - alphas[t])))];
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.Equal(levels[1] - levels[0], pair.Second - pair.First, 0.2));
        Assert.InRange(times[5], 1, 499);
    }

    [Theory]
    [InlineData("ddim(timesteps=list(999-5))", "Timesteps list(999-5) are 2 steps; this run takes 3.")]
    [InlineData("ddim(timesteps=list(1500-5-2))", "Timesteps list(1500-5-2) begin at 1500; the 1000 trained timesteps end at 999.")]
    [InlineData("dpm++(karras=true,timesteps=quad)", "Karras levels and the timesteps quad exclude each other.")]
    [InlineData("deis(karras=true)", "basis=time needs trained timesteps, and Karras levels lie between them; give basis=log-rho.")]
    public void What_a_grid_cannot_give_is_named(string text, string message)
    {
        using var scope = TensorScope.Begin();
        Assert.Contains(
            message, Assert.ThrowsAny<ArgumentException>(() => Samplers.Parse(text).Begin(Tensor.Zeros(_backend, [1, 2]), 3, Prediction.Epsilon))
                .Message, StringComparison.Ordinal);
    }

    private string Visited(string grid, int count)
    {
        using var scope = TensorScope.Begin();
        using var run = Samplers.Parse($"ddim(timesteps={grid})").Begin(Tensor.Zeros(_backend, [1, 2]), count, Prediction.Epsilon);
        var times = new List<float>();
        while (!run.IsFinished)
        {
            times.Add(run.Timestep);
            run.Advance(run.Latent, null, new GivenNoise(default));
        }

        return string.Join(' ', times);
    }

    // Gaussian data of mean 0: the best prediction of ε is linear in x, and the path is x ∝ √(ᾱ·variance + 1 − ᾱ). Up to the first timestep below
    // 200: the shares of the path, and therefore the errors, grow without bound towards the image.
    private double Error(string text, int steps)
    {
        using var scope = TensorScope.Begin();
        var brackets = text.EndsWith(')') ? text[..^1] + "," : text + "(";
        var multistep = text.StartsWith("ddim", StringComparison.Ordinal) ? "" : ",lower_order_final=false,end_at_image=false";
        var grid = string.Join('-', Enumerable.Range(0, steps).Select(i => 980 - (i * 800 / steps)).Append(0));
        using var run = Samplers.Parse($"{brackets}timesteps=list({grid}){multistep})")
            .Begin(Tensor.Full(_backend, [1, 1], 1), steps + 1, Prediction.Epsilon);
        var first = Spread(run.Sigma);
        while (run.CallIndex < steps)
        {
            var signal = 1 / (1 + (run.Sigma * run.Sigma));
            var slope = Math.Sqrt(1 - signal) / ((signal * Variance) + 1 - signal);
            if (run.CallIndex == steps - 1)
            {
                return Math.Abs((run.Latent.ToArray()[0] * first / Spread(run.Sigma)) - 1);
            }

            run.Advance(Tensor.Full(_backend, [1, 1], (float)(slope * run.Latent.ToArray()[0])), null, new GivenNoise(default));
        }

        throw new InvalidOperationException("The run has no such step.");
    }

    private static double Spread(double sigma)
    {
        var signal = 1 / (1 + (sigma * sigma));
        return Math.Sqrt((signal * Variance) + 1 - signal);
    }
}
