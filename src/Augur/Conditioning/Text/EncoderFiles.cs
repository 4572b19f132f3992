using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>What the readers of text encoders share.</summary>
internal static class EncoderFiles
{
    /// <summary>The configuration beside weights: config.json in a folder, or beside a file.</summary>
    /// <returns>Null: there is none.</returns>
    public static ForeignJson? Config(string path)
    {
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        var config = Path.Combine(folder, "config.json");
        return File.Exists(config) ? ForeignJson.Read(config) : null;
    }

    /// <summary>Reads a model and releases what was read where that fails.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="prefix">What precedes every name, with its dot.</param>
    /// <param name="read">Makes the model; every tensor below the prefix must be used or ignored by it.</param>
    public static T Read<T>(Checkpoint checkpoint, IBackend backend, string prefix, Func<WeightScope, T> read)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(prefix);
        var scope = new WeightScope(checkpoint, backend, prefix);
        try
        {
            var model = read(scope);
            scope.RequireAllUsed();
            return model;
        }
        catch
        {
            scope.ReleaseAll();
            throw;
        }
    }

    /// <summary>The shape of a tensor.</summary>
    /// <exception cref="WeightFileException">It is missing, or has another number of axes, or an empty one.</exception>
    public static Shape ShapeOf(Checkpoint checkpoint, string name, int rank)
    {
        return !checkpoint.Tensors.TryGetValue(name, out var tensor)
            ? throw new WeightFileException($"{checkpoint.Path}: tensor {WeightFileException.Quote(name)} is missing.")
            : tensor.Shape.Rank == rank && tensor.Shape.ElementCount > 0 ? tensor.Shape
            : throw new WeightFileException(
                $"{checkpoint.Path}: tensor {WeightFileException.Quote(name)} has shape {tensor.Shape}, but {rank} axes are expected.");
    }

    /// <summary>How many of numbered tensors there are, from 0 on without a gap.</summary>
    public static int CountOf(Checkpoint checkpoint, Func<int, string> name)
    {
        var count = 0;
        while (checkpoint.Tensors.ContainsKey(name(count)))
        {
            count++;
        }

        return count;
    }

    /// <summary>A number of a configuration that must agree with the weights.</summary>
    /// <exception cref="WeightFileException">It does not.</exception>
    public static void Expect(ForeignJson? config, string field, int ofWeights)
    {
        if (config?.Find(field) is { } given && given.AsInteger() != ofWeights)
        {
            throw given.Error($"is {given.AsInteger()}, but the weights have {ofWeights}.");
        }
    }

    /// <summary>Bytes of weights once they are read: as they are stored.</summary>
    public static long BytesOf(params IEnumerable<object?> weights) => weights.Sum(weight => weight switch
    {
        Tensor tensor => tensor.ByteCount,
        LookupTable table => table.ByteCount,
        PackedLinear linear => linear.Format is { } format ? (long)linear.Outputs * format.RowBytes(linear.Inputs)
            : (long)linear.Outputs * linear.Inputs * linear.Type.Size(),
        _ => 0L,
    });
}
