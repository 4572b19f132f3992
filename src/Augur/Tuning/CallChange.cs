namespace Augur.Tuning;

/// <summary>How far the features of a call are from those of the call before; all dimensionless.</summary>
/// <param name="Input">Σ |now − before| / Σ |before| of the first block's modulated input.</param>
/// <param name="Output">The same of the network's output.</param>
/// <param name="Magnitude">Mean over tokens of the norm of the change that all blocks make, over its norm at the call before; 1 at the first
/// call.</param>
public readonly record struct CallChange(double Input, double Output, double Magnitude);
