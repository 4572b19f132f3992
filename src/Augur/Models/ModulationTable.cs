using System.Collections.Immutable;
using Augur.Tensors;

namespace Augur.Models;

/// <summary>A network whose modulations are kept from one call to the next, and from one request to the next.</summary>
internal interface IModulatedNetwork
{
    /// <summary>Where.</summary>
    ModulationTable Modulations { get; }
}

/// <summary>
/// Shifts, scales and gates of rows that a network saw before, and keys and values of texts that cross-attention reads and no timestep changes. They
/// are constants of its weights, the timestep and the condition: a row that comes again has them from here, bit for bit, since an element's value
/// depends on its row alone. Weights never change once a network is loaded, and the table is the network's own, so nothing in it ages. What a map of
/// the network costs (<see cref="Caching.NetworkMap"/>) is stated without it.
/// </summary>
/// <remarks>
/// What was kept of a row leaves as a whole, that of the row not seen for longest first. Keys are the host's numbers: nothing is read back from a
/// device. Several threads may call, as they may the network.
/// </remarks>
internal sealed class ModulationTable : IDisposable
{
    /// <summary>Of the table of a network that nobody gave another: 128 MiB.</summary>
    public const long DefaultBudget = 128L << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<ConditionKey, Entry> _entries = [];
    private readonly LinkedList<Entry> _byUse = []; // the row seen last is last

    /// <summary>Most bytes that are kept; 0: nothing is, and every call computes its modulations.</summary>
    public long Budget
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            lock (_lock)
            {
                field = value;
                Shrink();
            }
        }
    } = DefaultBudget;

    /// <summary>Bytes that are kept, keys among them.</summary>
    public long ByteCount { get; private set; }

    /// <summary>Rows of which something is kept.</summary>
    public int Count => _entries.Count;

    /// <summary>The vectors of a call's rows, which find here what was made of equal ones.</summary>
    /// <param name="vectors">[rows, channels], or texts [rows, tokens, channels].</param>
    /// <param name="keys">Of each row, all that its vector is made of; of a text also how many tokens it is filled up to.</param>
    public ConditionVector Of(Tensor vectors, IEnumerable<ConditionKey> keys)
    {
        lock (_lock)
        {
            if (Budget == 0)
            {
                return new ConditionVector(vectors);
            }

            var rows = ConditionVector.Of(vectors, this, keys.Select(See));
            Shrink();
            return rows;
        }
    }

    /// <summary>Texts that cross-attention reads, filled up with zeros to the longest, which find here what was made of equal ones.</summary>
    /// <param name="texts">Of each row its tokens [1, tokens, channels], and a digest of what they were made of; empty: nothing is kept.</param>
    /// <returns>Of [rows, tokens of the longest, channels].</returns>
    public ConditionVector OfTexts(IReadOnlyList<(Tensor Tokens, ImmutableArray<float> Digest)> texts)
    {
        int longest = texts.Max(text => text.Tokens.Shape[1]), channels = texts[0].Tokens.Shape[2];
        Tensor filled;
        if (texts.All(text => text.Tokens.Shape[1] == longest))
        {
            filled = Tensor.Concatenate([.. texts.Select(text => text.Tokens)], 0);
        }
        else
        {
            filled = Tensor.Zeros(texts[0].Tokens.Backend, [texts.Count, longest, channels]);
            foreach (var (row, (tokens, _)) in texts.Index())
            {
                var count = tokens.Shape[1];
                filled.Rows(row, 1).Reshape([longest, channels]).Rows(0, count).CopyFromInPlace(tokens.Reshape([count, channels]));
            }
        }

        return texts.Any(text => text.Digest.IsEmpty) ? new ConditionVector(filled)
            : Of(filled, texts.Select(text => new ConditionKey(longest, text.Digest.AsSpan())));
    }

    /// <summary>What a map made of each row, [1, …, outputs] in the caller's scope; null: it is not known.</summary>
    public Tensor?[] Find(IEnumerable<Entry> rows, PackedLinear map)
    {
        lock (_lock)
        {
            return [.. rows.Select(row => row.Results.TryGetValue(map, out var known) ? known.Rows(0, 1) : null)];
        }
    }

    /// <summary>Keeps what a map made of a row.</summary>
    /// <param name="row">Whose.</param>
    /// <param name="map">Of the network.</param>
    /// <param name="result">[1, …, outputs].</param>
    /// <param name="isWhole">Whether its memory holds nothing else, so that it need not be copied.</param>
    public void Keep(Entry row, PackedLinear map, Tensor result, bool isWhole)
    {
        lock (_lock)
        {
            if (row.Place.List is null || row.Results.ContainsKey(map)) // it had to leave during the call, or is in the batch twice
            {
                return;
            }

            row.Results[map] = (isWhole ? result.Rows(0, 1) : result.Copy()).Retain();
            ByteCount += result.ByteCount;
            Shrink();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            while (_byUse.First is { } row)
            {
                Drop(row.Value);
            }
        }
    }

    private Entry See(ConditionKey key)
    {
        if (!_entries.TryGetValue(key, out var row))
        {
            row = _entries[key] = new Entry(key);
            ByteCount += key.ByteCount;
        }
        else
        {
            _byUse.Remove(row.Place);
        }

        _byUse.AddLast(row.Place);
        return row;
    }

    private void Shrink()
    {
        while (ByteCount > Budget && _byUse.First is { } row)
        {
            Drop(row.Value);
        }
    }

    private void Drop(Entry row)
    {
        _entries.Remove(row.Key);
        _byUse.Remove(row.Place);
        ByteCount -= row.Key.ByteCount + row.Results.Values.Sum(result => result.ByteCount);
        foreach (var result in row.Results.Values)
        {
            result.Dispose(); // who reads it has a view of his own
        }

        row.Results.Clear();
    }

    /// <summary>What is kept of a row: a result of each map that was run for it.</summary>
    internal sealed class Entry
    {
        public Entry(ConditionKey key) => (Key, Place) = (key, new(this));

        public ConditionKey Key { get; }

        /// <summary>Among the rows by use; in no list: it is not kept any more.</summary>
        public LinkedListNode<Entry> Place { get; }

        /// <summary>[1, outputs] each.</summary>
        public Dictionary<PackedLinear, Tensor> Results { get; } = [];

        public bool IsEmpty => Results.Count == 0;
    }
}
