using Augur.Metrics.Features;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Metrics.Features;

public sealed class InceptionNetworkTests(InceptionWeightFile file) : IClassFixture<InceptionWeightFile>
{
    [Theory]
    [InlineData(InceptionVariant.Fid, 1008)]
    [InlineData(InceptionVariant.Torchvision, 1000)]
    public void It_computes_what_PyTorch_computes(InceptionVariant variant, int classes)
    {
        using var expected = Checkpoint.Open(Fixtures.Path("features/inception.safetensors"));
        using var backend = new CpuBackend();
        using var network = new InceptionNetwork(file.WithScores(classes), backend, variant);
        var key = variant == InceptionVariant.Fid ? "fid" : "torchvision";

        PictureFeatures[] small =
        [
            .. network.DescribeBatch([HashedNumbers.Picture("picture 0", 40, 30)], PictureResize.Bilinear(139)),
            .. network.DescribeBatch([HashedNumbers.Picture("picture 1", 320, 200)], PictureResize.Bilinear(139)),
        ];
        var full = network.Describe([HashedNumbers.Picture("picture 0", 64, 64)]).ToArray();

        Closeness.AssertRelative(expected.Tensors[$"{key}.139.pooled"], small.SelectMany(p => p.Pooled), 1e-4);
        Closeness.AssertRelative(expected.Tensors[$"{key}.139.scores"], small.SelectMany(p => p.Scores), 1e-4);
        Closeness.AssertRelative(expected.Tensors[$"{key}.299.pooled"], full.SelectMany(p => p.Pooled), 1e-4);
        Closeness.AssertRelative(expected.Tensors[$"{key}.299.scores"], full.SelectMany(p => p.Scores), 1e-4);
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        using var backend = new CpuBackend();
        using var checkpoint = InceptionWeightFile.Make(2, without: ["Conv2d_1a_3x3.bn.running_var"]);
        var error = Assert.Throws<WeightFileException>(() => new InceptionNetwork(checkpoint, backend));
        Assert.Contains("Conv2d_1a_3x3.bn.running_var", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, backend.BytesInUse);
    }
}
