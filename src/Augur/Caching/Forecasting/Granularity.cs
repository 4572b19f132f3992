namespace Augur.Caching.Forecasting;

/// <summary>Which features are kept and forecast, from the finest to the leanest.</summary>
public enum Granularity
{
    /// <summary>Every residual branch before its gate, two per block: as TaylorSeer and SpeCa were published. A draft passes today's gates.</summary>
    Branch,

    /// <summary>
    /// The residual stream behind the last block, and before it where it is verified: one or two tensors per sample whatever the depth.
    /// </summary>
    Block,

    /// <summary>
    /// The network's output alone ("Lite"): the least memory. Where it is verified, also the change that all blocks make, or what comes up inside a
    /// U-Net's outermost layers.
    /// </summary>
    Output,
}
