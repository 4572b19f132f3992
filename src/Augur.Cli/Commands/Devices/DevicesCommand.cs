using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Tensors;

namespace Augur.Cli.Commands.Devices;

/// <summary>What <c>augur devices --json</c> prints.</summary>
/// <param name="Devices">What can be computed on.</param>
/// <param name="Missing">Kinds of devices that are not there, with the reason.</param>
internal sealed record DevicesOutput(IReadOnlyList<BackendDevice> Devices, IReadOnlyDictionary<string, string> Missing);

/// <summary><c>augur devices</c>: what there is to compute on.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print a JSON object." };
        var command = new Command("devices", """
            List what can be computed on, with memory and abilities: the words that --device takes.

              augur devices
            """) { json };
        command.SetAction(parsed => Run(parsed.GetValue(json), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(bool json, TextWriter output)
    {
        var (devices, missing) = (new List<BackendDevice>(), new Dictionary<string, string>());
        foreach (var entry in BackendCatalog.All)
        {
            try
            {
                devices.AddRange(entry.Devices());
            }
            catch (PlatformNotSupportedException e)
            {
                missing[entry.Name] = e.Message;
            }
        }

        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new DevicesOutput(devices, missing), CliJson.Indented.DevicesOutput));
            return 0;
        }

        var width = devices.Max(d => d.Choice.Length) + 2;
        void Write(string choice, string text)
        {
            foreach (var (line, i) in TextLines.Break(text, Math.Max(20, Terminal.Width(output) - width - 2)).Select((line, i) => (line, i)))
            {
                output.WriteLine($"  {(i == 0 ? choice : "").PadRight(width)}{Printable.Line(line)}");
            }
        }

        foreach (var device in devices)
        {
            var memory = device.MemoryBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"; {bytes / 1073741824.0:0.0} GiB") : "";
            var refusal = device.Refusal is { } reason ? $"; cannot be used: it {reason}" : "";
            Write(device.Choice, $"{device.Name}: {device.Kind}{memory}; {device.Abilities}{refusal}.");
        }

        foreach (var (name, reason) in missing)
        {
            Write(name, $"none. {reason}");
        }

        return 0;
    }
}
