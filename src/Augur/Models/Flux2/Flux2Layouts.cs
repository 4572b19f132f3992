using System.Text.RegularExpressions;
using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Models.Joint;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.Flux2;

/// <summary>The two published key layouts of a FLUX.2 transformer's weights, read into one network. No map has a bias.</summary>
internal static class Flux2Layouts
{
    /// <summary>Whether a checkpoint is a FLUX.2 transformer.</summary>
    public static bool Is(Checkpoint checkpoint) => NamesOf(checkpoint) is not null;

    /// <summary>Name of the layout, for messages.</summary>
    public static string LayoutOf(Checkpoint checkpoint) => NamesOf(checkpoint)?.Layout ?? "unknown";

    /// <summary>Reads the network of a checkpoint in either layout; every tensor must have its place.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="adjust">Changes what shapes cannot tell: position axes, buckets, the latent's default size; null: nothing.</param>
    /// <param name="encoder">Makes embeddings of prompts; null: only embeddings are read.</param>
    /// <exception cref="WeightFileException">A tensor is missing, left over, or has another shape.</exception>
    public static Flux2Model Load(
        Checkpoint checkpoint, IBackend backend, Func<Flux2Config, Flux2Config>? adjust = null, IPromptEncoder? encoder = null) =>
        JointLayouts.Load(checkpoint, backend, root =>
        {
            var inferred = Infer(checkpoint);
            var config = JointLayouts.Checked(checkpoint, () => (adjust?.Invoke(inferred) ?? inferred).Validated());
            return new Flux2Model(config, Read(root, config, NamesOf(checkpoint)!), backend, encoder);
        });

    /// <summary>The sizes that the shapes of a checkpoint imply, with the published position axes where the heads have 128 channels.</summary>
    /// <exception cref="WeightFileException">They imply none.</exception>
    public static Flux2Config Infer(Checkpoint checkpoint)
    {
        var names = NamesOf(checkpoint) ?? throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a FLUX.2 transformer.");
        var image = JointLayouts.Find(checkpoint, $"{names.Image}.weight", 2);
        var block = $"{names.Double}.0";
        return new Flux2Config
        {
            InChannels = image[1],
            HiddenSize = image[0],
            HeadCount = image[0] / JointLayouts.Find(checkpoint, $"{block}.{names.ImageGroup.KeyNorm}", 1)[0],
            DoubleBlockCount = JointLayouts.Blocks(checkpoint, Numbered(names.Double)),
            SingleBlockCount = JointLayouts.Blocks(checkpoint, Numbered(names.Single)),
            TextChannels = JointLayouts.Find(checkpoint, $"{names.Text}.weight", 2)[1],
            MlpSize = JointLayouts.Find(checkpoint, $"{block}.{names.ImageGroup.MlpOut}.weight", 2)[1],
            HasGuidance = checkpoint.Tensors.ContainsKey($"{names.Guidance.First}.weight"),
        };
    }

    /// <summary>What each linear map is made of in a checkpoint, and in every layout.</summary>
    public static LayoutTraces Traces(Checkpoint checkpoint)
    {
        var config = Infer(checkpoint);
        var known = Array.ConvertAll(Flux2Names.Known, names => WeightTrace.Of(names.Layout, root => Read(root, config, names)));
        return new(known.First(trace => trace.Layout == LayoutOf(checkpoint)), known);
    }

    /// <summary>Every tensor of a checkpoint's layout with its shape.</summary>
    public static Dictionary<string, Shape> Expected(Checkpoint checkpoint, Flux2Config config)
    {
        var names = NamesOf(checkpoint)!;
        int c = config.HiddenSize, mlp = config.MlpSize;
        var expected = new Dictionary<string, Shape>();
        Maps((names.Image, c, config.InChannels), (names.Text, c, config.TextChannels));
        Maps((names.Time.First, c, Flux2Config.FrequencyCount), (names.Time.Second, c, c));
        Maps(config.HasGuidance ? [(names.Guidance.First, c, Flux2Config.FrequencyCount), (names.Guidance.Second, c, c)] : []);
        Maps((names.ImageModulation, 6 * c, c), (names.TextModulation, 6 * c, c), (names.SingleModulation, 3 * c, c));
        Maps((names.FinalModulation, 2 * c, c), (names.Final, config.InChannels, c));
        foreach (var block in Enumerable.Range(0, config.DoubleBlockCount).Select(i => $"{names.Double}.{i}"))
        {
            foreach (var group in new[] { names.ImageGroup, names.TextGroup })
            {
                Array.ForEach(group.Qkv, name => Maps(($"{block}.{name}", 3 * c / group.Qkv.Length, c)));
                Maps(($"{block}.{group.Projection}", c, c), ($"{block}.{group.MlpIn}", 2 * mlp, c), ($"{block}.{group.MlpOut}", c, mlp));
                Norms($"{block}.{group.QueryNorm}", $"{block}.{group.KeyNorm}");
            }
        }

        foreach (var block in Enumerable.Range(0, config.SingleBlockCount).Select(i => $"{names.Single}.{i}"))
        {
            Maps(($"{block}.{names.Fused}", (3 * c) + (2 * mlp), c), ($"{block}.{names.FusedOut}", c, c + mlp));
            Norms($"{block}.{names.SingleQueryNorm}", $"{block}.{names.SingleKeyNorm}");
        }

        return expected;

        void Maps(params (string Name, int Outputs, int Inputs)[] maps) =>
            Array.ForEach(maps, map => expected[$"{map.Name}.weight"] = [map.Outputs, map.Inputs]);

        void Norms(params string[] norms) => Array.ForEach(norms, name => expected[name] = [config.HeadChannels]);
    }

    private static Flux2Weights Read(WeightScope root, Flux2Config config, Flux2Names names)
    {
        int c = config.HiddenSize, mlp = config.MlpSize;
        PackedLinear Map(WeightScope scope, string name, int outputs, int inputs) => scope.Linear(name, outputs, inputs, bias: false);
        JointEmbedder Embedder((string First, string Second) name) => new(
            Map(root, name.First, c, Flux2Config.FrequencyCount), Map(root, name.Second, c, c));
        JointGroupWeights Group(WeightScope block, Flux2GroupNames group) => new(
            null,
            group.Qkv.Length == 1 ? Map(block, group.Qkv[0], 3 * c, c) : DitLayouts.Joined(block, c, hasBias: false, group.Qkv),
            block.SingleTensor(group.QueryNorm, [config.HeadChannels]),
            block.SingleTensor(group.KeyNorm, [config.HeadChannels]),
            Map(block, group.Projection, c, c),
            new(new(Map(block, group.MlpIn, 2 * mlp, c), IsGated: true), Map(block, group.MlpOut, c, mlp)));
        JointDoubleBlockWeights Double(int layer)
        {
            var block = root.Scope($"{names.Double}.{layer}");
            return new(Group(block, names.ImageGroup), Group(block, names.TextGroup));
        }

        JointSingleBlockWeights Single(int layer)
        {
            var block = root.Scope($"{names.Single}.{layer}");
            var parts = block.LinearParts(names.Fused, [3 * c, 2 * mlp], c, bias: false);
            return new(
                null, parts[0], new(parts[1], IsGated: true),
                block.SingleTensor(names.SingleQueryNorm, [config.HeadChannels]),
                block.SingleTensor(names.SingleKeyNorm, [config.HeadChannels]),
                Map(block, names.FusedOut, c, c + mlp));
        }

        return new Flux2Weights(
            Map(root, names.Image, c, config.InChannels),
            Map(root, names.Text, c, config.TextChannels),
            Embedder(names.Time),
            config.HasGuidance ? Embedder(names.Guidance) : null,
            Map(root, names.ImageModulation, 6 * c, c),
            Map(root, names.TextModulation, 6 * c, c),
            Map(root, names.SingleModulation, 3 * c, c),
            [.. Enumerable.Range(0, config.DoubleBlockCount).Select(Double)],
            [.. Enumerable.Range(0, config.SingleBlockCount).Select(Single)],
            names.ScaleStandsFirst ? JointLayouts.HalvesSwapped(root, names.FinalModulation, c, hasBias: false)
                : Map(root, names.FinalModulation, 2 * c, c),
            Map(root, names.Final, config.InChannels, c));
    }

    private static Flux2Names? NamesOf(Checkpoint checkpoint) =>
        Array.Find(Flux2Names.Known, names => checkpoint.Tensors.ContainsKey($"{names.SingleModulation}.weight"));

    private static Regex Numbered(string name) => new($@"^{name}\.([0-9]{{1,4}})\.");
}
