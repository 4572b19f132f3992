using Augur.Tensors;

namespace Augur.Caching;

/// <summary>What a network asks of one sample at a site.</summary>
public readonly struct Question
{
    private readonly Tensor _batch;
    private readonly int _row;
    private readonly int _rowCount;
    private readonly Func<Signal, Tensor>? _measure;

    /// <summary>A question about a part of a batch.</summary>
    /// <param name="site">Where in the network.</param>
    /// <param name="batch">What the site reads, [batch, …].</param>
    /// <param name="row">The sample's first row.</param>
    /// <param name="rowCount">Its rows.</param>
    /// <param name="measure">Signals of the whole batch; null: none is offered here.</param>
    internal Question(Site site, Tensor batch, int row, int rowCount, Func<Signal, Tensor>? measure) =>
        (Site, _batch, _row, _rowCount, _measure) = (site, batch, row, rowCount, measure);

    /// <summary>A question of a sample that is alone.</summary>
    /// <param name="site">Where in the network.</param>
    /// <param name="input">What the site reads, [rows, …].</param>
    /// <param name="measure">Measures a signal that is offered here; null: none is.</param>
    public Question(Site site, Tensor input, Func<Signal, Tensor>? measure = null)
        : this(site, input, 0, input.NotNull().Shape[0], measure)
    {
    }

    /// <summary>Where in the network.</summary>
    public Site Site { get; }

    /// <summary>
    /// What the site reads, this sample's rows [rows, tokens, channels], of the whole network as <see cref="IFeatureDoor.GetOrCompute"/> says;
    /// Float32; valid during the call only.
    /// </summary>
    public Tensor Input => _batch.Rows(_row, _rowCount).InType(DType.Float32);

    /// <summary>A signal that the network offers at this site, this sample's rows; valid during the call only.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is not offered here. A policy looks into the <see cref="NetworkMap"/> before a run begins.
    /// </exception>
    public Tensor Measure(Signal signal) => _measure?.Invoke(signal).Rows(_row, _rowCount)
        ?? throw new InvalidOperationException($"The network does not offer {signal} at {Site}.");
}
