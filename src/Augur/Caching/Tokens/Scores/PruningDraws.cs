using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>Where a pruning happens.</summary>
/// <param name="CallIndex">Network call of the sample.</param>
/// <param name="Site">The attention.</param>
/// <param name="Index">Prunings of the sample before it.</param>
internal readonly record struct PruningDraw(int CallIndex, Site Site, int Index);

/// <summary>What pruning draws, and who is told of it.</summary>
internal interface IPruningDraws
{
    /// <summary>Unit noise for each token, [rows, tokens].</summary>
    float[] Noise(PruningDraw draw, int rows, int tokens);

    /// <summary>Whether the sign of the dynamics is turned.</summary>
    bool IsNegative(PruningDraw draw);

    /// <summary>A place in each window, from 0.</summary>
    int[] Places(PruningDraw draw, int windows, int size);

    /// <summary>What was pruned.</summary>
    void Told(PruningDraw draw, TokenPruning pruning)
    {
    }
}

/// <summary>A score that draws, and counts its draws.</summary>
internal abstract class DrawnScoring : ITokenScoring
{
    private int _count;

    /// <summary>The last draw.</summary>
    public PruningDraw Draw { get; private set; }

    public virtual long ByteCount => 0;

    public virtual bool Observes(Site site) => false;

    public virtual void Observe(Site site, Tensor feature)
    {
    }

    public abstract float[] Of(TokenView view);

    public void Dispose()
    {
    }

    protected PruningDraw NextDraw(TokenView view) => Draw = new(view.Call.CallIndex, view.Site, _count++);
}

/// <summary>Draws from a seed.</summary>
internal sealed class SeededPruning(long seed) : IPruningDraws
{
    private readonly SeededDraws _draws = new(seed);

    public float[] Noise(PruningDraw draw, int rows, int tokens)
    {
        // Box and Muller, 1958; 1 − u lies above 0.
        var uniform = _draws.Draw(draw.CallIndex, draw.Site, 2 * rows * tokens);
        return [.. Enumerable.Range(0, rows * tokens).Select(i =>
            (float)(Math.Sqrt(-2 * Math.Log(1 - uniform[2 * i])) * Math.Cos(2 * Math.PI * uniform[(2 * i) + 1])))];
    }

    public bool IsNegative(PruningDraw draw) => _draws.Draw(draw.CallIndex, Site.Block(draw.Site.Layer), 1)[0] < 0.5f;

    public int[] Places(PruningDraw draw, int windows, int size) =>
        [.. _draws.Draw(draw.CallIndex, draw.Site, windows).Select(u => (int)(u * size))];
}
