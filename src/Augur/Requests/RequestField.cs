namespace Augur.Requests;

/// <summary>Describes one field of a <see cref="RequestDescription"/>.</summary>
/// <param name="Name">The name in JSON, such as <c>cacheBudget</c>.</param>
/// <param name="Values">The accepted values, in words.</param>
/// <param name="Default">The default, in words.</param>
/// <param name="Doc">What it does, in one sentence.</param>
public sealed record RequestField(string Name, string Values, string Default, string Doc)
{
    /// <summary>Whether the field is a list and may be given several times.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether it says what to draw: where some say it again, earlier ones are replaced.</summary>
    internal bool IsSubject { get; init; }

    /// <summary>Returns the description with the field set to a value.</summary>
    internal Func<RequestDescription, RequestValue, RequestDescription> Write { get; init; } = (description, _) => description;
}
