using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Tests.Caching;

/// <summary>Every kind of answer there is.</summary>
internal enum Says
{
    Compute,
    ComputeAndObserve,
    ComputeAndVerify,
    Supply,
    SupplyAndVerify,
    ComputeTokens,
    Skip,
}

/// <summary>Plays the network to one memory: asks at a site, and follows the answer where a test wants to.</summary>
internal static class Play
{
    public static Says Kind(this Answer answer) =>
        answer.Passes ? Says.Skip
        : answer.RunsTokens ? Says.ComputeTokens
        : answer.Supplies ? answer.IsVerified ? Says.SupplyAndVerify : Says.Supply
        : answer.IsVerified ? Says.ComputeAndVerify
        : answer.Observe is not null ? Says.ComputeAndObserve : Says.Compute;

    /// <summary>The answer where nobody looks at what the site reads.</summary>
    public static Answer Ask(this ISampleMemory memory, Site site, Tensor? input = null) => memory.Ask(At(site, input));

    /// <summary>The site is run, and its feature shown.</summary>
    public static void Observe(this ISampleMemory memory, Site site, Tensor input, Tensor feature) =>
        memory.Ask(site, input).Observe!(input, feature);

    /// <summary>What is supplied at the site.</summary>
    public static Forecast Supply(this ISampleMemory memory, Site site) => memory.Ask(site).Forecast!();

    /// <summary>A verification of a draft is shown its error.</summary>
    public static void Judge(this ISampleMemory memory, Site site, Tensor drafted, Tensor computed) =>
        memory.Ask(site, drafted).Verify(drafted, computed);

    /// <summary>The verification is shown a draft and what was computed; errors are read when the call ends.</summary>
    public static void Verify(this Answer answer, Tensor drafted, Tensor computed) =>
        answer.Judge!(new Verification(drafted, computed, new DeferredRead()));

    public static Says AskComputed(this DraftModel draft, Site site) => draft.AnswerComputed(At(site)).Kind();

    public static Says AskDraft(this DraftModel draft, Site site, bool verify) => draft.AnswerDraft(At(site), verify).Kind();

    public static void Observe(this DraftModel draft, Site site, Tensor feature) => draft.AnswerComputed(At(site)).Observe!(feature, feature);

    public static Forecast Supply(this DraftModel draft, Site site) => draft.AnswerDraft(At(site)).Forecast!();

    private static Question At(Site site, Tensor? input = null) => input is null ? new Question(site, null!, 0, 1, null) : new Question(site, input);
}
