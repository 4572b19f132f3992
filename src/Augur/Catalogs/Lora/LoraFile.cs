using Augur.Tensors.Weights;

namespace Augur.Catalogs.Lora;

/// <summary>An open LoRA file: its modules in its own dialect, before anything is known of the model that it is for.</summary>
internal sealed class LoraFile : IDisposable
{
    private LoraFile(Checkpoint file, IReadOnlyList<LoraModule> modules, IReadOnlyList<string> others) =>
        (Checkpoint, Modules, Others, Scaling) = (file, modules, others, LoraScaling.Of(file));

    /// <summary>The file.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>What it changes, in the order of their names.</summary>
    public IReadOnlyList<LoraModule> Modules { get; }

    /// <summary>Names that are none of a LoRA, and those of modules that are not complete.</summary>
    public IReadOnlyList<string> Others { get; }

    /// <summary>Alpha beside the tensors.</summary>
    public LoraScaling Scaling { get; }

    /// <summary>Whether a file is a LoRA: one of its tensors has such a name.</summary>
    public static bool Is(Checkpoint file) => file.Tensors.Keys.Any(name => LoraKey.Of(name) is { Role: LoraRole.Down or LoraRole.Up });

    /// <summary>Reads names and shapes of a file.</summary>
    /// <param name="path">File or folder.</param>
    /// <exception cref="WeightFileException">It is not there, damaged, no LoRA, or its matrices make no products.</exception>
    public static LoraFile Open(string path)
    {
        var file = Checkpoint.Open(path);
        try
        {
            return Of(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The same of an open file, which is taken over.</summary>
    public static LoraFile Of(Checkpoint file)
    {
        if (!Is(file))
        {
            throw new WeightFileException($"{file.Path}: this is {WeightFileContent.Of(file.Path, file).Word}, not a LoRA, which --lora gives.");
        }

        var (modules, others) = (new List<LoraModule>(), new List<string>());
        var named = file.Tensors.Keys.Order(StringComparer.Ordinal).Select(name => (Name: name, Key: LoraKey.Of(name)))
            .ToLookup(n => n.Key?.Module ?? "");
        foreach (var ofModule in named)
        {
            if (ofModule.Key.Length > 0 && ModuleOf(file, ofModule.Key, [.. ofModule.Select(n => (n.Name, n.Key!.Value.Role))]) is { } module)
            {
                module.RequireShapes(file.Path);
                modules.Add(module);
            }
            else
            {
                others.AddRange(ofModule.Select(n => n.Name));
            }
        }

        return new LoraFile(file, modules, others);
    }

    /// <summary>The dialect of its names, for people.</summary>
    public string Dialect => Modules.Count == 0 ? "unknown" : Modules.CountBy(DialectOf).MaxBy(counted => counted.Value).Key;

    /// <inheritdoc/>
    public void Dispose() => Checkpoint.Dispose();

    private static LoraModule? ModuleOf(Checkpoint file, string name, (string Name, LoraRole Role)[] keys)
    {
        StoredTensor? Find(params LoraRole[] roles) =>
            keys.FirstOrDefault(key => roles.Contains(key.Role)).Name is { } found ? file.Tensors[found] : null;
        if (keys.GroupBy(key => key.Role).FirstOrDefault(role => role.Count() > 1) is { } twice)
        {
            throw new WeightFileException(
                $"{file.Path}: {WeightFileException.Quote(twice.First().Name)} and {WeightFileException.Quote(twice.Last().Name)} are the same "
                + "matrix.");
        }

        return Find(LoraRole.Down) is not { } down || Find(LoraRole.Up) is not { } up ? null : new LoraModule(name, down, up)
        {
            Mid = Find(LoraRole.Mid),
            Alpha = Find(LoraRole.Alpha),
            Magnitude = Find(LoraRole.Magnitude, LoraRole.OutputMagnitude),
            MagnitudeIsOfOutputs = Find(LoraRole.OutputMagnitude) is not null,
            Keys = [.. keys.Select(key => key.Name)],
        };
    }

    private static string DialectOf(LoraModule module) =>
        module.Name.StartsWith("lora_", StringComparison.Ordinal) ? "kohya"
        : module.Down.Name.Contains(".processor.", StringComparison.Ordinal) ? "diffusers' attention processors"
        : module.Name.StartsWith("diffusion_model.", StringComparison.Ordinal)
            || module.Name.StartsWith("text_encoders.", StringComparison.Ordinal) ? "the original code (BFL, ComfyUI)"
        : module.Down.Name.Contains(".lora_A", StringComparison.Ordinal) ? "PEFT and diffusers" : "diffusers";
}
