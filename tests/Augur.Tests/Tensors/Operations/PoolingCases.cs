using Augur.Tensors;

namespace Augur.Tests.Tensors;

/// <summary>Pooling, as the contract tests run it.</summary>
internal static class PoolingCases
{
    private static readonly Shape[] s_pictures = [[1, 3, 3, 1], [2, 5, 4, 7], [2, 4, 6, 33], [3, 7, 5, 16], [0, 4, 4, 8]];

    public static IEnumerable<OperationCase> All =>
        from pooling in Enum.GetValues<Pooling>()
        from window in new PoolWindow[]
        {
            new(3, 3, 2, default), new(3, 3, 1, Padding.All(1)), new(2, 3, 1, new Padding(0, 2, 1, 0)), new(1, 1, 2, default),
        }
        select OperationCase.Of($"Pool2d {pooling} {window}", o => o.Next().Pool2d(pooling, window)) with
        { Shapes = s_pictures, Large = [2, 40, 50, 20] };
}
