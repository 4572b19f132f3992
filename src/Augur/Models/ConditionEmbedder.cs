using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models;

/// <summary>Two linear maps with an activation between them, as timesteps, pooled texts and captions pass them.</summary>
internal sealed record ConditionEmbedder(PackedLinear First, PackedLinear Second, Activation Activation = Activation.Silu) : IDisposable
{
    /// <summary>Reads one, whose output is as wide as what lies between the maps.</summary>
    /// <param name="root">Where.</param>
    /// <param name="first">Name of the first map, <paramref name="inputs"/> → <paramref name="width"/>.</param>
    /// <param name="second">Name of the second.</param>
    /// <param name="width">Channels of the output.</param>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="activation">Between them.</param>
    public static ConditionEmbedder Read(
        WeightScope root, string first, string second, int width, int inputs, Activation activation = Activation.Silu) =>
        new(root.Linear(first, width, inputs), root.Linear(second, width, width), activation);

    public Tensor Apply(Tensor x) => x.Linear(First, Activation).Linear(Second);

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}
