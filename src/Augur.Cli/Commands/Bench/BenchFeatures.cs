using Augur.Metrics.Features;
using Augur.Tensors;

namespace Augur.Cli.Commands.Bench;

/// <summary>What feature networks say of the pictures of a bench: a row at a time, so that the maps of a stage need not be kept.</summary>
internal sealed class BenchFeatures : IDisposable
{
    private readonly FeatureNetwork _own;
    private readonly InceptionNetwork? _inception;

    /// <summary>Loads the built-in network, and Inception where weights are given.</summary>
    /// <exception cref="Tensors.Weights.WeightFileException">Weights are missing or do not fit.</exception>
    public BenchFeatures(IBackend backend, string? inception)
    {
        _own = FeatureNetwork.LoadBuiltIn(backend);
        try
        {
            _inception = inception is null ? null : InceptionNetwork.Load(inception, backend);
        }
        catch
        {
            _own.Dispose();
            throw;
        }
    }

    /// <summary>Describes a row's pictures beside their uncached twins.</summary>
    public BenchDescription Describe(BenchRow row)
    {
        int[] indices = [.. row.Pictures.Select(p => p.Index)];
        string?[] names = [.. row.Pictures.Select(p => p.Name)];
        var head = _own.Heads.FirstOrDefault(h => names.All(n => n is not null && h.ClassNames.Contains(n)));
        var description = new BenchDescription { Requested = head is null ? null : [.. names.Select(n => (string[])[n!])] };
        if (head is null && _own.Heads.Where(h => names.All(n => n is not null && h.NamedIn(n).Count > 0)).ToArray() is [var only])
        {
            (head, description) = (only, new() { Requested = [.. names.Select(n => only.NamedIn(n!))] });
        }

        foreach (var (drawn, reference) in _own.Describe(indices.Select(row.Image)).Zip(_own.Describe(indices.Select(row.ReferenceImage))))
        {
            description.Pooled.Add(drawn.Pooled);
            description.Distances.Add(PerceptualDistance.Between(drawn, reference));
            description.Classes.Add(head?.ClassOf(drawn));
            description.ReferenceClasses.Add(head?.ClassOf(reference));
        }

        if (_inception is not null)
        {
            description.Inception.AddRange(_inception.Describe(indices.Select(row.Image)).Select(d => d.Pooled));
        }

        return description;
    }

    public void Dispose()
    {
        _own.Dispose();
        _inception?.Dispose();
    }
}

/// <summary>A row's pictures as feature networks see them, in the order of the pictures.</summary>
internal sealed class BenchDescription
{
    /// <summary>The classes that each picture's prompt or class names; null: the network does not know them.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Requested { get; init; }

    public List<float[]> Pooled { get; } = [];

    /// <summary>LPIPS-style, from the uncached picture.</summary>
    public List<double> Distances { get; } = [];

    public List<string?> Classes { get; } = [];

    public List<string?> ReferenceClasses { get; } = [];

    /// <summary>Inception's features; empty without its weights.</summary>
    public List<float[]> Inception { get; } = [];
}
