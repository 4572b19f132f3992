using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tests.Networks;
using Augur.Tests.TextNetworks;

namespace Augur.Tests.Models;

/// <summary>Modulations that are kept from one call to the next change no bit, and take no more memory than they may.</summary>
public sealed class ModulationTableTests : IDisposable
{
    private const int Inputs = 16, Outputs = 48;

    // A U-Net keeps keys and values of texts; beside the others two whose vectors are made of more.
    private static readonly Dictionary<string, (Func<IBackend, DiffusionModel> Load, Func<int, Condition> Condition, Shape? Other)> s_networks =
        HalfActivationTests.Each
            .ToDictionary(network => network.Key, network => (network.Value.Load, network.Value.Condition, OtherOf(network.Key)))
            .Append(new("PixArt that is told the size", (
                TinyPromptNetworks.Of("pixart that is told the size").Load,
                seed => TinyPromptNetworks.Of("pixart that is told the size").Text(7, seed),
                TinyPromptNetworks.Of("pixart that is told the size").Other)))
            .Append(new("Qwen-Image with still references", (StillQwenImage, StillEdit, null)))
            .ToDictionary();

    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public static TheoryData<string, string> Runs
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var network in s_networks.Keys)
            {
                foreach (var policy in (string[])["none", "taylorseer(interval=3)", "fbcache(threshold=0.3)", "toca(ratio=0.2)"])
                {
                    rows.Add(network, policy.StartsWith("toca", StringComparison.Ordinal) && network != "DiT" ? "fora(interval=2)" : policy);
                }
            }

            return rows;
        }
    }

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task A_run_has_the_same_bits_whether_modulations_are_kept_or_leave_early_or_are_not_kept(string network, string policy)
    {
        var (load, condition, other) = s_networks[network];
        using var model = load(_backend);
        var table = ((IModulatedNetwork)model.Denoiser).Modulations;
        var first = model.Request(condition(3), seed: 1) with { Steps = 6, Cache = PolicyCatalog.Parse(policy) };
        GenerationRequest[] requests =
        [
            first, // on one schedule:
            first with { Seed = 2 },
            first with { Condition = condition(4) },
            first with { Guidance = new Guidance(2.5) },
            first with { LatentShape = other },
        ];
        table.Budget = 0;
        var expected = await DrawEach(model, requests);
        Assert.Equal((0, 0), (table.Count, table.ByteCount));

        table.Budget = ModulationTable.DefaultBudget;
        foreach (var _ in (int[])[1, 2]) // the second time everything was seen
        {
            Same(expected, await DrawEach(model, requests));
            Same(expected, [.. (await new GenerationPipeline(model).GenerateAsync(requests)).Select(result => result.Latent)]);
        }

        var all = table.ByteCount;
        Assert.True(all > 0);
        table.Budget = all / 3;
        foreach (var _ in (int[])[1, 2])
        {
            Same(expected, [.. (await new GenerationPipeline(model).GenerateAsync(requests)).Select(result => result.Latent)]);
            Assert.InRange(table.ByteCount, 1, table.Budget);
        }
    }

    [Fact]
    public void A_row_that_was_seen_is_not_computed_again()
    {
        using var scope = TensorScope.Begin();
        using var table = new ModulationTable();
        using var map = Map(1);
        var (vectors, keys) = (Vectors(2), Keys(2));
        table.Of(vectors, keys).Linear(map);

        // Whatever the vector is: equal keys promise equal ones.
        var again = table.Of(Tensor.Zeros(_backend, vectors.Shape), keys).Linear(map);
        Assert.Equal(vectors.Linear(map).ToArray(), again.ToArray());
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void A_text_that_was_seen_is_not_mapped_again_and_one_filled_up_further_is()
    {
        using var scope = TensorScope.Begin();
        using var table = new ModulationTable();
        using var map = Map(1);
        float[] tokens = [.. Enumerable.Range(0, 3 * Inputs).Select(i => MathF.Sin(i))];
        var (text, digest) = (Tensor.From(_backend, tokens, [1, 3, Inputs]), ConditionKey.Digest(tokens));
        table.Of(text, [new ConditionKey(3, digest.AsSpan())]).Linear(map, DType.BFloat16);
        var again = table.Of(Tensor.Zeros(_backend, text.Shape), [new ConditionKey(3, digest.AsSpan())]).Linear(map, DType.BFloat16);
        Assert.Equal(DType.BFloat16, again.Type);
        Assert.Equal(text.Linear(map, default, DType.BFloat16).As(DType.Float32).ToArray(), again.As(DType.Float32).ToArray());
        var filled = Tensor.Concatenate([text, Tensor.Zeros(_backend, [1, 2, Inputs])], 1);
        Assert.Equal(filled.Linear(map).ToArray(), table.Of(filled, [new ConditionKey(5, digest.AsSpan())]).Linear(map).ToArray());
        tokens[^1] += 1e-6f;
        Assert.NotEqual(new ConditionKey(3, digest.AsSpan()), new ConditionKey(3, ConditionKey.Digest(tokens).AsSpan()));
    }

    [Fact]
    public void A_batch_of_rows_that_were_seen_and_rows_that_were_not_has_the_bits_of_the_product()
    {
        using var scope = TensorScope.Begin();
        using var table = new ModulationTable();
        using var one = Map(1);
        using var two = Map(2);
        var (vectors, keys) = (Vectors(6), Keys(6));
        foreach (var batch in (int[][])[[2], [2, 4], [0, 2, 0, 1, 4, 1], [5], [5, 2], [3, 3, 3], [0, 1, 2, 3, 4, 5]])
        {
            var rows = IndexTable.From(_backend, batch);
            var own = table.Of(vectors.GatherRows(rows), rows.Pick(keys));
            Assert.Equal(vectors.Linear(one).GatherRows(rows).ToArray(), own.Linear(one).ToArray());
            if (batch.Length % 2 == 0) // so that some rows lack this map
            {
                Assert.Equal(vectors.Linear(two).GatherRows(rows).ToArray(), own.Linear(two).ToArray());
            }

            var last = IndexTable.From(_backend, [batch.Length - 1, 0]);
            var some = own.Narrow(new Selection(last));
            Assert.Equal(vectors.Linear(two).GatherRows(rows).GatherRows(last).ToArray(), some.Linear(two).ToArray());
        }
    }

    [Fact]
    public void The_row_that_was_not_seen_for_longest_leaves_first_and_as_a_whole()
    {
        using var scope = TensorScope.Begin();
        using var table = new ModulationTable();
        using var one = Map(1);
        using var two = Map(2);
        var (vectors, keys) = (Vectors(4), Keys(4));
        See(0);
        table.Budget = 3 * table.ByteCount;
        See(1);
        See(2);
        See(0);
        See(3); // in the place of 1
        Assert.Equal((3, table.Budget), (table.Count, table.ByteCount));
        foreach (var row in (int[])[0, 2, 3]) // zeros in the place of its vector would show that a product was computed
        {
            var known = table.Of(Tensor.Zeros(_backend, [1, Inputs]), [keys[row]]);
            Assert.Equal(vectors.Rows(row, 1).Linear(one).ToArray(), known.Linear(one).ToArray());
            Assert.Equal(vectors.Rows(row, 1).Linear(two).ToArray(), known.Linear(two).ToArray());
        }

        Assert.All(table.Of(Tensor.Zeros(_backend, [1, Inputs]), [keys[1]]).Linear(one).ToArray(), value => Assert.Equal(0, value));
        table.Budget = 0;
        Assert.Equal((0, 0), (table.Count, table.ByteCount));

        void See(int row)
        {
            var own = table.Of(vectors.Rows(row, 1), [keys[row]]);
            own.Linear(one);
            own.Linear(two);
        }
    }

    [Fact]
    public void A_row_that_leaves_during_its_own_call_is_computed()
    {
        using var scope = TensorScope.Begin();
        using var table = new ModulationTable { Budget = Outputs * sizeof(float) }; // less than one row takes
        using var one = Map(1);
        using var two = Map(2);
        var vectors = Vectors(3);
        var own = table.Of(vectors, Keys(3));
        Assert.Equal(vectors.Linear(one).ToArray(), own.Linear(one).ToArray());
        Assert.Equal(vectors.Linear(two).ToArray(), own.Linear(two).ToArray());
        Assert.InRange(table.ByteCount, 0, table.Budget);
    }

    [Fact]
    public void What_was_taken_stays_readable_when_its_row_leaves()
    {
        using var scope = TensorScope.Begin();
        using var table = new ModulationTable();
        using var map = Map(1);
        var vectors = Vectors(1);
        table.Of(vectors, Keys(1)).Linear(map);
        var taken = table.Of(vectors, Keys(1)).Linear(map);
        table.Budget = 0;
        Assert.Equal(vectors.Linear(map).ToArray(), taken.ToArray());
    }

    [Fact]
    public void Keys_are_equal_where_all_their_bits_are()
    {
        Assert.Equal(new ConditionKey(1, 2, 3), new ConditionKey(1, 2, 3));
        Assert.Equal(new ConditionKey(float.NaN), new ConditionKey(float.NaN));
        ConditionKey[] different = [new(1), new(2), new(1, 0), new(1, -0f), new(0f), new(-0f), new(1, 2, 3), new(1, 3, 2)];
        Assert.Equal(different.Length, different.Distinct().Count());
    }

    [Fact]
    public async Task Threads_that_share_a_network_and_a_small_table_draw_what_each_draws_alone()
    {
        using var model = SmallDit.Load(_backend);
        var table = ((IModulatedNetwork)model.Denoiser).Modulations;
        GenerationRequest[] requests =
            [.. Enumerable.Range(0, 4).Select(i => model.Request(i % 2, seed: i) with { Steps = 6, Cache = NoCachePolicy.Instance })];
        table.Budget = 0;
        var expected = await DrawEach(model, requests);
        table.Budget = 20_000;
        Same(expected, await Task.WhenAll(requests.Select(request => Task.Run(async () =>
            (await new GenerationPipeline(model).GenerateAsync(request)).Latent))));
        Assert.InRange(table.ByteCount, 1, table.Budget);
    }

    [Fact]
    public void A_budget_below_0_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new ModelOptions { ModulationBudget = -1 });
        Assert.Equal("The budget of modulations is -1 bytes; it is not below 0.", error.Message);
    }

    private static Shape? OtherOf(string network) => network switch
    {
        "PixArt" or "Z-Image" or "SD3" or "SD3.5" or "FLUX" or "Qwen-Image" => network == "PixArt" ? [4, 6, 6] : [16, 6, 6],
        "FLUX.2" => [32, 3, 5],
        _ => null,
    };

    private static DiffusionModel StillQwenImage(IBackend backend) => new(
        SmallQwenImage.Network(backend, config => config with { HasStillReferences = true }),
        new FirstChannel(),
        null,
        new GenerationDefaults(new FlowEulerSampler(new()), 12, new Guidance(4)));

    private static EditCondition StillEdit(int seed) => new(
        SmallQwenImage.Text(7, seed), [new ReferenceLatent([.. Enumerable.Range(0, 16 * 16).Select(i => MathF.Cos(i))], [16, 4, 4])]);

    private static async Task<float[][]> DrawEach(DiffusionModel model, IReadOnlyList<GenerationRequest> requests)
    {
        var latents = new List<float[]>();
        foreach (var request in requests)
        {
            latents.Add((await new GenerationPipeline(model).GenerateAsync(request)).Latent);
        }

        return [.. latents];
    }

    private static void Same(float[][] expected, float[][] actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i].AsSpan().SequenceEqual(actual[i]), $"request {i} differs");
        }
    }

    private static ConditionKey[] Keys(int rows) => [.. Enumerable.Range(0, rows).Select(row => new ConditionKey(row / 2, row % 2))];

    private Tensor Vectors(int rows) =>
        Tensor.From(_backend, [.. Enumerable.Range(0, rows * Inputs).Select(i => MathF.Sin(i * 12.9898f))], [rows, Inputs]);

    private PackedLinear Map(int seed)
    {
        using var scope = TensorScope.Begin();
        var weight = Enumerable.Range(0, Outputs * Inputs).Select(i => MathF.Cos((i * 3.7f) + seed));
        return _backend.Pack(Tensor.From(_backend, [.. weight], [Outputs, Inputs]), null);
    }
}
