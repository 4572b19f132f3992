using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>Settings of <see cref="RegionWeights"/>; the defaults are EEdit's as released for edits by a mask.</summary>
public sealed record RegionWeightOptions
{
    /// <summary>Rings of tokens that count for more, the region itself among them. EEdit has 3 for masks and points, 5 for boxes.</summary>
    [Setting("rings", 1, 64, Unit = "rings")]
    public int Rings { get; init => field = Setting.Checked(this, value); } = 3;

    /// <summary>What is added to a weight of 1, before the decay.</summary>
    [Setting("bonus", 0, 100)]
    public double Bonus { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Factor of the bonus from ring to ring; the region itself has it once, as released.</summary>
    [Setting("decay", 0, 1)]
    public double Decay { get; init => field = Setting.Checked(this, value); } = 0.8;
}

/// <summary>
/// How much more the tokens of the region count that a request changes, and those around it: weights with which scores and draws are multiplied,
/// 1 + bonus · decay^(1 + ring), and 1 beyond the last ring (EEdit, arXiv 2503.10270).
/// </summary>
/// <param name="Rule">Which tokens are the region's.</param>
/// <param name="Options">The settings.</param>
public sealed record RegionWeights(RegionRule Rule, RegionWeightOptions Options)
{
    private const string Kind = "Region";

    private static readonly SettingList<RegionWeightOptions>[] s_settings =
        [new(Kind, "mask"), new(Kind, "box"), new(Kind, "points")]; // in the order of the rules

    internal static Catalog<RegionWeights> Catalog { get; } = new(
        Kind,
        region => region.Name,
        Entry("mask", "Tokens whose middle lies in the region.", RegionRule.Mask),
        Entry("box", "Tokens of the box around the region.", RegionRule.Box),
        Entry("points", "Tokens that the region touches.", RegionRule.Points));

    /// <summary>As the command line writes it, with the settings that differ from the defaults.</summary>
    public string Name => s_settings[(int)Rule].Format(Options);

    /// <summary>The weights of a site's tokens, in their order; null: all count alike, because there is no region or no picture of tokens.</summary>
    /// <param name="run">Says the region, and how tokens lie.</param>
    /// <param name="range">Of the site.</param>
    /// <param name="tokens">Of the site: all of the range, or on a coarser level of a U-Net a quarter of them, a sixteenth and so on.</param>
    public float[]? Of(RunInfo run, TokenRange range, int tokens)
    {
        if (run.NotNull().Region is not { } region || range.NotNull().Group == TokenGroup.Text || GridOf(range, tokens) is not { } grid)
        {
            return null;
        }

        Shape picture = [grid[^2], grid[^1]];
        var weights = new float[picture.ElementCount];
        Array.Fill(weights, 1);
        foreach (var (ring, members) in region.Rings(picture, Options.Rings, Rule).Index())
        {
            var weight = (float)(1 + (Options.Bonus * Math.Pow(Options.Decay, 1 + ring)));
            Array.ForEach(members, token => weights[token] = weight);
        }

        return [.. Enumerable.Repeat(weights, tokens / weights.Length).SelectMany(w => w)]; // every frame of a video alike
    }

    private static Shape? GridOf(TokenRange range, int tokens)
    {
        if (range.Grid.Rank < 2)
        {
            return null;
        }

        int rows = range.Grid[^2], columns = range.Grid[^1], frames = range.Count / (rows * columns);
        while (rows > 0 && columns > 0 && frames * rows * columns > tokens)
        {
            (rows, columns) = (rows / 2, columns / 2);
        }

        return frames * rows * columns == tokens ? [frames, rows, columns] : null;
    }

    private static CatalogEntry<RegionWeights> Entry(string name, string summary, RegionRule rule) =>
        Catalog<RegionWeights>.Entry(name, summary, s_settings[(int)rule], o => new RegionWeights(rule, o));
}
