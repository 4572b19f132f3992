using Augur.Caching;
using Augur.Models;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>
/// How likely a masked diffusion language model finds a text behind its prompt: the bound on its negative logarithm by which such models are compared
/// (LLaDA, equation 6), of masks drawn by a seed, so that equal texts get equal numbers.
/// </summary>
/// <param name="network">The model.</param>
/// <param name="draws">Masks drawn of each text.</param>
/// <param name="seed">Of the masks.</param>
public sealed class MaskedBound(INetwork network, int draws = 32, int seed = 1)
{
    private readonly INetwork _network = network ?? throw new ArgumentNullException(nameof(network));

    /// <summary>Nats of a token, in the mean over the text.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="tokens">Numbers of the tokens written.</param>
    public double Of(GenerationRequest request, IReadOnlyList<float> tokens)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(tokens);
        using var scope = TensorScope.Begin();
        var random = new Random(seed);
        var masks = Enumerable.Range(0, draws).Select(_ =>
        {
            int[] places = [.. Enumerable.Range(0, tokens.Count)];
            random.Shuffle(places);
            return places[..random.Next(1, tokens.Count + 1)];
        }).ToArray();
        float[] latents = [.. masks.SelectMany(places => tokens.Select((token, i) => places.Contains(i) ? -1 : token))];
        var conditions = _network.Encode([.. Enumerable.Repeat(request.Condition, draws)]);
        var input = new NetworkInput(
            _network.Describe([tokens.Count], conditions),
            Tensor.From(_network.Backend, latents, [draws, tokens.Count]),
            new float[draws],
            conditions);
        var answer = _network.Predict(input, ComputeEverything.Instance);
        var (logits, vocabulary) = (answer.ToArray(), answer.Shape[2]);
        return masks.Select((places, row) => places.Sum(place =>
            Surprise(logits.AsSpan(((row * tokens.Count) + place) * vocabulary, vocabulary), (int)tokens[place])) / places.Length).Average();
    }

    private static double Surprise(ReadOnlySpan<float> logits, int token)
    {
        double largest = float.NegativeInfinity, sum = 0;
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        foreach (var logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return largest + Math.Log(sum) - logits[token];
    }
}
