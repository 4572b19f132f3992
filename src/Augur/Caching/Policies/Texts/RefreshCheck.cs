using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// Tries to do without a refresh of the response, as SpeCa (arXiv 2509.11628) tries to do without a computed call: a block is run for real behind
/// those that were not, and how far it is from what was answered decides.
/// </summary>
/// <param name="verifier">Measures, and draws the tokens that are measured.</param>
/// <param name="allowed">The largest error with which the refresh is left out.</param>
/// <param name="response">The tokens that are written.</param>
internal sealed class RefreshCheck(Verifier verifier, double allowed, TokenSpan response)
{
    private Deferred<double[]>? _error;

    /// <summary>A call begins.</summary>
    public void Begin() => _error = null;

    /// <summary>The answer, verified.</summary>
    public Answer Verified(Answer answer, int call)
    {
        var tokens = verifier.Tokens(response.Count, call) ?? Enumerable.Range(0, response.Count);
        return answer.Verified([.. tokens.Select(token => token + response.First)], verification => _error = verifier.Error(verification));
    }

    /// <summary>Whether the refresh can be left out; what is not a number cannot.</summary>
    public CallOutcome Outcome()
    {
        var error = _error?.Value.Average();
        return new CallOutcome(error <= allowed ? CallKind.Accepted : CallKind.Rejected, error, allowed);
    }
}
