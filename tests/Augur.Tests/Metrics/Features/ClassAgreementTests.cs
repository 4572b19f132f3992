using Augur.Metrics.Features;

namespace Augur.Tests.Metrics.Features;

public sealed class ClassAgreementTests
{
    private static readonly ClassHead s_head = new("fruit", 1, ["apple", "banana", "cherry"]);

    [Fact]
    public void It_counts_agreement_with_the_request_and_with_the_reference()
    {
        string[] requested = ["apple", "banana", "cherry", "apple"];
        var agreement = ClassAgreement.Of(s_head, requested, Seen("apple", "cherry", "apple", "banana"), Seen("apple", "cherry", "cherry", "banana"));
        Assert.Equal(new ClassAgreement(4, WithRequested: 0.25, WithReference: 0.75, ReferenceWithRequested: 0.5), agreement);
    }

    [Fact]
    public void Scores_of_other_heads_do_not_count()
    {
        var picture = new PictureFeatures([], [100, 1, 3, 2, 100], []);
        Assert.Equal("banana", s_head.ClassOf(picture));
    }

    [Fact]
    public void A_name_that_the_head_does_not_know_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => ClassAgreement.Of(s_head, ["durian"], Seen("apple"), Seen("apple")));
        Assert.Contains("durian", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_of_different_lengths_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => ClassAgreement.Of(s_head, ["apple", "apple"], Seen("apple"), Seen("apple")));
        Assert.Contains("2 requested names, 1 pictures", error.Message, StringComparison.Ordinal);
    }

    private static PictureFeatures[] Seen(params string[] names) =>
        Array.ConvertAll(names, n => new PictureFeatures([], [9, .. s_head.ClassNames.Select(c => c == n ? 1f : 0)], []));
}
