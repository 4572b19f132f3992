using Augur.Tensors.Reference;

namespace Augur.Tensors.Weights;

/// <summary>
/// Which rows of which stored matrices each linear map of a network is made of, in the order in which the network's reader asks for them. Two key
/// layouts of one network have readers that ask in the same order, so that their traces say which names mean the same.
/// </summary>
public sealed class WeightTrace
{
    private WeightTrace(string layout, IReadOnlyList<IReadOnlyList<WeightRows>> maps) => (Layout, Maps) = (layout, maps);

    /// <summary>Name of the key layout, for messages.</summary>
    public string Layout { get; }

    /// <summary>The parts of each map, first outputs first; none: its elements lie in another order than a matrix's.</summary>
    public IReadOnlyList<IReadOnlyList<WeightRows>> Maps { get; }

    /// <summary>Runs a network's reader without weights.</summary>
    /// <param name="layout">Name of the key layout.</param>
    /// <param name="read">
    /// Reads the network. No tensor is there for it, the vectors that it gets are of the right shape and hold anything, and tables are null.
    /// </param>
    public static WeightTrace Of(string layout, Action<WeightScope> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var maps = new List<IReadOnlyList<WeightRows>>();
        using var backend = new ReferenceBackend();
        using var nothing = Checkpoint.FromBytes("trace.safetensors", new SafetensorsWriter().ToArray());
        using var scope = TensorScope.Begin();
        var root = new WeightScope(nothing, backend, maps);
        try
        {
            read(root);
            return new WeightTrace(layout, maps);
        }
        finally
        {
            root.ReleaseAll();
        }
    }

    /// <summary>
    /// For every module of this layout where its rows are in another's: what a change of <c>MODULE.weight</c> here changes there.
    /// </summary>
    /// <param name="target">The layout of the weights that are to be changed.</param>
    /// <returns>By the matrix's name.</returns>
    /// <exception cref="ArgumentException">The traces are of different networks.</exception>
    public IReadOnlyDictionary<string, MovedMatrix> Onto(WeightTrace target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Maps.Count != Maps.Count)
        {
            throw new ArgumentException($"WeightTrace: {Layout} has {Maps.Count} linear maps, but {target.Layout} has {target.Maps.Count}.");
        }

        var moved = new Dictionary<string, MovedMatrix>();
        foreach (var (own, theirs) in Maps.Zip(target.Maps).Where(pair => pair.First.Count > 0 && pair.Second.Count > 0))
        {
            if (own.Sum(rows => rows.Count) != theirs.Sum(rows => rows.Count))
            {
                throw new ArgumentException(
                    $"WeightTrace: {own[0].Weight} of {Layout} and {theirs[0].Weight} of {target.Layout} differ in their rows.");
            }

            var start = 0;
            foreach (var rows in own)
            {
                if (!moved.TryGetValue(rows.Weight, out var matrix))
                {
                    moved[rows.Weight] = matrix = new MovedMatrix(rows.Of, []);
                }

                foreach (var piece in PiecesOf(rows, start, theirs))
                {
                    matrix.Add(piece);
                }

                start += rows.Count;
            }
        }

        return moved;
    }

    // Outputs [start, start + count) of a map, found among the parts of the same map in another layout.
    private static IEnumerable<MovedRows> PiecesOf(WeightRows rows, int start, IReadOnlyList<WeightRows> theirs)
    {
        var begin = 0;
        foreach (var part in theirs)
        {
            var first = Math.Max(start, begin);
            var end = Math.Min(start + rows.Count, begin + part.Count);
            if (first < end)
            {
                yield return new MovedRows(part.Weight, part.First + first - begin, rows.First + first - start, end - first);
            }

            begin += part.Count;
        }
    }
}

/// <summary>Where the rows of a matrix are in another key layout.</summary>
/// <param name="Rows">How many it has.</param>
/// <param name="Pieces">Where they are; rows that are nowhere are not used.</param>
public sealed record MovedMatrix(int Rows, List<MovedRows> Pieces)
{
    // Parts of one map that another layout has as one are one piece again.
    internal void Add(MovedRows piece)
    {
        if (Pieces is [.., var last] && last.Weight == piece.Weight && last.First + last.Count == piece.First && last.From + last.Count == piece.From)
        {
            Pieces[^1] = last with { Count = last.Count + piece.Count };
        }
        else
        {
            Pieces.Add(piece);
        }
    }
}

/// <summary>Consecutive rows of a matrix in another key layout.</summary>
/// <param name="Weight">The matrix there.</param>
/// <param name="First">The first row there.</param>
/// <param name="From">The first row here.</param>
/// <param name="Count">How many.</param>
public readonly record struct MovedRows(string Weight, int First, int From, int Count);
