using Augur.Caching;
using Augur.Catalogs;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Networks;

/// <summary>What pipelines and methods hold for a network of two streams and prompts, whatever it draws.</summary>
public sealed class JointNetworkTests : IDisposable
{
    private static readonly string[] s_refused = ["l2c"];
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly List<IDisposable> _open = [];

    /// <summary>Methods that this network can have, as they are.</summary>
    public static TheoryData<string> Policies =>
    [
        "none",
        "fora(interval=2)",
        "taylorseer(interval=3,order=1)",
        "taylorseer(interval=3,granularity=block)",
        "taylorseer(interval=2,granularity=output,state=bfloat16)",
        "taylorseer(interval=3,tokens=random(k=3))",
        "speca(preset=paper,granularity=block,base=0.6,warmup=2)",
        "speca(preset=paper,granularity=branch,base=0.6,warmup=2,verify=sampled(0.5))",
        "speca(preset=paper,mode=deferred,granularity=block,base=0.6,warmup=2)",
        "toca(interval=2,ratio=0.3,score=value-norm)",
        "toca(interval=2,ratio=0.3,score=norm)",
        "duca(interval=3,ratio=0.3,score=similarity)",
        "cg-taylor(threshold=0.5)",
        "fbcache(threshold=5)",
        "dbcache(front=1,back=1,threshold=5,warmup=2)",
        "teacache(threshold=5)",
        "magcache(ratios=1 1.1 1.05 1 0.98 0.95,threshold=0.3)",
        "easycache(threshold=5,warmup=2)",
        "dicache(threshold=5)",
        "delta-dit(interval=2)",
        "pab(range=2,mlp_range=3,from=0,to=1000)",
        "clusca(interval=3,k=3,gamma=0.2)",
    ];

    public static TheoryData<string> MostCautious =>
        [.. PolicyCatalog.All.Select(e => e.Name == "toca" || e.Name == "duca" ? $"{e.Name}(interval=1,score=norm)" : e.MostCautious)
        .Where(text => !s_refused.Contains(text.Split('(')[0]))];

    public void Dispose()
    {
        _open.ForEach(o => o.Dispose());
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [MemberData(nameof(MostCautious))]
    public async Task At_its_most_cautious_setting_a_policy_is_the_uncached_run_bit_for_bit(string policy)
    {
        var pipeline = Pipeline();
        var exact = await pipeline.GenerateAsync(Request("a red fox"));
        var cautious = await pipeline.GenerateAsync(Request("a red fox", policy));
        Assert.Equal(exact.Latent, cautious.Latent);
        Assert.Equal(exact.Report.Cost.TotalFlops, cautious.Report.Cost.TotalFlops);
    }

    [Fact]
    public async Task The_settings_of_these_tables_leave_something_out()
    {
        var pipeline = Pipeline();
        var idle = new List<string>();
        foreach (var policy in ((IEnumerable<object[]>)Policies).Select(row => (string)row[0]).Where(p => p != "none"))
        {
            var report = (await pipeline.GenerateAsync(Request("a red fox", policy))).Report;
            idle.AddRange(report.Calls.All(c => c.Kind == CallKind.Computed) ? [policy] : []);
        }

        Assert.Empty(idle);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Prompts_of_any_length_get_in_a_batch_what_they_get_alone(string policy)
    {
        GenerationRequest[] requests =
        [
            Request("a red fox", policy),
            Request("fox", policy) with { Seed = 2 },
            Request("a fox", policy, negative: "not red at all please") with { Seed = 3, Guidance = new Guidance(2) },
            Request("a fox that is not at all red in the snow", policy) with { Seed = 4 },
            Request("two", "none") with { Seed = 5 },
            Request("a red fox", policy) with { Seed = 6, Guidance = new Guidance(1) },
        ];
        var pipeline = Pipeline();
        var together = await pipeline.GenerateAsync(requests);
        for (var i = 0; i < requests.Length; i++)
        {
            var alone = await pipeline.GenerateAsync(requests[i]);
            Assert.Equal(alone.Latent, together[i].Latent);
            Assert.Equal(alone.Report.Calls, together[i].Report.Calls);
        }
    }

    [Fact]
    public async Task A_prompt_does_not_see_what_it_is_filled_up_with()
    {
        var narrow = await Pipeline(new TinyJointNetwork(_backend) { Bucket = 1 }).GenerateAsync(Request("a red fox"));
        var wide = await Pipeline(new TinyJointNetwork(_backend) { Bucket = 16 }).GenerateAsync(Request("a red fox"));
        Assert.Equal(narrow.Latent, wide.Latent);
    }

    [Fact]
    public async Task A_prompt_its_negative_and_its_guidance_show_in_the_result()
    {
        var pipeline = Pipeline();
        var latents = new List<float[]>();
        foreach (var request in new[]
        {
            Request("a red fox"), Request("a red dog"), Request("a red fox", negative: "snow"),
                Request("a red fox") with { Guidance = new Guidance(1) },
        })
        {
            latents.Add((await pipeline.GenerateAsync(request)).Latent);
        }

        Assert.Equal(latents.Count, latents.DistinctBy(l => string.Join(' ', l)).Count());
    }

    [Fact]
    public async Task Samples_share_calls_where_their_networks_are_alike_and_only_there()
    {
        var network = new WatchedDenoiser(new TinyJointNetwork(_backend));
        var pipeline = Pipeline(network, new LettersOfFirstChannel());
        await pipeline.GenerateAsync([Request("a red fox"), Request("a fox") with { Seed = 2 }]);
        Assert.Equal(Enumerable.Repeat(4, 6), network.Calls);
        network.Calls.Clear();
        await pipeline.GenerateAsync([Request("a red fox"), Request("a fox that is not at all red") with { Seed = 2 }]); // 3 and 8 tokens
        Assert.Equal(Enumerable.Repeat(2, 12), network.Calls);
        network.Calls.Clear();
        await pipeline.GenerateAsync([Request("a red fox"), Request("a fox") with { LatentShape = [2, 2, 8] }]); // as many cells, which lie otherwise
        Assert.Equal(Enumerable.Repeat(2, 12), network.Calls);
    }

    [Fact]
    public async Task Equal_conditions_are_encoded_once_shared_and_freed_with_the_last()
    {
        var network = new TinyJointNetwork(_backend);
        var pipeline = Pipeline(network);
        await pipeline.GenerateAsync(Request("a fox")); // makes the weights
        var inUse = _backend.BytesInUse;
        network.Encoded.Clear();
        var living = new Dictionary<int, int>();
        var requests =
            new[] { Request("a red fox") with { Steps = 3 }, Request("a red fox") with { Steps = 9, Seed = 2 }, Request("a dog") with { Steps = 6 } };
        await using (var engine = new GenerationEngine(Model(network)))
        {
            var gate = new object();
            var tickets = engine.Submit(requests, step =>
            {
                lock (gate)
                {
                    living[step.Sample] = network.Living;
                }
            }, default);
            await Task.WhenAll(tickets.Select(t => t.Result));
        }

        Assert.Equal([Condition.Prompt("a red fox"), Condition.Prompt(""), Condition.Prompt("a dog")], network.Encoded);
        Assert.InRange(living[1], 0, 2); // "a dog" has left before
        Assert.Equal(0, network.Living);
        Assert.Equal(inUse, _backend.BytesInUse);
    }

    [Fact]
    public async Task A_condition_that_was_freed_is_encoded_again()
    {
        var network = new TinyJointNetwork(_backend);
        await using var engine = new GenerationEngine(Model(network));
        var first = await engine.Submit(Request("a red fox")).Result;
        Assert.True(SpinWait.SpinUntil(() => network.Living == 0, TimeSpan.FromSeconds(60)));
        Assert.Equal(first.Latent, (await engine.Submit(Request("a red fox")).Result).Latent);
        Assert.Equal(4, network.Encoded.Count); // the prompt and the empty one, twice
    }

    [Fact]
    public async Task A_cancelled_sample_gives_its_conditions_back_and_leaves_those_of_others()
    {
        var network = new TinyJointNetwork(_backend);
        var alone = await Pipeline(network).GenerateAsync(Request("a red fox") with { Steps = 40 });
        await using var engine = new GenerationEngine(Model(network));
        var other = engine.Submit(Request("a red fox") with { Steps = 1000, Seed = 3 });
        var ticket = engine.Submit([Request("a red fox") with { Steps = 40 }], step => _ = step.StepIndex == 3 ? Cancelled(other) : 0, default)[0];
        Assert.Equal(alone.Latent, (await ticket.Result).Latent);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other.Result);
        Assert.Equal(0, network.Living);

        static int Cancelled(GenerationTicket ticket)
        {
            ticket.Cancel();
            return 0;
        }
    }

    [Theory]
    [InlineData(nameof(JointGuidance.TwoRows), 2)]
    [InlineData(nameof(JointGuidance.ThreeRows), 3)]
    [InlineData(nameof(JointGuidance.Embedded), 1)]
    public async Task Guidance_takes_as_many_rows_as_the_network_says(string guidance, int rows)
    {
        var inner = new TinyJointNetwork(_backend) { Guidance = Enum.Parse<JointGuidance>(guidance) };
        var network = new WatchedDenoiser(inner);
        var pipeline = Pipeline(network, new LettersOfFirstChannel());
        var (weak, strong) = (Request("a red fox", "taylorseer(interval=2)"),
            Request("a red fox", "taylorseer(interval=2)") with { Guidance = new Guidance(5), Seed = 1 });
        var alone = await pipeline.GenerateAsync(weak);
        Assert.All(network.Calls, call => Assert.Equal(rows, call));
        var together = await pipeline.GenerateAsync([strong, weak]);
        Assert.Equal(alone.Latent, together[1].Latent);
        Assert.NotEqual(alone.Latent, together[0].Latent); // the strength is told, or weighs
    }

    [Fact]
    public async Task Three_rows_make_the_sum_that_their_weights_say()
    {
        var sum = default(float[]);
        var network = new WatchedDenoiser(new TinyJointNetwork(_backend) { Guidance = JointGuidance.ThreeRows })
        {
            After = (_, output) =>
            {
                var rows = Enumerable.Range(0, 3).Select(row => output.Rows(row, 1).ToArray()).ToArray();
                sum = [.. rows[0].Select((first, i) => (3 * first) + (0.5f * rows[1][i]) - (2.5f * rows[2][i]))];
                return output;
            },
        };
        var pipeline = Pipeline(network, new LettersOfFirstChannel());
        var noise = new float[32];
        new TorchCpuNoise(1).Fill(noise);
        var result = await pipeline.GenerateAsync(Request("a red fox") with { Steps = 1 });
        // one step of a flow from 1 to 0
        Assert.All(result.Latent.Zip(noise, (x, z) => z - x).Zip(sum!), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
    }

    [Theory]
    [InlineData("l2c(mask=uniform(share=0.5))",
        "Policy l2c: its tables have an attention and a feed-forward branch for each block; this network's blocks have others.")]
    [InlineData("toca(interval=2,score=attention)",
        "Tokens toca: this network does not offer AttentionReceived at its attention; score is random, similarity or norm.")]
    public async Task A_method_that_needs_another_network_is_refused_by_name(string policy, string message)
    {
        var problem = await Assert.ThrowsAsync<ArgumentException>(() => Pipeline().GenerateAsync(Request("a red fox", policy)));
        Assert.StartsWith(message, problem.Message);
        Assert.DoesNotContain("{", problem.Message, StringComparison.Ordinal); // no records of .NET
    }

    [Fact]
    public async Task A_video_is_drawn_frame_by_frame_and_so_are_its_previews()
    {
        var request = Request("a red fox", "fora(interval=2)") with { Previews = true };
        var network = new TinyJointNetwork(_backend) { LatentShape = [2, 3, 4, 2] };
        var previews = new List<Medium?>();
        var result = await Pipeline(network, new FramesOfFirstChannel()).GenerateAsync(request, step => previews.Add(step.Preview));
        var video = Assert.IsType<FrameSequence>(result.Output);
        Assert.Equal((3, 2, 4), (video.Frames.Count, video.Frames[0].Width, video.Frames[0].Height));
        Assert.Equal(2 * 3 * 4 * 2, result.Latent.Length);
        Assert.Equal(6, previews.Count);
        Assert.All(previews, p => Assert.Equal(3, Assert.IsType<FrameSequence>(p).Frames.Count));
        Assert.Equal("The output is a video of 3 frames, not a picture.", Assert.Throws<InvalidOperationException>(() => result.Image).Message);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task A_video_gets_in_a_batch_with_others_what_it_gets_alone(string policy)
    {
        GenerationRequest[] requests =
        [
            Request("a red fox", policy) with { LatentShape = [2, 3, 4, 2] },
            Request("a red fox", policy) with { LatentShape = [2, 4, 4] },
            Request("fox", policy) with { LatentShape = [2, 3, 4, 2], Seed = 7 },
        ];
        var pipeline = Pipeline();
        var together = await pipeline.GenerateAsync(requests);
        foreach (var (request, among) in requests.Zip(together))
        {
            Assert.Equal((await pipeline.GenerateAsync(request)).Latent, among.Latent);
        }
    }

    [Fact]
    public async Task A_text_is_written_and_previewed_without_what_is_not_known_yet()
    {
        var previews = new List<Medium?>();
        var result = await Pipeline().GenerateAsync(Request("a red fox") with { Previews = true }, step => previews.Add(step.Preview));
        Assert.Equal(16, Assert.IsType<WrittenText>(result.Output).Text.Length);
        Assert.All(previews, p => Assert.Equal(8, Assert.IsType<WrittenText>(p).Text.Length));
        Assert.Equal("The output is a text, not a picture.", Assert.Throws<InvalidOperationException>(() => result.Image).Message);
    }

    [Fact]
    public async Task A_latent_or_a_condition_that_the_network_does_not_know_is_refused_with_both()
    {
        var shape = await Assert.ThrowsAsync<ArgumentException>(() => Pipeline().GenerateAsync(Request("a fox") with { LatentShape = [3, 4, 4] }));
        Assert.Equal("tiny joint network draws latents [2, (frames,) height, width], not [3, 4, 4].", shape.Message);
        var condition =
            await Assert.ThrowsAsync<ArgumentException>(() => Pipeline().GenerateAsync(Request("a fox") with { Condition = Condition.Class(3) }));
        Assert.Equal("tiny joint network draws prompts, not class 3.", condition.Message);
    }

    private static GenerationRequest Request(string prompt, string policy = "none", string? negative = null) => new()
    {
        Condition = Condition.Prompt(prompt, negative),
        Steps = 6,
        Seed = 1,
        Guidance = new Guidance(3),
        Cache = PolicyCatalog.Parse(policy),
    };

    private GenerationPipeline Pipeline(INetwork? network = null, IDecoder? decoder = null) =>
        new(Model(network ?? new TinyJointNetwork(_backend), decoder));

    private DiffusionModel Model(INetwork network, IDecoder? decoder = null)
    {
        var model = new DiffusionModel(network, decoder ?? new Whatever(), null, new GenerationDefaults(new FlowEulerSampler(), 6, new Guidance(3)));
        _open.Add(model);
        return model;
    }

    /// <summary>Frames of a video, letters of everything else.</summary>
    private sealed class Whatever : IDecoder
    {
        private readonly FramesOfFirstChannel _frames = new();
        private readonly LettersOfFirstChannel _letters = new();

        public int PixelsPerCell => 1;

        public Medium Decode(Tensor latent) => latent.Shape.Rank == 5 ? _frames.Decode(latent) : _letters.Decode(latent);

        public Medium? Preview(Tensor estimate) => _letters.Preview(estimate);

        public void Dispose()
        {
        }
    }
}
