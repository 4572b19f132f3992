using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>The stream of picture and text: how it is made of latents and texts, and how its blocks are run.</summary>
internal static class JointStream
{
    /// <summary>
    /// Latents [rows, channels, height, width], or with frames before the height, as tokens [rows, tokens, channels · side · side]: squares of cells
    /// in raster order, channels outermost in a token.
    /// </summary>
    public static Tensor Pack(Tensor latents, int side)
    {
        var (rows, channels, frames, height, width) = Sizes(latents.Shape);
        int down = height / side, across = width / side;
        return latents.Reshape([rows, channels, frames * down, side, across, side])
            .Permute(0, 2, 4, 1, 3, 5) // [rows, frames · height, width, channels, side, side]
            .Reshape([rows, frames * down * across, channels * side * side]);
    }

    /// <summary>The way back.</summary>
    /// <param name="tokens">[rows, tokens, channels · side · side].</param>
    /// <param name="latents">Shape of the latents.</param>
    /// <param name="side">Of a token, in cells.</param>
    public static Tensor Unpack(Tensor tokens, Shape latents, int side)
    {
        var (rows, channels, frames, height, width) = Sizes(latents);
        int down = height / side, across = width / side;
        return tokens.Reshape([rows, frames * down, across, channels, side, side])
            .Permute(0, 3, 1, 4, 2, 5) // [rows, channels, frames · height, side, width, side]
            .Reshape(latents);
    }

    /// <summary>
    /// The picture's tokens, those of pictures that are referred to, the text's, then zeros that nobody attends to: [rows, tokens, channels].
    /// </summary>
    /// <param name="image">[rows, picture's tokens, channels].</param>
    /// <param name="texts">One per row.</param>
    /// <param name="tokens">Of the whole stream.</param>
    public static Tensor Join(Tensor image, IReadOnlyList<JointCondition> texts, int tokens)
    {
        int rows = image.Shape[0], channels = image.Shape[2];
        var stream = Tensor.Empty(image.Backend, [rows, tokens, channels]);
        for (var row = 0; row < rows; row++)
        {
            var (own, at) = (stream.Rows(row, 1).Reshape([tokens, channels]), 0);
            foreach (var part in new[] { image.Rows(row, 1), texts[row].References, texts[row].Tokens })
            {
                if (part is not null)
                {
                    own.Rows(at, part.Shape[1]).CopyFromInPlace(part.Reshape([part.Shape[1], channels]));
                    at += part.Shape[1];
                }
            }

            if (tokens > at)
            {
                own.Rows(at, tokens - at).CopyFromInPlace(Tensor.Zeros(image.Backend, [tokens - at, channels]));
            }
        }

        return stream;
    }

    /// <summary>The tokens of the stream, of picture and text; a grid where no picture is referred to.</summary>
    public static TokenRange[] Ranges(Shape grid, int references, int text)
    {
        var images = checked((int)grid.ElementCount + references);
        return
        [
            new TokenRange(TokenGroup.Image, 0, images, references == 0 ? grid : [images]),
            new TokenRange(TokenGroup.Text, images, text, [text]),
        ];
    }

    /// <summary>Runs all blocks through the door, in the spans into which the call is cut.</summary>
    /// <param name="input">The call.</param>
    /// <param name="x">Residual stream, [rows, tokens, channels].</param>
    /// <param name="rows">What blocks need of each row.</param>
    /// <param name="door">Answers.</param>
    /// <param name="run">Runs a block: its number, stream, rows, wanted tokens.</param>
    /// <param name="offer">The signal before the first block.</param>
    /// <returns>[rows, tokens, channels].</returns>
    public static Tensor RunBlocks(
        NetworkInput input, Tensor x, JointRows rows, IFeatureDoor door, Func<int, Tensor, JointRows, Selection, Tensor> run, SignalOffer offer) =>
        BlockChain.Run(input, x, rows, new RunBlock<JointRows>(run), offer, door);

    /// <summary>Checks what strangers can get wrong about a call.</summary>
    /// <param name="network">Name, for messages.</param>
    /// <param name="input">The call.</param>
    /// <param name="channels">Of a latent.</param>
    /// <param name="tokensOf">Tokens of a latent; throws where it is not the network's.</param>
    /// <param name="hasGuidance">Whether every row is told its guidance.</param>
    /// <exception cref="ArgumentException">Rows, conditions or guidance do not fit.</exception>
    public static void Check(string network, NetworkInput input, int channels, Func<Shape, Shape> tokensOf, bool hasGuidance)
    {
        var shape = input.Latents.Shape;
        var (image, text) = (input.Map.Tokens[0], input.Map.Tokens[1]);
        if (shape.Rank < 4 || shape[0] != input.Timesteps.Count || shape[0] != input.Conditions.Count)
        {
            throw new ArgumentException(
                $"{network} reads latents [rows, {channels}, height, width] with a timestep and a text per row, "
                + $"not {shape} with {input.Timesteps.Count} and {input.Conditions.Count}.");
        }

        var tokens = tokensOf(new Shape([.. Enumerable.Range(1, shape.Rank - 1).Select(axis => shape[axis])])).ElementCount;
        foreach (var condition in input.Conditions)
        {
            if (condition is not JointCondition known || known.TokenCount > text.Count)
            {
                throw new ArgumentException(
                    $"{network} reads texts that it encoded, of at most {text.Count} tokens here, "
                    + $"not {condition.TokenCount} of {condition.GetType().Name}.");
            }

            if (tokens + known.ReferenceTokens != image.Count)
            {
                throw new ArgumentException(
                    $"{network}: latents {shape} have {tokens} tokens and their text refers to pictures of {known.ReferenceTokens}, "
                    + $"but the map of the call is for {image.Count}.");
            }
        }

        if (hasGuidance && (input.Guidance.Count != shape[0] || input.Guidance.Any(g => g is null)))
        {
            throw new ArgumentException(
                $"{network} is told the guidance of every row; of {shape[0]} rows {input.Guidance.Count(g => g is not null)} have one.");
        }
    }

    private static (int Rows, int Channels, int Frames, int Height, int Width) Sizes(Shape latents) =>
        (latents[0], latents[1], latents.Rank == 5 ? latents[2] : 1, latents[^2], latents[^1]);
}
