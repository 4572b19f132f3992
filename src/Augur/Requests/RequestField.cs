namespace Augur.Requests;

/// <summary>One field of a request's description.</summary>
/// <param name="Name">As JSON writes it: <c>cacheBudget</c>.</param>
/// <param name="Values">What it may be, in words.</param>
/// <param name="Default">What it is when it is not given, in words.</param>
/// <param name="Doc">What it does, in one sentence.</param>
public sealed record RequestField(string Name, string Values, string Default, string Doc)
{
    /// <summary>Whether it may be given several times.</summary>
    public bool IsList { get; init; }

    /// <summary>The description with the field set.</summary>
    internal Func<RequestDescription, RequestValue, RequestDescription> Write { get; init; } = (description, _) => description;
}
