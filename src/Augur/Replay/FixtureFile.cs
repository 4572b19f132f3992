using System.Globalization;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>The saved tensors of one run; where several share a file, those whose names begin with a prefix, under what follows it.</summary>
internal sealed class FixtureFile(string path, string prefix = "") : IDisposable
{
    private readonly Checkpoint _checkpoint = Checkpoint.Open(path);

    public IEnumerable<string> Names =>
        _checkpoint.Tensors.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => n[prefix.Length..]);

    public bool Has(string name) => _checkpoint.Tensors.ContainsKey(prefix + name);

    public Shape Shape(string name) => Stored(name).Shape;

    public float[] Singles(string name) => Stored(name).ToSingles();

    public double[] Doubles(string name) => Stored(name).ToDoubles();

    public long[] Integers(string name) => Stored(name).ToInt64s();

    /// <summary>A tensor of model times, saved as integers or, if fractional, as floats.</summary>
    public float[] Times(string name) => Stored(name).Type is StoredType.Float32 ? Singles(name) : Array.ConvertAll(Integers(name), t => (float)t);

    /// <summary>A tensor of any type of number.</summary>
    public double[] Numbers(string name) => Stored(name).Type is StoredType.Float32 or StoredType.Float64 ? Doubles(name)
        : Array.ConvertAll(Integers(name), number => (double)number);

    public Tensor Tensor(string name, IBackend backend) => Tensors.Tensor.From(backend, Singles(name), Shape(name));

    public void Dispose() => _checkpoint.Dispose();

    /// <summary>Entry i of a tensor's outermost axis.</summary>
    public static ReadOnlySpan<float> Entry(float[] values, Shape shape, int index)
    {
        var size = (int)shape.Product(1, shape.Rank);
        return values.AsSpan(index * size, size);
    }

    public static string Invariant(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private StoredTensor Stored(string name) => _checkpoint.Tensors.TryGetValue(prefix + name, out var tensor) ? tensor
        : throw new WeightFileException($"{_checkpoint.Path}: tensor '{prefix}{name}' is missing.");
}
