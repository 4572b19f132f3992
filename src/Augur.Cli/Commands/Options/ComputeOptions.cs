using System.CommandLine;
using Augur.Catalogs;
using Augur.Tensors;

namespace Augur.Cli.Commands.Options;

/// <summary>The options that every computing command shares.</summary>
internal static class ComputeOptions
{
    public static Option<int?> Threads() => NumberOptions.OptionalInteger("--threads", "Threads that compute; default: all cores.", 1, 1024);

    public static Option<string?> Device()
    {
        var names = string.Join(", ", BackendCatalog.All.Select(entry => entry.Name));
        var option = new Option<string?>("--device")
        {
            Description = $"What computes: {names}; default: {BackendCatalog.Default}.",
            HelpName = "NAME",
        };
        option.Validators.Add(result =>
        {
            try
            {
                BackendCatalog.Parse(result.Tokens.Count > 0 ? result.Tokens[^1].Value : BackendCatalog.Default);
            }
            catch (ArgumentException e)
            {
                result.AddError(e.Message);
            }
        });
        return option;
    }

    public static IBackend Backend(string? device, int? threads) =>
        BackendCatalog.Open(device ?? BackendCatalog.Default, new BackendSettings { Threads = threads });
}
