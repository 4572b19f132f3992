using Augur.Tensors.Cpu;

namespace Augur.Tests.Tensors;

/// <summary>The environment belongs to the whole process, so these tests run alone.</summary>
[CollectionDefinition(nameof(CpuOptionsTests), DisableParallelization = true)]
[Collection(nameof(CpuOptionsTests))]
public sealed class CpuOptionsTests : IDisposable
{
    private const string Variable = "AUGUR_CPU_PATH";
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public void Dispose() => Environment.SetEnvironmentVariable(Variable, _before);

    [Fact]
    public void The_environment_variable_forces_a_path()
    {
        Environment.SetEnvironmentVariable(Variable, "portable");
        using var backend = new CpuBackend();
        Assert.Equal(CpuPath.Portable, backend.Options.Path);
        Assert.StartsWith("cpu (Portable", backend.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_go_before_the_environment_variable()
    {
        Environment.SetEnvironmentVariable(Variable, "portable");
        Assert.Equal(CpuOptions.Widest, new CpuOptions { Path = CpuOptions.Widest }.Path);
    }

    [Theory]
    [InlineData("sse9")]
    [InlineData("7")]
    public void An_unknown_path_in_the_environment_names_the_choices(string value)
    {
        Environment.SetEnvironmentVariable(Variable, value);
        var error = Assert.Throws<ArgumentException>(() => new CpuOptions());
        Assert.Equal($"AUGUR_CPU_PATH is '{value}'; it can be Portable, Avx2, Avx512.", error.Message);
    }

    [Fact]
    public void Without_the_variable_the_widest_path_is_used()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        Assert.Equal(CpuOptions.Widest, new CpuOptions().Path);
    }
}
