namespace Augur.GpuBench;

/// <summary>What is measured: FLUX.1 at 1024² and DiT-XL/2 at 256², or small things that only show that everything runs.</summary>
internal sealed record Sizes
{
    public required bool IsToy { get; init; }

    /// <summary>Name, rows, inputs, outputs.</summary>
    public required IReadOnlyList<(string Name, int Rows, int Inputs, int Outputs)> Linear { get; init; }

    /// <summary>Name, batch, tokens, heads, channels of a head.</summary>
    public required IReadOnlyList<(string Name, int Batch, int Tokens, int Heads, int Width)> Attention { get; init; }

    /// <summary>Name, side of the picture, channels, outputs; 3x3 kernels.</summary>
    public required IReadOnlyList<(string Name, int Side, int Channels, int Outputs)> Convolution { get; init; }

    public required FluxSize Flux { get; init; }

    public required DitSize Dit { get; init; }

    public required int Steps { get; init; }

    /// <summary>Where only a call's time is asked for.</summary>
    public required int CallSteps { get; init; }

    public static Sizes Full { get; } = new()
    {
        IsToy = false,
        Linear =
        [
            ("DiT-XL/2 b1 qkv", 256, 1152, 3456), ("DiT-XL/2 b2 mlp1", 512, 1152, 4608), ("DiT-XL/2 b2 mlp2", 512, 4608, 1152),
            ("DiT-XL/2 b16 mlp1", 4096, 1152, 4608), ("DiT-XL/2 b16 mlp2", 4096, 4608, 1152),
            ("FLUX qkv", 4608, 3072, 9216), ("FLUX proj", 4608, 3072, 3072), ("FLUX mlp1", 4608, 3072, 12288), ("FLUX mlp2", 4608, 12288, 3072),
            ("FLUX single out", 4608, 15360, 3072),
        ],
        Attention = [("FLUX", 1, 4608, 24, 128), ("DiT-XL/2 b16", 16, 256, 16, 72), ("SD3.5-like", 2, 4250, 24, 64)],
        Convolution = [("U-Net", 64, 640, 640), ("autoencoder", 128, 512, 512), ("autoencoder", 512, 256, 256)],
        Flux = new(3072, 24, 2, 4, 128, 512), // of 19 and 38 blocks
        Dit = new(1152, 28, 16),
        Steps = 28,
        CallSteps = 8,
    };

    public static Sizes Toy { get; } = new()
    {
        IsToy = true,
        Linear = [("toy", 70, 64, 96), ("toy, odd", 33, 65, 47)],
        Attention = [("toy", 1, 48, 2, 32)],
        Convolution = [("toy", 7, 12, 20)],
        Flux = new(96, 6, 1, 2, 8, 8),
        Dit = new(96, 2, 6),
        Steps = 12,
        CallSteps = 3,
    };
}

/// <summary>A FLUX.1 of fewer blocks: the stream's channels, heads, blocks of both kinds, the latent's side in cells, the text's tokens.</summary>
internal sealed record FluxSize(int Channels, int Heads, int DoubleBlocks, int SingleBlocks, int LatentSide, int TextTokens);

/// <summary>A DiT/2 of 32 by 32 cells.</summary>
internal sealed record DitSize(int Channels, int Depth, int Heads);
