namespace Augur.Tests;

/// <summary>What the documents show is what the build compiles.</summary>
public sealed class DocumentationTests
{
    private static readonly string s_root = Path.GetFullPath(Path.Combine(Fixtures.Path(""), "..", ".."));

    [Fact]
    public void The_sample_in_the_README_is_the_sample_that_is_built()
    {
        var sample = File.ReadAllText(Path.Combine(s_root, "samples/Generate/Program.cs")).Trim();
        Assert.Contains($"```csharp\n{sample}\n```", File.ReadAllText(Path.Combine(s_root, "README.md")).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void What_is_packed_has_no_link_that_needs_the_repository()
    {
        var packed = Directory.GetFiles(Path.Combine(s_root, "src"), "PACKAGE.md", SearchOption.AllDirectories);
        Assert.Equal(4, packed.Length);
        Assert.All(packed, file => Assert.DoesNotMatch(@"\]\((?!https://)", File.ReadAllText(file)));
        Assert.All(packed, file => Assert.Contains("<Description>", File.ReadAllText(Directory.GetFiles(Path.GetDirectoryName(file)!, "*.csproj").Single())));
        var sample = File.ReadAllText(Path.Combine(s_root, "samples/Generate/Program.cs")).Trim();
        Assert.Contains($"```csharp\n{sample}\n```", File.ReadAllText(Path.Combine(s_root, "src/Augur/PACKAGE.md")).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_relative_link_of_the_documents_leads_to_a_file()
    {
        var broken = from document in Directory.EnumerateFiles(s_root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(s_root, "docs"), "*.md", SearchOption.AllDirectories))
                     from System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(document), @"\]\((?!https?:|#)([^)#]+)")
                     let target = Path.Combine(Path.GetDirectoryName(document)!, link.Groups[1].Value)
                     where !Path.Exists(target)
                     select $"{Path.GetFileName(document)}: {link.Groups[1].Value}";
        Assert.Empty(broken);
    }
}
