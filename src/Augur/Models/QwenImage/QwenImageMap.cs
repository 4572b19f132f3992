using Augur.Caching;
using Augur.Models.Joint;
using Augur.Tensors;

namespace Augur.Models.QwenImage;

/// <summary>What a Qwen-Image transformer tells of itself, and where its tokens stand.</summary>
internal static class QwenImageMap
{
    /// <summary>For a picture and a text.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="grid">Tokens of what is drawn, [rows, columns] or [layers, rows, columns].</param>
    /// <param name="references">Tokens of pictures that are referred to.</param>
    /// <param name="text">The text's tokens, with what it is filled up by.</param>
    public static NetworkMap Of(QwenImageConfig config, Shape grid, int references, int text)
    {
        long c = config.HiddenSize;
        return JointMap.Of(
            new JointMapSizes
            {
                Channels = config.HiddenSize,
                MlpSize = config.MlpSize,
                DoubleBlockCount = config.BlockCount,
                InChannels = config.InChannels,
                OutChannels = config.InChannels,
                EmbedderFlops = 2 * ((QwenImageConfig.FrequencyCount * c) + (c * c)),
                ImageTimes = config.HasStillReferences && references > 0 ? 2 : 1,
            },
            grid,
            references,
            text);
    }

    /// <summary>
    /// Places on three axes: rows and columns of a picture are counted from its middle, pictures one after the other (in a layered network the last
    /// one that is referred to at −1), and the text stands on all axes alike, beyond every picture.
    /// </summary>
    public static int[] Places(QwenImageConfig config, Shape grid, IReadOnlyList<Shape> references, int text)
    {
        var layers = config.HasLayers ? grid[0] : 1;
        Shape layer = [grid[^2], grid[^1]];
        Shape[] pictures = [.. Enumerable.Repeat(layer, layers), .. references];
        var places = new List<int>();
        foreach (var (index, size) in pictures.Index())
        {
            var picture = config.HasLayers && references.Count > 0 && index == pictures.Length - 1 ? -1 : index;
            for (var token = 0; token < size.ElementCount; token++)
            {
                places.AddRange([picture, (token / size[1]) - Above(size[0]), (token % size[1]) - Above(size[1])]);
            }
        }

        var first = pictures.Max(size => Math.Max(size[0] / 2, size[1] / 2));
        first = config.HasLayers ? Math.Max(first, pictures.Length - 1) : first;
        for (var token = 0; token < text; token++)
        {
            places.AddRange([first + token, first + token, first + token]);
        }

        return [.. places];

        static int Above(int count) => count - (count / 2);
    }
}
