using Augur.Tensors;

namespace Augur.Metrics.Features;

/// <summary>
/// InceptionV3 (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the Inception architecture for computer vision", arXiv 1512.00567, section 6
/// and figures 5 to 7) as released, which differs from the paper's table; block letters and weight names are torchvision's.
/// </summary>
internal sealed class InceptionTopology(InceptionWeights weights, InceptionVariant variant)
{
    /// <summary>Channels of the last layer.</summary>
    public const int Features = 2048;

    private static readonly PoolLayer s_halve = new(Pooling.Max, new PoolWindow(3, 3, 2, default));

    /// <summary>Builds the layers: [batch, height, width, 3] to [batch, height', width', 2048]; sides of at least 75 pixels.</summary>
    public LayerSequence Read() => new(
        weights.Square("Conv2d_1a_3x3", 3, 32, 3, stride: 2),
        weights.Square("Conv2d_2a_3x3", 32, 32, 3),
        weights.Square("Conv2d_2b_3x3", 32, 64, 3, same: true),
        s_halve,
        weights.Square("Conv2d_3b_1x1", 64, 80, 1),
        weights.Square("Conv2d_4a_3x3", 80, 192, 3),
        s_halve,
        BlockA("Mixed_5b", 192, pooled: 32),
        BlockA("Mixed_5c", 256, pooled: 64),
        BlockA("Mixed_5d", 288, pooled: 64),
        BlockB("Mixed_6a", 288),
        BlockC("Mixed_6b", 128),
        BlockC("Mixed_6c", 160),
        BlockC("Mixed_6d", 160),
        BlockC("Mixed_6e", 192),
        BlockD("Mixed_7a", 768),
        BlockE("Mixed_7b", 1280, MeanPooling),
        BlockE("Mixed_7c", Features, variant == InceptionVariant.Fid ? Pooling.Max : MeanPooling));

    private Pooling MeanPooling => variant == InceptionVariant.Fid ? Pooling.Mean : Pooling.MeanWithPadding;

    private ParallelLayers BlockA(string name, int inputs, int pooled) => new(
        weights.Square($"{name}.branch1x1", inputs, 64, 1),
        new LayerSequence(
            weights.Square($"{name}.branch5x5_1", inputs, 48, 1),
            weights.Square($"{name}.branch5x5_2", 48, 64, 5, same: true)),
        new LayerSequence(
            weights.Square($"{name}.branch3x3dbl_1", inputs, 64, 1),
            weights.Square($"{name}.branch3x3dbl_2", 64, 96, 3, same: true),
            weights.Square($"{name}.branch3x3dbl_3", 96, 96, 3, same: true)),
        Pooled(name, inputs, pooled, MeanPooling));

    private ParallelLayers BlockB(string name, int inputs) => new(
        weights.Square($"{name}.branch3x3", inputs, 384, 3, stride: 2),
        new LayerSequence(
            weights.Square($"{name}.branch3x3dbl_1", inputs, 64, 1),
            weights.Square($"{name}.branch3x3dbl_2", 64, 96, 3, same: true),
            weights.Square($"{name}.branch3x3dbl_3", 96, 96, 3, stride: 2)),
        s_halve);

    private ParallelLayers BlockC(string name, int narrow) => new(
        weights.Square($"{name}.branch1x1", 768, 192, 1),
        new LayerSequence(
            weights.Square($"{name}.branch7x7_1", 768, narrow, 1),
            weights.Across($"{name}.branch7x7_2", narrow, narrow, 7),
            weights.Down($"{name}.branch7x7_3", narrow, 192, 7)),
        new LayerSequence(
            weights.Square($"{name}.branch7x7dbl_1", 768, narrow, 1),
            weights.Down($"{name}.branch7x7dbl_2", narrow, narrow, 7),
            weights.Across($"{name}.branch7x7dbl_3", narrow, narrow, 7),
            weights.Down($"{name}.branch7x7dbl_4", narrow, narrow, 7),
            weights.Across($"{name}.branch7x7dbl_5", narrow, 192, 7)),
        Pooled(name, 768, 192, MeanPooling));

    private ParallelLayers BlockD(string name, int inputs) => new(
        new LayerSequence(
            weights.Square($"{name}.branch3x3_1", inputs, 192, 1),
            weights.Square($"{name}.branch3x3_2", 192, 320, 3, stride: 2)),
        new LayerSequence(
            weights.Square($"{name}.branch7x7x3_1", inputs, 192, 1),
            weights.Across($"{name}.branch7x7x3_2", 192, 192, 7),
            weights.Down($"{name}.branch7x7x3_3", 192, 192, 7),
            weights.Square($"{name}.branch7x7x3_4", 192, 192, 3, stride: 2)),
        s_halve);

    private ParallelLayers BlockE(string name, int inputs, Pooling pooling) => new(
        weights.Square($"{name}.branch1x1", inputs, 320, 1),
        new LayerSequence(
            weights.Square($"{name}.branch3x3_1", inputs, 384, 1),
            new ParallelLayers(
                weights.Across($"{name}.branch3x3_2a", 384, 384, 3),
                weights.Down($"{name}.branch3x3_2b", 384, 384, 3))),
        new LayerSequence(
            weights.Square($"{name}.branch3x3dbl_1", inputs, 448, 1),
            weights.Square($"{name}.branch3x3dbl_2", 448, 384, 3, same: true),
            new ParallelLayers(
                weights.Across($"{name}.branch3x3dbl_3a", 384, 384, 3),
                weights.Down($"{name}.branch3x3dbl_3b", 384, 384, 3))),
        Pooled(name, inputs, 192, pooling));

    private LayerSequence Pooled(string name, int inputs, int outputs, Pooling pooling) => new(
        new PoolLayer(pooling, new PoolWindow(3, 3, 1, Padding.All(1))),
        weights.Square($"{name}.branch_pool", inputs, outputs, 1));
}
