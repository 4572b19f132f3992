using Augur.Caching;
using Augur.Tensors;

namespace Augur.Tests.Networks;

/// <summary>
/// A door that computes every site row by row, and every branch in two halves of its tokens, the later one backwards: what a network gives for a
/// selection must be what it gives for all. Every signal is measured on the way.
/// </summary>
internal sealed class PiecewiseDoor(IBackend backend) : IFeatureDoor
{
    /// <summary>Sites that were asked for.</summary>
    public HashSet<Site> Sites { get; } = [];

    public void Offer(Site site, Signal signal, Func<Tensor> measure) => measure();

    public Feature GetOrCompute(Site site, Tensor input, ComputeFeature compute, SignalOffer? offer = null)
    {
        offer?.Measure();
        Sites.Add(site);
        if (site.Kind == SiteKind.Output)
        {
            return compute(input, Selection.Everything);
        }

        Tensor? output = null;
        for (var row = 0; row < input.Shape[0]; row++)
        {
            var whole = new Selection(IndexTable.From(backend, [row]));
            var computed = compute(whole.NarrowRows(input), whole);
            output ??= Tensor.Empty(backend, computed.Shape.With(0, input.Shape[0]));
            output.ScatterRowsInPlace(whole.Rows!, site.IsBranch ? InHalves(row, computed.Shape, input, compute) : computed);
        }

        return output!;
    }

    private Tensor InHalves(int row, Shape shape, Tensor input, ComputeFeature compute)
    {
        var (tokens, half) = (shape[1], shape[1] / 2);
        var pieces = Tensor.Zeros(backend, shape);
        foreach (var part in new[] { Enumerable.Range(half, tokens - half).Reverse(), Enumerable.Range(0, half) })
        {
            int[] wanted = [.. part];
            var at = new Selection(IndexTable.From(backend, [row]), IndexTable.From(backend, wanted, [1, wanted.Length]));
            pieces.ScatterTokensInPlace(at.Tokens!, compute(at.NarrowRows(input), at));
        }

        return pieces;
    }
}
