namespace Augur.Tensors.Weights;

/// <summary>What a GGUF file says of its model beside the tensors.</summary>
/// <param name="Architecture">For <c>general.architecture</c>; null: none is named.</param>
public sealed record GgufDescription(string? Architecture)
{
    /// <summary>Whole numbers, such as <c>llada.attention.head_count</c>, by their keys.</summary>
    public IReadOnlyDictionary<string, uint> Integers { get; init; } = new Dictionary<string, uint>();

    /// <summary>Numbers in single precision, such as <c>llada.rope.freq_base</c>, by their keys.</summary>
    public IReadOnlyDictionary<string, float> Singles { get; init; } = new Dictionary<string, float>();
}
