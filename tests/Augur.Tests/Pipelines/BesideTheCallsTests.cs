using System.Collections.Concurrent;
using System.Diagnostics;
using Augur.Caching;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Tests.Pipelines;

/// <summary>What runs beside the thread that computes, and what of a request can fail besides policy and sampler.</summary>
public sealed class BesideTheCallsTests(NeighbourRuns runs) : IClassFixture<NeighbourRuns>
{
    private const int LatentSize = 4 * 8 * 8;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("no source", "makes no source of noise")]
    [InlineData("at once", "broken on purpose")]
    [InlineData("first numbers", "broken on purpose")]
    [InlineData("later numbers", "of which 768 are used")]
    public async Task Noise_that_fails_ends_its_own_ticket(string when, string cause)
    {
        var request = runs.Request(3, 3, "none") with
        {
            Sampler = new DdpmSampler(),
            Noise = when switch
            {
                "no source" => _ => null!,
                "at once" => _ => throw new BrokenException(),
                "first numbers" => _ => new BrokenNoise(),
                _ => _ => new GivenNoise(new float[3 * LatentSize]), // the start and two steps
            },
        };
        await FailAmongNeighbours(runs.Model, request, null, cause);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task A_listener_that_throws_ends_its_own_ticket(int step) => await FailAmongNeighbours(
        runs.Model, runs.Request(3, 3, "fora"), e => _ = e.StepIndex == step ? throw new BrokenException() : 0, "broken on purpose");

    [Fact]
    public async Task A_decoder_that_throws_ends_the_ticket_whose_picture_it_was()
    {
        var request = runs.Request(3, 3, "fora") with { Steps = 2 };
        var own = (await new GenerationPipeline(runs.Model).GenerateAsync(request)).Latent;
        using var model = WithDecoder(new WatchedDecoder { Of = latent => latent.SequenceEqual(own) ? throw new BrokenException() : true });
        await FailAmongNeighbours(model, request, null, "broken on purpose");
    }

    [Fact]
    public async Task A_decoder_without_a_picture_ends_the_ticket_whose_picture_it_was()
    {
        var request = runs.Request(3, 3, "fora") with { Steps = 2 };
        var own = (await new GenerationPipeline(runs.Model).GenerateAsync(request)).Latent;
        using var model = WithDecoder(new WatchedDecoder { Of = latent => !latent.SequenceEqual(own) });
        await FailAmongNeighbours(model, request, null, "The decoder made nothing of a latent");
    }

    [Fact]
    public async Task An_audit_that_fails_ends_the_tickets_that_asked_for_it()
    {
        using var model = SmallDit.Load(
            runs.Backend,
            inner => new WatchedDenoiser(inner) { Door = door => door is ComputeEverything ? throw new BrokenException() : door },
            keepsModulations: false);
        await FailAmongNeighbours(model, runs.Request(3, 3, "fora") with { AuditShare = 1 }, null, "broken on purpose");
    }

    [Fact]
    public async Task A_listener_that_sleeps_delays_nobodys_calls_and_still_hears_everything_in_order()
    {
        var neighbours = await runs.AloneAsync();
        using var awake = new ManualResetEventSlim();
        await using var engine = new GenerationEngine(runs.Model);
        var heard = new List<int>();
        var sleeper = engine.Submit(
            [neighbours[1].Request],
            e =>
            {
                Assert.True(awake.Wait(s_patience));
                heard.Add(e.StepIndex);
            },
            default)[0];
        foreach (var neighbour in neighbours)
        {
            Assert.Equal(neighbour.Latent, (await engine.Submit(neighbour.Request).Result.WaitAsync(s_patience)).Latent);
        }

        Assert.False(sleeper.Result.IsCompleted);
        awake.Set();
        Assert.Equal(neighbours[1].Latent, (await sleeper.Result.WaitAsync(s_patience)).Latent);
        Assert.Equal(Enumerable.Range(0, 8), heard);
    }

    [Fact]
    public async Task A_decoder_that_takes_long_delays_nobodys_calls_and_makes_one_picture_at_a_time()
    {
        using var awake = new ManualResetEventSlim();
        var decoder = new WatchedDecoder { Before = () => Assert.True(awake.Wait(s_patience)) };
        using var model = WithDecoder(decoder);
        await using var engine = new GenerationEngine(model);
        var steps = new ConcurrentQueue<int>();
        GenerationRequest[] requests = [.. Enumerable.Range(0, 3).Select(i => runs.Request(i, i, "none") with { Steps = 2 + i, Previews = true })];
        var tickets = engine.Submit(requests, e => steps.Enqueue(e.Sample), default);
        var began = Stopwatch.StartNew();
        while (steps.Count < 2 + 3 + 4 && began.Elapsed < s_patience)
        {
            await Task.Delay(5);
        }

        Assert.Equal((9, 1), (steps.Count, decoder.MostAtOnce)); // every call was made, and every preview drawn, while the first picture was not done
        Assert.All(tickets, t => Assert.False(t.Result.IsCompleted));
        awake.Set();
        await Task.WhenAll(tickets.Select(t => t.Result)).WaitAsync(s_patience);
        Assert.Equal((3, 1), (decoder.Calls, decoder.MostAtOnce));
    }

    [Fact]
    public async Task A_ticket_cancelled_while_its_picture_is_made_or_waits_for_that_ends_cancelled_and_its_neighbours_are_drawn()
    {
        using var awake = new ManualResetEventSlim();
        using var isDecoding = new ManualResetEventSlim();
        var decoder = new WatchedDecoder
        {
            Before = () =>
            {
                isDecoding.Set();
                Assert.True(awake.Wait(s_patience));
            },
        };
        using var model = WithDecoder(decoder);
        await using var engine = new GenerationEngine(model);
        var tickets = engine.Submit([.. Enumerable.Range(0, 3).Select(i => runs.Request(i, i, "none") with { Steps = 2 + i })]);
        Assert.True(isDecoding.Wait(s_patience));
        tickets[0].Cancel();
        tickets[1].Cancel();
        awake.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tickets[0].Result.WaitAsync(s_patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tickets[1].Result.WaitAsync(s_patience));
        Assert.Equal(4, (await tickets[2].Result.WaitAsync(s_patience)).Report.Steps);
    }

    [Fact]
    public async Task Disposing_waits_for_a_picture_that_is_being_made_and_begins_no_other()
    {
        using var awake = new ManualResetEventSlim();
        using var isDecoding = new ManualResetEventSlim();
        var decoder = new WatchedDecoder
        {
            Before = () =>
            {
                isDecoding.Set();
                Assert.True(awake.Wait(s_patience));
            },
        };
        using var model = WithDecoder(decoder);
        var engine = new GenerationEngine(model);
        var tickets = engine.Submit([.. Enumerable.Range(0, 2).Select(i => runs.Request(i, i, "none") with { Steps = 1 })]);
        Assert.True(isDecoding.Wait(s_patience));
        var disposing = engine.DisposeAsync().AsTask();
        Assert.NotSame(disposing, await Task.WhenAny(disposing, Task.Delay(200)));
        awake.Set();
        await disposing.WaitAsync(s_patience);
        foreach (var ticket in tickets)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ticket.Result.WaitAsync(s_patience));
        }

        Assert.Equal(1, decoder.Calls);
    }

    [Fact]
    public async Task A_listener_may_dispose_the_engine_and_does_not_hang_it()
    {
        var engine = new GenerationEngine(runs.Model);
        var request = runs.Request(1, 1, "none") with { Steps = 1000 };
        var ticket = engine.Submit([request], e => Assert.True(engine.DisposeAsync().AsTask().Wait(s_patience)), default)[0];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ticket.Result.WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_listener_of_the_pipeline_is_never_called_twice_at_once()
    {
        var (now, most) = (0, 0);
        await new GenerationPipeline(runs.Model).GenerateAsync([.. Enumerable.Range(0, 4).Select(i => runs.Request(i, i, "none"))], e =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            Thread.Sleep(1);
            Interlocked.Decrement(ref now);
        });
        Assert.Equal(1, most);
    }

    // One request fails, alone and among neighbours.
    private async Task FailAmongNeighbours(DiffusionModel model, GenerationRequest failing, Action<StepEvent>? onStep, string cause)
    {
        var neighbours = await runs.AloneAsync();
        var inUse = runs.Backend.BytesInUse;
        var engine = new GenerationEngine(model);
        var ticket = engine.Submit([failing], onStep, default)[0];
        var beside = neighbours.Select(n => engine.Submit(n.Request)).ToArray();
        var error = await Record.ExceptionAsync(() => ticket.Result.WaitAsync(s_patience));
        Assert.Contains(cause, error?.Message ?? "no error");
        foreach (var (expected, other) in neighbours.Zip(beside))
        {
            var result = await other.Result.WaitAsync(s_patience);
            Assert.Equal(expected.Latent, result.Latent);
            Assert.Equal(expected.Image.Rgb.ToArray(), result.Image.Rgb.ToArray());
        }

        Assert.Equal(inUse, runs.Backend.BytesInUse);
        await engine.DisposeAsync().AsTask().WaitAsync(s_patience);
    }

    private DiffusionModel WithDecoder(WatchedDecoder decoder)
    {
        DiffusionModel model = SmallDit.Load(runs.Backend, keepsModulations: false);
        decoder.Inner = model.Decoder;
        return new DiffusionModel(model.Denoiser, decoder, model.Classes, model.Defaults);
    }

    private sealed class BrokenNoise : INoiseSource
    {
        public void Fill(Span<float> destination) => throw new BrokenException();
    }

    /// <summary>A decoder that is watched, and may be made to fail or wait.</summary>
    private sealed class WatchedDecoder : IDecoder
    {
        private int _now;
        private int _calls;

        public IDecoder Inner { get; set; } = null!;

        public Action? Before { get; init; }

        /// <summary>Whether a picture is made of a latent.</summary>
        public Func<float[], bool> Of { get; init; } = _ => true;

        public int Calls => _calls;

        public int MostAtOnce { get; private set; }

        public int PixelsPerCell => Inner.PixelsPerCell;

        public Medium Decode(Tensor latent)
        {
            Interlocked.Increment(ref _calls);
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _now));
            try
            {
                Before?.Invoke();
                return Of(latent.ToArray()) ? Inner.Decode(latent) : null!;
            }
            finally
            {
                Interlocked.Decrement(ref _now);
            }
        }

        public Medium? Preview(Tensor estimate) => Inner.Preview(estimate);

        public void Dispose() => Inner.Dispose();
    }
}
