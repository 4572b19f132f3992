using Augur.Tensors;

namespace Augur.Models;

/// <summary>The tensors of a key layout with their shapes, by name.</summary>
internal sealed class TensorShapes : Dictionary<string, Shape>
{
    /// <summary>Adds a linear map.</summary>
    public void AddLinear(string name, int outputs, int inputs, bool hasBias = true)
    {
        this[$"{name}.weight"] = [outputs, inputs];
        if (hasBias)
        {
            this[$"{name}.bias"] = [outputs];
        }
    }
}
