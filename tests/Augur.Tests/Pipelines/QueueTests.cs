using System.Reflection;
using Augur.Caching;
using Augur.Pipelines;

namespace Augur.Tests.Pipelines;

/// <summary>Who waits, who begins beside whom, who decides together, and what becomes of all when the engine itself fails.</summary>
public sealed class QueueTests(NeighbourRuns runs) : IClassFixture<NeighbourRuns>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_full_queue_refuses_with_both_numbers_and_has_room_again_when_one_begins_or_is_cancelled()
    {
        using var gate = new ManualResetEventSlim();
        using var model = Gated(gate);
        await using var engine = new GenerationEngine(model, new EngineOptions { MaxRows = 2, MaxWaiting = 2 });
        var running = engine.Submit(runs.Request(1, 1, "none") with { Steps = 1 });
        await BeganAsync(model);
        GenerationTicket[] waiting = [engine.Submit(runs.Request(2, 2, "none")), engine.Submit(runs.Request(3, 3, "none") with { Steps = 1 })];
        var full = Assert.Throws<QueueFullException>(() => engine.Submit(runs.Request(4, 4, "none")));
        Assert.Equal("The queue is full: 2 of at most 2 requests wait to begin, and 1 more would not find room.", full.Message);
        Assert.Throws<QueueFullException>(() => engine.Submit([runs.Request(4, 4, "none"), runs.Request(5, 5, "none")]));
        using var impatient = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.SubmitAsync(runs.Request(4, 4, "none"), impatient.Token));

        var patient = engine.SubmitAsync(runs.Request(4, 4, "none") with { Steps = 1 });
        await Task.Delay(50);
        Assert.False(patient.IsCompleted);
        waiting[0].Cancel();
        gate.Set();
        await (await patient.WaitAsync(s_patience)).Result.WaitAsync(s_patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting[0].Result.WaitAsync(s_patience));
        await Task.WhenAll(running.Result, waiting[1].Result).WaitAsync(s_patience);
        await Task.WhenAll(engine.Submit([runs.Request(4, 4, "none"), runs.Request(5, 5, "none")]).Select(t => t.Result)).WaitAsync(s_patience);
    }

    [Fact]
    public async Task Who_waits_for_room_learns_that_the_engine_was_disposed()
    {
        using var gate = new ManualResetEventSlim();
        using var model = Gated(gate);
        var engine = new GenerationEngine(model, new EngineOptions { MaxRows = 2, MaxWaiting = 1 });
        engine.Submit(runs.Request(1, 1, "none"));
        await BeganAsync(model);
        engine.Submit(runs.Request(2, 2, "none"));
        var patient = engine.SubmitAsync(runs.Request(3, 3, "none"));
        var disposing = engine.DisposeAsync();
        gate.Set();
        await disposing;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => patient.WaitAsync(s_patience));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_queue_without_a_place_is_refused(int places) =>
        Assert.Contains($"MaxWaiting is {places} requests", Assert.Throws<ArgumentException>(() => new EngineOptions { MaxWaiting = places }).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_missing_part_of_a_request_is_named_when_it_is_submitted()
    {
        await using var engine = new GenerationEngine(runs.Model);
        Assert.Contains("Noise of a request is null", Assert.Throws<ArgumentException>(() =>
            engine.Submit(runs.Request(1, 1, "none") with { Noise = null! })).Message, StringComparison.Ordinal);
        Assert.Contains("Noise of a request is null", Assert.Throws<ArgumentException>(() =>
            engine.Submit(runs.Request(1, 1, "none") with { Noise = null! })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => engine.Submit((GenerationRequest)null!));
        Assert.Throws<ArgumentNullException>(() => engine.Submit((IReadOnlyList<GenerationRequest>)null!));
    }

    [Fact]
    public async Task A_fault_of_the_engine_itself_ends_every_ticket_with_the_cause_and_whoever_submits_later_hears_it()
    {
        // No callback reaches the worker any more: a part of it is taken away.
        using var gate = new ManualResetEventSlim();
        using var model = Gated(gate);
        var engine = new GenerationEngine(model, new EngineOptions { MemoryBudget = 1 << 20, MaxWaiting = 2 });
        GenerationTicket[] tickets = [engine.Submit(runs.Request(1, 1, "none"))];
        await BeganAsync(model);
        tickets = [.. tickets, engine.Submit(runs.Request(2, 2, "none")), engine.Submit(runs.Request(3, 3, "none"))];
        var patient = engine.SubmitAsync(runs.Request(4, 4, "none"));
        var admission = typeof(GenerationEngine).GetField("_admission", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(engine);
        typeof(Admission).GetField("_takenBy", BindingFlags.NonPublic | BindingFlags.Instance)!.SetValue(admission, null);
        gate.Set();
        foreach (var ticket in tickets)
        {
            await Assert.ThrowsAsync<NullReferenceException>(() => ticket.Result.WaitAsync(s_patience));
        }

        Assert.IsType<NullReferenceException>((await Assert.ThrowsAsync<InvalidOperationException>(() =>
            patient.WaitAsync(s_patience))).InnerException);
        var later = Assert.Throws<InvalidOperationException>(() => engine.Submit(runs.Request(5, 5, "none")));
        Assert.StartsWith("The engine has stopped: ", later.Message, StringComparison.Ordinal);
        await engine.DisposeAsync().AsTask().WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_network_that_fails_ends_those_in_its_call_and_no_others()
    {
        // Calls of a draft and of what is computed are two; the first draft's fails.
        using var model =
            SmallDit.Load(runs.Backend, inner => new WatchedDenoiser(inner) { Before = call => _ = call == 4 ? throw new BrokenException() : 0 });
        await using var engine = new GenerationEngine(model);
        var neighbours = await runs.AloneAsync();
        var tickets = engine.Submit([neighbours[0].Request, runs.Request(3, 3, "speca(preset=paper,granularity=block,warmup=3)")]);
        await Assert.ThrowsAsync<BrokenException>(() => tickets[1].Result.WaitAsync(s_patience));
        Assert.Equal(neighbours[0].Latent, (await tickets[0].Result.WaitAsync(s_patience)).Latent);
    }

    [Fact]
    public async Task A_method_is_told_whether_its_sample_is_guided()
    {
        var method = new Recorder(decidesForBatch: false);
        await using var engine = new GenerationEngine(runs.Model);
        await engine.Submit(Request(method)).Result;
        await engine.Submit(Request(method) with { Guidance = new Guidance(1) }).Result;
        Assert.Equal([(true, 2, 2), (false, 1, 2)], method.Runs.Select(r => (r.RowsPerSample == 2, r.RowCount, r.CallCount)));
    }

    [Fact]
    public async Task Those_who_decide_together_agree_in_method_steps_sampler_and_guidance()
    {
        var (method, other) = (new Recorder(decidesForBatch: true), new Recorder(decidesForBatch: true));
        GenerationRequest[] requests =
        [
            Request(method), Request(method) with { Seed = 2 },                                            // these two
            Request(method) with { Steps = 3 }, Request(method) with { Steps = 3, Seed = 2 },              // three steps
            // the second joins the first two
            Request(method) with { Guidance = new Guidance(1) }, Request(method) with { Guidance = new Guidance(7) },
            Request(method) with { Sampler = Augur.Sampling.Samplers.Parse("dpm++") },
            Request(other),
        ];
        await using var engine = new GenerationEngine(runs.Model);
        var tickets = engine.Submit(requests);
        await Task.WhenAll(tickets.Select(t => t.Result)).WaitAsync(s_patience);
        Assert.Equal([(2, false, 1), (2, true, 2), (2, true, 6), (3, true, 4)],
            method.Runs.Select(r => (r.CallCount, r.RowsPerSample == 2, r.RowCount)).Order());
        Assert.Equal([(2, true, 2)], other.Runs.Select(r => (r.CallCount, r.RowsPerSample == 2, r.RowCount)));
    }

    [Fact]
    public async Task A_request_whose_call_alone_breaks_the_memory_budget_is_refused_with_both_numbers()
    {
        await using var engine = new GenerationEngine(runs.Model, new EngineOptions { MemoryBudget = 100_000 });
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => engine.Submit(runs.Request(1, 1, "none")).Result);
        Assert.Equal("The memory budget is 100000 bytes; a network call of this request's 2 rows takes about 131072.", refused.Message);
        await engine.Submit(runs.Request(1, 1, "none") with { Guidance = new Guidance(1) }).Result; // one row has room
    }

    [Fact]
    public async Task A_method_that_keeps_more_than_the_memory_budget_leaves_it_is_refused_with_the_numbers()
    {
        await using var engine = new GenerationEngine(runs.Model, new EngineOptions { MemoryBudget = 132_000 });
        var refused =
            await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Submit(Request(new Keeper(100_000))).Result.WaitAsync(s_patience));
        Assert.Equal(
            "The memory budget is 132000 bytes, of which a network call takes about 131072; keeper keeps 100000 bytes of features.", refused.Message);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(100_000, 2)]  // 2 · (131072 + 100000) fit
    [InlineData(400_000, 1)]
    public async Task Samples_begin_beside_each_other_only_as_far_as_their_features_fit_too(long kept, int together)
    {
        using var model = SmallDit.Load(runs.Backend, inner => new WatchedDenoiser(inner));
        await using var engine = new GenerationEngine(model, new EngineOptions { MemoryBudget = 540_000 });
        var method = new Keeper(kept);
        await engine.Submit(Request(method)).Result; // what it keeps is learnt from the first
        var calls = ((WatchedDenoiser)model.Denoiser).Calls;
        calls.Clear();
        await Task.WhenAll(engine.Submit([.. Enumerable.Range(0, 4).Select(i => Request(method) with { Seed = i })]).Select(t => t.Result))
            .WaitAsync(s_patience);
        Assert.Equal(2 * together, calls.Max());
    }

    [Fact]
    public async Task Until_it_is_known_what_a_method_keeps_its_first_sample_is_alone_under_a_budget()
    {
        using var model = SmallDit.Load(runs.Backend, inner => new WatchedDenoiser(inner));
        await using var engine = new GenerationEngine(model, new EngineOptions { MemoryBudget = 540_000 });
        await Task.WhenAll(engine.Submit([.. Enumerable.Range(0, 3).Select(i => Request(new Keeper(1000)) with { Seed = i })]).Select(t => t.Result))
            .WaitAsync(s_patience);
        Assert.Equal([2, 2, 4, 4], ((WatchedDenoiser)model.Denoiser).Calls);
    }

    private GenerationRequest Request(ICachePolicy method) => runs.Request(1, 1, "none") with { Cache = method, Steps = 2 };

    private static async Task BeganAsync(DiffusionModel model)
    {
        while (((WatchedDenoiser)model.Denoiser).Calls.IsEmpty)
        {
            await Task.Delay(2);
        }
    }

    // A model whose first call waits at a gate.
    private DiffusionModel Gated(ManualResetEventSlim gate) =>
        SmallDit.Load(runs.Backend, inner => new WatchedDenoiser(inner) { Before = _ => gate.Wait() });

    /// <summary>Computes everything and remembers what it was told of its runs.</summary>
    private sealed class Recorder(bool decidesForBatch) : ICachePolicy
    {
        public List<RunInfo> Runs { get; } = [];

        public string Name => "recorder";

        public bool DecidesForBatch => decidesForBatch;

        public ISampleMemory Open(RunInfo run)
        {
            Runs.Add(run);
            return NoCachePolicy.Instance.Open(run);
        }
    }

    /// <summary>Computes everything, and says that it keeps so many bytes.</summary>
    private sealed class Keeper(long byteCount) : ICachePolicy, ISampleMemory
    {
        public string Name => "keeper";

        public long ByteCount => byteCount;

        public ISampleMemory Open(RunInfo run) => this;

        public CallPlan Begin(NetworkCall call) => CallPlan.Compute;

        public Answer Ask(Question question) => Answer.Compute;

        public CallOutcome End() => new(CallKind.Computed);

        public void Dispose()
        {
        }
    }
}
