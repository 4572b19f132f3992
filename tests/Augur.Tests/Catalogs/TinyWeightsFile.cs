using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Tests.Catalogs;

/// <summary>Random weights by name, the same for the same name, and small enough that a network of them stays finite.</summary>
internal sealed class TinyWeightsFile
{
    private readonly Dictionary<string, (float[] Values, Shape Shape)> _tensors = [];

    /// <summary>What was added, in its order.</summary>
    public IEnumerable<string> Names => _tensors.Keys;

    public float[] this[string name] => _tensors[name].Values;

    /// <summary>A matrix, and its bias.</summary>
    public TinyWeightsFile Linear(string name, int outputs, int inputs, bool bias = true)
    {
        Add($"{name}.weight", Numbers($"{name}.weight", outputs * inputs, 1 / MathF.Sqrt(inputs)), [outputs, inputs]);
        return bias ? Add($"{name}.bias", Numbers($"{name}.bias", outputs, 0.1f), [outputs]) : this;
    }

    /// <summary>A convolution with a square kernel, and its bias.</summary>
    public TinyWeightsFile Conv(string name, int outputs, int inputs, int kernel)
    {
        var count = outputs * inputs * kernel * kernel;
        Add($"{name}.weight", Numbers(name, count, 1 / MathF.Sqrt(inputs * kernel * kernel)), [outputs, inputs, kernel, kernel]);
        return Add($"{name}.bias", Numbers($"{name}.bias", outputs, 0.1f), [outputs]);
    }

    /// <summary>A norm's scale near 1, and its shift where it has one.</summary>
    public TinyWeightsFile Norm(string name, int channels, bool bias, string weight = "weight")
    {
        Add($"{name}.{weight}", [.. Numbers(name, channels, 0.1f).Select(x => 1 + x)], [channels]);
        return bias ? Add($"{name}.bias", Numbers($"{name}.bias", channels, 0.1f), [channels]) : this;
    }

    /// <summary>A convolution with a kernel of any rank, and its bias.</summary>
    public TinyWeightsFile Kernel(string name, Shape shape)
    {
        var count = (int)shape.ElementCount;
        Add($"{name}.weight", Numbers(name, count, MathF.Sqrt(shape[0] / (float)count)), shape);
        return Add($"{name}.bias", Numbers($"{name}.bias", shape[0], 0.1f), [shape[0]]);
    }

    /// <summary>A norm's scale near 1, of any rank.</summary>
    public TinyWeightsFile Gamma(string name, Shape shape) =>
        Add($"{name}.gamma", [.. Numbers(name, (int)shape.ElementCount, 0.1f).Select(x => 1 + x)], shape);

    /// <summary>What a network expects: matrices of about unit gain, vectors of norms near 1, others near 0.</summary>
    public TinyWeightsFile All(IReadOnlyDictionary<string, Shape> tensors)
    {
        foreach (var (name, shape) in tensors)
        {
            var isScale = shape.Rank == 1 && !name.EndsWith(".bias", StringComparison.Ordinal);
            var scale = shape.Rank == 1 ? 0.1f : MathF.Sqrt(shape[0] / (float)shape.ElementCount);
            Add(name, [.. Numbers(name, (int)shape.ElementCount, scale).Select(x => isScale ? 1 + x : x)], shape);
        }

        return this;
    }

    public TinyWeightsFile Add(string name, float[] values, Shape shape)
    {
        _tensors[name] = (values, shape);
        return this;
    }

    /// <summary>Writes it.</summary>
    public string Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Into(new SafetensorsWriter(), "").Save(path);
        return path;
    }

    /// <summary>Adds it to a file of several parts.</summary>
    public SafetensorsWriter Into(SafetensorsWriter writer, string prefix)
    {
        foreach (var (name, (values, shape)) in _tensors)
        {
            writer.Add(prefix + name, values, shape);
        }

        return writer;
    }

    private static float[] Numbers(string name, int count, float scale)
    {
        var state = name.Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619u); // not string's own hash, which changes
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
        {
            state = (state * 1664525u) + 1013904223u;
            numbers[i] = scale * (((state >> 8) / 8388608f) - 1);
        }

        return numbers;
    }
}
