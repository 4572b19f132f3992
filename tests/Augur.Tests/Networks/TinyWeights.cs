using System.Collections.Concurrent;
using Augur.Tensors;

namespace Augur.Tests.Networks;

/// <summary>Made-up weights of networks that nobody trained, each made when it is first asked for.</summary>
internal sealed class TinyWeights(IBackend backend) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<PackedLinear>> _weights = new();

    /// <summary>The weight of a name.</summary>
    public PackedLinear this[string name, int outputs, int inputs] => _weights.GetOrAdd(name, _ => new(() => Make(name, outputs, inputs))).Value;

    /// <summary>Words as tokens [words, channels], retained; a text of none is one token.</summary>
    public static Tensor Words(IBackend backend, string text, int channels)
    {
        var words = text.Split(' ');
        float[] values = [.. words.SelectMany(word => Enumerable.Range(0, channels).Select(c => MathF.Sin(Phase(word) + (c * 1.7f))))];
        return Tensor.From(backend, values, [words.Length, channels]).Retain();
    }

    public void Dispose()
    {
        foreach (var weight in _weights.Values)
        {
            weight.Value.Dispose();
        }
    }

    private PackedLinear Make(string name, int outputs, int inputs)
    {
        var phase = Phase(name);
        var scale = 1.5f / MathF.Sqrt(inputs);
        float[] values = [.. Enumerable.Range(0, outputs * inputs).Select(i => scale * MathF.Sin((i * 12.9898f) + phase))];
        using var scope = TensorScope.Begin();
        return backend.Pack(Tensor.From(backend, values, [outputs, inputs]), null);
    }

    private static float Phase(string name) => name.Aggregate(1f, (sum, letter) => ((sum * 31) + letter) % 6007);
}
