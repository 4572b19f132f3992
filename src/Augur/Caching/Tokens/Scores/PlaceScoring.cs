namespace Augur.Caching.Tokens;

/// <summary>
/// One drawn token of each window scores 1 and all others 0, the same for all rows (ToMe for Stable Diffusion); without draws all score alike, so
/// that the first of each window leads it.
/// </summary>
internal sealed class PlaceScoring(TokenWindows windows, IPruningDraws? draws) : DrawnScoring
{
    public override float[] Of(TokenView view)
    {
        var scores = new float[view.Rows * view.Tokens];
        var draw = NextDraw(view);
        foreach (var token in draws is null ? [] : windows.At(draws.Places(draw, windows.Count, windows.Size)))
        {
            for (var row = 0; row < view.Rows; row++)
            {
                scores[(row * view.Tokens) + token] = 1;
            }
        }

        return scores;
    }
}
