namespace Augur.Caching.Policies;

/// <summary>Neighbouring tokens of the stream.</summary>
/// <param name="First">Position of the first.</param>
/// <param name="Count">How many.</param>
internal readonly record struct TokenSpan(int First, int Count)
{
    public IEnumerable<int> Tokens => Enumerable.Range(First, Count);
}

/// <summary>Which tokens of a text are computed in a call.</summary>
/// <param name="Prompt">Of the prompt; null: none.</param>
/// <param name="Response">Of the response; null: none in any case.</param>
/// <param name="Chosen">How many of the response are chosen in each layer besides, by how much they have changed.</param>
internal readonly record struct TokenRefresh(TokenSpan? Prompt, TokenSpan? Response, int Chosen)
{
    /// <summary>All of them.</summary>
    public static TokenRefresh Everything { get; } = new(null, null, -1);

    /// <summary>The response, where its refresh is due and is left out if a verification allows it; null: nothing is left out.</summary>
    public TokenSpan? Skipped { get; init; }

    /// <summary>The same with what was to be left out.</summary>
    public TokenRefresh Unskipped => Skipped is { } response ? this with { Response = response, Chosen = 0, Skipped = null } : Everything;

    /// <summary>Whether all are.</summary>
    public bool IsEverything => Chosen < 0;

    /// <summary>Those that are in any case, ascending.</summary>
    public int[] Always => [.. (Response?.Tokens ?? []).Concat(Prompt?.Tokens ?? []).Order()];
}

/// <summary>When the tokens of a text are computed again. One per sample.</summary>
internal interface IRefreshRule
{
    /// <summary>By what tokens are chosen.</summary>
    TokenChange Change { get; }

    /// <summary>Which values are kept of those that were computed to choose.</summary>
    KeptValues Keep { get; }

    /// <summary>Whether tokens are ever chosen.</summary>
    bool Chooses { get; }

    /// <summary>What is due in a call; asked once per call, in order.</summary>
    TokenRefresh At(NetworkCall call);
}
