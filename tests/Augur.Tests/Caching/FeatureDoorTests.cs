using Augur.Caching;
using Augur.Models.Dit;
using Augur.Catalogs;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

/// <summary>The door between the small DiT and samples that answer by script: each gets in company what it gets alone.</summary>
public sealed partial class FeatureDoorTests : IDisposable
{
    private const int Depth = 4;
    private static readonly int[] s_some = [1, 5, 7];
    private static readonly int[] s_others = [0, 2, 11];
    private static readonly int[] s_more = [3, 4, 8, 9, 15];

    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly DitModel _model;

    private NetworkMap Map => _model.Describe(_model.LatentShape, []);

    public FeatureDoorTests() => _model = ModelSource.Find(Fixtures.Path("models/tiny-dit")).LoadDenoiser(_backend);

    public void Dispose()
    {
        _model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    public static TheoryData<int> Shuffles => [0, 1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Shuffles))]
    public void Samples_that_answer_differently_in_one_batch_get_what_they_get_alone(int shuffle)
    {
        using var scope = TensorScope.Begin();
        var random = new Random(shuffle);
        var together = Cast();
        random.Shuffle(together);
        var batch = Predict(together);
        foreach (var (sample, output) in together.Zip(batch))
        {
            var alone = Cast().Single(s => s.Name == sample.Name);
            var expected = Predict([alone])[0];
            Assert.True(expected.AsSpan().SequenceEqual(output), $"{sample.Name}: another output in company");
            Assert.Equal(alone.Seen.Keys.Order(), sample.Seen.Keys.Order());
            Assert.All(alone.Seen, seen =>
                Assert.True(seen.Value.AsSpan().SequenceEqual(sample.Seen[seen.Key]), $"{sample.Name}: another feature at {seen.Key} in company"));
            Assert.Equal(alone.Cost, sample.Cost);
        }
    }

    [Fact]
    public void The_cast_of_these_tests_gives_every_answer_and_different_pictures()
    {
        using var scope = TensorScope.Begin();
        var cast = Cast();
        var outputs = Predict(cast);
        Assert.Equal(Enum.GetValues<Says>().Order(), cast.SelectMany(s => s.Given).Distinct().Order());
        Assert.Equal(outputs.Length, outputs.Select(o => string.Join(",", o)).Distinct().Count());
    }

    [Fact]
    public void Observing_and_verifying_change_nothing()
    {
        using var scope = TensorScope.Begin();
        var plain = Predict([new("same", 2, _backend)])[0];
        Assert.Equal(plain, Predict([new("same", 2, _backend) { Script = _ => Says.ComputeAndObserve }])[0]);
        var verified = new Scripted("same", 2, _backend) { Script = s => IsLast(s) ? Says.ComputeAndVerify : Says.Compute };
        Assert.Equal(plain, Predict([verified])[0]);
        Assert.Equal(verified.Seen["computed"], verified.Seen["drafted"]); // nothing was drafted
    }

    [Fact]
    public void A_sampled_verification_compares_what_a_full_one_would_have_at_those_tokens_bit_for_bit()
    {
        using var scope = TensorScope.Begin();
        foreach (var kind in new[] { "branches, verified", "block, verified" })
        {
            foreach (var tokens in new[] { s_some, s_more, [0], [15] })
            {
                var full = Cast().Single(s => s.Name == kind);
                var sampled = Cast().Single(s => s.Name == kind);
                sampled.Tokens = tokens;
                Predict([full]);
                Predict([sampled]);
                foreach (var side in new[] { "drafted", "computed" })
                {
                    var all = full.Seen[side];
                    var channels = all.Length / (sampled.Rows * 16);
                    float[] expected = [.. Enumerable.Range(0, sampled.Rows)
                        .SelectMany(row => tokens.SelectMany(t => all.Skip(((row * 16) + t) * channels).Take(channels)))];
                    Assert.Equal(expected, sampled.Seen[side]);
                }
            }
        }
    }

    [Fact]
    public void Costs_are_those_of_what_was_run()
    {
        using var scope = TensorScope.Begin();
        var cast = Cast();
        Predict(cast);
        var block = Map.FlopsOf(Site.Block(0), 16) + Map.FlopsOf(Site.Attention(0), 16) + Map.FlopsOf(Site.Mlp(0), 16);
        var frame = Map.FlopsOf(Site.Output, 16);
        long modulation = Map.FlopsOf(Site.Block(0), 16), stream = 16 * 64;
        Costs("all", Map.FlopsPerRow, 0, 0);
        Costs("all, observed", Map.FlopsPerRow, 0, 0);
        Costs("all, verified", Map.FlopsPerRow, block, 0);
        Costs("branches", frame + (Depth * modulation), 0, 2 * Depth * 2 * stream);
        Costs("branches, verified", frame + (Depth * modulation), block, 2 * Depth * 2 * stream);
        Costs("branches, sampled", frame + (Depth * modulation), Part(3), 2 * Depth * 2 * stream);
        Costs("block", frame, 0, 2 * stream);
        Costs("block, verified", frame, block, 2 * 2 * stream); // also the stream before the block
        Costs("block, sampled more", frame, Part(5), 2 * 2 * stream);
        Costs("span", frame, 0, 2 * stream);
        Costs("span, skipped", frame, 0, 0);
        Costs("output", 0, 0, 2 * 16 * 32);
        Costs("span, changed", frame, 0, 2 * 2 * stream);
        Costs("gate, passed on", Map.FlopsPerRow, 0, 0);
        Costs("gate, stopped", frame + block, 0, 2 * 2 * stream);
        Costs("gate, stopped later", frame + (3 * block), 0, 2 * stream);
        Costs("tokens", frame + (Depth * (modulation + Map.FlopsOf(Site.Mlp(0), 3))), 0, 2 * Depth * 2 * stream);
        Costs("tokens, more, of attention too", frame + (Depth * (modulation + Map.FlopsOf(Site.Mlp(0), 5) + Map.FlopsOf(Site.Attention(0), 5))), 0,
            2 * Depth * 2 * stream);
        Costs("tokens, none", Map.FlopsPerRow - (Depth * Map.FlopsOf(Site.Mlp(0), 16)), 0, Depth * 2 * stream);

        long Part(int tokens) => Map.FlopsOf(Site.Block(0), tokens) + Map.FlopsOf(Site.Attention(0), tokens) + Map.FlopsOf(Site.Mlp(0), tokens);

        void Costs(string name, long computed, long verified, long forecast)
        {
            var sample = cast.Single(s => s.Name == name);
            Assert.Equal((name, computed * sample.Rows, verified * sample.Rows, forecast * sample.Rows),
                (name, sample.Cost.Computed, sample.Cost.Verified, sample.Cost.Forecast));
        }
    }

    [Fact]
    public void Signals_reach_those_who_want_them_with_their_own_rows()
    {
        using var scope = TensorScope.Begin();
        Scripted[] both = [new("all", 2, _backend), new("wants", 2, _backend) { WantsSignal = true }];
        Predict(both);
        Scripted[] alone = [new("wants", 2, _backend) { WantsSignal = true }];
        Predict(alone);
        Assert.Empty(both[0].Seen);
        Assert.Equal(["ModulatedInput at Span", "NetworkInput at Output"], alone[0].Seen.Keys.Order());
        Assert.All(alone[0].Seen, seen => Assert.Equal(seen.Value, both[1].Seen[seen.Key]));
    }

    [Fact]
    public void Tokens_that_are_computed_are_those_of_a_full_branch_bit_for_bit()
    {
        using var scope = TensorScope.Begin();
        Func<Site, Says> full = s => s.IsBranch ? Says.ComputeAndObserve : Says.Compute;
        var all = new Scripted("same", 2, _backend) { Script = full };
        var some = new Scripted("same", 2, _backend) { Script = s => s == Site.Attention(0) ? Says.ComputeTokens : full(s), Picked = s_more };
        Predict([all]);
        Predict([some]);
        var feature = all.Seen["Attention 0"];
        Assert.Equal([.. Enumerable.Range(0, 2).SelectMany(row => s_more.SelectMany(t => feature.Skip(((row * 16) + t) * 64).Take(64)))],
            some.Seen["Attention 0 fresh"]);
    }

    [Fact]
    public void The_networks_input_is_offered_in_the_order_of_its_output()
    {
        using var scope = TensorScope.Begin();
        var sample = new Scripted("wants", 1, _backend) { WantsSignal = true };
        Predict([sample]);
        float[] latent = sample.Noise(256, 1); // [4, 8, 8]; patches of 2, outputs of 8 channels, the second four a variance
        var offered = sample.Seen["NetworkInput at Output"]; // [16, 2 * 2 * 8]
        for (var i = 0; i < 512; i++)
        {
            var (token, y, x, channel) = (i / 32, i % 32 / 16, i % 16 / 8, i % 8);
            var expected = channel < 4 ? latent[(channel * 64) + (((token / 4 * 2) + y) * 8) + (token % 4 * 2) + x] : 0;
            Assert.Equal(expected, offered[i]);
        }
    }

    // The output of each sample; those that are cut alike share a call, as in the engine.
    private float[][] Predict(Scripted[] samples)
    {
        var results = new float[samples.Length][];
        foreach (var alike in samples.Select((sample, i) => (Sample: sample, Index: i)).GroupBy(s => string.Join(' ', s.Sample.Cuts)))
        {
            Scripted[] batch = [.. alike.Select(s => s.Sample)];
            float[] latents = [.. batch.SelectMany(s => s.Noise(s.Rows * 256, 1))];
            float[] times = [.. batch.SelectMany(s => Enumerable.Repeat(s.Noise(1, 2)[0] * 400, s.Rows))];
            int[] labels = [.. batch.SelectMany(s => s.Rows == 2 ? new[] { s.Name.Length % 10, 10 } : [s.Name.Length % 10])];
            var input = NetworkInput.OfClasses(_model, Tensor.From(_backend, latents, [labels.Length, 4, 8, 8]), times, labels);
            var ledger = new CostLedger(Map, Array.ConvertAll(batch, s => s.Rows), TimeProvider.System);
            using var reads = new DeferredRead();
            var door = new FeatureDoor(batch.Select(s => ((ISampleMemory)s, s.Rows)), ledger, reads);
            var output = _model.Predict(input with { Parts = Map.PartsBetween(batch[0].Cuts) }, door);
            var row = 0;
            foreach (var ((sample, index), cost) in alike.Zip(ledger.Costs))
            {
                results[index] = output.Rows(row, sample.Rows).ToArray();
                sample.Cost = cost with { VerifyTime = TimeSpan.Zero };
                row += sample.Rows;
            }
        }

        return results;
    }
}
