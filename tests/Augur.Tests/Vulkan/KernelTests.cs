using System.Security.Cryptography;
using Augur.Vulkan;

namespace Augur.Tests.Vulkan;

/// <summary>The compiled kernels, without a device: that they are those of the sources, and what the rewriter makes of them.</summary>
public sealed class KernelTests
{
    private static readonly string s_folder = Path.GetFullPath(Path.Combine(Fixtures.Path(""), "..", "..", "src", "Augur.Vulkan", "Shaders"));

    public static TheoryData<string> MatrixKernels => [.. VulkanKernels.Names.Where(name => name.EndsWith("_mma", StringComparison.Ordinal))];

    [Fact]
    public void The_manifest_names_every_source_and_every_binary_by_its_hash()
    {
        var manifest = File.ReadAllLines(Path.Combine(s_folder, "compiled", "manifest.txt"))
            .Where(line => line.Contains("  ", StringComparison.Ordinal))
            .Select(line => line.Split("  ", 2)).ToDictionary(parts => parts[1], parts => parts[0]);
        string[] files = [
            .. Directory.EnumerateFiles(s_folder, "*.*").Select(f => Path.GetFileName(f)),
            .. Directory.EnumerateFiles(Path.Combine(s_folder, "compiled"), "*.spv").Select(f => $"compiled/{Path.GetFileName(f)}"),
        ];
        Assert.Equal(files.Order(StringComparer.Ordinal), manifest.Keys.Order(StringComparer.Ordinal));
        foreach (var file in files)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(s_folder, file))));
            Assert.True(hash == manifest[file], $"{file} is not what the manifest says; run tools/shaders/compile.sh and commit what it writes.");
        }
    }

    [Fact]
    public void Every_kernel_of_the_list_is_carried_along()
    {
        var listed = File.ReadAllLines(Path.Combine(s_folder, "kernels.txt")).Where(line => !line.StartsWith('#')).Select(line => line.Split(' ')[0]);
        Assert.Equal(listed.Order(StringComparer.Ordinal), VulkanKernels.Names.Order(StringComparer.Ordinal));
        Assert.All(VulkanKernels.Names, name => Assert.Equal(0x07230203u, VulkanKernels.Code(name)[0]));
    }

    [Theory]
    [MemberData(nameof(MatrixKernels))]
    public void The_rewriter_leaves_no_instruction_of_the_older_kind_and_as_many_of_the_newer(string name)
    {
        var (before, after) = (CooperativeMatrixRewriter.Split(VulkanKernels.Code(name)),
            CooperativeMatrixRewriter.Split(CooperativeMatrixRewriter.ToKhronos(VulkanKernels.Code(name))));
        foreach (var (older, newer) in new[] { (5358, 4456), (5359, 4457), (5360, 4458), (5361, 4459) })
        {
            var count = before.Count(i => i.Operation == older);
            Assert.True(count > 0);
            Assert.Equal((0, count), (after.Count(i => i.Operation == older), after.Count(i => i.Operation == newer)));
        }

        Assert.Contains(after, i => i.Operation == 17 && i.Words[1] == 6022); // the capability
        Assert.DoesNotContain(after, i => i.Operation == 17 && i.Words[1] == 5357);
        Assert.Equal(before.Count + 3, after.Count); // three numbers: what a layout or a use is

        // Every product has an operand of each use, in their places.
        var types = after.Where(i => i.Operation == 4456).ToDictionary(i => i.Words[1], i => i.Words[6]);
        var numbers = after.Where(i => i.Operation == 43).GroupBy(i => i.Words[2]).ToDictionary(g => g.Key, g => g.First().Words[3]);
        Assert.Equal([0u, 1u, 2u], types.Values.Select(use => numbers[use]).Distinct().Order());
    }

    [Fact]
    public void A_module_without_matrices_stays_as_it_is()
    {
        var code = VulkanKernels.Code("linear");
        Assert.Same(code, CooperativeMatrixRewriter.ToKhronos(code));
    }
}
