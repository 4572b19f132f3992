namespace Augur.Tuning;

/// <summary>Change of features from the previous call to this one; dimensionless.</summary>
/// <param name="Input">Σ |now − previous| / Σ |previous| of the first block's modulated input.</param>
/// <param name="Output">The same for the network's output.</param>
/// <param name="Magnitude">
/// Ratio of the norm of the residual of all blocks (output − input of the stack) to its norm at the previous call, averaged over tokens; 1 at the
/// first call.
/// </param>
public readonly record struct CallChange(double Input, double Output, double Magnitude);
