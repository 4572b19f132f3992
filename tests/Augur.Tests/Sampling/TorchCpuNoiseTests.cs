using Augur.Sampling;
using Augur.Tensors.Weights;

namespace Augur.Tests.Sampling;

public sealed class TorchCpuNoiseTests
{
    private const float Tolerance = 2e-6f;
    private static readonly string s_path = Fixtures.Path("sampling/torch_cpu_randn.safetensors");

    [Theory]
    [InlineData(0ul)]
    [InlineData(1ul)]
    [InlineData(42ul)]
    [InlineData(9223372036854775783ul)]
    public void Consecutive_calls_give_what_torch_randn_gives(ulong seed)
    {
        using var checkpoint = Checkpoint.Open(s_path);
        var source = new TorchCpuNoise(seed);
        for (var call = 0; call < 10; call++)
        {
            AssertNext(source, checkpoint.Tensors[$"seed{seed}.{call}"].ToSingles());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    public void The_first_call_gives_what_torch_randn_gives(int count)
    {
        using var checkpoint = Checkpoint.Open(s_path);
        AssertNext(new TorchCpuNoise(7), checkpoint.Tensors[$"alone.{count}"].ToSingles());
    }

    private static void AssertNext(TorchCpuNoise source, float[] expected)
    {
        var actual = new float[expected.Length];
        source.Fill(actual);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Tolerance);
        }
    }
}
