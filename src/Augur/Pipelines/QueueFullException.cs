namespace Augur.Pipelines;

/// <summary>As many requests wait to begin as <see cref="EngineOptions.MaxWaiting"/> allows; the message gives both numbers. Nothing was submitted.</summary>
public sealed class QueueFullException(string message) : InvalidOperationException(message);
