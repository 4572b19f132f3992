using Augur.Notation;

namespace Augur.Caching.Forecasting;

/// <summary>Settings of <see cref="ChebyshevForecaster"/>.</summary>
public sealed record ChebyshevOptions
{
    /// <summary>The highest polynomial that is used.</summary>
    [Setting("order", 0, 8)]
    public int Degree { get; init => field = Setting.Checked(this, value); } = 3;

    /// <summary>Computed features in use.</summary>
    [Setting("history", 1, 32, Unit = "calls")]
    public int History { get; init => field = Setting.Checked(this, value); } = 6;

    /// <summary>Ridge penalty on the coefficients; it alone decides where there are fewer features than polynomials.</summary>
    [Setting("ridge", 0, 100)]
    public double Ridge { get; init => field = Setting.Checked(this, value); } = 0.001;
}

/// <summary>
/// A least-squares fit of Chebyshev polynomials with a ridge penalty through the last computed features, as Spectrum proposes (arXiv 2603.01623): the
/// further past speaks too, so that a long look ahead does not hang on the last difference.
/// </summary>
/// <remarks>
/// The calls from the oldest kept one to the forecast are mapped to [−1, 1]. The fit is made to the differences from the newest feature, so that a
/// feature that does not change is forecast exactly whatever the penalty. Paper: the method; degree, history and penalty are ours.
/// </remarks>
public sealed record ChebyshevForecaster : SnapshotForecaster
{
    internal static readonly SettingList<ChebyshevOptions> Settings = new("Draft", "chebyshev");

    private readonly ChebyshevOptions _options;

    /// <summary>With settings.</summary>
    public ChebyshevForecaster(ChebyshevOptions? options = null) => _options = options ?? new();

    /// <inheritdoc/>
    public override string Name => Settings.Format(_options);

    /// <inheritdoc/>
    public override int TermCount => _options.History;

    /// <inheritdoc/>
    public override int? Order => _options.Degree;

    /// <inheritdoc/>
    public override IForecaster WithOrder(int order) => new ChebyshevForecaster(_options with { Degree = order });

    /// <inheritdoc/>
    public override double[] Weigh(ReadOnlySpan<int> calls, int target) => Weigh(calls, target, _options.Degree, _options.Ridge, (calls[^1], target));

    /// <summary>The coefficients of the kept features, newest first, with the calls of a range mapped to [−1, 1].</summary>
    internal static double[] Weigh(ReadOnlySpan<int> calls, int target, int degree, double ridge, (double From, double To) range)
    {
        var count = Math.Min(degree, calls.Length - 1) + 1;
        var rows = new double[calls.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = Polynomials(calls[i], range, count);
        }

        // (ΦᵀΦ + λI) z = φ(target); the coefficient of feature i is φᵢ · z.
        var system = new double[count, count + 1];
        var ahead = Polynomials(target, range, count);
        for (var a = 0; a < count; a++)
        {
            for (var b = 0; b < count; b++)
            {
                system[a, b] = rows.Sum(r => r[a] * r[b]) + (a == b ? ridge : 0);
            }

            system[a, count] = ahead[a];
        }

        var z = Solve(system, count);
        var weights = Array.ConvertAll(rows, r => r.Zip(z, (phi, factor) => phi * factor).Sum());
        weights[0] += 1 - weights.Sum(); // differences from the newest feature: the weights add up to 1
        return weights;
    }

    private static double[] Polynomials(int call, (double From, double To) range, int count)
    {
        var x = (2 * (call - range.From) / (range.To - range.From)) - 1;
        var t = new double[count];
        for (var k = 0; k < count; k++)
        {
            t[k] = k switch { 0 => 1, 1 => x, _ => (2 * x * t[k - 1]) - t[k - 2] };
        }

        return t;
    }

    // Gauss with row exchange; the matrix is symmetric and positive definite but for rounding.
    private static double[] Solve(double[,] system, int n)
    {
        for (var column = 0; column < n; column++)
        {
            var pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(system[row, column]));
            for (var j = 0; j <= n; j++)
            {
                (system[column, j], system[pivot, j]) = (system[pivot, j], system[column, j]);
            }

            for (var row = column + 1; row < n; row++)
            {
                var factor = system[row, column] / system[column, column];
                for (var j = column; j <= n; j++)
                {
                    system[row, j] -= factor * system[column, j];
                }
            }
        }

        var x = new double[n];
        for (var row = n - 1; row >= 0; row--)
        {
            x[row] = (system[row, n] - Enumerable.Range(row + 1, n - row - 1).Sum(j => system[row, j] * x[j])) / system[row, row];
        }

        return x;
    }
}
