using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Weights;

namespace Augur.Tests.Caching;

public sealed class L2CTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData(0.1, "....,##..,....,.#..")]
    [InlineData(0.5, "....,##..,....,##.#")]
    [InlineData(1, "....,####,....,####")]
    [InlineData(0, "....,....,....,....")]
    public void A_router_speaks_for_every_second_call_counted_from_the_cleanest(double threshold, string expected)
    {
        // Four calls of two blocks. Rows 1 and 3 are those of computed calls, whatever they hold.
        float[] logits = [-1, -5, 5, -0.5f, -9, -9, -9, -9, -5, -5, 5, 5, -9, -9, -9, -9];
        var path = _folder.File("router.safetensors");
        new SafetensorsWriter().Add("router_logits", logits, [4, 4]).Save(path);
        var table = new L2CPolicy(new() { Router = path, Threshold = threshold }).TableFor(4, 2);
        var rows = Enumerable.Range(0, 4).Select(call => string.Concat(Enumerable.Range(0, 4).Select(q => table[call, q] ? '#' : '.'))).ToArray();
        Assert.Equal(expected, string.Join(',', rows));
    }

    [Fact]
    public void A_released_router_is_a_vector_for_every_call_under_one_key()
    {
        var path = _folder.File("router.pt");
        File.WriteAllBytes(path, ReleasedRouter([[-5, 5, 5, 5], [0, 0, 0, 0], [5, 5, -5, -5], [0, 0, 0, 0]]));
        var table = new L2CPolicy(new() { Router = path }).TableFor(4, 2);
        Assert.Equal([Site.Mlp(1)], table.ReusedAt(1).Skip(1));
        Assert.Equal([Site.Attention(0)], table.ReusedAt(3));
        Assert.Empty(table.ReusedAt(0).Concat(table.ReusedAt(2)).Concat(table.ReusedAt(4)));
    }

    [Fact]
    public void A_router_can_be_written_by_hand()
    {
        var path = Json("""{ "calls": 5, "depth": 3, "reuse": [ { "call": 1, "attention": [0, 2], "mlp": [1] }, { "call": 2, "mlp": [1] } ] }""");
        var table = ((L2CPolicy)PolicyCatalog.Parse($"l2c(router={path})")).TableFor(5, 3);
        Assert.Equal([Site.Attention(0), Site.Mlp(1), Site.Attention(2)], table.ReusedAt(1));
        Assert.Equal([Site.Mlp(1)], table.ReusedAt(2));
    }

    [Fact]
    public void A_policy_file_can_name_a_router()
    {
        var router = Json("""{ "calls": 5, "depth": 3, "reuse": [] }""");
        var policy = _folder.File("policy.json");
        File.WriteAllText(policy, $$"""{ "policy": "l2c", "router": "{{router}}", "threshold": 0.5 }""");
        Assert.Equal($"l2c(router={router},threshold=0.5)", PolicyCatalog.Parse("@" + policy).Name);
    }

    [Theory]
    [InlineData("x", ": is not valid JSON (line 1, byte 1: 'x' is an invalid start of a value). A router of this kind is such as {")]
    [InlineData("[]", ": the file is a list, not an object with fields. A router of this kind is such as {")]
    [InlineData("""{ "calls": 5, "depth": 3 }""", ": reuse is missing.")]
    [InlineData("""{ "calls": 5, "depth": "3", "reuse": [] }""", ": depth is \"3\", not a whole number.")]
    [InlineData("""{ "calls": 5, "depth": 3, "reuse": [ { "call": null } ] }""", ": reuse[0].call is missing.")]
    [InlineData("""{ "calls": 0, "depth": 3, "reuse": [] }""", ": calls is 0; it lies between 1 and 2048.")]
    [InlineData("""{ "calls": 5, "depth": 3, "reuse": [ { "call": 0 } ] }""", "call 0 cannot reuse; calls that can are 1 to 4.")]
    [InlineData("""{ "calls": 5, "depth": 3, "reuse": [ { "call": 1, "mlp": [3] } ] }""", "block 3 of call 1 is not one of 3, 0 to 2.")]
    public void A_wrong_router_by_hand_is_told_in_a_sentence(string json, string message)
    {
        var error = Assert.Throws<WeightFileException>(() => new L2CPolicy(new() { Router = Json(json) }));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void A_wrong_router_file_is_told_in_a_sentence()
    {
        Assert.Contains("is no router: it has neither router_logits", Refusal("weights", [1, 2], [2]));
        Assert.Contains("router_logits is [4]; it is [calls, 2 · depth].", Refusal("router_logits", [1, 2, 3, 4], [4]));
        Assert.Contains("these are 2 calls of 3 numbers.", Refusal("router_logits", [1, 2, 3, 4, 5, 6], [2, 3]));
        Assert.Contains("none of them NaN", Refusal("router_logits", [1, float.NaN], [1, 2]));
        var missing = _folder.File("nothing.pt");
        Assert.Equal(
            $"There is no router file {missing}.", Assert.Throws<FileNotFoundException>(() => PolicyCatalog.Parse($"l2c(router={missing})")).Message);

        string Refusal(string name, float[] values, Shape shape)
        {
            var path = _folder.File("wrong.safetensors");
            new SafetensorsWriter().Add(name, values, shape).Save(path);
            return Assert.Throws<WeightFileException>(() => new L2CPolicy(new() { Router = path })).Message;
        }
    }

    [Fact]
    public void A_router_for_another_run_is_refused_and_so_is_none()
    {
        var path = Json("""{ "calls": 5, "depth": 3, "reuse": [] }""");
        var policy = new L2CPolicy(new() { Router = path });
        Assert.Equal($"Policy l2c: the router {path} is for 5 calls of 3 blocks; this run makes 6 calls of 4 blocks.",
            Assert.Throws<ArgumentException>(() => policy.Open(CacheScript.Run(6, depth: 4))).Message);
        Assert.Equal("Policy l2c has no table; give router=PATH, or mask=random or mask=uniform.",
            Assert.Throws<ArgumentException>(() => new L2CPolicy().Open(CacheScript.Run(6))).Message);
        Assert.Contains("are two tables; give one.",
            Assert.Throws<ArgumentException>(() => new L2CPolicy(new() { Router = path, Mask = new UniformReuse() })).Message);
    }

    [Theory]
    [InlineData("random(share=0.3)", 50, 29, 0.3)]
    [InlineData("random(share=0.3,seed=7)", 50, 29, 0.3)]
    [InlineData("uniform(share=0.3)", 50, 29, 0.3)]
    [InlineData("uniform(share=1)", 7, 4, 1)]
    [InlineData("random(share=0)", 7, 4, 0)]
    public void Masks_of_equal_share_reuse_as_many_branches_of_each_kind(string mask, int calls, int depth, double share)
    {
        var table = ((L2CPolicy)PolicyCatalog.Parse($"l2c(mask={mask})")).TableFor(calls, depth);
        var reused = Enumerable.Range(0, calls).SelectMany(call => table.ReusedAt(call).Select(site => (call, site))).ToArray();
        var each = (int)Math.Round(share * (calls / 2 * depth));
        Assert.Equal((each, each), (reused.Count(r => r.site.Kind == SiteKind.Attention), reused.Count(r => r.site.Kind == SiteKind.Mlp)));
        Assert.All(reused, r => Assert.Equal(1, r.call % 2));
    }

    [Fact]
    public void A_uniform_mask_is_even_and_a_random_one_follows_its_seed()
    {
        var uniform = new UniformReuse { Share = 0.25 }.For(9, 8);
        Assert.All(Enumerable.Range(0, 4).Select(pair => uniform.ReusedAt((2 * pair) + 1).Count()), count => Assert.Equal(4, count));
        Assert.Equal(Sites(1), Sites(1));
        Assert.NotEqual(Sites(1), Sites(2));

        static IEnumerable<Site> Sites(int seed)
        {
            var table = new RandomReuse { Seed = seed }.For(9, 8);
            return Enumerable.Range(0, 9).SelectMany(table.ReusedAt);
        }
    }

    [Fact]
    public void A_branch_is_reused_from_the_call_directly_before_and_kept_no_longer()
    {
        using var scope = TensorScope.Begin();
        var path = Json("""
            { "calls": 6, "depth": 4,
              "reuse": [ { "call": 1, "mlp": [2] }, { "call": 4, "mlp": [2], "attention": [0] }, { "call": 5, "mlp": [2] } ] }
            """);
        using var cache = new L2CPolicy(new() { Router = path }).Open(CacheScript.Run(6));
        var log = new List<string>();
        for (var call = 0; call < 6; call++)
        {
            cache.Begin(new NetworkCall(call, 6, 0));
            foreach (var site in new[] { Site.Attention(0), Site.Mlp(2), Site.Block(2) })
            {
                var answer = cache.Ask(site).Kind();
                if (answer == Says.ComputeAndObserve)
                {
                    cache.Observe(site, Tensor.Zeros(_backend, [1, 2, 4]), Tensor.Full(_backend, [1, 2, 4], call));
                }

                log.Add(answer == Says.Supply ? $"{cache.Supply(site).Terms.Span[0].ToArray()[0]}" : answer == Says.Compute ? "c" : "o");
            }

            log.Add($"{cache.End().Kind} {cache.ByteCount / 32};");
        }

        Assert.Equal(
            "c o c Computed 1; c 0 c Partial 0; c c c Computed 0; o o c Computed 2; 3 3 c Partial 1; c 3 c Partial 0;", string.Join(' ', log));
    }

    [Fact]
    public void What_a_budget_leaves_no_room_for_is_computed()
    {
        var run = CacheScript.Run(6) with { MemoryBudget = (2 * 32) + 31 };
        using var cache = new L2CPolicy(new() { Mask = new UniformReuse { Share = 1 } }).Open(run);
        Assert.Equal($"a budget of {run.MemoryBudget} bytes left room for 2 of 8 reused branches; the others are computed", cache.Note);
        cache.Begin(new NetworkCall(0, 6, 0));
        Assert.Equal([Says.ComputeAndObserve, Says.ComputeAndObserve, Says.Compute],
            new[] { Site.Attention(0), Site.Mlp(0), Site.Attention(1) }.Select(site => cache.Ask(site).Kind()));
    }

    private string Json(string text)
    {
        var path = _folder.File("router.json");
        File.WriteAllText(path, text);
        return path;
    }

    // {"routers": {"0.prob": …}, "args": …} as the released training script saves it, over one storage.
    private static byte[] ReleasedRouter(float[][] rows)
    {
        var pickle = PyTorchFile.Join([0x80, 2], "}"u8.ToArray(), PyTorchFile.Text("routers"), "}"u8.ToArray());
        for (var i = 0; i < rows.Length; i++)
        {
            pickle = PyTorchFile.Join(
                pickle, PyTorchFile.Text($"{i}.prob"), "ctorch._utils\n_rebuild_tensor_v2\n(("u8.ToArray(), PyTorchFile.Text("storage"),
                    "ctorch\nFloatStorage\n"u8.ToArray(),
                PyTorchFile.Text("0"), PyTorchFile.Text("cuda:0"), PyTorchFile.Number(rows.Length * rows[0].Length), "tQ"u8.ToArray(),
                    PyTorchFile.Number(i * rows[0].Length),
                PyTorchFile.Tuple([rows[0].Length]), PyTorchFile.Tuple([1]), [0x89], "ccollections\nOrderedDict\n)R"u8.ToArray(), "tRs"u8.ToArray());
        }

        pickle = PyTorchFile.Join(pickle, "s"u8.ToArray(), PyTorchFile.Text("args"), "cargparse\nNamespace\n)Rs."u8.ToArray());
        var storage = new byte[rows.Sum(r => r.Length) * sizeof(float)];
        Buffer.BlockCopy(rows.SelectMany(r => r).ToArray(), 0, storage, 0, storage.Length);
        return PyTorchFile.From(pickle, storage);
    }
}
