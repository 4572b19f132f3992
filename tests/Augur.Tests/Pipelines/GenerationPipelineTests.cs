using Augur.Decoding;
using System.Collections.Concurrent;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Pipelines;

public sealed class GenerationPipelineTests : IDisposable
{
    private readonly TinyModel _files = new();
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;
    private readonly GenerationPipeline _pipeline;

    public GenerationPipelineTests()
    {
        _model = ModelCatalog.LoadParts(new() { Model = _files.Folder }, _backend, new() { ModulationBudget = 0 });
        _pipeline = new GenerationPipeline(_model);
    }

    public static TheoryData<string> SamplersOfDiffusion =>
        [.. Samplers.All.Select(s => s.Name).Where(n => Samplers.Parse(n).Accepts(Prediction.Epsilon))];

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
        _files.Dispose();
    }

    [Theory]
    [MemberData(nameof(SamplersOfDiffusion))]
    public async Task A_batch_equals_single_runs_bit_for_bit(string sampler)
    {
        // Rows at different timesteps and lengths, with and without guidance, share calls.
        GenerationRequest[] requests =
        [
            Request(0, 7, sampler),
            Request(1, 8, sampler) with { Steps = 3 },
            Request(2, 9, sampler) with { Guidance = new Guidance(1) },
            Request(5, 7, sampler) with { Guidance = new Guidance(3, GuidanceChannels.FirstThree) },
        ];
        var together = await _pipeline.GenerateAsync(requests);
        var reversed = await _pipeline.GenerateAsync([.. requests.Reverse()]);
        for (var i = 0; i < requests.Length; i++)
        {
            var alone = await _pipeline.GenerateAsync(requests[i]);
            Assert.Equal(alone.Latent, together[i].Latent);
            Assert.Equal(alone.Latent, reversed[^(i + 1)].Latent);
        }
    }

    [Fact]
    public async Task The_memory_bound_and_the_thread_count_never_change_a_picture()
    {
        var requests = Enumerable.Range(0, 5).Select(i => Request(i, i, "ddim")).ToArray();
        var whole = await _pipeline.GenerateAsync(requests);
        var split = await new GenerationPipeline(_model) { Options = new() { MaxRows = 2 } }.GenerateAsync(requests);
        using var oneThread = new CpuBackend(new CpuOptions { Threads = 1 });
        using var model = ModelCatalog.Load(_files.Folder, oneThread);
        var alone = await new GenerationPipeline(model).GenerateAsync(requests);
        for (var i = 0; i < requests.Length; i++)
        {
            Assert.Equal(whole[i].Latent, split[i].Latent);
            Assert.Equal(whole[i].Latent, alone[i].Latent);
        }
    }

    [Fact]
    public async Task Two_runs_at_once_on_one_model_do_not_meet()
    {
        var expected = await _pipeline.GenerateAsync(Request(3, 1, "ddpm"));
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _pipeline.GenerateAsync(Request(3, 1, "ddpm"))));
        Assert.All(results, r => Assert.Equal(expected.Latent, r.Latent));
    }

    [Fact]
    public async Task Seeds_labels_and_guidance_change_the_picture()
    {
        var pictures = await _pipeline.GenerateAsync(
        [
            Request(0, 1, "ddim"), Request(0, 2, "ddim"), Request(1, 1, "ddim"), Request(0, 1, "ddim") with { Guidance = new Guidance(5) },
        ]);
        Assert.Equal(4, pictures.Select(p => string.Join(",", p.Latent)).Distinct().Count());
    }

    [Fact]
    public async Task Every_step_of_every_sample_is_reported_in_order_with_a_preview()
    {
        var events = new ConcurrentQueue<StepEvent>();
        var results =
            await _pipeline.GenerateAsync([Request(0, 1, "ddim") with { Previews = true }, Request(1, 1, "ddim") with { Previews = true }], e =>
        {
            events.Enqueue(e);
            Assert.Equal(8, ((Picture)e.Preview!).Image.Width);
        });
        Assert.Equal([0, 1, 2, 3], events.Where(e => e.Sample == 1).Select(e => e.StepIndex));
        Assert.All(events, e => Assert.Equal((CallKind.Computed, 4), (e.Calls.Single().Kind, e.StepCount)));
        Assert.Equal(4, results[0].Report.Calls.Count);
        Assert.Equal(2 * 4 * _model.Denoiser.Map().FlopsPerRow, results[0].Report.Cost.TotalFlops);
    }

    [Fact]
    public async Task Cancelling_stops_at_a_step_and_leaves_no_memory_behind()
    {
        using var cancellation = new CancellationTokenSource();
        var inUse = _backend.BytesInUse;
        var steps = 0;
        var network = new WatchedDenoiser(_model.Denoiser) { Before = call => _ = call < 5 || cancellation.Token.WaitHandle.WaitOne(60_000) };
        var pipeline = new GenerationPipeline(new DiffusionModel(network, _model.Decoder, _model.Classes, _model.Defaults));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipeline.GenerateAsync(
            Request(0, 1, "ddim") with { Steps = 50 },
            _ =>
            {
                if (++steps == 2)
                {
                    cancellation.Cancel();
                }
            },
            cancellation.Token));
        Assert.InRange(steps, 2, 6); // listeners run beside the calls
        Assert.Equal(inUse, _backend.BytesInUse);
    }

    [Fact]
    public async Task A_thousand_runs_take_no_more_memory_than_ten()
    {
        await Run(10);
        _backend.ResetPeak();
        var taken = _backend.SystemAllocations;
        await Run(1000);
        Assert.Equal(taken, _backend.SystemAllocations);

        async Task Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await _pipeline.GenerateAsync(Request(i % 5, i, "ddim") with { Steps = 1 });
            }
        }
    }

    [Theory]
    [InlineData(6, 4, 2.0, "Class 6 is not one of this model's 0 to 4")]
    [InlineData(0, 0, 2.0, "Steps can be 1 to 1000, not 0")]
    [InlineData(0, 4, double.NaN, "Guidance can be 0 to 100, not NaN")]
    public async Task A_request_out_of_range_is_refused_with_its_range(int label, int steps, double guidance, string message)
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => _pipeline.GenerateAsync(
            Request(0, 0, "ddim") with { Condition = Condition.Class(label), Steps = steps, Guidance = new Guidance(guidance) }));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public async Task A_flow_sampler_on_a_noise_predictor_is_refused()
    {
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => _pipeline.GenerateAsync(Request(0, 0, "euler")));
        Assert.Contains("euler cannot follow a network that predicts epsilon", error.Message);
    }

    [Fact]
    public async Task The_starting_noise_is_that_of_the_seed()
    {
        // One step of DDIM with a network that is asked about pure noise: recover x_T from the request's own noise source.
        var noise = new float[3 * 8 * 8];
        new TorchCpuNoise(42).Fill(noise);
        var given = Request(0, 0, "ddim") with { Noise = _ => new GivenNoise(noise) };
        Assert.Equal((await _pipeline.GenerateAsync(Request(0, 42, "ddim"))).Latent, (await _pipeline.GenerateAsync(given)).Latent);
    }

    private GenerationRequest Request(int label, long seed, string sampler) => _model.Request(label, seed) with { Sampler = Samplers.Parse(sampler) };
}
