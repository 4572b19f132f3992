using System.Globalization;
using System.Text.Json;
using Augur.Tensors.Weights;

namespace Augur.Caching.Policies;

/// <summary>Fits as JSON files. Numbers are single precision, written so that they are read back exactly.</summary>
internal static class ForecastJson
{
    /// <summary>Larger files are refused unread.</summary>
    public const int MaxBytes = 1 << 26;

    private const int MaxExtent = 4096;

    /// <summary>Name of the field that describes how the fit was made; the policy does not read it.</summary>
    public const string About = "about";

    /// <summary>Writes a fit's fields into an object that has begun.</summary>
    public static void Write(Utf8JsonWriter json, ForecastFit fit)
    {
        json.WriteString("draft", fit.Draft);
        json.WriteString("sampler", fit.Sampler);
        json.WriteNumber("guidance", fit.Guidance);
        json.WriteNumber("rows", fit.Rows);
        json.WriteNumber("calls", fit.Calls);
        json.WriteNumber("outputs", fit.Outputs);
        json.WriteNumber("tokens", fit.Tokens);
        WriteRow(json, "columns", [.. fit.Columns.Select(c => (float)c)]);
        WriteRows(json, "basis", fit.Basis);
        json.WriteStartArray("plans");
        foreach (var plan in fit.Plans)
        {
            json.WriteStartObject();
            WriteRow(json, "computed", [.. plan.Computed.Select(c => (float)c)]);
            WriteTables(json, "weights", plan.Weights);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads a fit.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="WeightFileException">It is no fit, or a field has a wrong extent or value; names the file and the field.</exception>
    public static ForecastFit Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no fit {path}.", path);
        }

        var root = ForeignJson.Read(path, MaxBytes);
        root.RequireOnly("draft", "sampler", "guidance", "rows", "calls", "outputs", "tokens", "columns", "basis", "plans", About);
        var (rows, calls, outputs) = (Extent(root, "rows"), Extent(root, "calls"), Extent(root, "outputs"));
        var tokens = root.Find("tokens") is null ? 0 : Extent(root, "tokens");
        var columns = Ascending(root.Require("columns"), outputs);
        return new ForecastFit
        {
            Name = path,
            Draft = root.Require("draft").AsText(),
            Sampler = root.Require("sampler").AsText(),
            Guidance = root.Require("guidance").AsNumber(),
            Rows = rows,
            Calls = calls,
            Outputs = outputs,
            Tokens = tokens,
            Columns = columns,
            Basis = Matrix(root.Require("basis"), columns.Length, columns.Length),
            Plans = [.. root.Require("plans").AsItems().Select(plan => Plan(plan, calls, rows, columns.Length))],
        };
    }

    private static ForecastPlan Plan(ForeignJson plan, int calls, int rows, int columns)
    {
        plan.RequireOnly("computed", "weights");
        var computed = Ascending(plan.Require("computed"), calls);
        if (computed[0] != 0)
        {
            throw plan.Require("computed").Error($"begins with {computed[0]}; the first call is always computed.");
        }

        int Features(int i) => (i + 1 < computed.Length ? computed[i + 1] : calls) == computed[i] + 1 ? 0 : ForecastPlan.FeatureCount(i, rows);
        return ForecastPlan.Unfitted(computed) with { Weights = Tables(plan.Require("weights"), computed, i => (Features(i), columns)) };
    }

    // One table for each computed call.
    private static float[][][] Tables(ForeignJson field, int[] computed, Func<int, (int Rows, int Columns)> extent)
    {
        var items = field.AsItems();
        return items.Count != computed.Length ? throw field.Error($"are those of {items.Count} computed calls; there are {computed.Length}.")
            : [.. items.Select((item, i) => Matrix(item, extent(i).Rows, extent(i).Columns))];
    }

    private static int Extent(ForeignJson root, string name)
    {
        var value = root.Require(name).AsInteger();
        return value is >= 1 and <= MaxExtent ? value : throw root.Require(name).Error($"is {value}; it lies between 1 and {MaxExtent}.");
    }

    private static int[] Ascending(ForeignJson field, int below)
    {
        int[] values = [.. field.AsItems().Select(item => item.AsInteger())];
        return values.Length > 0 && values[0] >= 0 && values[^1] < below && values.Zip(values.Skip(1)).All(pair => pair.First < pair.Second) ? values
            : throw field.Error($"does not ascend from at least 0 to at most {below - 1}.");
    }

    private static float[][] Matrix(ForeignJson field, int rows, int columns)
    {
        var items = field.AsItems();
        return items.Count != rows ? throw field.Error($"has {items.Count} rows; there are {rows}.")
            : [.. items.Select(item =>
            {
                float[] row = [.. item.AsItems().Select(number => (float)number.AsNumber())];
                return row.Length == columns && Array.TrueForAll(row, float.IsFinite) ? row
                    : throw item.Error($"has {row.Length} numbers; there are {columns}, all of them finite in single precision.");
            })];
    }

    private static void WriteTables(Utf8JsonWriter json, string name, float[][][] tables)
    {
        json.WriteStartArray(name);
        foreach (var table in tables)
        {
            WriteRows(json, null, table);
        }

        json.WriteEndArray();
    }

    private static void WriteRows(Utf8JsonWriter json, string? name, float[][] rows)
    {
        if (name is not null)
        {
            json.WritePropertyName(name);
        }

        json.WriteStartArray();
        foreach (var row in rows)
        {
            WriteRow(json, null, row);
        }

        json.WriteEndArray();
    }

    // A row stands in one line.
    private static void WriteRow(Utf8JsonWriter json, string? name, float[] row)
    {
        if (name is not null)
        {
            json.WritePropertyName(name);
        }

        json.WriteRawValue($"[{string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]");
    }
}
