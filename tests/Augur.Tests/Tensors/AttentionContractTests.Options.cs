using Augur.Tensors;

namespace Augur.Tests.Tensors;

/// <content>What attention leaves out, and what it shares: bit for bit the call that never had it.</content>
public sealed partial class AttentionContractTests
{
    [Theory]
    [MemberData(nameof(Backends))]
    public void An_entry_with_fewer_keys_has_the_bits_of_the_call_with_exactly_those(string name)
    {
        using var backend = BackendTable.Open(name, 2);
        const int Queries = 70, Keys = 600, Width = 24;
        int[] counts = [600, 1, 255, 256, 257, 513, 599, 17];
        var (q, k, v) = (Input(backend, 8, Queries, Width, 1), Input(backend, 8, Keys, Width, 2), Input(backend, 8, Keys, Width, 3));
        var together = q.AttendTo(k, v, 2, new AttentionOptions(KeyCounts: IndexTable.From(backend, counts)));
        for (var entry = 0; entry < counts.Length; entry++)
        {
            var (key, value) = (k.Rows(entry, 1).Slice(1, 0, counts[entry]), v.Rows(entry, 1).Slice(1, 0, counts[entry]));
            Assert.Equal(q.Rows(entry, 1).AttendTo(key, value, 2).ToArray(), together.Rows(entry, 1).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_query_that_looks_back_has_the_bits_of_the_call_with_the_keys_it_sees(string name)
    {
        using var backend = BackendTable.Open(name, 2);
        const int Width = 24;
        foreach (var (queries, keys) in new[] { (300, 300), (40, 300), (1, 5), (2, 2), (2, 257) })
        {
            var (q, k, v) = (Input(backend, 1, queries, Width, 1), Input(backend, 1, keys, Width, 2), Input(backend, 1, keys, Width, 3));
            var all = q.AttendTo(k, v, 2, new AttentionOptions(IsCausal: true));
            foreach (var i in new[] { 0, 1, 13, 14, queries / 2, 254, 255, 256, 257, queries - 1 }.Where(i => i < queries).Distinct())
            {
                var seen = i + 1 + keys - queries;
                var alone = q.Slice(1, i, 1).AttendTo(k.Slice(1, 0, seen), v.Slice(1, 0, seen), 2);
                Assert.Equal(alone.ToArray(), all.Slice(1, i, 1).ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Keys_that_are_not_there_or_not_seen_are_not_read(string name)
    {
        using var backend = BackendTable.Open(name);
        var (q, k, v) = (Input(backend, 1, 40, 8, 1), Input(backend, 1, 40, 8, 2), Input(backend, 1, 40, 8, 3));
        float[] Broken(Tensor x) => [.. x.ToArray().Select((value, i) => i >= 30 * 8 ? float.NaN : value)];
        var (brokenKeys, brokenValues) = (Tensor.From(backend, Broken(k), k.Shape), Tensor.From(backend, Broken(v), v.Shape));
        var counted = new AttentionOptions(KeyCounts: IndexTable.From(backend, [30]));
        Assert.Equal(q.AttendTo(k, v, 1, counted).ToArray(), q.AttendTo(brokenKeys, brokenValues, 1, counted).ToArray());
        var back = new AttentionOptions(IsCausal: true);
        Assert.Equal(q.AttendTo(k, v, 1, back).ToArray()[..240], q.AttendTo(brokenKeys, brokenValues, 1, back).ToArray()[..240]);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Fewer_heads_of_keys_have_the_bits_of_repeated_ones(string name)
    {
        using var backend = BackendTable.Open(name, 2);
        var (q, k, v) = (Input(backend, 2, 50, 6 * 8, 1), Input(backend, 2, 70, 2 * 8, 2), Input(backend, 2, 70, 2 * 8, 3));
        Tensor Repeated(Tensor x) => Tensor.Concatenate([.. new[] { 0, 0, 0, 1, 1, 1 }.Select(head => x.Columns(head * 8, 8))], 2);
        Assert.Equal(
            q.AttendTo(Repeated(k), Repeated(v), 6).ToArray(),
            q.AttendTo(k, v, 6, new AttentionOptions(KeyHeads: 2)).ToArray());
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_query_with_every_key_hidden_gets_the_mean_of_the_values(string name)
    {
        using var backend = BackendTable.Open(name);
        var (q, k, v) = (Input(backend, 1, 3, 8, 1), Input(backend, 1, 5, 8, 2), Input(backend, 1, 5, 8, 3));
        var y = q.AttendTo(k, v, 1, new AttentionOptions(Bias: Tensor.Full(backend, [1, 3, 5], float.NegativeInfinity))).ToArray();
        var values = v.ToArray();
        for (var channel = 0; channel < 8; channel++)
        {
            Assert.Equal(Enumerable.Range(0, 5).Average(key => values[(key * 8) + channel]), y[8 + channel], 1e-5f);
        }
    }

    [Fact]
    public void Options_that_do_not_fit_are_named()
    {
        using var backend = BackendTable.Open("reference");
        var (q, k) = (Input(backend, 2, 4, 12, 1), Input(backend, 2, 3, 12, 2));
        void Expect(string message, AttentionOptions options) =>
            Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(() => q.AttendTo(k, k, 6, options)).Message, StringComparison.Ordinal);
        Expect("Attention: queries [2, 4, 12], keys [2, 3, 12], values [2, 3, 12] and 6 heads over 4 of keys do not fit.", new(KeyHeads: 4));
        Expect("Attention: queries [2, 4, 12], keys [2, 3, 12], values [2, 3, 12] and 6 heads over -1 of keys do not fit.", new(KeyHeads: -1));
        Expect("Attention: key counts [1] for a batch of 2.", new(KeyCounts: IndexTable.From(backend, [1])));
        Expect("Attention: 4 keys of 3; an entry has 1 at least.", new(KeyCounts: IndexTable.From(backend, [1, 4])));
        Expect("Attention: 0 keys of 3; an entry has 1 at least.", new(KeyCounts: IndexTable.From(backend, [0, 3])));
        Expect("Attention: of 4 queries the first would see no key, as there are 3 only.", new(IsCausal: true));
        Expect("Attention: a bias [2, 4, 3] where [1 or 6, 4, 3] is needed.", new(Bias: Tensor.Zeros(backend, [2, 4, 3])));
        Expect("Attention: a scale of NaN.", new(Scale: float.NaN));
    }
}
