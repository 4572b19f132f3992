using System.Text.Json;
using Augur.Tensors.Weights;

namespace Augur.Tests.Metrics.Features;

/// <summary>InceptionV3's weights as hashed numbers, made once: 24 million of them.</summary>
public sealed class InceptionWeightFile : IDisposable
{
    private readonly Dictionary<int, Checkpoint> _byClasses = [];

    /// <summary>
    /// The file with a number of scores; 1008 as the FID network's, 1000 as torchvision's, which brings an auxiliary classifier too.
    /// </summary>
    public Checkpoint WithScores(int classes)
    {
        lock (_byClasses)
        {
            return _byClasses.TryGetValue(classes, out var made) ? made : _byClasses[classes] = Make(classes, []);
        }
    }

    /// <summary>The file's tensors with some left out, small where a test does not compute.</summary>
    public static Checkpoint Make(int classes, string[] without)
    {
        var writer = new SafetensorsWriter();
        void Add(string name, params int[] shape)
        {
            if (!without.Contains(name))
            {
                writer.Add(name, HashedNumbers.Weight(name, shape), new(shape));
            }
        }

        var shapes = JsonSerializer.Deserialize<Dictionary<string, int[]>>(File.ReadAllText(Fixtures.Path("features/inception_shapes.json")))!;
        foreach (var (name, shape) in shapes)
        {
            var layer = name[..^".conv.weight".Length];
            Add(name, shape);
            foreach (var tensor in new[] { "weight", "bias", "running_mean", "running_var" })
            {
                Add($"{layer}.bn.{tensor}", shape[0]);
            }

            writer.Add($"{layer}.bn.num_batches_tracked", [0L], []);
        }

        Add("fc.weight", classes, 2048);
        Add("fc.bias", classes);
        if (classes == 1000)
        {
            Add("AuxLogits.fc.bias", classes);
        }

        return Checkpoint.FromBytes("inception.safetensors", writer.ToArray());
    }

    public void Dispose()
    {
        foreach (var checkpoint in _byClasses.Values)
        {
            checkpoint.Dispose();
        }
    }
}
