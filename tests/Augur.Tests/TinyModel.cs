using System.Text.Json;
using Augur.Models.Dit;
using Augur.Tensors.Weights;

namespace Augur.Tests;

/// <summary>
/// A folder with a DiT of pixels, 8×8, two blocks, five classes, and made-up weights: small enough to run anywhere, big enough to differ.
/// </summary>
internal sealed class TinyModel : IDisposable
{
    private static readonly DitConfig s_config = new()
    {
        InputSize = 8,
        PatchSize = 2,
        InChannels = 3,
        HiddenSize = 32,
        Depth = 2,
        HeadCount = 2,
        ClassCount = 5,
    };

    public TinyModel()
    {
        Folder = Directory.CreateTempSubdirectory("augur-tiny").FullName;
        var writer = new SafetensorsWriter();
        var phase = 0;
        foreach (var (name, shape) in DitLayouts.ExpectedOriginal(s_config).Where(e => e.Key != "pos_embed"))
        {
            phase++;
            var scale = 1 / MathF.Sqrt(shape.Columns);
            writer.Add(
                name, [.. Enumerable.Range(0, (int)shape.ElementCount).Select(i => scale * MathF.Sin((i * 12.9898f) + (phase * 78.233f)))], shape);
        }

        writer.Save(Path.Combine(Folder, "model.safetensors"));
        File.WriteAllText(Path.Combine(Folder, "config.json"), JsonSerializer.Serialize(new
        {
            architecture = "dit",
            input_size = 8,
            patch_size = 2,
            in_channels = 3,
            hidden_size = 32,
            depth = 2,
            num_heads = 2,
            num_classes = 5,
            space = "pixel",
            class_names = new[] { "red apple", "octopus", "rocket", "bear", "bell" },
            defaults = new { sampler = "ddim", steps = 4, guidance = 2.0, guidance_channels = "all" },
        }));
    }

    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
