using System.Text.RegularExpressions;

namespace Augur.Catalogs.Lora;

/// <summary>What a tensor of a LoRA file is to its module.</summary>
internal enum LoraRole
{
    /// <summary>[rank, inputs, …].</summary>
    Down,

    /// <summary>[outputs, rank, …].</summary>
    Up,

    /// <summary>[rank, rank, height, width]: the kernel between them (Tucker's form).</summary>
    Mid,

    /// <summary>One number: the product counts alpha / rank times.</summary>
    Alpha,

    /// <summary>DoRA's magnitudes, whose shape says whether they are of outputs or of inputs.</summary>
    Magnitude,

    /// <summary>DoRA's magnitudes as PEFT keeps them: of outputs, whatever the shape.</summary>
    OutputMagnitude,
}

/// <summary>A tensor's name in a LoRA file, taken apart.</summary>
/// <param name="Module">The name of the linear map or convolution, in whatever dialect.</param>
/// <param name="Role">What the tensor is to it.</param>
internal readonly partial record struct LoraKey(string Module, LoraRole Role)
{
    private static readonly (string Ending, LoraRole Role)[] s_endings =
    [
        (".lora_down.weight", LoraRole.Down), (".lora_up.weight", LoraRole.Up), (".lora_mid.weight", LoraRole.Mid), // kohya, LyCORIS
        (".lora.down.weight", LoraRole.Down), (".lora.up.weight", LoraRole.Up), // diffusers
        (".lora_linear_layer.down.weight", LoraRole.Down), (".lora_linear_layer.up.weight", LoraRole.Up), // diffusers, older
        ("_lora.down.weight", LoraRole.Down), ("_lora.up.weight", LoraRole.Up), // diffusers' attention processors, oldest
        (".alpha", LoraRole.Alpha), (".dora_scale", LoraRole.Magnitude),
    ];

    /// <summary>Takes a name apart; null: it is none of a LoRA.</summary>
    public static LoraKey? Of(string name)
    {
        var peft = Peft().Match(name);
        if (peft.Success)
        {
            var role = peft.Groups[2].Value switch { "lora_A" => LoraRole.Down, "lora_B" => LoraRole.Up, _ => LoraRole.OutputMagnitude };
            return new LoraKey(peft.Groups[1].Value, role);
        }

        foreach (var (ending, role) in s_endings)
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal))
            {
                return new LoraKey(Plain(name[..^ending.Length]), role);
            }
        }

        return null;
    }

    // Attention processors named the maps of their attention, and its output without the number that it has among its layers.
    private static string Plain(string module)
    {
        const string Processor = ".processor.";
        var at = module.IndexOf(Processor, StringComparison.Ordinal);
        var layer = module.EndsWith(".to_out", StringComparison.Ordinal) ? ".0" : "";
        return at < 0 ? module : $"{module[..at]}.{module[(at + Processor.Length)..]}{layer}";
    }

    // An adapter's own name may stand before the last word.
    [GeneratedRegex(@"^(.{1,512})\.(lora_A|lora_B|lora_magnitude_vector)(?:\.[A-Za-z0-9_-]{1,64})?(?:\.weight)?$")]
    private static partial Regex Peft();
}
