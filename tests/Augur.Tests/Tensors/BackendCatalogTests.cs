using Augur.Catalogs;
using Augur.Tensors;
using Augur.Tests.Vulkan;

namespace Augur.Tests.Tensors;

/// <summary>The backends by name, and that nothing else in the library names one.</summary>
public sealed class BackendCatalogTests
{
    // Without a driver, VulkanTests says so.
    public static TheoryData<string> Names =>
        [.. BackendCatalog.All.Select(entry => entry.Name).Where(name => name != "vulkan" || VulkanForTests.IsThere)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_backend_opens_by_its_name_and_is_held_by_the_contract_tests(string name)
    {
        using var backend = BackendCatalog.Open(name);
        Assert.StartsWith(name, backend.Name, StringComparison.Ordinal);
        var held = BackendTable.All.Select(b => b.Name).Append("reference");
        Assert.Contains(held, known => known.StartsWith(name, StringComparison.Ordinal));
        Assert.EndsWith(".", BackendCatalog.All.Single(entry => entry.Name == name).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_and_budget_reach_the_backend()
    {
        using var backend = BackendCatalog.Open("cpu", new BackendSettings { Threads = 3, MemoryBudget = 1 << 20 });
        Assert.EndsWith("3 threads)", backend.Name, StringComparison.Ordinal);
        Assert.Equal(1 << 20, backend.BytesAvailable);
        using var plain = BackendCatalog.Open("reference", new BackendSettings { MemoryBudget = 2 << 20 });
        Assert.Equal(2 << 20, plain.BytesAvailable);
    }

    [Theory]
    [InlineData("abacus", "There is no device 'abacus'; it can be cpu, reference, vulkan:N.")]
    [InlineData("", "There is no device ''; it can be cpu, reference, vulkan:N.")]
    [InlineData("CPU", "There is no device 'CPU'; it can be cpu, reference, vulkan:N.")]
    [InlineData("cuda:0", "There is no device 'cuda:0'; it can be cpu, reference, vulkan:N.")]
    [InlineData("vulkan:x", "Of 'vulkan:x' the part behind the colon is no number of a device, which begin at 0.")]
    [InlineData("cpu:0", "There is one device 'cpu' only, so 'cpu:0' is none.")]
    public void An_unknown_backend_is_named_with_those_there_are(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => BackendCatalog.Open(text)).Message);

    [Fact]
    public void Threads_of_a_backend_without_any_are_refused() => Assert.Equal(
        "The device 'reference' has no threads to choose, so 2 cannot be asked for.",
        Assert.Throws<ArgumentException>(() => BackendCatalog.Open("reference", new BackendSettings { Threads = 2 })).Message);

    [Fact]
    public void Products_of_integers_reach_the_processor_and_are_refused_by_others()
    {
        using var backend = BackendCatalog.Open("cpu", new BackendSettings { Threads = 1, IntegerProducts = true });
        Assert.EndsWith("1 thread, Int16 products with quantised weights)", backend.Name, StringComparison.Ordinal);
        Assert.Equal(
            "The device 'reference' does not multiply integers, so that Int16 products cannot be asked for.",
            Assert.Throws<ArgumentException>(() => BackendCatalog.Open("reference", new BackendSettings { IntegerProducts = true })).Message);
    }

    [Fact]
    public void No_source_beside_the_catalog_names_a_backend()
    {
        var source = Path.GetFullPath(Path.Combine(Fixtures.Path(""), "..", "..", "src"));
        var naming = from file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
                     let place = Path.GetRelativePath(source, file).Replace('\\', '/')
                     where place.StartsWith("Augur/", StringComparison.Ordinal) || place.StartsWith("Augur.Cli/", StringComparison.Ordinal)
                     where !place.Contains("/obj/", StringComparison.Ordinal)
                     let text = File.ReadAllText(file)
                     where text.Contains("CpuBackend", StringComparison.Ordinal) || text.Contains("ReferenceBackend", StringComparison.Ordinal)
                         || text.Contains("VulkanBackend", StringComparison.Ordinal)
                     select place;
        Assert.Equal(["Augur/Catalogs/BackendCatalog.cs"], naming);
    }
}
