using System.Collections.Immutable;

namespace Augur.Decoding;

/// <summary>The decoded output of a sample, or a preview of it: a picture, frames or a text.</summary>
public abstract record Medium
{
    /// <summary>Name of the kind of output with its article, for messages: "a picture".</summary>
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
/// <param name="Frames">The frames in order, all of one size; at least one.</param>
/// <param name="FramesPerSecond">Frame rate, above 0.</param>
public sealed record FrameSequence(IReadOnlyList<RgbImage> Frames, double FramesPerSecond) : Medium
{
    /// <inheritdoc/>
    public override string Name => $"a video of {Frames.Count} frames";
}

/// <summary>A text.</summary>
/// <param name="Text">The text; in a preview, without the parts that are not known yet.</param>
public sealed record WrittenText(string Text) : Medium
{
    /// <summary>The text token by token, null where one is not known yet; empty where the writer does not say.</summary>
    public ImmutableArray<string?> Tokens { get; init; } = [];

    /// <inheritdoc/>
    public override string Name => "a text";
}
