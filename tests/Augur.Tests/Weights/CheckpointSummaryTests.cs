using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Tests.Weights;

public sealed class CheckpointSummaryTests
{
    [Fact]
    public void A_summary_counts_tensors_parameters_and_bytes_by_type()
    {
        using var checkpoint = Checkpoint.FromBytes("a.safetensors", new SafetensorsWriter()
            .Add("blocks.10.w", new float[6], [2, 3])
            .Add("blocks.2.w", new float[2], [2])
            .Add("half", StoredType.Float16, new byte[8], [4])
            .Add("table", [1L, 2], [2]).ToArray());
        var summary = CheckpointSummary.Of(checkpoint);
        Assert.Equal(("safetensors", 4, 12L, 56L), (summary.Format, summary.TensorCount, summary.ParameterCount, summary.ByteCount));
        Assert.Equal(
            [new(StoredType.Float32, 2, 8, 32), new(StoredType.Int64, 1, 2, 16), new TypeSummary(StoredType.Float16, 1, 4, 8)], summary.Types);
        Assert.Equal(["blocks.2.w", "blocks.10.w", "half", "table"], summary.Tensors.Select(t => t.Name));
        Assert.Equal(new TensorSummary("blocks.10.w", StoredType.Float32, new Shape(2, 3), 24), summary.Tensors[1]);
    }
}
