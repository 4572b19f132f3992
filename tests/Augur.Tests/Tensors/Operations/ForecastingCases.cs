using Augur.Tensors;

namespace Augur.Tests.Tensors;

/// <summary>What forecasts are made of: sums over kept features, and the divided differences that are kept.</summary>
internal static class ForecastingCases
{
    private static readonly DType[] s_mixed = [DType.BFloat16, DType.Float32, DType.BFloat16, DType.BFloat16, DType.Float32];
    private static readonly DType[] s_singles = [.. Enumerable.Repeat(DType.Float32, 5)];
    private static readonly DType[] s_halves = [.. Enumerable.Repeat(DType.BFloat16, 5)];

    // The first of the mixed types alone is a case of the others too.
    public static IEnumerable<OperationCase> All => Cases.DistinctBy(c => c.Name);

    private static OperationCase[] Cases =>
    [
        .. from types in new[] { s_halves, s_mixed }
           from terms in new[] { 1, 2, 5 }
           from perEntry in new[] { false, true }
           select CombinationOf(types[..terms], perEntry),
        .. from types in new[] { s_singles, s_halves, s_mixed }
           from terms in new[] { 1, 2, 5 }
           from inPlace in new[] { false, true }
           select GatedCombinationOf(types[..terms], inPlace),
        .. from types in new[] { s_singles, s_halves, s_mixed }
           from known in new[] { 0, 1, 3, 5 }
           select DifferencesOf(types, known, gap: -3),
        DifferencesOf(s_mixed[..1], 1, 0.7f),
        DifferencesOf(s_mixed[1..3], 2, 11),
    ];

    private static OperationCase CombinationOf(DType[] types, bool perEntry) => OperationCase.Of(
        $"LinearCombination of {Named(types)}{(perEntry ? " with coefficients per entry" : "")}",
        o => Tensor.Combine(
            Array.ConvertAll(types, o.Next), perEntry ? o.CoefficientsPerEntry(types.Length) : Coefficients(types.Length)));

    // The gate is the second of three chunks of a modulation vector.
    private static OperationCase GatedCombinationOf(DType[] types, bool inPlace) => OperationCase.Of(
        $"AddGatedCombination of {Named(types)}{(inPlace ? " in place" : "")}",
        o =>
        {
            var x = o.Next();
            var gate = o.Next([o.Batch, 3 * o.Channels]).Chunk(1, 3);
            var y = inPlace ? x : o.Next();
            y.AddGatedCombinationInPlace(x, gate, Array.ConvertAll(types, o.Next), Coefficients(types.Length));
            return y;
        }) with
    { Tolerance = 1e-5 }; // sums of up to 7 times gates of up to 3, which may cancel

    // Exact: subtraction, division and storage round once each, on every backend alike.
    private static OperationCase DifferencesOf(DType[] types, int known, float gap) => OperationCase.Of(
        $"UpdateDifferences of {Named(types)} with {known} known and a gap of {gap}",
        o =>
        {
            var feature = o.Next();
            var differences = Array.ConvertAll(types, o.Next);
            foreach (var undefined in differences.AsSpan(known))
            {
                o.Backend.Fill(undefined, float.NaN);
            }

            Tensor.UpdateDifferencesInPlace(feature, differences, known, gap);
            var all = Tensor.Empty(o.Backend, feature.Shape.With(^1, types.Length * o.Channels)); // side by side, so that an entry stays together
            for (var i = 0; i < types.Length; i++)
            {
                all.Columns(i * o.Channels, o.Channels).CopyFromInPlace(differences[i]);
            }

            return all;
        }) with
    { Tolerance = 0 };

    private static float[] Coefficients(int count) => [.. Enumerable.Range(0, count).Select(i => (i % 2 == 0 ? 1 : -1) / (i + 1f))];

    private static string Named(DType[] types) => string.Join(", ", types);
}
