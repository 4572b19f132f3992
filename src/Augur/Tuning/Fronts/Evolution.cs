namespace Augur.Tuning;

/// <summary>
/// What NSGA-II does with lists of choices: tournaments of two, uniform crossover, mutation of one gene on average. A seed gives the same
/// generations.
/// </summary>
/// <param name="choices">Of each gene the number of its values.</param>
/// <param name="seed">Of everything that is drawn.</param>
internal sealed class Evolution(int[] choices, int seed)
{
    private const double CrossoverShare = 0.9; // of the children, as is usual
    private readonly Random _random = new(seed);

    /// <summary>
    /// The first generation: for each value the one that has it, or its last, in all genes, then random ones, half of which keep one value for
    /// stretches of genes, so that neighbouring calls are treated alike.
    /// </summary>
    public int[][] First(int count)
    {
        var most = choices.Max();
        var uniform = Enumerable.Range(0, most).Select(value => Array.ConvertAll(choices, own => Math.Min(value, own - 1)));
        var drawn = Enumerable.Range(0, int.MaxValue).Select(i => i % 2 == 0 ? Array.ConvertAll(choices, _random.Next) : Stretches());
        return [.. uniform.Concat(drawn).Take(count)];
    }

    /// <summary>As many children as there are parents.</summary>
    /// <param name="parents">Their genes.</param>
    /// <param name="points">Their objectives, the smaller the better.</param>
    public int[][] Children(IReadOnlyList<int[]> parents, IReadOnlyList<double[]> points)
    {
        int[] order = NonDominated.Best(points, points.Count);
        var place = new int[order.Length]; // smaller: of a better front, or of a lonelier place on it
        for (var i = 0; i < order.Length; i++)
        {
            place[order[i]] = i;
        }

        return [.. Enumerable.Range(0, parents.Count).Select(_ => Mutated(Crossed(parents[Winner(place)], parents[Winner(place)])))];
    }

    private int Winner(int[] place)
    {
        var (a, b) = (_random.Next(place.Length), _random.Next(place.Length));
        return place[a] <= place[b] ? a : b;
    }

    private int[] Crossed(int[] a, int[] b)
    {
        if (_random.NextDouble() >= CrossoverShare)
        {
            return [.. a];
        }

        return [.. a.Select((gene, i) => _random.Next(2) == 0 ? gene : b[i])];
    }

    private int[] Mutated(int[] genes)
    {
        for (var i = 0; i < genes.Length; i++)
        {
            if (choices[i] > 1 && _random.Next(genes.Length) == 0)
            {
                genes[i] = (genes[i] + 1 + _random.Next(choices[i] - 1)) % choices[i]; // another value
            }
        }

        return genes;
    }

    private int[] Stretches()
    {
        const int Mean = 4; // genes of a stretch
        var genes = new int[choices.Length];
        for (var i = 0; i < genes.Length; i++)
        {
            genes[i] = i == 0 || _random.Next(Mean) == 0 ? _random.Next(choices[i]) : Math.Min(genes[i - 1], choices[i] - 1);
        }

        return genes;
    }
}
