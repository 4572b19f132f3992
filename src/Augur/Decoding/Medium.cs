namespace Augur.Decoding;

/// <summary>What a sample became, or becomes: a picture, frames, a text.</summary>
public abstract record Medium
{
    /// <summary>For messages: "a picture".</summary>
    public abstract string Name { get; }
}

/// <summary>A picture.</summary>
/// <param name="Image">Its pixels.</param>
public sealed record Picture(RgbImage Image) : Medium
{
    /// <inheritdoc/>
    public override string Name => "a picture";
}

/// <summary>A video.</summary>
/// <param name="Frames">In their order, all of one size; at least one.</param>
/// <param name="FramesPerSecond">Above 0.</param>
public sealed record FrameSequence(IReadOnlyList<RgbImage> Frames, double FramesPerSecond) : Medium
{
    /// <inheritdoc/>
    public override string Name => $"a video of {Frames.Count} frames";
}

/// <summary>A text.</summary>
/// <param name="Text">What it says; while it is written, what is not known yet is left out.</param>
public sealed record WrittenText(string Text) : Medium
{
    /// <inheritdoc/>
    public override string Name => "a text";
}
