using System.Globalization;
using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>
/// Rotations that a network made before: constants of a picture's grid and of how long the texts are, the same in all calls of a run. Several
/// threads may call, as they may the network.
/// </summary>
/// <param name="backend">Where the tables lie.</param>
/// <param name="axes">Channels of a head that turn with each axis.</param>
/// <param name="theta">Base of the frequencies.</param>
/// <param name="placesOf">Where the tokens of a row stand, given the grid, the row's condition, and the tokens of texts in the stream.</param>
internal sealed class RotationTables(IBackend backend, Shape axes, double theta, Func<Shape, JointCondition, int, int[]> placesOf) : IDisposable
{
    /// <summary>Tables that are kept, those asked for last.</summary>
    public const int Most = 8;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Key, JointRotation Rotation)> _byUse = [];

    /// <summary>The rotation of a call's rows, in the caller's scope.</summary>
    /// <param name="grid">How the picture's tokens lie.</param>
    /// <param name="rows">Of the call.</param>
    /// <param name="text">Tokens of texts in the stream.</param>
    public JointRotation Of(Shape grid, IReadOnlyList<JointCondition> rows, int text)
    {
        string[] keys = [.. rows.Select(KeyOf)];
        var key = string.Create(
            CultureInfo.InvariantCulture, $"{grid} {text} {(keys.Distinct().Count() == 1 ? keys[0] : string.Join(';', keys))}");
        lock (_lock)
        {
            var found = _byUse.FirstOrDefault(kept => kept.Key == key);
            if (found.Key is null)
            {
                found = (key, Make(grid, rows, text));
            }
            else
            {
                _byUse.Remove(found);
            }

            _byUse.AddLast(found);
            if (_byUse.Count > Most)
            {
                Drop(_byUse.First!.Value.Rotation);
                _byUse.RemoveFirst();
            }

            return new JointRotation(View(found.Rotation.Cosines), View(found.Rotation.Sines));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var (_, rotation) in _byUse)
            {
                Drop(rotation);
            }

            _byUse.Clear();
        }
    }

    private JointRotation Make(Shape grid, IReadOnlyList<JointCondition> rows, int text)
    {
        using var scope = TensorScope.Begin();
        var made = JointRotation.Of(backend, axes, theta, [.. rows.Select(row => placesOf(grid, row, text))]);
        return new JointRotation(made.Cosines.Retain(), made.Sines.Retain());
    }

    private static Tensor View(Tensor table) => table.Rows(0, table.Shape[0]);

    private static string KeyOf(JointCondition row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.TokenCount}{string.Concat(row.Grids.Select(grid => $"+{grid}"))}");

    private static void Drop(JointRotation rotation)
    {
        rotation.Cosines.Dispose();
        rotation.Sines.Dispose();
    }
}
