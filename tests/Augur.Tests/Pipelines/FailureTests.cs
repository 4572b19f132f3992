using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Pipelines;

/// <summary>
/// Every callback of policy and sampler, failing: its ticket ends with the cause, its neighbours' pictures are what they are alone.
/// </summary>
public sealed class FailureTests(NeighbourRuns runs) : IClassFixture<NeighbourRuns>
{
    private const string Strict = "speca(preset=paper,granularity=block,base=0.2)"; // accepts some drafts and rejects some
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly NeighbourRuns _runs = runs;
    private readonly CpuBackend _backend = runs.Backend;
    private readonly DiffusionModel _model = runs.Model;

    /// <summary>Each callback with a policy that reaches it, for samples that decide alone and together.</summary>
    public static TheoryData<string, string, string, bool> Callbacks
    {
        get
        {
            var data = new TheoryData<string, string, string, bool>();
            foreach (var together in new[] { false, true })
            {
                foreach (var member in Faulty.MembersOf<ICachePolicy>())
                {
                    data.Add(nameof(ICachePolicy), member, Strict, together);
                }

                foreach (var member in Faulty.MembersOf<ISampleMemory>()
                    .Where(m => m != nameof(ISampleMemory.Complete)) // where some guidance rows are run: LladaContractTests
                    .Concat(Fault.Continuations))
                {
                    data.Add(nameof(ISampleMemory), member, PolicyThatReaches(member), together);
                }

                foreach (var member in Faulty.MembersOf<ISampler>().Where(m => m != nameof(ISampler.Accepts))) // asked by whoever submits
                {
                    data.Add(nameof(ISampler), member, Strict, together);
                }

                foreach (var member in Faulty.MembersOf<ISamplerRun>().Where(m => m != "get_Sigma")) // for displays
                {
                    data.Add(nameof(ISamplerRun), member, Strict, together);
                }
            }

            return data;
        }
    }

    /// <summary>Answers that the network could not use.</summary>
    public static TheoryData<string, string, int, string> WrongAnswers => new()
    {
        { "Begin", "cuts", 2, "cuts the network where it cannot be cut" },
        { "Ask", "null", 40, "has no fitting answer at" },
        { "Ask", "verify", 1, "has no fitting answer at" },
        { "Ask", "skip", 1, "has no fitting answer at" },
        { "Forecast", "nothing", 2, "forecasts from 0 features with 0 coefficients" },
        { "Forecast", "shape", 2, "forecasts from a feature [1, 2, 3] where" },
        { "Forecast", "released", 2, "was used after" },
        { "Select", "type", 2, "selects tokens as an index table [1, 2], not [" },
        { "Select", "range", 2, "selects tokens that are not among the 16 of a row" },
        { "End", "kind", 2, "ends a call as 88" },
        { "End", "rejected", 2, "rejects a call that was computed; only a draft can be rejected" },
    };

    [Theory]
    [MemberData(nameof(Callbacks))]
    public async Task A_callback_that_throws_ends_its_own_ticket_with_the_cause_and_nobody_elses(
        string type, string member, string policy, bool decidesTogether)
    {
        await FailAmongNeighbours(type, member, policy, decidesTogether, from: 1, answer: null, "broken on purpose");
        if ((type, member) is (nameof(ISampleMemory), "Begin" or "Ask" or "End") or (nameof(ISamplerRun), "Advance" or "get_Latent"))
        {
            await FailAmongNeighbours(type, member, policy, decidesTogether, from: 6, answer: null, "broken on purpose"); // in the middle of a run
        }
    }

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task An_answer_that_cannot_be_used_ends_its_own_ticket_with_a_sentence(string member, string answer, int from, string sentence)
    {
        foreach (var together in new[] { false, true })
        {
            var (policy, rows) = (PolicyThatReaches(member), together ? 4 : 2);
            await FailAmongNeighbours(nameof(ISampleMemory), member, policy, together, from, () => AnswerOf(answer, rows), sentence);
        }
    }

    [Theory]
    [InlineData(nameof(ICachePolicy), "Open", "opens no memory for a run")]
    [InlineData(nameof(ISampler), "Begin", "Sampler begins no run")]
    public async Task A_part_that_is_missing_ends_its_own_ticket_with_a_sentence(string type, string member, string sentence) =>
        await FailAmongNeighbours(type, member, Strict, false, 1, () => null, sentence);

    [Fact]
    public async Task A_sampler_with_a_latent_that_cannot_be_read_ends_its_own_ticket_with_a_sentence()
    {
        using var wrong = Tensor.Zeros(_backend, [1, 4, 8, 7]);
        const string Sentence = "The sampler's latent is [1, 4, 8, 7]; the network reads [1, 4, 8, 8]";
        await FailAmongNeighbours(nameof(ISamplerRun), "get_Latent", Strict, false, 3, () => wrong, Sentence);
        await FailAmongNeighbours(nameof(ISamplerRun), "get_Latent", Strict, false, 3, () => Released([1, 4, 8, 8]), "was used after");
    }

    [Fact]
    public async Task A_draft_again_after_a_rejection_ends_the_ticket_with_a_sentence()
    {
        await using var engine = new GenerationEngine(_model);
        var ticket = engine.Submit(Request(1, 1, "none") with { Cache = new Stubborn() });
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ticket.Result.WaitAsync(s_patience));
        Assert.Equal("Policy stubborn drafts a call that must be computed.", error.Message);
    }

    [Fact]
    public void A_memory_that_has_failed_is_left_alone()
    {
        var memory = new Failing();
        using var guarded = new GuardedMemory(
            memory, "failing", new RunInfo { Map = _model.Denoiser.Map(), CallCount = 9, RowCount = 1 }, _backend);
        for (var call = 0; call < 3; call++)
        {
            Assert.False(guarded.Begin(new NetworkCall(call, 9, 0)).IsDraft);
            using var input = Tensor.Zeros(_backend, [1, 16, 4]);
            Assert.True(guarded.Ask(new Question(Site.Attention(0), input, 0, 1, null)).Runs);
            Assert.Equal(CallKind.Computed, guarded.End().Kind);
        }

        Assert.Equal("failure 1", guarded.Failure!.Message);
        Assert.Equal(1, memory.Failures);
    }

    [Fact]
    public async Task A_policy_that_throws_with_an_open_scope_leaves_none_behind()
    {
        var neighbours = await _runs.AloneAsync();
        var inUse = _backend.BytesInUse;
        await using (var engine = new GenerationEngine(_model))
        {
            var beside = engine.Submit(neighbours[0].Request);
            var failing = engine.Submit(Request(1, 1, "none") with { Cache = new Sloppy(_backend) });
            await Assert.ThrowsAsync<BrokenException>(() => failing.Result.WaitAsync(s_patience));
            Assert.Equal(neighbours[0].Latent, (await beside.Result.WaitAsync(s_patience)).Latent);
            Assert.Equal(neighbours[1].Latent, (await engine.Submit(neighbours[1].Request).Result.WaitAsync(s_patience)).Latent);
        }

        Assert.Equal(inUse, _backend.BytesInUse);
    }

    private static string PolicyThatReaches(string member) => member switch
    {
        "Select" or "Merge" or "Hear" => "toca",
        _ => Strict,
    };

    private object AnswerOf(string name, int rows) => name switch
    {
        "null" => null!,
        "cuts" => CallPlan.Compute with { Cuts = null! },
        "verify" => Answer.Compute.Verified(null, _ => { }),
        "skip" => Answer.Pass,
        "nothing" => default(Forecast),
        "shape" => new Forecast((Tensor[])[Tensor.Zeros(_backend, [1, 2, 3])], (float[])[1]),
        "released" => new Forecast((Tensor[])[Released([2, 16, 64])], (float[])[1]),
        "type" => IndexTable.From(_backend, [0, 1], [1, 2]),
        "range" => IndexTable.From(_backend, Enumerable.Repeat(16, rows).ToArray(), [rows, 1]),
        "kind" => new CallOutcome((CallKind)88),
        "rejected" => new CallOutcome(CallKind.Rejected),
        _ => throw new ArgumentException(name),
    };

    private Tensor Released(Shape shape)
    {
        var tensor = Tensor.Zeros(_backend, shape);
        tensor.Dispose();
        return tensor;
    }

    // One request fails, alone and among neighbours who share its calls.
    private async Task FailAmongNeighbours(
        string type, string member, string policy, bool decidesTogether, int from, Func<object?>? answer, string cause)
    {
        var neighbours = await _runs.AloneAsync();
        var inUse = _backend.BytesInUse;
        var engine = new GenerationEngine(_model);
        foreach (var company in new[] { 0, neighbours.Length })
        {
            var fault = new Fault(TypeOf(type), member, from, answer);
            var faulty = Break(Request(3, 3, policy), fault, decidesTogether);
            GenerationRequest[] failing = decidesTogether ? [faulty, faulty with { Seed = 33 }] : [faulty];
            var tickets = engine.Submit([.. failing, .. neighbours.Take(company).Select(n => n.Request)]);
            for (var i = 0; i < failing.Length; i++)
            {
                var error = await Record.ExceptionAsync(() => tickets[i].Result.WaitAsync(s_patience));
                Assert.Contains(cause, error?.Message ?? "no error");
            }

            Assert.True(fault.Happened, $"{policy} does not reach {member}");
            for (var i = 0; i < company; i++)
            {
                var result = await tickets[failing.Length + i].Result.WaitAsync(s_patience);
                Assert.Equal(neighbours[i].Latent, result.Latent);
                Assert.Equal(neighbours[i].Report.Calls, result.Report.Calls);
                Assert.Equal(neighbours[i].Image.Rgb.ToArray(), result.Image.Rgb.ToArray());
            }
        }

        Assert.Equal(neighbours[1].Latent, (await engine.Submit(neighbours[1].Request).Result.WaitAsync(s_patience)).Latent);
        Assert.Equal(inUse, _backend.BytesInUse);
        await engine.DisposeAsync().AsTask().WaitAsync(s_patience);
    }

    private static Type TypeOf(string name) =>
        new[] { typeof(ICachePolicy), typeof(ISampleMemory), typeof(ISampler), typeof(ISamplerRun) }.Single(t => t.Name == name);

    // The request with a faulty part; its previews ask for the estimate.
    private static GenerationRequest Break(GenerationRequest request, Fault fault, bool decidesTogether) => request with
    {
        Cache = Faulty.Wrap<ICachePolicy>(decidesTogether ? new TogetherPolicy(request.Cache!) : request.Cache!, fault),
        Sampler = Faulty.Wrap(request.Sampler!, fault),
        Previews = true,
    };

    private GenerationRequest Request(int label, long seed, string policy) => _runs.Request(label, seed, policy);

    /// <summary>A method of one memory for all samples that begin together.</summary>
    private sealed class TogetherPolicy(ICachePolicy inner) : ICachePolicy
    {
        public string Name => inner.Name;

        public bool DecidesForBatch => true;

        public ISampleMemory Open(RunInfo run) => inner.Open(run);
    }

    /// <summary>Opens a scope and throws in it.</summary>
    private sealed class Sloppy(IBackend backend) : ICachePolicy, ISampleMemory
    {
        public string Name => "sloppy";

        public long ByteCount => 0;

        public ISampleMemory Open(RunInfo run) => this;

        public CallPlan Begin(NetworkCall call) => CallPlan.Compute;

        public Answer Ask(Question question)
        {
            TensorScope.Begin();
            _ = Tensor.Zeros(backend, [8, 8]);
            throw new BrokenException();
        }

        public CallOutcome End() => new(CallKind.Computed);

        public void Dispose()
        {
        }
    }

    /// <summary>Drafts whatever is asked, and rejects it.</summary>
    private sealed class Stubborn : ICachePolicy, ISampleMemory
    {
        public string Name => "stubborn";

        public long ByteCount => 0;

        public ISampleMemory Open(RunInfo run) => this;

        public CallPlan Begin(NetworkCall call) => CallPlan.Draft;

        public Answer Ask(Question question) => Answer.Compute;

        public CallOutcome End() => new(CallKind.Rejected);

        public void Dispose()
        {
        }
    }

    /// <summary>Fails at everything.</summary>
    private sealed class Failing : ISampleMemory
    {
        public int Failures { get; private set; }

        public long ByteCount => 0;

        public CallPlan Begin(NetworkCall call) => throw Next();

        public Answer Ask(Question question) => throw Next();

        public CallOutcome End() => throw Next();

        public void Dispose()
        {
        }

        private InvalidOperationException Next() => new($"failure {++Failures}");
    }
}

/// <summary>A small model, and what some requests draw alone.</summary>
public sealed class NeighbourRuns : IDisposable
{
    private GenerationResult[]? _alone;

    public NeighbourRuns() => Model = SmallDit.Load(Backend, keepsModulations: false);

    public CpuBackend Backend { get; } = new(new CpuOptions { Threads = 2 });

    public DiffusionModel Model { get; }

    public async Task<GenerationResult[]> AloneAsync()
    {
        GenerationRequest[] requests =
        [
            Request(1, 1, "none"),
            Request(2, 2, "speca(preset=paper,granularity=block,base=0.2)"),
            Request(4, 4, "toca") with { Guidance = new Guidance(1) },
        ];
        return _alone ??= await Task.WhenAll(requests.Select(async r => await new GenerationPipeline(Model).GenerateAsync(r)));
    }

    public GenerationRequest Request(int label, long seed, string policy) =>
        Model.Request(label, seed) with { Cache = PolicyCatalog.Parse(policy), Steps = 8 };

    public void Dispose()
    {
        Model.Dispose();
        Assert.Equal(0, Backend.BytesInUse);
        Backend.Dispose();
    }
}
