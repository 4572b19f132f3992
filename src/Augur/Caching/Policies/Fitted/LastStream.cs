using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// The stream behind a network's last block (of a U-Net what its outermost level gives), which a fit reads beside the output: it holds more of what
/// the network made out than the output says. Each token's channels are brought to mean 0 and variance 1, as the network's own last layer does.
/// </summary>
/// <param name="Site">Where it is.</param>
/// <param name="First">The first of its tokens that belongs to the picture.</param>
/// <param name="Tokens">Tokens of the picture, as many as the output has.</param>
/// <param name="Width">Its channels.</param>
internal sealed record LastStream(Site Site, int First, int Tokens, int Width)
{
    private const float Epsilon = 1e-6f;

    /// <summary>The stream of a network; null: its tokens are not those of the output.</summary>
    public static LastStream? Of(NetworkMap map)
    {
        var site = map.HasLevels ? Site.Level(0) : map.LastBlock;
        if (!map.Has(site))
        {
            return null;
        }

        var (feature, picture) = (map[site].Feature, map.TokensOf(site));
        return feature[0] == map.Output[0] ? new(site, 0, feature[0], feature[1])
            : picture.Count == map.Output[0] && picture.First + picture.Count <= feature[0]
                ? new(site, picture.First, picture.Count, feature[1])
                : null;
    }

    /// <summary>[rows, tokens of the picture, width].</summary>
    /// <param name="feature">What the site gave, [rows, tokens, width].</param>
    public Tensor Read(Tensor feature)
    {
        var (rows, all) = (feature.Shape[0], feature.Shape[1]);
        if (all == Tokens)
        {
            return feature.LayerNorm(Epsilon);
        }

        var picture = Tensor.Empty(feature.Backend, [rows, Tokens, Width]);
        for (var row = 0; row < rows; row++)
        {
            var tokens = feature.Rows(row, 1).Reshape([all, Width]).Rows(First, Tokens);
            picture.Rows(row, 1).Reshape([Tokens, Width]).CopyFromInPlace(tokens);
        }

        return picture.LayerNorm(Epsilon);
    }
}
