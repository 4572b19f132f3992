using System.Text.RegularExpressions;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.Joint;

/// <summary>What readers of published key layouts share.</summary>
internal static class JointLayouts
{
    /// <summary>A linear map whose two halves of outputs stand the other way round in the file.</summary>
    /// <exception cref="WeightFileException">A tensor is missing or has another shape.</exception>
    public static PackedLinear HalvesSwapped(WeightScope block, string name, int channels, bool hasBias = true) => block.Joined(
        channels, hasBias, new WeightRows(name, 2 * channels, channels, channels), new WeightRows(name, 2 * channels, 0, channels));

    /// <summary>How many blocks the tensors' names count: the largest number in the first group of a pattern, plus one.</summary>
    public static int Blocks(Checkpoint checkpoint, Regex name)
    {
        var found = checkpoint.Tensors.Keys.Select(k => name.Match(k)).Where(m => m.Success).Select(m => int.Parse(m.Groups[1].ValueSpan));
        return found.DefaultIfEmpty(-1).Max() + 1;
    }

    /// <summary>The shape of a tensor from which sizes are read.</summary>
    /// <exception cref="WeightFileException">It is missing, has another number of axes, or an axis of nothing.</exception>
    public static Shape Find(Checkpoint checkpoint, string name, int rank) =>
        checkpoint.Tensors.TryGetValue(name, out var tensor) && tensor.Shape.Rank == rank && tensor.Shape.ElementCount > 0 ? tensor.Shape
            : throw new WeightFileException($"{checkpoint.Path}: tensor '{name}' with {rank} {(rank == 1 ? "axis" : "axes")} is missing.");

    /// <summary>A configuration, checked.</summary>
    /// <exception cref="WeightFileException">Its numbers do not fit each other.</exception>
    public static T Checked<T>(Checkpoint checkpoint, Func<T> validated)
    {
        try
        {
            return validated();
        }
        catch (ArgumentException error)
        {
            throw new WeightFileException($"{checkpoint.Path}: {error.Message}", error);
        }
    }

    /// <summary>Reads a network; what was read is released where something is missing, left over, or of another shape.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="read">Makes the network of the tensors.</param>
    public static T Load<T>(Checkpoint checkpoint, IBackend backend, Func<WeightScope, T> read)
        where T : IDisposable
    {
        var root = new WeightScope(checkpoint, backend);
        try
        {
            var network = read(root);
            root.RequireAllUsed();
            return network;
        }
        catch
        {
            root.ReleaseAll();
            throw;
        }
    }
}
