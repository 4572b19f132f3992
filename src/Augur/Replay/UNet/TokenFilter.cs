namespace Augur.Replay;

/// <summary>How a language model's next token is drawn: temperature, then the k best, then the best that make up a probability.</summary>
/// <param name="Temperature">Divides the logits.</param>
/// <param name="TopK">Keeps so many, and those equal to the last of them; null: all.</param>
/// <param name="TopP">Keeps the best until their probability exceeds this, the one that crosses it among them; null: all.</param>
internal readonly record struct TokenFilter(double Temperature, int? TopK, double? TopP)
{
    /// <summary>Probabilities of what is kept, 0 for the rest.</summary>
    public double[] Apply(ReadOnlySpan<float> logits)
    {
        var scores = new double[logits.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = logits[i] / Temperature;
        }

        if (TopK is { } k && k < scores.Length)
        {
            var least = scores.Order().ElementAt(scores.Length - k);
            scores = Array.ConvertAll(scores, score => score < least ? double.NegativeInfinity : score);
        }

        if (TopP is { } p)
        {
            var (probabilities, sum) = (Softmax(scores), 0.0);
            foreach (var i in Enumerable.Range(0, scores.Length).OrderBy(i => probabilities[i]).Take(scores.Length - 1))
            {
                sum += probabilities[i];
                scores[i] = sum <= 1 - p ? double.NegativeInfinity : scores[i];
            }
        }

        return Softmax(scores);
    }

    private static double[] Softmax(double[] scores)
    {
        var largest = scores.Max();
        var weights = Array.ConvertAll(scores, score => Math.Exp(score - largest));
        var total = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / total);
    }
}
