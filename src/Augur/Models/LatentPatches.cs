using Augur.Tensors;

namespace Augur.Models;

/// <summary>Squares of latent cells as tokens, in the order that DiT's final layer gives them: [row in the square, column in it, channel].</summary>
internal static class LatentPatches
{
    /// <summary>The latent that a network's output stands for.</summary>
    /// <param name="tokens">[batch, tokens, patch · patch · channels].</param>
    /// <param name="grid">Tokens, [rows, columns].</param>
    /// <param name="patch">Side of a square.</param>
    /// <returns>[batch, channels, height, width].</returns>
    public static Tensor Unfold(Tensor tokens, Shape grid, int patch)
    {
        int batch = tokens.Shape[0], channels = tokens.Shape[2] / (patch * patch);
        return tokens.Reshape([batch, grid[0], grid[1], patch, patch, channels])
            .Permute(0, 5, 1, 3, 2, 4) // [batch, channels, rows, patch, columns, patch]
            .Reshape([batch, channels, grid[0] * patch, grid[1] * patch]);
    }

    /// <summary>The latent in the order of a network's output; 0 where that has a learned variance.</summary>
    /// <param name="latents">[batch, channels, height, width].</param>
    /// <param name="grid">Tokens, [rows, columns].</param>
    /// <param name="patch">Side of a square.</param>
    /// <param name="outChannels">Channels of the output, at least the latent's.</param>
    /// <returns>[batch, tokens, patch · patch · outChannels].</returns>
    public static Tensor Fold(Tensor latents, Shape grid, int patch, int outChannels)
    {
        int batch = latents.Shape[0], channels = latents.Shape[1], cells = latents.Shape[2] * latents.Shape[3];
        var padded = latents.Reshape([batch, channels * cells]);
        if (outChannels > channels)
        {
            padded = Tensor.Concatenate([padded, Tensor.Zeros(latents.Backend, [batch, (outChannels - channels) * cells])], 1);
        }

        return padded.Reshape([batch, outChannels, grid[0], patch, grid[1], patch])
            .Permute(0, 2, 4, 3, 5, 1) // [batch, rows, columns, patch, patch, channels]
            .Reshape([batch, grid[0] * grid[1], patch * patch * outChannels]);
    }
}
