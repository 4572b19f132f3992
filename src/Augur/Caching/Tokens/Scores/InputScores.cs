using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>Scores that one look at a branch's tokens gives.</summary>
internal static class InputScores
{
    /// <summary>Euclidean norm of what the branch reads.</summary>
    public static PlainScore Norm { get; } = new("norm", view => view.Input.TokenNorms().ToArray());

    /// <summary>How far what the branch reads points away from its kept output: 1 − cos.</summary>
    public static PlainScore Similarity { get; } = new(
        "similarity",
        view => Array.ConvertAll(view.Input.TokenErrorsFrom(view.Kept!, ErrorMeasure.Cosine), error => (float)error),
        IsOfInput: false);

    /// <summary>How far a token points away from the mean of its row: 1 − cos. What all tokens have in common scores least.</summary>
    public static PlainScore Distinct { get; } = new("distinct", OfDistinction);

    private static float[] OfDistinction(TokenView view)
    {
        var (values, tokens, channels) = (view.Input.ToArray(), view.Tokens, view.Input.Shape[2]);
        var scores = new float[view.Rows * tokens];
        var mean = new double[channels];
        for (var row = 0; row < view.Rows; row++)
        {
            var own = values.AsSpan(row * tokens * channels, tokens * channels);
            Array.Clear(mean);
            for (var i = 0; i < own.Length; i++)
            {
                mean[i % channels] += own[i];
            }

            var length = Math.Sqrt(mean.Sum(m => m * m));
            for (var token = 0; token < tokens; token++)
            {
                var (product, square) = (0.0, 0.0);
                for (var c = 0; c < channels; c++)
                {
                    var value = (double)own[(token * channels) + c];
                    (product, square) = (product + (value * mean[c]), square + (value * value));
                }

                scores[(row * tokens) + token] = (float)(1 - (product / Math.Max(length * Math.Sqrt(square), double.Epsilon)));
            }
        }

        return scores;
    }
}
