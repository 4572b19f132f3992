using Augur.Tensors.Weights;
using Augur.Tests.Weights;

namespace Augur.Tests.Catalogs;

/// <summary>A copy of a folder of tests/fixtures/field-faults that a test may change.</summary>
internal sealed class FieldFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FieldFolder(string fixture)
    {
        var from = Fixture(fixture);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = File(System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
            System.IO.File.Copy(file, to);
        }
    }

    public string Path => _folder.Path;

    public static string Fixture(string name) => Fixtures.Path($"field-faults/{name}");

    public string File(string name) => _folder.File(name);

    /// <summary>Puts a JSON file of the fixtures, or a text, in the place of one of the folder.</summary>
    public string Put(string name, string fixtureOrText)
    {
        if (System.IO.File.Exists(Fixture(fixtureOrText)))
        {
            System.IO.File.Copy(Fixture(fixtureOrText), File(name), overwrite: true);
        }
        else
        {
            System.IO.File.WriteAllText(File(name), fixtureOrText);
        }

        return File(name);
    }

    /// <summary>Writes a safetensors file of the folder again, its tensors changed.</summary>
    public void Rewrite(string file, Action<SafetensorsWriter, StoredTensor> change)
    {
        var writer = new SafetensorsWriter();
        using (var checkpoint = Checkpoint.Open(File(file)))
        {
            foreach (var tensor in checkpoint.Tensors.Values)
            {
                change(writer, tensor);
            }
        }

        writer.Save(File(file));
    }

    public void Dispose() => _folder.Dispose();
}
