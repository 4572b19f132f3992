using System.Globalization;

namespace Augur.Tuning;

/// <summary>What a tolerance of the policy augur came to.</summary>
/// <param name="Tolerance">What drafts between two computed calls may change the result by.</param>
/// <param name="Error">Relative error of the result that 95 of 100 runs stay within.</param>
/// <param name="Calls">Mean of the computed calls of a run.</param>
public readonly record struct ToleranceError(double Tolerance, double Error, double Calls);

/// <summary>The table by which <c>augur(error=…)</c> goes.</summary>
/// <param name="Table">Tolerances and errors ascend.</param>
public sealed record ErrorFit(IReadOnlyList<ToleranceError> Table)
{
    /// <summary>Share of the runs that stay within an error.</summary>
    public const double Share = 0.95;

    private const string Digits = "g3";

    /// <summary>Makes the table of runs. Of tolerances that come to no larger an error the largest stays.</summary>
    /// <param name="runs">For each tolerance, ascending, the relative errors of its runs and their mean of computed calls.</param>
    public static ErrorFit Of(IReadOnlyList<(double Tolerance, IReadOnlyList<double> Errors, double Calls)> runs)
    {
        var table = new List<ToleranceError>();
        foreach (var (tolerance, errors, calls) in runs.NotNull())
        {
            var error = TableColumn.Rounded(Bound(errors), Digits);
            if (table.Count > 0 && error <= table[^1].Error)
            {
                error = table[^1].Error;
                table.RemoveAt(table.Count - 1);
            }

            table.Add(new ToleranceError(tolerance, error, calls));
        }

        return new ErrorFit(table);
    }

    /// <summary>
    /// What a further run stays within with the probability <see cref="Share"/>, given runs like it: of n errors the ⌈0.95 (n + 1)⌉-th smallest
    /// (split conformal prediction), the largest where there are less than 19.
    /// </summary>
    public static double Bound(IReadOnlyList<double> errors)
    {
        var rank = (int)Math.Ceiling(Share * (errors.NotNull().Count + 1));
        return errors.Order().ElementAt(Math.Min(rank, errors.Count) - 1);
    }

    /// <summary>The policy that goes by the table, as the command line writes it.</summary>
    /// <param name="error">Relative error of the result.</param>
    public string Policy(double error) => string.Create(
        CultureInfo.InvariantCulture,
        $"augur(error={error},tolerances={TableColumn.Of(Table.Select(t => t.Tolerance))},errors={TableColumn.Of(Table.Select(t => t.Error))})");
}
