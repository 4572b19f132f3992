using Augur.Tensors;

namespace Augur.Tests.Tensors;

/// <summary>What methods that treat tokens one by one need: scores of tokens, selections of them, clusters.</summary>
internal static class TokenCases
{
    private static readonly Shape[] s_tokens = [[1, 1, 1], [2, 5, 7], [3, 12, 33], [2, 9, 64], [2, 40, 18], [0, 4, 8]];
    private static readonly Shape s_large = [3, 257, 132];

    public static IReadOnlyList<OperationCase> All { get; } =
    [
        .. ColumnSums(),
        .. Norms(),
        .. Clusters(),
        .. from types in new[] { (DType.Float32, DType.Float32), (DType.BFloat16, DType.Float32), (DType.BFloat16, DType.BFloat16) }
           select Blend(types.Item1, types.Item2),
        .. Movement(),
    ];

    private static IEnumerable<OperationCase> ColumnSums()
    {
        foreach (var heads in new[] { 1, 3 })
        {
            yield return new OperationCase($"AttentionColumnSums of {heads} heads", o =>
                OperationCase.Doubles((0.5f * o.Next()).AttentionColumnSums(o.Next(), heads))) with
            {
                Shapes = [[1, 1, 3], [2, 5, 9], [2, 33, 54], [1, 270, 12], [2, 16, 600], [1, 31, 96], [0, 4, 6]],
                Large = s_large,
                Tolerance = 2e-5,
            };
        }

        yield return OperationCase.Of("AttentionColumnSums of views with fewer queries than keys", o =>
        {
            var (q, qkv) = (o.Next(), o.Next([o.Batch, o.Shape[1] + 40, 3 * o.Channels]));
            return q.AttentionColumnSums(qkv.Chunk(1, 3), 1);
        }) with
        { Shapes = s_tokens, Large = s_large, Tolerance = 5e-5 }; // queries times keys may exceed 300, and exponents carry their error
    }

    private static IEnumerable<OperationCase> Norms()
    {
        yield return OperationCase.Of("HeadNorms of 3 heads", o => o.Next().HeadNorms(3)) with
        { Shapes = [[1, 1, 3], [2, 5, 9], [2, 33, 54], [3, 7, 216], [0, 4, 6], [2, 0, 6]], Large = s_large, Tolerance = 1e-6 };
        yield return OperationCase.Of("TokenNorms", o => o.Next().TokenNorms()) with { Shapes = s_tokens, Large = s_large, Tolerance = 1e-6 };
        yield return new OperationCase("TokenErrors by cosine", o => o.Next().TokenErrorsFrom(o.Next(), ErrorMeasure.Cosine)) with
        { Shapes = s_tokens, Large = s_large, Tolerance = 1e-12 };
    }

    private static IEnumerable<OperationCase> Clusters()
    {
        foreach (var clusters in new[] { 1, 3, 16 })
        {
            yield return OperationCase.Of(
                $"NearestCentroidsL1 of {clusters}", o => o.Next().NearestCentroidsL1(o.Next(o.Shape.With(1, clusters)))) with
            { Shapes = s_tokens, Large = s_large, Tolerance = 0 };
            yield return OperationCase.Of($"ClusterMeans of {clusters}", o => o.Next().ClusterMeans(Labels(o, clusters), clusters)) with
            { Shapes = s_tokens, Large = s_large };
        }

        // Whole numbers, so that many distances are equal.
        yield return OperationCase.Of(
            "NearestCentroidsL1 with ties",
            o => Rounded(o, o.Shape).NearestCentroidsL1(Rounded(o, o.Shape.With(1, 9)))) with
        { Shapes = [[2, 50, 2], [1, 40, 3], [3, 9, 1]], Large = s_large.With(^1, 2), Tolerance = 0 };
    }

    private static OperationCase Blend(DType type, DType fresh) => OperationCase.Of($"BlendGatheredTokens of {fresh} into {type}", o =>
    {
        var y = o.Next(type);
        y.BlendGatheredTokensInPlace(o.Next(o.Shape.With(1, 3)).As(fresh), Labels(o, 3), 0.3f);
        return y;
    }) with
    { Shapes = s_tokens, Large = s_large, Tolerance = type == DType.BFloat16 ? 8e-3 : 2e-6 };

    private static IEnumerable<OperationCase> Movement()
    {
        foreach (var type in new[] { DType.Float32, DType.BFloat16 })
        {
            yield return OperationCase.Of($"GatherTokens of {type} by part of a table", o => o.Next(type).GatherTokens(PartOfTable(o))) with
            { Shapes = s_tokens, Large = s_large, Tolerance = 0 };
            yield return OperationCase.Of($"ScatterTokensInPlace of {type} by part of a table", o =>
            {
                var y = o.Next(type);
                y.ScatterTokensInPlace(PartOfTable(o), o.Next(o.Shape.With(1, o.Shape[1] / 2)).As(type));
                return y;
            }) with
            { Shapes = s_tokens, Large = s_large, Tolerance = 0 };
        }

        yield return OperationCase.Of("GatherTokens of many", o => o.Next().GatherTokens(o.Indices(o.Shape[1], o.Shape[1]))) with
        { Shapes = s_tokens, Large = s_large, Tolerance = 0 };
        yield return OperationCase.Of("ScatterTokensInPlace of many", o =>
        {
            var y = o.Next();
            y.ScatterTokensInPlace(o.Indices(o.Shape[1], o.Shape[1]), o.Next());
            return y;
        }) with
        { Shapes = s_tokens, Large = s_large, Tolerance = 0 };
    }

    // The first half of each row's order: a table with gaps between its rows, as selections of a ranking are.
    private static Tensor PartOfTable(Operands o) => o.Indices(o.Shape[1], o.Shape[1]).Columns(0, o.Shape[1] / 2);

    private static Tensor Labels(Operands o, int clusters) => o.Below(clusters, o.Shape[1]);

    private static Tensor Rounded(Operands o, Shape shape)
    {
        var y = o.Next(shape).Copy();
        var values = Array.ConvertAll(y.ToArray(), MathF.Round);
        return Tensor.From(o.Backend, values, y.Shape);
    }
}
