using System.Globalization;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.UNet;

/// <summary>What the names and shapes of a checkpoint say about the U-Net in it.</summary>
internal sealed class UNetShapes
{
    private readonly Checkpoint _checkpoint;
    private readonly string _prefix;

    public UNetShapes(Checkpoint checkpoint, string prefix, bool isOriginal)
    {
        (_checkpoint, _prefix) = (checkpoint, prefix);
        if (isOriginal)
        {
            var count = Count("input_blocks.");
            var firstHalving = Enumerable.Range(0, count).FirstOrDefault(i => Has($"input_blocks.{i}.0.op.weight"), count);
            LayersPerBlock = Math.Max(1, firstHalving - 1);
            LevelCount = Math.Max(1, count / (LayersPerBlock + 1));
            Names = new OriginalUNetNames(LevelCount, LayersPerBlock);
        }
        else
        {
            LevelCount = Math.Max(1, Count("down_blocks."));
            LayersPerBlock = Math.Max(1, Count("down_blocks.0.resnets."));
            Names = new DiffusersUNetNames(LevelCount);
        }
    }

    public int LevelCount { get; }

    public int LayersPerBlock { get; }

    public IUNetNames Names { get; }

    public bool Has(string name) => _checkpoint.Tensors.ContainsKey(_prefix + name);

    /// <summary>Shape of a tensor, of a number of axes; 0: any.</summary>
    public Shape Find(string name, int rank = 0) =>
        _checkpoint.Tensors.TryGetValue(_prefix + name, out var tensor) && (rank == 0 || tensor.Shape.Rank == rank) ? tensor.Shape
            : throw new WeightFileException(
                $"{_checkpoint.Path}: tensor {WeightFileException.Quote(_prefix + name)}{(rank > 0 ? $" with {rank} axes" : "")} is missing.");

    /// <summary>Outermost extent of a tensor.</summary>
    public int Outputs(string name, int rank) => Find(name, rank)[0];

    /// <summary>Blocks of a transformer; 0 where there is none.</summary>
    public int Blocks(string transformer) => Count($"{transformer}.transformer_blocks.");

    // The largest number that follows these names, plus one.
    private int Count(string names)
    {
        var start = _prefix + names;
        var numbers = _checkpoint.Tensors.Keys.Where(key => key.StartsWith(start, StringComparison.Ordinal)).Select(key => key[start.Length..])
            .Select(rest => rest.IndexOf('.', StringComparison.Ordinal) is > 0 and <= 4 and var dot
                && int.TryParse(rest.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1);
        return numbers.DefaultIfEmpty(-1).Max() + 1;
    }
}
