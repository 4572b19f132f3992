namespace Augur.Conditioning;

/// <summary>
/// What a sample is to show, as the user says it: immutable, and equal by content, so that equal conditions are encoded once. A model may define
/// its own.
/// </summary>
public abstract record Condition
{
    /// <summary>A class by its number.</summary>
    public static Condition Class(int label) => new ClassCondition(label);

    /// <summary>A prompt, and what the picture shall not show.</summary>
    public static Condition Prompt(string text, string? negative = null) => new PromptCondition(text.NotNull(), negative);
}

/// <summary>A class.</summary>
/// <param name="Label">Its number, from 0; the model's number of classes is the null class, which shows anything.</param>
public sealed record ClassCondition(int Label) : Condition
{
    /// <summary>For messages.</summary>
    public override string ToString() => $"class {Label}";
}

/// <summary>A text.</summary>
/// <param name="Text">What is to be seen.</param>
/// <param name="Negative">What takes the place of the empty text in guidance; null: the model's own null condition.</param>
public sealed record PromptCondition(string Text, string? Negative = null) : Condition
{
    /// <summary>What is to be seen.</summary>
    public string Text { get; init => field = value.NotNull(nameof(Text)); } = Text.NotNull();

    /// <summary>For messages.</summary>
    public override string ToString() => $"prompt \"{Text}\"";
}
