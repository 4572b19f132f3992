using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Augur.Tensors.Weights;

namespace Augur.Caching.Policies;

/// <summary>
/// Fits as JSON files. Numbers are single precision, written so that they are read back exactly; heads, which are large, half precision in base 64.
/// </summary>
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
        json.WriteNumber("width", fit.Width);
        WriteRow(json, "columns", [.. fit.Columns.Select(c => (float)c)]);
        WriteRows(json, "basis", fit.Basis);
        WriteRow(json, "mean", fit.Mean);
        json.WriteStartArray("plans");
        foreach (var plan in fit.Plans)
        {
            json.WriteStartObject();
            WriteRow(json, "computed", [.. plan.Computed.Select(c => (float)c)]);
            WriteRows(json, "opening", plan.Opening);
            WriteTables(json, "weights", plan.Weights);
            WriteHeads(json, plan.Heads);
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
        root.RequireOnly("draft", "sampler", "guidance", "rows", "calls", "outputs", "tokens", "width", "columns", "basis", "mean", "plans", About);
        var (rows, calls, outputs) = (Extent(root, "rows"), Extent(root, "calls"), Extent(root, "outputs"));
        var (tokens, width) = (Extent(root, "tokens"), Extent(root, "width", least: 0));
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
            Width = width,
            Columns = columns,
            Basis = Matrix(root.Require("basis"), columns.Length, columns.Length),
            Mean = Numbers(root.Require("mean"), tokens * columns.Length),
            Plans = [.. root.Require("plans").AsItems().Select(plan => Plan(plan, calls, rows, columns.Length, width))],
        };
    }

    private static ForecastPlan Plan(ForeignJson plan, int calls, int rows, int columns, int width)
    {
        plan.RequireOnly("computed", "opening", "weights", "heads");
        var computed = Ascending(plan.Require("computed"), calls);
        int Features(int i) =>
            (i + 1 < computed.Length ? computed[i + 1] : calls) == computed[i] + 1 ? 0 : ForecastPlan.FeatureCount(i + 1, rows);
        var opening = Matrix(plan.Require("opening"), computed[0] == 0 ? 0 : ForecastPlan.Known, columns);
        var weights = Tables(plan.Require("weights"), computed, i => (Features(i), columns));
        var heads = Heads(plan.Require("heads"), computed, columns, rows * width);
        return new ForecastPlan(computed, opening, weights, heads);
    }

    // One for each computed call: nothing, or the numbers in half precision.
    private static float[][][] Heads(ForeignJson field, int[] computed, int count, int inputs)
    {
        var items = field.AsItems();
        return items.Count != computed.Length ? throw field.Error($"are those of {items.Count} computed calls; there are {computed.Length}.")
            : [.. items.Select(item => Head(item, count, inputs))];
    }

    private static float[][] Head(ForeignJson item, int count, int inputs)
    {
        var text = item.AsText();
        if (text.Length == 0)
        {
            return [];
        }

        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || inputs == 0 || length != sizeof(short) * (long)count * inputs)
        {
            throw item.Error($"is no base 64 text of {count} · {inputs} numbers in half precision.");
        }

        float[] numbers = [.. MemoryMarshal.Cast<byte, Half>(bytes.AsSpan(0, length)).ToArray().Select(number => (float)number)];
        return Array.TrueForAll(numbers, float.IsFinite) ? [.. numbers.Chunk(inputs)] : throw item.Error("has a number that is not finite.");
    }

    // One table for each computed call.
    private static float[][][] Tables(ForeignJson field, int[] computed, Func<int, (int Rows, int Columns)> extent)
    {
        var items = field.AsItems();
        return items.Count != computed.Length ? throw field.Error($"are those of {items.Count} computed calls; there are {computed.Length}.")
            : [.. items.Select((item, i) => Matrix(item, extent(i).Rows, extent(i).Columns))];
    }

    private static int Extent(ForeignJson root, string name, int least = 1)
    {
        var value = root.Require(name).AsInteger();
        return value >= least && value <= MaxExtent ? value
            : throw root.Require(name).Error($"is {value}; it lies between {least} and {MaxExtent}.");
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
            : [.. items.Select(item => Numbers(item, columns))];
    }

    private static float[] Numbers(ForeignJson field, int count)
    {
        float[] row = [.. field.AsItems().Select(number => (float)number.AsNumber())];
        return row.Length == count && Array.TrueForAll(row, float.IsFinite) ? row
            : throw field.Error($"has {row.Length} numbers; there are {count}, all of them finite in single precision.");
    }

    private static void WriteHeads(Utf8JsonWriter json, float[][][] heads)
    {
        json.WriteStartArray("heads");
        foreach (var head in heads)
        {
            Half[] numbers = [.. head.SelectMany(row => row).Select(number => (Half)number)];
            json.WriteStringValue(Convert.ToBase64String(MemoryMarshal.AsBytes(numbers.AsSpan())));
        }

        json.WriteEndArray();
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
