using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Pipelines;

public sealed class GenerationEngineTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DiffusionModel _model;

    public GenerationEngineTests() => _model = SmallDit.Load(_backend, keepsModulations: false);

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public async Task Requests_submitted_while_others_run_get_what_they_get_alone()
    {
        await using var engine = new GenerationEngine(_model);
        var first = engine.Submit(Request(3, 1, "speca(preset=paper,granularity=block)"));
        var later = new List<GenerationTicket>();
        await foreach (var step in first.ReadEventsAsync())
        {
            if (step.StepIndex % 4 == 1)
            {
                later.Add(engine.Submit(Request(step.StepIndex % 10, 2, "speca(preset=paper,granularity=block,base=0.2)")));
            }
        }

        foreach (var ticket in later.Prepend(first))
        {
            Assert.Equal((await Alone(ticket.Request)).Latent, (await ticket.Result).Latent);
        }
    }

    [Fact]
    public async Task Events_come_in_order_complete_and_end_with_the_run()
    {
        await using var engine = new GenerationEngine(_model);
        var tickets = engine.Submit(
            [Request(1, 1, "speca(preset=paper,granularity=block,base=0.2)"), Request(2, 2, "fora") with { Steps = 5, Previews = true }]);
        for (var i = 0; i < 2; i++)
        {
            var events = new List<StepEvent>();
            await foreach (var step in tickets[i].ReadEventsAsync())
            {
                events.Add(step);
            }

            var result = await tickets[i].Result;
            Assert.Equal(Enumerable.Range(0, result.Request.Steps), events.Select(e => e.StepIndex));
            Assert.Equal(result.Report.Calls, events.SelectMany(e => e.Calls));
            Assert.All(events, e => Assert.Equal((i, result.Request.Steps, i == 1), (e.Sample, e.StepCount, e.Preview is not null)));
        }
    }

    [Fact]
    public async Task A_sampler_that_calls_twice_in_a_step_reports_both_calls_with_the_step()
    {
        using var model = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner) { Prediction = Prediction.Flow });
        await using var engine = new GenerationEngine(model);
        var ticket = engine.Submit(Request(1, 1, "taylorseer(interval=3)") with { Sampler = Samplers.Parse("heun"), Steps = 6 });
        var calls = new List<int>();
        await foreach (var step in ticket.ReadEventsAsync())
        {
            calls.Add(step.Calls.Count);
        }

        Assert.Equal([2, 2, 2, 2, 2, 1], calls);
        Assert.Equal(11, (await ticket.Result).Report.Calls.Count);
    }

    [Fact]
    public async Task Events_end_also_when_the_run_is_cancelled()
    {
        using var isCancelled = new ManualResetEventSlim();
        var network = new WatchedDenoiser(_model.Denoiser) { Before = call => _ = call < 5 || isCancelled.Wait(TimeSpan.FromMinutes(1)) };
        await using var engine = new GenerationEngine(new DiffusionModel(network, _model.Decoder, _model.Classes, _model.Defaults));
        var ticket = engine.Submit(Request(1, 1, "none") with { Steps = 50 });
        await using var reader = ticket.ReadEventsAsync().GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        ticket.Cancel();
        isCancelled.Set();
        while (await reader.MoveNextAsync())
        {
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ticket.Result);
    }

    [Fact]
    public async Task Events_end_also_when_the_run_fails()
    {
        await using var engine = new GenerationEngine(_model);
        var failing = engine.Submit([Request(1, 1, "speca(preset=paper,granularity=block)")], step =>
            _ = step.StepIndex == 2 ? throw new InvalidDataException("fails") : 0, default)[0];
        Assert.Equal(3, await Count(failing));

        static async Task<int> Count(GenerationTicket ticket)
        {
            var count = 0;
            await foreach (var step in ticket.ReadEventsAsync())
            {
                count++;
            }

            return count;
        }
    }

    [Fact]
    public async Task Cancelling_names_the_token_that_was_given()
    {
        using var cancellation = new CancellationTokenSource();
        await using var engine = new GenerationEngine(_model);
        var ticket = engine.Submit([Request(1, 1, "none") with { Steps = 1000 }], step => cancellation.Cancel(), cancellation.Token)[0];
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ticket.Result);
        Assert.Equal(cancellation.Token, error.CancellationToken);
    }

    [Fact]
    public async Task A_cancelled_request_that_has_not_begun_never_runs()
    {
        using var model = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner));
        await using var engine = new GenerationEngine(model);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            engine.Submit(Request(1, 1, "speca(preset=paper,granularity=block)"), cancellation.Token).Result);
        Assert.Empty(((WatchedDenoiser)model.Denoiser).Calls);
    }

    [Fact]
    public async Task A_cancelled_member_of_a_batch_that_decides_together_leaves_the_others_their_picture()
    {
        var shared = new SpeCaPolicy(SpeCaOptions.Released(SpeCaPreset.Dit));
        GenerationRequest[] requests = [Request(1, 1, "none") with { Cache = shared }, Request(2, 2, "none") with { Cache = shared }];
        await using var engine = new GenerationEngine(_model);
        var expected = await Task.WhenAll(engine.Submit(requests).Select(t => t.Result));
        IReadOnlyList<GenerationTicket>? tickets = null;
        var begun = new ManualResetEventSlim();
        tickets = engine.Submit(requests, step =>
        {
            begun.Wait();
            tickets![1].Cancel();
        }, default);
        begun.Set();
        Assert.Equal(expected[0].Latent, (await tickets[0].Result).Latent);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tickets[1].Result);
    }

    [Fact]
    public async Task Disposing_the_engine_cancels_what_is_left_and_takes_no_more()
    {
        var inUse = _backend.BytesInUse;
        var engine = new GenerationEngine(_model, new EngineOptions { MaxRows = 2 });
        var running = engine.Submit(Request(1, 1, "speca(preset=paper,granularity=block)") with { Steps = 1000 });
        var waiting = engine.Submit(Request(1, 1, "speca(preset=paper,granularity=block)") with { Steps = 1000 });
        await using (var reader = running.ReadEventsAsync().GetAsyncEnumerator())
        {
            Assert.True(await reader.MoveNextAsync());
        }

        await engine.DisposeAsync();
        foreach (var ticket in new[] { running, waiting })
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ticket.Result);
        }

        Assert.Equal(inUse, _backend.BytesInUse);
        Assert.Throws<ObjectDisposedException>(() => engine.Submit(Request(1, 1, "none")));
        await engine.DisposeAsync(); // once more does no harm
    }

    [Fact]
    public async Task A_wrong_request_is_refused_with_a_sentence_and_takes_none_of_its_companions_along()
    {
        await using var engine = new GenerationEngine(_model);
        var good = Request(1, 1, "none");
        (GenerationRequest Wrong, string Sentence)[] cases =
        [
            (good with { Condition = Condition.Class(-1) }, "Class -1 is not one of this model's 0 to 9"),
            (good with { Condition = Condition.Class(11) }, "Class 11 is not one of this model's 0 to 9"),
            (good with { Steps = 0 }, "Steps can be 1 to 1000, not 0"),
            (good with { Steps = 1001 }, "Steps can be 1 to 1000, not 1001"),
            (good with { Guidance = new Guidance(-1) }, "Guidance can be 0 to 100, not -1"),
            (good with { Guidance = new Guidance(double.PositiveInfinity) }, "Guidance can be 0 to 100, not"),
            (good with { CacheBudget = -1 }, "CacheBudget is -1 bytes; it is at least 0"),
            (good with { Sampler = Samplers.Parse("heun") }, "The sampler heun cannot follow a network that predicts epsilon"),
        ];
        foreach (var (wrong, sentence) in cases)
        {
            Assert.Contains(sentence, Assert.ThrowsAny<ArgumentException>(() => engine.Submit(wrong)).Message);
            Assert.Contains(sentence, Assert.ThrowsAny<ArgumentException>(() => engine.Submit([good, wrong])).Message);
        }

        Assert.Equal((await Alone(good)).Latent, (await engine.Submit(good).Result).Latent);
    }

    [Theory]
    [InlineData("speca(preset=paper,granularity=block,layer=4)", "layer=4 is not one of this network's 4 blocks (0 to 3, or -1 for the last)")]
    [InlineData("speca(preset=paper,granularity=block,layer=-5)", "layer=-5 is not one of this network's 4 blocks")]
    public async Task A_policy_that_does_not_fit_the_network_fails_its_request_with_a_sentence(string policy, string sentence)
    {
        await using var engine = new GenerationEngine(_model);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => engine.Submit(Request(1, 1, policy)).Result);
        Assert.Contains(sentence, error.Message);
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OutOfMemoryException))]
    public async Task A_request_whose_noise_fails_fails_alone(Type kind)
    {
        await using var engine = new GenerationEngine(_model);
        var failing = engine.Submit(
            Request(1, 1, "speca(preset=paper,granularity=block)") with { Noise = _ => throw (Exception)Activator.CreateInstance(kind)! });
        var steady = engine.Submit(Request(1, 1, "speca(preset=paper,granularity=block)"));
        Assert.IsType(kind, await Record.ExceptionAsync(() => failing.Result));
        Assert.Equal((await Alone(steady.Request)).Latent, (await steady.Result).Latent);
    }

    [Fact]
    public async Task A_network_that_fails_fails_those_in_the_call_and_serves_the_next()
    {
        var fails = true;
        using var model = SmallDit.Load(
            _backend,
            inner => new WatchedDenoiser(inner) { Before = call => _ = fails && call == 2 ? throw new InvalidDataException("the network fails") : 0 },
            keepsModulations: false);
        var inUse = _backend.BytesInUse;
        await using var engine = new GenerationEngine(model);
        var tickets = engine.Submit([Request(1, 1, "speca(preset=paper,granularity=block)"), Request(2, 2, "none")]);
        foreach (var ticket in tickets)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => ticket.Result);
        }

        Assert.Equal(inUse, _backend.BytesInUse);
        fails = false;
        Assert.Equal((await Alone(tickets[0].Request)).Latent, (await engine.Submit(tickets[0].Request).Result).Latent);
    }

    [Fact]
    public async Task A_rejected_draft_is_computed_in_the_same_tick_together_with_those_that_compute()
    {
        using var model = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner));
        await using var engine = new GenerationEngine(model);
        var tickets = engine.Submit([Request(1, 1, "none") with { Steps = 6 },
            Request(2, 2, "speca(preset=paper,granularity=block,base=1e-5,decay=1)") with { Steps = 6, Guidance = new Guidance(1) }]);
        await Task.WhenAll(tickets.Select(t => t.Result));
        Assert.Equal(3, (await tickets[1].Result).Report.Rejected);
        Assert.Equal([3, 3, 3, 1, 3, 1, 3, 1, 3], ((WatchedDenoiser)model.Denoiser).Calls);
    }

    [Fact]
    public async Task An_accepted_draft_is_not_computed()
    {
        using var model = SmallDit.Load(_backend, inner => new WatchedDenoiser(inner));
        await using var engine = new GenerationEngine(model);
        var tickets = engine.Submit([Request(1, 1, "none") with { Steps = 6 },
            Request(2, 2, "speca(preset=paper,granularity=block,base=100)") with { Steps = 6, Guidance = new Guidance(1) }]);
        await Task.WhenAll(tickets.Select(t => t.Result));
        Assert.Equal([3, 3, 3, 1, 2, 1, 2, 1, 2], ((WatchedDenoiser)model.Denoiser).Calls);
    }

    [Fact]
    public async Task A_small_memory_budget_is_kept_and_changes_no_picture()
    {
        GenerationRequest[] requests = [.. Enumerable.Range(0, 8).Select(i => Request(i, i, "speca(preset=paper,granularity=block)"))];
        await using var free = new GenerationEngine(_model);
        var expected = await Task.WhenAll(free.Submit(requests).Select(t => t.Result));
        Assert.All(expected, r => Assert.Null(r.Report.Note));

        const long Budget = 450_000; // two samples and their features at once
        await using var engine = new GenerationEngine(_model, new EngineOptions { MemoryBudget = Budget });
        var inUse = _backend.BytesInUse;
        _backend.ResetPeak();
        var results = await Task.WhenAll(engine.Submit(requests).Select(t => t.Result));
        var taken = _backend.PeakBytesInUse - inUse;
        Assert.True(taken <= 1.25 * Budget, $"{taken} bytes of {Budget}"); // buffers come in size classes
        foreach (var (a, b) in expected.Zip(results))
        {
            Assert.Equal(a.Latent, b.Latent);
            Assert.Null(b.Report.Note);
        }
    }

    [Fact]
    public async Task A_budget_too_small_for_one_sample_keeps_coarser_features_and_says_so()
    {
        await using var engine = new GenerationEngine(_model, new EngineOptions { MemoryBudget = 200_000 });
        var results = await Task.WhenAll(
            engine.Submit([.. Enumerable.Range(0, 3).Select(i => Request(i, i, "speca(preset=paper,granularity=branch)"))]).Select(t => t.Result));
        Assert.All(results, r => Assert.Contains("granularity block", r.Report.Note));
    }

    [Fact]
    public async Task A_batch_that_decides_together_has_the_budgets_of_its_samples_together()
    {
        var shared = new SpeCaPolicy(SpeCaOptions.Released(SpeCaPreset.Dit));
        await using var engine = new GenerationEngine(_model);
        var alone = (await engine.Submit(Request(1, 1, "none") with { Cache = shared }).Result).Report.PeakCacheBytes;
        GenerationRequest[] requests = [.. Enumerable.Range(0, 3).Select(i => Request(i, i, "none") with { Cache = shared, CacheBudget = alone })];
        var results = await Task.WhenAll(engine.Submit(requests).Select(t => t.Result));
        Assert.All(results, r => Assert.Equal((alone, null), (r.Report.PeakCacheBytes, r.Report.Note)));
        await engine.Submit(requests[0] with { CacheBudget = long.MaxValue }).Result;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Bounds_out_of_range_are_refused(int rows)
    {
        Assert.Contains($"MaxRows is {rows}", Assert.Throws<ArgumentException>(() => new EngineOptions { MaxRows = rows }).Message);
        Assert.Contains("The memory budget is 0 bytes", Assert.Throws<ArgumentException>(() => new EngineOptions { MemoryBudget = 0 }).Message);
    }

    private async Task<GenerationResult> Alone(GenerationRequest request) => await new GenerationPipeline(_model).GenerateAsync(request);

    private GenerationRequest Request(int label, long seed, string policy) =>
        _model.Request(label, seed) with { Cache = PolicyCatalog.Parse(policy) };
}
