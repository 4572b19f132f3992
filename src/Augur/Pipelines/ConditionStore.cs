using Augur.Conditioning;
using Augur.Models;

namespace Augur.Pipelines;

/// <summary>
/// The encoded conditions of all samples in flight: each distinct one is encoded once, shared, and freed with the last sample that uses it.
/// </summary>
/// <param name="network">Encodes.</param>
internal sealed class ConditionStore(INetwork network)
{
    private readonly Dictionary<Condition, Shared> _shared = [];

    /// <summary>Bytes of all that are in use.</summary>
    public long ByteCount => _shared.Values.Sum(s => s.Encoded.ByteCount);

    /// <summary>Encoded conditions, in the order given; what is not known yet is encoded together. Each is to be given back once.</summary>
    public IReadOnlyList<EncodedCondition> Take(IReadOnlyList<Condition> conditions)
    {
        Condition[] unknown = [.. conditions.Where(c => !_shared.ContainsKey(c)).Distinct()];
        if (unknown.Length > 0)
        {
            foreach (var (condition, encoded) in unknown.Zip(network.Encode(unknown)))
            {
                _shared[condition] = new Shared(encoded);
            }
        }

        return [.. conditions.Select(c => _shared[c].Take())];
    }

    /// <summary>They are not used any more by one who took them.</summary>
    public void GiveBack(IReadOnlyList<Condition> conditions)
    {
        foreach (var condition in conditions)
        {
            if (_shared[condition].GiveBack())
            {
                _shared.Remove(condition);
            }
        }
    }

    private sealed class Shared(EncodedCondition encoded)
    {
        private int _users;

        public EncodedCondition Encoded => encoded;

        public EncodedCondition Take()
        {
            _users++;
            return encoded;
        }

        public bool GiveBack()
        {
            if (--_users > 0)
            {
                return false;
            }

            encoded.Dispose();
            return true;
        }
    }
}
