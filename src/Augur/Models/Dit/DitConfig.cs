namespace Augur.Models.Dit;

/// <summary>The sizes of a diffusion transformer (Peebles and Xie, "Scalable Diffusion Models with Transformers", 2023).</summary>
public sealed record DitConfig
{
    /// <summary>Layer normalisation's epsilon in the original code.</summary>
    public const float NormEpsilon = 1e-6f;

    /// <summary>Width of the timestep's sinusoid before its two linear maps.</summary>
    public const int FrequencyCount = 256;

    /// <summary>Most tokens of one image, 512×512 patches: a bound on what a configuration alone can make a loader allocate.</summary>
    private const int MaxTokens = 1 << 18;

    /// <summary>Height and width of the latent, in latent cells.</summary>
    public required int InputSize { get; init; }

    /// <summary>Side of a patch, in latent cells; one patch is one token.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Channels of the latent.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of a token.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Number of blocks.</summary>
    public required int Depth { get; init; }

    /// <summary>Attention heads; divides <see cref="HiddenSize"/>.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Number of classes, the null class of guidance not counted.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Whether the network also predicts the variance of each pixel.</summary>
    public bool LearnsVariance { get; init; } = true;

    /// <summary>What the network was trained to predict: the noise, as published, unless a configuration says otherwise.</summary>
    public Sampling.Prediction Prediction { get; init; } = Sampling.Prediction.Epsilon;

    /// <summary>Epsilon of the norm before each feed-forward branch; diffusers' port uses 1e-5 there, the original 1e-6.</summary>
    public float MlpNormEpsilon { get; init; } = NormEpsilon;

    /// <summary>
    /// Whether the timestep's frequencies fall to exactly 1/10000 (diffusers: exponent i/(half − 1)) or just short of it (original: i/half).
    /// </summary>
    public bool FrequenciesReachEnd { get; init; }

    /// <summary>Tokens along one side.</summary>
    public int GridSize => InputSize / PatchSize;

    /// <summary>Tokens of one image.</summary>
    public int TokenCount => GridSize * GridSize;

    /// <summary>Channels of the output.</summary>
    public int OutChannels => LearnsVariance ? 2 * InChannels : InChannels;

    /// <summary>A published configuration.</summary>
    /// <param name="name">DiT-S, DiT-B, DiT-L or DiT-XL, then "/2", "/4" or "/8".</param>
    /// <param name="imageSize">256 or 512 pixels: a latent of 32 or 64 cells.</param>
    /// <exception cref="ArgumentException">No such size was published.</exception>
    public static DitConfig Published(string name, int imageSize = 256)
    {
        (string Size, int Hidden, int Depth, int Heads)[] sizes = [("S", 384, 12, 6), ("B", 768, 12, 12), ("L", 1024, 24, 16), ("XL", 1152, 28, 16)];
        foreach (var (size, hidden, depth, heads) in sizes)
        {
            foreach (var patch in new[] { 2, 4, 8 })
            {
                if (name == $"DiT-{size}/{patch}" && imageSize is 256 or 512)
                {
                    return new DitConfig
                    {
                        InputSize = imageSize / 8,
                        PatchSize = patch,
                        InChannels = 4,
                        HiddenSize = hidden,
                        Depth = depth,
                        HeadCount = heads,
                        ClassCount = 1000,
                    };
                }
            }
        }

        throw new ArgumentException(
            $"'{name}' at {imageSize} pixels was not published; there are DiT-S, B, L and XL at patch 2, 4, 8 and 256 or 512 pixels.");
    }

    /// <summary>The head count of the published size of this width; 0 where there is none.</summary>
    public static int PublishedHeadCount(int hiddenSize) => hiddenSize switch { 384 => 6, 768 => 12, 1024 or 1152 => 16, _ => 0 };

    /// <summary>Checks that the numbers fit each other and are of a plausible size.</summary>
    /// <exception cref="ArgumentException">They do not; names the two that disagree.</exception>
    public DitConfig Validated()
    {
        Require(InputSize is > 0 and <= 4096, $"an input of {InputSize} cells");
        Require(PatchSize is > 0 and <= 64 && InputSize % PatchSize == 0, $"patches of {PatchSize} on an input of {InputSize} cells");
        Require(TokenCount <= MaxTokens, $"{TokenCount} tokens; at most {MaxTokens} are possible");
        Require(InChannels is > 0 and <= 1024, $"{InChannels} channels");
        Require(
            HiddenSize is > 0 and <= 65536 && HiddenSize % 4 == 0,
            $"a hidden size of {HiddenSize}, which the position table needs to be a multiple of 4");
        Require(HeadCount > 0 && HiddenSize % HeadCount == 0, $"{HeadCount} heads on a hidden size of {HiddenSize}");
        Require(Depth is > 0 and <= 1024, $"{Depth} blocks");
        Require(ClassCount is > 0 and <= 1 << 20, $"{ClassCount} classes");
        Require(MlpNormEpsilon is > 0 and <= 1, $"an epsilon of {MlpNormEpsilon}, which lies above 0 and at most at 1");
        return this;

        static void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new ArgumentException($"A DiT cannot have {what}.");
            }
        }
    }

    /// <summary>For reports: the published name where there is one, otherwise depth, width and patch.</summary>
    public override string ToString()
    {
        var letter = (HiddenSize, Depth) switch { (384, 12) => "S", (768, 12) => "B", (1024, 24) => "L", (1152, 28) => "XL", _ => null };
        return letter is null ? $"DiT {Depth}x{HiddenSize}/{PatchSize}" : $"DiT-{letter}/{PatchSize}";
    }
}
