using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tests.Caching;
using Augur.Tests.Networks;
using Augur.Tests.TextNetworks;

namespace Augur.Tests.Models;

/// <summary>
/// Networks that hand halves from one operation of a layer to the next: near single precision, and everything that engine and methods promise holds.
/// </summary>
public sealed class HalfActivationTests : IDisposable
{
    private static readonly Dictionary<string, (Func<IBackend, DiffusionModel> Load, Func<int, Condition> Condition)> s_networks = new()
    {
        ["DiT"] = (backend => SmallDit.Load(backend), seed => Condition.Class(seed)),
        ["FLUX"] = (backend => SmallFlux.Load(backend), seed => SmallFlux.Text(7, seed)),
        ["FLUX.2"] = (SmallFlux2.Load, seed => SmallFlux2.Text(7, seed)),
        ["Qwen-Image"] = (SmallQwenImage.Load, seed => SmallQwenImage.Text(7, seed)),
        ["Z-Image"] = (SmallZImage.Load, seed => SmallZImage.Text(7, seed)),
        ["U-Net"] = (SmallUNet.Load, seed => SmallUNet.Text(7, seed)),
        ["PixArt"] = (TinyPromptNetworks.Of("pixart").Load, seed => TinyPromptNetworks.Of("pixart").Text(7, seed)),
        ["SD3"] = (TinyPromptNetworks.Of("sd3").Load, seed => TinyPromptNetworks.Of("sd3").Text(7, seed)),
        ["SD3.5"] = (
            TinyPromptNetworks.Of("sd3 with second attentions").Load,
            seed => TinyPromptNetworks.Of("sd3 with second attentions").Text(7, seed)),
    };

    private readonly List<IDisposable> _open = [];

    /// <summary>Every network that hands activations on, small, and texts or classes for it by seed.</summary>
    internal static IReadOnlyDictionary<string, (Func<IBackend, DiffusionModel> Load, Func<int, Condition> Condition)> Each => s_networks;

    public static TheoryData<string> Networks => [.. s_networks.Keys];

    /// <summary>Every method once, on networks whose branches are asked for as a whole and piece by piece.</summary>
    public static TheoryData<string, string> Methods
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var row in (IEnumerable<object[]>)PolicyContractTests.PerSample)
            {
                var policy = (string)row[0];
                rows.Add("DiT", policy);
                if (!policy.StartsWith("l2c", StringComparison.Ordinal))
                {
                    rows.Add("FLUX", policy);
                }
            }

            return rows;
        }
    }

    public void Dispose() => _open.AsEnumerable().Reverse().ToList().ForEach(o => o.Dispose());

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task A_network_draws_nearly_what_it_draws_in_single_precision_and_takes_less_memory(string network)
    {
        var (single, singleBytes) = await Draw(network, DType.Float32);
        foreach (var (type, most) in new[] { (DType.Float16, 4e-3), (DType.BFloat16, 3e-2) })
        {
            var (half, bytes) = await Draw(network, type);
            var error = Math.Sqrt(single.Zip(half, (a, b) => ((double)a - b) * (a - b)).Sum() / single.Sum(a => (double)a * a));
            Assert.True(error > 0 && error < most, $"{network} in {type}: {error:0.0e+00} of the latent");
            // Convolutions and their norms widen what they read on the processor, which a network this small feels.
            Assert.True(
                bytes < (network == "U-Net" ? 1.05 : 1) * singleBytes,
                $"{network} in {type}: {bytes} bytes at most, {singleBytes} in single precision");
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_batch_equals_single_runs_bit_for_bit(string network, string policy)
    {
        var model = Open(network, DType.Float16);
        var pipeline = new GenerationPipeline(model);
        GenerationRequest[] requests = [Request(model, network, 3, policy), Request(model, network, 4, policy) with { Steps = 9 }];
        var together = await pipeline.GenerateAsync(requests);
        foreach (var (request, among) in requests.Zip(together))
        {
            var alone = await pipeline.GenerateAsync(request);
            Assert.Equal(alone.Latent, among.Latent);
            Assert.Equal(alone.Report.Calls, among.Report.Calls);
        }
    }

    [Theory]
    [InlineData("DiT")]
    [InlineData("FLUX")]
    public async Task At_its_most_cautious_setting_a_policy_is_the_uncached_run_bit_for_bit(string network)
    {
        var model = Open(network, DType.BFloat16);
        var pipeline = new GenerationPipeline(model);
        var exact = await pipeline.GenerateAsync(Request(model, network, 5, "none"));
        var policies = PolicyCatalog.All.Select(e => e.MostCautious);
        foreach (var policy in policies.Where(p => network == "DiT" || !p.StartsWith("l2c", StringComparison.Ordinal)))
        {
            Assert.Equal(exact.Latent, (await pipeline.GenerateAsync(Request(model, network, 5, policy))).Latent);
        }
    }

    [Fact]
    public void A_backend_says_which_activations_it_keeps_and_refuses_others()
    {
        using var half = BackendCatalog.Open("cpu", new() { Threads = 1, ActivationType = DType.BFloat16 });
        using var plain = BackendCatalog.Open("reference", new() { ActivationType = DType.Float16 });
        Assert.EndsWith(", 1 thread, BFloat16 activations)", half.Name, StringComparison.Ordinal);
        Assert.Equal("reference (plain loops, double sums, Float16 activations)", plain.Name);
        Assert.Equal((DType.BFloat16, DType.Float16), (half.Capabilities.ActivationType, plain.Capabilities.ActivationType));
        Assert.Equal(
            "Activations are Float32, Float16 or BFloat16, not Int32.",
            Assert.Throws<ArgumentException>(() => BackendCatalog.Open("cpu", new() { ActivationType = DType.Int32 })).Message);
    }

    private static GenerationRequest Request(DiffusionModel model, string network, int seed, string policy) =>
        model.Request(s_networks[network].Condition(seed), seed) with { Cache = PolicyCatalog.Parse(policy) };

    private async Task<(float[] Latent, long PeakBytes)> Draw(string network, DType type)
    {
        var model = Open(network, type);
        var backend = model.Denoiser.Backend;
        backend.ResetPeak();
        var before = backend.BytesInUse;
        var result = await new GenerationPipeline(model).GenerateAsync(Request(model, network, 3, "none"));
        return (result.Latent, backend.PeakBytesInUse - before);
    }

    private DiffusionModel Open(string network, DType type)
    {
        var backend = new CpuBackend(new CpuOptions { Threads = 2, ActivationType = type });
        _open.Add(backend);
        var model = s_networks[network].Load(backend);
        _open.Add(model);
        return model;
    }
}
