using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests.Sampling;

/// <summary>What holds for every sampler of the catalog.</summary>
public sealed class SamplerContractTests : IDisposable
{
    private static readonly Shape s_shape = [1, 4, 4, 2];
    private readonly ReferenceBackend _backend = new();

    public static TheoryData<string, int> Runs
    {
        get
        {
            var runs = new TheoryData<string, int>();
            string[] more =
            [
                "ddim(eta=1)", "ddim(clip=1)", "ddim(spacing=trailing)", "ddim(spacing=linspace)", "ddim(betas=cosine)",
                "ddpm(variance=fixed_small,clip=1)", "ddpm(variance=fixed_large)", "ddpm(spacing=leading)",
                "dpm++(order=3)", "deis(basis=log-rho,timesteps=quad)", "deis(order=4,end_at_image=false,lower_order_final=false)",
                "unipc(order=3,timesteps=logsnr)", "unipc(lower_order_final=false,corrector=false)", "unipc(timesteps=searched)",
                "dpm++(continuous=true,end_at_image=false)",
                "dpm++(end_at_image=false)", "dpm++(spacing=trailing)", "dpm++(karras=true)", "dpm++(first_order_final=true,end_at_image=false)",
                "euler(shift=3,grid=trained)", "euler(grid=trained,terminal=0.1)", "euler(dynamic=true,mu=2,time_shift=linear)", "heun(dynamic=true)",
                "unipc(order=3)", "unipc(variant=bh1,predict_image=false,end_at_image=false)", "unipc(karras=true,corrector=false)",
                "k-euler(karras=true)", "k-euler(spacing=leading,end_at_image=false)", "k-heun(spacing=trailing)", "lms(karras=true)",
                "dpm++2m-sde(karras=true)", "dpm++sde(spacing=trailing)", "pndm(spacing=linspace,end_at_image=true)", "euler-a(zero_snr=true)",
            ];
            foreach (var text in Samplers.All.Select(entry => entry.Name).Concat(more))
            {
                runs.Add(text, 1);
                runs.Add(text, 2);
                runs.Add(text, 7);
                runs.Add(text, 30);
            }

            return runs;
        }
    }

    public static TheoryData<string> Names => [.. Samplers.All.Select(entry => entry.Name)];

    public void Dispose() => _backend.Dispose();

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_run_counts_up_and_has_an_estimate_after_each_call(string text, int steps)
    {
        using var run = Begin(text, steps);
        Assert.Equal(steps, run.StepCount);
        Assert.Null(run.Estimate);
        var noise = new TorchCpuNoise(1);
        var (sigma, step) = (double.PositiveInfinity, 0);
        for (var call = 0; call < run.CallCount; call++)
        {
            Assert.False(run.IsFinished);
            Assert.Equal(call, run.CallIndex);
            Assert.InRange(run.StepIndex, step, Math.Min(step + 1, steps - 1));
            Assert.InRange(run.Timestep, 0, 1000);
            Assert.True(run.Sigma <= sigma);
            (sigma, step) = (run.Sigma, run.StepIndex);
            Answer(run, noise);
            Assert.Equal(s_shape, run.Estimate!.Shape);
            Assert.All(run.Estimate.ToArray(), value => Assert.True(float.IsFinite(value)));
            Assert.All(run.Latent.ToArray(), value => Assert.True(float.IsFinite(value)));
        }

        Assert.True(run.IsFinished);
        Assert.Equal(steps - 1, step);
        Assert.Equal((run.CallCount, steps), (run.CallIndex, run.StepIndex));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void The_same_noise_gives_the_same_result_whatever_runs_beside(string text, int steps)
    {
        float[] alone;
        using (var run = Begin(text, steps))
        {
            var noise = new TorchCpuNoise(1);
            while (!run.IsFinished)
            {
                Answer(run, noise);
            }

            alone = run.Latent.ToArray();
        }

        using var first = Begin(text, steps);
        using var other = Begin(text, steps + 1);
        var (firstNoise, otherNoise) = (new TorchCpuNoise(1), new TorchCpuNoise(2));
        while (!first.IsFinished)
        {
            Answer(other, otherNoise);
            Answer(first, firstNoise);
        }

        Assert.Equal(alone, first.Latent.ToArray());
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Nothing_leaks_wherever_a_run_ends(string text, int steps)
    {
        for (var calls = 0; calls <= Math.Min(4, steps); calls++)
        {
            using (TensorScope.Begin())
            using (var run = Begin(text, steps))
            {
                for (var call = 0; call < calls && !run.IsFinished; call++)
                {
                    Answer(run, new TorchCpuNoise(3));
                }
            }

            Assert.Equal(0, _backend.BytesInUse);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    [InlineData("ddim(eta=1)")]
    [InlineData("ddim(clip=1)")]
    [InlineData("heun(shift=3,grid=trained)")]
    public void A_latent_of_any_rank_takes_the_same_way(string text)
    {
        using var expected = Finished(text, s_shape);
        foreach (Shape shape in new Shape[] { [1, 32], [1, 8, 4], [1, 2, 2, 4, 2], [1, 2, 2, 2, 2, 2] })
        {
            using var run = Finished(text, shape);
            Assert.Equal(shape, run.Latent.Shape);
            Assert.Equal(shape, run.Estimate!.Shape);
            Assert.Equal(expected.Latent.ToArray(), run.Latent.ToArray());
        }
    }

    [Theory]
    [InlineData("ddim", 2, 2)] // latent and estimate
    [InlineData("ddim(eta=1)", 2, 2)] // the noise that was added does not stay
    [InlineData("ddpm", 2, 2)]
    [InlineData("dpm++", 2, 2)]
    [InlineData("deis", 3, 4)] // and the outputs of two calls
    [InlineData("unipc", 3, 4)] // and the latent before, and an estimate
    [InlineData("euler", 2, 2)]
    [InlineData("heun", 4, 2)] // and latent and slope where the step began, between its two calls
    public void Only_what_flows_on_outlives_a_step(string text, int tensorsAfterOneCall, int tensorsAfterTwo)
    {
        using var run = Begin(text, 6);
        var source = new TorchCpuNoise(3);
        var latent = _backend.BytesInUse;
        Answer(run, source);
        Assert.Equal(tensorsAfterOneCall * latent, _backend.BytesInUse);
        Answer(run, source);
        Assert.Equal(tensorsAfterTwo * latent, _backend.BytesInUse);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_outlives_the_scope_it_began_in_and_leaves_its_noise_alone(string name)
    {
        using var noise = Noise().Retain();
        ISamplerRun run;
        using (TensorScope.Begin())
        {
            run = Samplers.Parse(name).Begin(noise, 3, PredictionOf(name));
        }

        var before = noise.ToArray();
        var source = new TorchCpuNoise(3);
        while (!run.IsFinished)
        {
            Answer(run, source);
        }

        Assert.Equal(before, noise.ToArray());
        run.Dispose();
        run.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_of_the_other_kind_is_refused(string name)
    {
        using var scope = TensorScope.Begin();
        var isFlow = PredictionOf(name) == Prediction.Flow;
        var wrong = isFlow ? Prediction.Epsilon : Prediction.Flow;
        var error = Assert.Throws<ArgumentException>(() => Samplers.Parse(name).Begin(Noise(), 5, wrong));
        Assert.StartsWith(
            $"Sampler {name} needs a network that predicts {(isFlow ? "Flow" : "Epsilon or Velocity or Image")}, not {wrong}.", error.Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_number_of_steps_or_shape_is_named(string name)
    {
        using var scope = TensorScope.Begin();
        var sampler = Samplers.Parse(name);
        var prediction = PredictionOf(name);
        Assert.Contains("at least 1 step, not 0", Assert.ThrowsAny<ArgumentException>(() => sampler.Begin(Noise(), 0, prediction)).Message,
            StringComparison.Ordinal);
        var two = Tensor.Zeros(_backend, [2, 4, 4, 2]);
        Assert.Contains(
            "not [2, 4, 4, 2]", Assert.ThrowsAny<ArgumentException>(() => sampler.Begin(two, 5, prediction)).Message, StringComparison.Ordinal);
        if (prediction != Prediction.Flow)
        {
            var error = Assert.ThrowsAny<ArgumentException>(() => sampler.Begin(Noise(), 1001, prediction));
            Assert.StartsWith(
                "1001 steps cannot be taken from 1000 trained timesteps; between 1 and 1000 can.", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_answer_that_does_not_fit_or_comes_too_late_is_refused(string name)
    {
        using var scope = TensorScope.Begin();
        using var run = Begin(name, 1);
        var wrong = Tensor.Zeros(_backend, [1, 8, 4, 2]);
        var error = Assert.Throws<ArgumentException>(() => run.Advance(wrong, null, new TorchCpuNoise(0)));
        Assert.Equal("Advance: the network output [1, 8, 4, 2] and the latent [1, 4, 4, 2] differ.", error.Message);
        while (!run.IsFinished)
        {
            Answer(run, new TorchCpuNoise(0));
        }

        Assert.Throws<InvalidOperationException>(() => Answer(run, new TorchCpuNoise(0)));
    }

    [Theory]
    [InlineData("ddim")]
    [InlineData("ddim(spacing=trailing,eta=1)")]
    [InlineData("ddpm(spacing=leading)")]
    [InlineData("dpm++")]
    [InlineData("dpm++(spacing=trailing,end_at_image=false)")]
    [InlineData("dpm++(order=3)")]
    [InlineData("deis(timesteps=quad)")]
    [InlineData("unipc(order=3)")]
    [InlineData("ddim(timesteps=logsnr)")]
    public void As_many_steps_as_trained_timesteps_stay_finite(string text)
    {
        using var run = Begin(text, 1000);
        var noise = new TorchCpuNoise(1);
        while (!run.IsFinished)
        {
            Answer(run, noise);
        }

        Assert.All(run.Latent.ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Leading_spacing_of_the_multistep_solver_needs_one_timestep_more_than_steps()
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => Begin("dpm++(spacing=leading)", 1000));
        Assert.StartsWith("1000 steps cannot be taken with leading spacing; between 1 and 999 can.", error.Message, StringComparison.Ordinal);
    }

    private static Prediction PredictionOf(string text) =>
        Samplers.Parse(text).Accepts(Prediction.Flow) ? Prediction.Flow : Prediction.Epsilon;

    private ISamplerRun Finished(string text, Shape shape)
    {
        ISamplerRun run;
        using (TensorScope.Begin())
        {
            run = Samplers.Parse(text).Begin(Noise().Reshape(shape), 5, PredictionOf(text));
        }

        var source = new TorchCpuNoise(3);
        while (!run.IsFinished)
        {
            Answer(run, source);
        }

        return run;
    }

    private Tensor Noise()
    {
        var values = new float[s_shape.ElementCount];
        new TorchCpuNoise(11).Fill(values);
        return Tensor.From(_backend, values, s_shape);
    }

    private ISamplerRun Begin(string text, int steps)
    {
        using var scope = TensorScope.Begin();
        return Samplers.Parse(text).Begin(Noise(), steps, PredictionOf(text));
    }

    // A stand-in for a network: smooth in the latent and in time.
    private static void Answer(ISamplerRun run, TorchCpuNoise noise)
    {
        using var scope = TensorScope.Begin();
        var output = (0.5f + (run.Timestep / 2500)) * run.Latent;
        run.Advance(output, 0.1f * output, noise);
    }
}
