namespace Augur.Pipelines;

/// <summary>As many requests wait to begin as <see cref="EngineOptions.MaxWaiting"/> allows. Nothing was submitted.</summary>
/// <param name="message">Gives both numbers.</param>
public sealed class QueueFullException(string message) : InvalidOperationException(message);
