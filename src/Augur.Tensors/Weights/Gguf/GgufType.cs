namespace Augur.Tensors.Weights.Gguf;

/// <summary>Tensor types of GGUF by their numbers in a file.</summary>
internal static class GgufTypes
{
    private static readonly (uint Id, StoredType Type)[] s_read =
    [
        (0, StoredType.Float32), (1, StoredType.Float16), (2, StoredType.Q4_0), (3, StoredType.Q4_1), (6, StoredType.Q5_0), (7, StoredType.Q5_1),
        (8, StoredType.Q8_0), (10, StoredType.Q2_K), (11, StoredType.Q3_K), (12, StoredType.Q4_K), (13, StoredType.Q5_K), (14, StoredType.Q6_K),
        (20, StoredType.IQ4_NL), (23, StoredType.IQ4_XS), (24, StoredType.Int8), (25, StoredType.Int16), (26, StoredType.Int32),
        (27, StoredType.Int64), (28, StoredType.Float64), (30, StoredType.BFloat16),
    ];

    // Types that exist and are not read, so that a message can name them.
    private static readonly (uint Id, string Name)[] s_others =
    [
        (9, "Q8_1"), (15, "Q8_K"), (16, "IQ2_XXS"), (17, "IQ2_XS"), (18, "IQ3_XXS"), (19, "IQ1_S"), (21, "IQ3_S"), (22, "IQ2_S"), (29, "IQ1_M"),
        (34, "TQ1_0"), (35, "TQ2_0"), (39, "MXFP4"),
    ];

    /// <summary>The type of a number, where it is read.</summary>
    public static bool TryGet(uint id, out StoredType type)
    {
        var index = Array.FindIndex(s_read, t => t.Id == id);
        type = index < 0 ? default : s_read[index].Type;
        return index >= 0;
    }

    /// <summary>The number of a type; null where GGUF has none.</summary>
    public static uint? IdOf(StoredType type) => Array.FindIndex(s_read, t => t.Type == type) is >= 0 and var index ? s_read[index].Id : null;

    /// <summary>The name of a type that is not read, or what its number says.</summary>
    public static string Describe(uint id) => Array.Find(s_others, t => t.Id == id).Name ?? $"number {id}, which is unknown";

    /// <summary>Elements that are stored together; a row is a multiple of it.</summary>
    public static int BlockElements(StoredType type) => type.IsBlocks() ? type.Quantized()!.Value.BlockElements() : 1;
}
