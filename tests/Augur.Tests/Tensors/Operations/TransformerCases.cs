using Augur.Tensors;

namespace Augur.Tests.Tensors;

/// <summary>
/// What transformers of text and pictures do between their products: norms, rotary positions, gated products, attention, parts and wholes.
/// </summary>
internal static class TransformerCases
{
    private static readonly Shape[] s_heads = [[1, 1, 6], [2, 5, 18], [3, 12, 36], [2, 9, 192], [1, 4, 600], [0, 4, 6], [2, 0, 6]];
    private static readonly Shape s_large = [3, 257, 132];
    private static readonly DType[] s_halves = [DType.Float16, DType.BFloat16];

    public static IEnumerable<OperationCase> All => [.. Norms(), .. Rotary(), .. Gated(), .. Attentions(), .. Halves(), .. Shaping(), .. Tables()];

    private static IEnumerable<OperationCase> Norms()
    {
        // A row of one column normalises to ±1 times a weight, whatever it holds.
        yield return OperationCase.Of("RmsNorm", o => o.Next().RmsNorm(null, 1e-6f)) with { Tolerance = 5e-6, Large = s_large };
        yield return OperationCase.Of("RmsNorm with a weight", o => o.Next().RmsNorm(o.Shared([o.Channels]), 1e-5f)) with
        { Tolerance = 5e-6, Large = s_large };
        foreach (var heads in new[] { 2, 3 })
        {
            yield return OperationCase.Of($"RmsNorm of {heads} heads", o => o.Next().RmsNorm(o.Shared([o.Channels / heads]), 1e-6f, heads)) with
            { Shapes = s_heads, Tolerance = 5e-6, Large = s_large };
        }

        yield return OperationCase.Of("RmsNorm in place", o =>
        {
            var x = o.Next();
            o.Backend.RmsNorm(x, o.Shared([o.Channels / 3]), 3, 1e-6f, x);
            return x;
        }) with
        { Shapes = s_heads, Tolerance = 5e-6, Large = s_large };
        Shape[] wide = [[1, 7], [2, 16], [2, 3, 5], [2, 5, 72], [3, 4, 33], [2, 1, 129], [1, 3, 300], [0, 4, 8]];
        yield return OperationCase.Of(
            "LayerNorm with weight and bias", o => o.Next().LayerNorm(o.Shared([o.Channels]), o.Shared([o.Channels]), 1e-6f)) with
        { Tolerance = 1e-5, Shapes = wide };
        yield return OperationCase.Of("LayerNorm with a weight", o => o.Next().LayerNorm(o.Shared([o.Channels]), null, 1e-5f)) with
        { Tolerance = 1e-5, Shapes = wide };
    }

    private static IEnumerable<OperationCase> Rotary()
    {
        foreach (var pairs in Enum.GetValues<RotaryPairs>())
        {
            yield return Turn($"Rotate {pairs}", pairs, o => o.Channels / 3 / 2, perEntry: false);
            yield return Turn($"Rotate {pairs} with angles of each entry", pairs, o => o.Channels / 3 / 2, perEntry: true);
            yield return Turn($"Rotate {pairs} part of a head", pairs, o => o.Channels / 3 / 4, perEntry: false);
            yield return OperationCase.Of($"Rotate {pairs} in place", o =>
            {
                var x = o.Next();
                var (cosines, sines) = (o.Shared([o.Shape[1], o.Channels / 6]), o.Shared([o.Shape[1], o.Channels / 6]));
                o.Backend.Rotate(x, cosines, sines, pairs, 3, x);
                return x;
            }) with
            { Shapes = s_heads, Large = s_large, Tolerance = 5e-6 };
        }
    }

    private static OperationCase Turn(string name, RotaryPairs pairs, Func<Operands, int> turned, bool perEntry) => OperationCase.Of(name, o =>
    {
        var (x, count) = (o.Next(), turned(o));
        Tensor Angles() => perEntry ? o.Next([o.Batch, o.Shape[1], count]) : o.Shared([o.Shape[1], count]);
        return x.Rotate(Angles(), Angles(), pairs, 3);
    }) with
    { Shapes = s_heads, Large = s_large, Tolerance = 5e-6 };

    private static IEnumerable<OperationCase> Gated()
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            yield return OperationCase.Of($"TimesActivated {activation}", o => o.Next().TimesActivated(o.Next(), activation)) with
            { Tolerance = 1e-5 };
        }

        yield return OperationCase.Of("TimesActivated over halves of one product", o =>
        {
            var both = o.Next(o.Shape.With(^1, 2 * o.Channels));
            return both.Chunk(0, 2).TimesActivated(both.Chunk(1, 2), Activation.Silu);
        }) with
        { Tolerance = 1e-5 };
    }

    private static IEnumerable<OperationCase> Attentions()
    {
        yield return Attend("Attention", 0, o => default);
        yield return Attend("Attention with fewer heads of keys", 2, o => new AttentionOptions(KeyHeads: 2));
        yield return Attend("Attention with one head of keys", 1, o => new AttentionOptions(KeyHeads: 1));
        yield return Attend("Attention with a key count per entry", 0, o => new AttentionOptions(KeyCounts: Counts(o)));
        yield return Attend("Attention that looks back only", 0, o => new AttentionOptions(IsCausal: true));
        yield return Attend(
            "Attention that looks back over a key count", 2, o => new AttentionOptions(KeyHeads: 2, KeyCounts: Counts(o), IsCausal: true));
        yield return Attend("Attention with a bias", 0, o => new AttentionOptions(Bias: o.Shared([1, o.Shape[1], o.Shape[1]])));
        yield return Attend(
            "Attention with a bias per head", 0, o => new AttentionOptions(Bias: o.Shared([6, o.Shape[1], o.Shape[1]]), Scale: 0.25f));
        yield return Attend("Attention with a mask", 0, o => new AttentionOptions(Bias: Mask(o)));
        yield return Attend(
            "Attention with everything",
            3,
            o => new AttentionOptions(3, Counts(o), IsCausal: true, o.Shared([6, o.Shape[1], o.Shape[1]]), Scale: 0.1f));
    }

    private static OperationCase Attend(string name, int keyHeads, Func<Operands, AttentionOptions> options) => OperationCase.Of(name, o =>
    {
        var keys = o.Shape.With(2, o.Channels / 6 * (keyHeads == 0 ? 6 : keyHeads));
        return o.Next().AttendTo(o.Next(keys), o.Next(keys), 6, options(o));
    }) with
    {
        Shapes = [[1, 1, 6], [2, 5, 18], [3, 33, 54], [1, 270, 12], [2, 16, 600], [0, 4, 6]],
        Large = [3, 257, 132],
        Tolerance = 5e-5, // queries times keys may exceed 100, and exponents carry their error
    };

    private static IndexTable Counts(Operands o) =>
        IndexTable.From(o.Backend, [.. o.Below(o.Shape[1], 1).ToInt32Array().Select(count => count + 1)]);

    // Every third key is hidden from every query, but never the first of a block.
    private static Tensor Mask(Operands o)
    {
        var n = o.Shape[1];
        float[] values = [.. Enumerable.Range(0, n * n).Select(i => (i % n % 3) == 1 ? float.NegativeInfinity : 0)];
        return Tensor.From(o.Backend, values, [1, n, n]);
    }

    // Operands and results in half precision: one rounding at the end, so that the difference is that of the half format.
    private static IEnumerable<OperationCase> Halves()
    {
        foreach (var type in s_halves)
        {
            var tolerance = type == DType.Float16 ? 1.5e-3 : 1.2e-2;
            foreach (var (name, run) in HalfOperations.All)
            {
                yield return OperationCase.Of($"{name} in {type}", o => run(o, x => x.As(type), type)) with
                { Shapes = [[1, 1, 12], [2, 5, 24], [3, 7, 60], [2, 9, 192], [0, 4, 12]], Large = [3, 40, 132], Tolerance = tolerance };
            }
        }
    }

    private static IEnumerable<OperationCase> Shaping()
    {
        foreach (var axis in new[] { 0, 1, 2 })
        {
            yield return OperationCase.Of($"Concatenate along axis {axis}", o =>
            {
                var grown = o.Shape.With(axis, o.Shape[axis] + 2);
                return axis == 0 ? Tensor.Concatenate([o.Next(), o.Next(), o.Next()], 0)
                    : Tensor.Concatenate([o.Next(), o.Next(grown), o.Next()], axis);
            }) with
            { Shapes = s_heads, Large = s_large, Tolerance = 0, IsPerEntry = axis > 0 };
            yield return OperationCase.Of($"Slice of axis {axis}", o => o.Next().Slice(axis, o.Shape[axis] / 3, o.Shape[axis] / 2)) with
            { Shapes = s_heads, Large = s_large, Tolerance = 0, IsPerEntry = axis > 0 };
        }

        yield return OperationCase.Of("Concatenate of BFloat16", o => Tensor.Concatenate([o.Next(DType.BFloat16), o.Next(DType.BFloat16)], 1)) with
        { Shapes = s_heads, Large = s_large, Tolerance = 0 };
    }

    private static IEnumerable<OperationCase> Tables()
    {
        yield return OperationCase.Of("GatherTokens by a table of the host", o => o.Next().GatherTokens(Table(o))) with
        { Shapes = s_heads[..^1], Large = s_large, Tolerance = 0 };
        yield return OperationCase.Of("ScatterTokensInPlace by a table of the host", o =>
        {
            var y = o.Next();
            y.ScatterTokensInPlace(Table(o), o.Next(o.Shape.With(1, (o.Shape[1] + 1) / 2)));
            return y;
        }) with
        { Shapes = s_heads[..^1], Large = s_large, Tolerance = 0 };
        yield return OperationCase.Of("GatherRows by a table of the host", o => o.Next().GatherRows(Backwards(o))) with
        { Shapes = s_heads, Large = s_large, Tolerance = 0, IsPerEntry = false };
        yield return OperationCase.Of("ScatterRowsInPlace by a table of the host", o =>
        {
            var y = o.Next();
            y.ScatterRowsInPlace(Backwards(o), o.Next());
            return y;
        }) with
        { Shapes = s_heads, Large = s_large, Tolerance = 0, IsPerEntry = false };
    }

    private static IndexTable Table(Operands o)
    {
        var table = o.Indices((o.Shape[1] + 1) / 2, o.Shape[1]);
        return IndexTable.From(o.Backend, table.ToInt32Array(), table.Shape);
    }

    private static IndexTable Backwards(Operands o) => IndexTable.From(o.Backend, [.. Enumerable.Range(0, o.Batch).Reverse()]);
}
