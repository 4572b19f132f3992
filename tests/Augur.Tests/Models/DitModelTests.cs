using Augur.Caching;
using Augur.Catalogs;
using Augur.Models.Dit;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Models;

public sealed class DitModelTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public void Dispose() => _backend.Dispose();

    [Theory]
    [InlineData("DiT-S/2", 256, 384, 12, 256)]
    [InlineData("DiT-XL/8", 512, 1152, 28, 64)]
    [InlineData("DiT-L/4", 256, 1024, 24, 64)]
    public void Published_sizes_are_those_of_the_paper(string name, int imageSize, int hidden, int depth, int tokens)
    {
        var config = DitConfig.Published(name, imageSize);
        Assert.Equal((hidden, depth, tokens, name), (config.HiddenSize, config.Depth, config.TokenCount, config.ToString()));
    }

    [Fact]
    public void FLOPs_of_DiT_XL_2_are_twice_the_multiply_adds_that_the_paper_gives()
    {
        // Table 4 of the paper: 118.6 Gflops at 256 pixels, 524.6 at 512, each counting a multiply-add once.
        Assert.Equal(2 * 118.6e9, DitMap.Of(DitConfig.Published("DiT-XL/2")).FlopsPerRow, 2 * 0.2e9);
        Assert.Equal(2 * 524.6e9, DitMap.Of(DitConfig.Published("DiT-XL/2", 512)).FlopsPerRow, 2 * 0.3e9);
    }

    [Fact]
    public void A_size_that_was_not_published_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => DitConfig.Published("DiT-XXL/2"));
        Assert.Contains("'DiT-XXL/2' at 256 pixels", error.Message);
    }

    [Fact]
    public void A_row_does_not_depend_on_the_rows_beside_it()
    {
        using var model = Load();
        float[] times = [999, 3, 500];
        int[] labels = [1, 10, 4];
        var values = Enumerable.Range(0, 3 * 4 * 64).Select(i => MathF.Sin(i * 0.37f)).ToArray();
        using var scope = TensorScope.Begin();
        var cache = ComputeEverything.Instance;
        var latents = Tensor.From(_backend, values, [3, 4, 8, 8]);
        var together = model.Predict(latents, times, labels, cache).ToArray();
        for (var row = 0; row < 3; row++)
        {
            var alone = model.Predict(latents.Rows(row, 1), [times[row]], [labels[row]], cache).ToArray();
            Assert.Equal(alone, together[(row * alone.Length)..((row + 1) * alone.Length)]);
        }
    }

    [Fact]
    public void Computing_some_rows_and_tokens_through_the_door_equals_computing_all()
    {
        using var model = Load();
        using var scope = TensorScope.Begin();
        var latents = Tensor.From(_backend, [.. Enumerable.Range(0, 3 * 256).Select(i => MathF.Cos(i * 0.11f))], [3, 4, 8, 8]);
        float[] times = [10, 20, 30];
        int[] labels = [0, 1, 2];
        var plain = ComputeEverything.Instance;
        var pieces = new InPieces(_backend);
        Assert.Equal(model.Predict(latents, times, labels, plain).ToArray(), model.Predict(latents, times, labels, pieces).ToArray());
        Assert.True(pieces.Pieces > 0);
    }

    [Fact]
    public void A_forward_leaves_no_memory_behind_and_takes_none_from_the_system_in_steady_state()
    {
        using var model = Load();
        var cache = ComputeEverything.Instance;
        using var latents = Tensor.Zeros(_backend, [2, 4, 8, 8]);
        Forward(); // computes the modulations,
        Forward(); // has them from the table, as all that follow
        var (inUse, taken) = (_backend.BytesInUse, _backend.SystemAllocations);
        for (var i = 0; i < 10; i++)
        {
            Forward();
        }

        Assert.Equal((inUse, taken), (_backend.BytesInUse, _backend.SystemAllocations));

        void Forward()
        {
            using var scope = TensorScope.Begin();
            model.Predict(latents, [1, 2], [0, 10], cache);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(11)]
    public void A_label_out_of_range_is_named(int label)
    {
        using var model = Load();
        var cache = ComputeEverything.Instance;
        using var latents = Tensor.Zeros(_backend, [1, 4, 8, 8]);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => model.Predict(latents, [1], [label], cache));
        Assert.Contains($"Class {label} is not one of this model's 0 to ", error.Message);
    }

    [Fact]
    public void What_inspection_expects_is_what_loading_reads_in_both_layouts()
    {
        var original = ModelInspection.Inspect(Fixtures.Path("models/tiny-dit"));
        Assert.Empty(original.Missing);
        Assert.Empty(original.Unused);
        using var checkpoint = Checkpoint.Open(Fixtures.Path("dit-core/weights.safetensors"));
        var config = DitLayouts.Infer(checkpoint, headCount: 4);
        Assert.Equal(checkpoint.Tensors.Keys.Order(), DitLayouts.ExpectedOriginal(config).Keys.Order());

        using var diffusers = Checkpoint.Open(Fixtures.Path("diffusers/dit_weights.safetensors"));
        var sizes = new DitConfig { InputSize = 8, PatchSize = 2, InChannels = 4, HiddenSize = 32, Depth = 3, HeadCount = 4, ClassCount = 10 };
        Assert.Equal(diffusers.Tensors.Keys.Order(), DitLayouts.ExpectedDiffusers(sizes).Keys.Where(k => k != "pos_embed.pos_embed").Order());
    }

    [Fact]
    public void A_checkpoint_that_lacks_a_tensor_is_refused_by_its_name()
    {
        var folder = Directory.CreateTempSubdirectory("augur-dit").FullName;
        using (var checkpoint = Checkpoint.Open(Fixtures.Path("dit-core/weights.safetensors")))
        {
            var writer = new SafetensorsWriter();
            foreach (var tensor in checkpoint.Tensors.Values.Where(t => t.Name != "blocks.2.mlp.fc1.bias"))
            {
                writer.Add(tensor.Name, tensor.ToSingles(), tensor.Shape);
            }

            writer.Save(Path.Combine(folder, "weights.safetensors"));
        }

        File.Copy(Fixtures.Path("models/tiny-dit/config.json"), Path.Combine(folder, "config.json"));
        var error = Assert.Throws<WeightFileException>(() => ModelCatalog.Load(folder, _backend));
        Assert.Contains("'blocks.2.mlp.fc1.bias' is missing", error.Message);
        Assert.Equal(["blocks.2.mlp.fc1.bias"], ModelInspection.Inspect(folder).Missing);
        Directory.Delete(folder, recursive: true);
    }

    private DitModel Load() => ModelSource.Find(Fixtures.Path("models/tiny-dit")).LoadDenoiser(_backend);

    /// <summary>Answers the feed-forward branches row by row and token half by token half, and spans by single rows.</summary>
    private sealed class InPieces(IBackend backend) : IFeatureDoor
    {
        public int Pieces { get; private set; }

        public void Offer(Site site, Signal signal, Func<Tensor> measure) => measure();

        public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute, SignalOffer? offer = null)
        {
            offer?.Measure();
            if (site.Kind is SiteKind.Output or SiteKind.Block or SiteKind.Attention)
            {
                return compute(input, Selection.Everything);
            }

            var output = Tensor.Empty(backend, input.Shape);
            for (var row = 0; row < input.Shape[0]; row++)
            {
                if (site.Kind == SiteKind.Span)
                {
                    Add(new Selection(IndexTable.From(backend, [row])));
                    continue;
                }

                var half = input.Shape[1] / 2;
                Add(new Selection(IndexTable.From(backend, [row]), IndexTable.From(backend, [.. Enumerable.Range(half, half).Reverse()], [1, half])));
                Add(new Selection(IndexTable.From(backend, [row]), IndexTable.From(backend, [.. Enumerable.Range(0, half)], [1, half])));
            }

            return output;

            void Add(Selection at)
            {
                Pieces++;
                var piece = compute(at.NarrowRows(input), at);
                var target = output.GatherRows(at.Rows!);
                if (at.Tokens is null)
                {
                    target = piece;
                }
                else
                {
                    target.ScatterTokensInPlace(at.Tokens, piece);
                }

                output.ScatterRowsInPlace(at.Rows!, target);
            }
        }

    }
}
