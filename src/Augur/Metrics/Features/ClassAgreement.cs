namespace Augur.Metrics.Features;

/// <summary>How often a feature network classifies a picture as the requested class, and as the class of the paired reference picture.</summary>
/// <remarks>
/// The network makes errors too: compare the first figure with that of the reference pictures, and read the second as the share of pictures whose
/// recognised class, right or wrong, the caching method did not change.
/// </remarks>
/// <param name="Count">Number of pictures.</param>
/// <param name="WithRequested">Share whose class equals the requested one, 0 to 1.</param>
/// <param name="WithReference">Share whose class equals that of the paired reference picture, 0 to 1.</param>
/// <param name="ReferenceWithRequested">Share of the reference pictures whose class equals the requested one, 0 to 1.</param>
public sealed record ClassAgreement(int Count, double WithRequested, double WithReference, double ReferenceWithRequested)
{
    /// <summary>Counts over pairs of pictures.</summary>
    /// <param name="head">The classifier's head; see <see cref="FeatureNetwork.HeadFor"/>.</param>
    /// <param name="requested">The requested class of each pair, one of the head's names.</param>
    /// <param name="pictures">Features of the pictures.</param>
    /// <param name="references">Features of the uncached pictures of the same requests.</param>
    /// <exception cref="ArgumentException">The lists are empty or differ in length, or the head does not know a name.</exception>
    public static ClassAgreement Of(
        ClassHead head, IReadOnlyList<string> requested, IReadOnlyList<PictureFeatures> pictures, IReadOnlyList<PictureFeatures> references)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(requested);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(references);
        if (requested.Count == 0 || requested.Count != pictures.Count || requested.Count != references.Count)
        {
            throw new ArgumentException(
                $"ClassAgreement: {requested.Count} requested names, {pictures.Count} pictures and {references.Count} references; "
                + "they come in equal numbers of at least 1.");
        }

        if (requested.FirstOrDefault(name => !head.ClassNames.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw new ArgumentException($"ClassAgreement: head '{head.Name}' does not know '{unknown}'.");
        }

        int withRequested = 0, withReference = 0, referenceWithRequested = 0;
        for (var i = 0; i < requested.Count; i++)
        {
            var (drawn, reference) = (head.ClassOf(pictures[i]), head.ClassOf(references[i]));
            withRequested += drawn == requested[i] ? 1 : 0;
            withReference += drawn == reference ? 1 : 0;
            referenceWithRequested += reference == requested[i] ? 1 : 0;
        }

        double Share(int number) => number / (double)requested.Count;
        return new ClassAgreement(requested.Count, Share(withRequested), Share(withReference), Share(referenceWithRequested));
    }
}
