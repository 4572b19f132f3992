using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models;

/// <summary>
/// What every modulation of some rows begins with, a vector for each row, or the text that cross-attention reads, and where the network keeps what
/// its maps made of the same before (<see cref="ModulationTable"/>).
/// </summary>
internal sealed class ConditionVector
{
    private readonly ModulationTable? _table;
    private readonly IReadOnlyList<KnownRow> _rows = [];
    private readonly Tensor _unseen; // vectors of the rows that no call had before this one, equal ones once; of all rows where there are none
    private readonly int[] _places = []; // of each row in those; −1: it was seen

    /// <summary>Vectors of which nothing is kept.</summary>
    public ConditionVector(Tensor values) => (Values, _unseen) = (values, values);

    private ConditionVector(Tensor values, ModulationTable table, IReadOnlyList<KnownRow> rows)
    {
        (Values, _table, _rows) = (values, table, rows);
        var unseen = rows.Where(row => !row.WasSeen).Select(row => row.Kept).Distinct().ToList();
        _places = [.. rows.Select(row => unseen.IndexOf(row.Kept))];
        int[] first = [.. unseen.Select((_, place) => Array.IndexOf(_places, place))];
        _unseen = first.Length == 0 || first.Length == rows.Count ? values : values.GatherRows(IndexTable.From(values.Backend, first));
    }

    /// <summary>[rows, channels], of texts [rows, tokens, channels].</summary>
    public Tensor Values { get; }

    /// <summary>Vectors whose modulations a table keeps.</summary>
    /// <param name="values">[rows, channels] or [rows, tokens, channels].</param>
    /// <param name="table">Of the network.</param>
    /// <param name="kept">What it has of each row.</param>
    public static ConditionVector Of(Tensor values, ModulationTable table, IEnumerable<ModulationTable.Entry> kept) =>
        new(values, table, [.. kept.Select(entry => new KnownRow(entry, !entry.IsEmpty))]);

    /// <summary>The selected rows.</summary>
    public ConditionVector Narrow(Selection at) => at.Rows is null ? this
        : _table is null ? new(at.NarrowRows(Values))
        : new(at.NarrowRows(Values), _table, at.NarrowRows(_rows));

    /// <summary>
    /// What a map makes of each row, [rows, outputs] or [rows, tokens, outputs]: as the product has it, to the bit, and without one where all rows
    /// were seen.
    /// </summary>
    /// <param name="map">Of the network.</param>
    /// <param name="type">Of the result, the same whenever the map is asked for.</param>
    public Tensor Linear(PackedLinear map, DType type = DType.Float32)
    {
        if (_table is null)
        {
            return Values.Linear(map, default, type);
        }

        var parts = _table.Find(_rows.Select(row => row.Kept), map);
        return parts.Contains(null) ? Compute(map, type, parts, _table) : Joined(parts);
    }

    private static Tensor Joined(Tensor?[] parts) => parts.Length == 1 ? parts[0]! : Tensor.Concatenate(parts!, 0);

    // Computes, and keeps, the rows that are missing.
    private Tensor Compute(PackedLinear map, DType type, Tensor?[] parts, ModulationTable table)
    {
        // Of a row that was seen a map is missing too where a method had left it out.
        var onlyUnseen = parts.Index().All(part => part.Item is not null || _places[part.Index] >= 0);
        var computed = (onlyUnseen ? _unseen : Values).Linear(map, default, type);
        for (var row = 0; row < parts.Length; row++)
        {
            if (parts[row] is null)
            {
                var own = parts[row] = computed.Rows(onlyUnseen ? _places[row] : row, 1);
                table.Keep(_rows[row].Kept, map, own, isWhole: computed.Shape[0] == 1);
            }
        }

        return computed.Shape[0] == parts.Length ? computed : Joined(parts);
    }

    /// <summary>A row of the call.</summary>
    /// <param name="Kept">What the table has of it.</param>
    /// <param name="WasSeen">Whether it had something before the call.</param>
    private readonly record struct KnownRow(ModulationTable.Entry Kept, bool WasSeen);
}
