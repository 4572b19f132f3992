using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models;
using Augur.Models.Joint;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>Saved forwards of networks of picture and text: rows with texts, and what follows from the positions that were saved.</summary>
internal static class JointForward
{
    /// <summary>The text embeddings of a saved batch [rows, tokens, channels], one per row; of the first tokens where a mask says how many.</summary>
    public static PromptEmbedding[] Texts(FixtureFile saved, string name, IReadOnlyList<int>? counts = null)
    {
        var (shape, values) = (saved.Shape(name), saved.Singles(name));
        return [.. Enumerable.Range(0, shape[0]).Select(row => new PromptEmbedding(
            [.. FixtureFile.Entry(values, shape, row)[..((counts?[row] ?? shape[1]) * shape[2])]], shape[2], []))];
    }

    /// <summary>Predicts for given rows.</summary>
    /// <param name="network">Whose.</param>
    /// <param name="latents">[rows, channels, …].</param>
    /// <param name="times">Model times, which count to 1000.</param>
    /// <param name="conditions">One per row.</param>
    /// <param name="guidance">One per row; none where the network is told none.</param>
    /// <param name="door">Answers.</param>
    /// <param name="look">Is shown map and encoded conditions before the call; null: nobody.</param>
    /// <returns>The prediction, [rows, channels, …].</returns>
    public static Tensor Predict(
        INetwork network,
        Tensor latents,
        float[] times,
        IReadOnlyList<Condition> conditions,
        IReadOnlyList<float?> guidance,
        IFeatureDoor door,
        Action<NetworkMap, IReadOnlyList<EncodedCondition>>? look = null)
    {
        var rows = network.Encode(conditions);
        try
        {
            var shape = latents.Shape;
            var map = network.Describe(new Shape([.. Enumerable.Range(1, shape.Rank - 1).Select(axis => shape[axis])]), rows);
            look?.Invoke(map, rows);
            return network.Predict(new NetworkInput(map, latents, times, rows) { Guidance = guidance }, door);
        }
        finally
        {
            foreach (var row in rows)
            {
                row.Dispose();
            }
        }
    }

    /// <summary>Pictures that a row refers to, of saved tokens that follow those of the picture that is drawn.</summary>
    /// <param name="saved">The file.</param>
    /// <param name="name">Tokens of all pictures, [rows, tokens, channels].</param>
    /// <param name="row">Which row.</param>
    /// <param name="from">Tokens of what is drawn.</param>
    /// <param name="grids">Of the pictures that follow, [rows, columns].</param>
    /// <param name="side">Of a token, in cells.</param>
    /// <param name="backend">Unfolds the tokens.</param>
    public static ReferenceLatent[] References(
        FixtureFile saved, string name, int row, int from, IReadOnlyList<Shape> grids, int side, IBackend backend)
    {
        using var scope = TensorScope.Begin();
        var (tokens, first) = (saved.Tensor(name, backend).Rows(row, 1), from);
        return [.. grids.Select(grid =>
        {
            var own = tokens.Slice(1, first, (int)grid.ElementCount);
            first += (int)grid.ElementCount;
            Shape shape = [tokens.Shape[2] / (side * side), grid[0] * side, grid[1] * side];
            var latent = JointStream.Unpack(own, [1, shape[0], shape[1], shape[2]], side);
            return new ReferenceLatent([.. latent.ToArray()], shape);
        })];
    }

    /// <summary>Rotary channels of a head, as a configuration lists them.</summary>
    public static Shape Axes(JsonElement sizes) => new(sizes.GetProperty("axes_dims_rope").EnumerateArray().Select(a => a.GetInt32()).ToArray());
}
