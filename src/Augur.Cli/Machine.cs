using System.Globalization;
using System.Runtime.InteropServices;
using Augur.Tensors;

namespace Augur.Cli;

/// <summary>What figures were measured on.</summary>
internal static class Machine
{
    private const string LoadFile = "/proc/loadavg";

    /// <summary>The .NET that runs.</summary>
    public static string Runtime => RuntimeInformation.FrameworkDescription;

    /// <summary>Backend, operating system, runtime.</summary>
    public static string Describe(IBackend backend) => $"{DescribeHardware(backend)}, {Runtime}";

    /// <summary>Backend and operating system.</summary>
    public static string DescribeHardware(IBackend backend) => $"{backend.Name}, {RuntimeInformation.OSDescription.Trim()}";

    /// <summary>Runnable processes, mean of the last minute; null where the system does not say.</summary>
    public static double? Load()
    {
        try
        {
            return File.Exists(LoadFile) && double.TryParse(File.ReadAllText(LoadFile).Split(' ')[0], CultureInfo.InvariantCulture, out var load)
                ? load : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
