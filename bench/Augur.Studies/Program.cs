using System.Globalization;
using Augur.Catalogs;
using Augur.Studies;
using Augur.Tensors.Cpu;

// Augur.Studies sampling COUNT POLICY…   how well a verification of some tokens predicts that of all
// Augur.Studies batch GROUPS POLICY…     batches of 8: rows computed, pictures per second, quality
// Augur.Studies errors COUNT INTERVAL    what a draft gets wrong at each depth, call by call
// Augur.Studies edit COUNT METHOD…       edits of a region under EEdit and others, all or by number
// Augur.Studies show COUNT PNG           the same as pictures: sources, uncached edits, EEdit's
// Augur.Studies invert COUNT             how near the way back from an inversion comes
// With --model FOLDER before all else: of that model instead of the built-in one.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var backend = new CpuBackend();
var folder = args is ["--model", var given, ..] ? given : null;
args = folder is null ? args : args[2..];
using var model = folder is null ? ModelCatalog.LoadBuiltIn(backend) : ModelCatalog.Load(folder, backend);
var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 16;
string[] policies = args.Length > 2 ? args[2..] : ["speca"];
switch (args.FirstOrDefault())
{
    case "sampling":
        await SamplingStudy.RunAsync(model, count, policies, Console.Out);
        break;
    case "batch":
        await BatchStudy.RunAsync(model, count, policies, Console.Out);
        break;
    case "errors":
        await DraftErrorStudy.RunAsync(model, count, int.Parse(policies[0], CultureInfo.InvariantCulture), Console.Out);
        break;
    case "edit":
        int[] methods = args.Length > 2 ? [.. policies.Select(number => int.Parse(number, CultureInfo.InvariantCulture))] : [];
        await EditStudy.RunAsync(model, count, methods, Console.Out);
        break;
    case "show":
        await EditStudy.ShowAsync(model, count, policies[0]);
        break;
    case "invert":
        await EditStudy.InvertAsync(model, count, Console.Out);
        break;
    default:
        Console.Error.WriteLine("Augur.Studies sampling|batch|errors|edit|show|invert …; see Program.cs");
        return 2;
}

return 0;
