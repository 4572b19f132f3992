using Augur.Models.Joint;
using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Models;

/// <summary>Rotations that joint networks keep from one call to the next.</summary>
public sealed class RotationTablesTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void Rotations_of_sizes_and_texts_in_turn_are_those_made_anew_and_the_oldest_leave()
    {
        var made = 0;
        using var scope = TensorScope.Begin();
        using var tables = new RotationTables(_backend, [2, 4, 2], 10000, Places);
        JointCondition[] texts = [.. Enumerable.Range(1, RotationTables.Most + 1).Select(n => new JointCondition(Tensor.Zeros(_backend, [1, n, 8])))];
        foreach (var rows in (JointCondition[][])[[texts[0]], [texts[1]], [texts[0], texts[1]], [texts[1], texts[0]], [texts[2], texts[2]]])
        {
            foreach (var grid in (Shape[])[[2, 3], [3, 2]])
            {
                var expected = JointRotation.Of(_backend, [2, 4, 2], 10000, [.. rows.Select(row => Places(grid, row, 9))]);
                foreach (var _ in (int[])[1, 2])
                {
                    var kept = tables.Of(grid, rows, 9);
                    Assert.Equal(expected.Cosines.Shape, kept.Cosines.Shape);
                    Assert.Equal(expected.Cosines.ToArray(), kept.Cosines.ToArray());
                    Assert.Equal(expected.Sines.ToArray(), kept.Sines.ToArray());
                }
            }
        }

        var first = tables.Of([2, 2], [texts[0]], 9);
        var before = first.Cosines.ToArray();
        made = 0;
        foreach (var text in texts)
        {
            tables.Of([2, 2], [text], 9); // the first is known
        }

        Assert.Equal(RotationTables.Most, made);
        tables.Of([2, 2], [texts[1]], 9);
        Assert.Equal(RotationTables.Most, made);
        tables.Of([2, 2], [texts[0]], 9); // had to leave
        Assert.Equal(RotationTables.Most + 1, made);
        Assert.Equal(before, first.Cosines.ToArray());

        int[] Places(Shape grid, JointCondition row, int text)
        {
            made++;
            return [.. Enumerable.Range(0, 3 * ((int)grid.ElementCount + text)).Select(i => (i * grid[1]) + (row.TokenCount * (i % 3)))];
        }
    }
}
