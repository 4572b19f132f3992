namespace Augur.Sampling;

/// <summary>Probabilities of tokens from logits: temperature, then top-p, then top-k; in double precision.</summary>
/// <param name="Temperature">Divides the logits; 0 does not change them, and whoever draws takes the largest.</param>
/// <param name="TopP">The most probable tokens are kept up to and with the one that reaches this share.</param>
/// <param name="TopK">So many are kept at most, with those that equal the last.</param>
internal readonly record struct TokenFilter(double Temperature = 0, double TopP = 1, int? TopK = null)
{
    /// <summary>Probabilities of tokens; 0 of those that are not kept.</summary>
    public double[] Probabilities(ReadOnlySpan<float> logits)
    {
        var scaled = new double[logits.Length];
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = Temperature > 0 ? logits[i] / Temperature : logits[i];
        }

        if (TopP < 1)
        {
            KeepShare(scaled);
        }

        if (TopK is { } count && count < scaled.Length)
        {
            var least = scaled.OrderDescending().ElementAt(count - 1);
            Array.ForEach(Enumerable.Range(0, scaled.Length).Where(i => scaled[i] < least).ToArray(), i => scaled[i] = double.NegativeInfinity);
        }

        return Softmax(scaled);
    }

    /// <summary>Softmax in place.</summary>
    public static double[] Softmax(double[] logits)
    {
        var largest = logits.Max();
        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = Math.Exp(logits[i] - largest);
            sum += logits[i];
        }

        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] /= sum;
        }

        return logits;
    }

    /// <summary>The softmax of one of the logits.</summary>
    public static double ShareOf(ReadOnlySpan<float> logits, int token)
    {
        double largest = logits[token], sum = 0;
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        foreach (var logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return Math.Exp(logits[token] - largest) / sum;
    }

    private void KeepShare(double[] logits)
    {
        var shares = Softmax([.. logits]);
        var (order, sum) = (Enumerable.Range(0, logits.Length).OrderByDescending(i => logits[i]).ToArray(), 0.0);
        foreach (var i in order)
        {
            if (sum > TopP)
            {
                logits[i] = double.NegativeInfinity;
            }

            sum += shares[i];
        }
    }
}
