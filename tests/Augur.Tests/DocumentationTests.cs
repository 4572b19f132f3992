using System.Text.RegularExpressions;

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
        Assert.Equal(8, packed.Length);
        Assert.All(packed, file => Assert.DoesNotMatch(@"\]\((?!https://)", File.ReadAllText(file)));
        Assert.All(packed, file =>
            Assert.Contains("<Description>", File.ReadAllText(Directory.GetFiles(Path.GetDirectoryName(file)!, "*.csproj").Single())));
        var sample = File.ReadAllText(Path.Combine(s_root, "samples/Generate/Program.cs")).Trim();
        Assert.Contains($"```csharp\n{sample}\n```", File.ReadAllText(Path.Combine(s_root, "src/Augur/PACKAGE.md")).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_relative_link_of_the_documents_leads_to_a_file()
    {
        var documents = Directory.EnumerateFiles(s_root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(s_root, "docs"), "*.md", SearchOption.AllDirectories));
        var broken = from document in documents
                     from Match link in Regex.Matches(File.ReadAllText(document), @"\]\((?!https?:|#)([^)#]+)")
                     let target = Path.Combine(Path.GetDirectoryName(document)!, link.Groups[1].Value)
                     where !Path.Exists(target)
                     select $"{Path.GetFileName(document)}: {link.Groups[1].Value}";
        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    public void What_a_document_names_stands_in_the_sources(string document)
    {
        var text = Regex.Replace(File.ReadAllText(Path.Combine(s_root, document)), "```.*?```", "", RegexOptions.Singleline);
        var sources = string.Concat(Sources().Select(File.ReadAllText));
        var words = Regex.Matches(sources, "[A-Za-z_]+[0-9A-Za-z_]*").Select(m => m.Value).ToHashSet();
        var spans = Regex.Matches(text, "`([^`\n]+)`").Select(m => m.Groups[1].Value).ToArray();
        Assert.NotEmpty(spans);
        var names = spans.Where(s => Regex.IsMatch(s, "^[A-Z][A-Za-z0-9]*(\\.[A-Z][A-Za-z0-9]*)*$")).SelectMany(s => s.Split('.'));
        Assert.Empty(names.Where(name => !words.Contains(name) && !File.Exists(Path.Combine(s_root, name))).Distinct());
        var paths = spans.Where(s => Regex.IsMatch(s, "^(src|tests|bench|tools|samples|docs|models)/[A-Za-z0-9_./-]*$"));
        Assert.Empty(paths.Where(path => !Path.Exists(Path.Combine(s_root, path))).Distinct());
    }

    [Fact]
    public void No_line_of_a_source_is_wider_than_150_columns() // the build sees to code; this sees comments and raw strings too
    {
        var wide = from file in Sources()
                   from line in File.ReadLines(file).Select((text, index) => (text, index))
                   where line.text.Length > 150
                   select $"{Path.GetRelativePath(s_root, file)}({line.index + 1}): {line.text.Length} columns";
        Assert.Empty(wide);
    }

    [Fact]
    public void Every_package_that_is_pinned_is_used()
    {
        var projects = string.Concat(new[] { "*.csproj", "Directory.Build.props" }
            .SelectMany(name => Directory.EnumerateFiles(s_root, name, SearchOption.AllDirectories)).Select(File.ReadAllText));
        var pinned = Regex.Matches(File.ReadAllText(Path.Combine(s_root, "Directory.Packages.props")), "PackageVersion Include=\"([^\"]+)\"");
        Assert.NotEmpty(pinned);
        Assert.All(
            pinned.Select(m => m.Groups[1].Value),
            name => Assert.Contains($"PackageReference Include=\"{name}\"", projects, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Sources() => new[] { "src", "tests", "bench", "tools", "samples" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(s_root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !Regex.IsMatch(file, @"[\\/](obj|bin)[\\/]") && !file.EndsWith(".g.cs", StringComparison.Ordinal));
}
