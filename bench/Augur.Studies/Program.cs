using System.Globalization;
using Augur.Catalogs;
using Augur.Models.Flux;
using Augur.Models.UNet;
using Augur.Studies;
using Augur.Studies.Flux;
using Augur.Studies.UNets;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

// Augur.Studies sampling COUNT POLICY…   how well a verification of some tokens predicts that of all
// Augur.Studies batch GROUPS POLICY…     batches of 8: rows computed, pictures per second, quality
// Augur.Studies errors COUNT INTERVAL    what a draft gets wrong at each depth, call by call
// Augur.Studies local COUNT POLICY       what a computed call's own error says of the true one
// Augur.Studies grid COUNT CALLS SOLVER… the best timesteps of a solver, GRID in its notation, for so many calls
// Augur.Studies converged COUNT WAY…     how far policies and samplers (dpm++@10) are from the sampler's pictures, and from a fine solver's
// Augur.Studies mixed COUNT STEPS GUIDANCE [PROMPTS.txt] POLICY…   policies on a set of mixed difficulty; lists by commas
// Augur.Studies edit COUNT METHOD…       edits of a region under EEdit and others, all or by number
// Augur.Studies show COUNT PNG           the same as pictures: sources, uncached edits, EEdit's
// Augur.Studies invert COUNT             how near the way back from an inversion comes
// With --model FOLDER before all else: of that model instead of the built-in one.
// Augur.Studies flux-weights FOLDER TYPE [DOUBLE SINGLE]   FLUX.1-dev's network with random weights, or fewer blocks of it
// Augur.Studies flux-parts FOLDER t5|clip|ae…              the text encoders and the autoencoder that belong to it
// Augur.Studies flux-text FILE TOKENS                      what T5 takes for a prompt
// Augur.Studies flux FILE SIDE TEXT STEPS POLICY…          what such a network costs, in processor time of one thread
// Augur.Studies flux-call PATH SIDE TEXT CALLS THREADS [int16]   what each call of such a network costs, in singles or by integers
// Augur.Studies unet-file PATH            a file of Stable Diffusion 1.5's real size with random weights
// Augur.Studies unet-call PATH CALLS THREADS   what a call of such a network costs at 512x512 pixels
// Augur.Studies unet-attention ROUNDS     what its self-attention costs with fewer tokens
// Augur.Studies modulations PATH ROUNDS THREADS BATCH…     what a call takes whose adaLN modulations are known
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["flux-weights", var folder, var type, .. var depth])
{
    var stored = Enum.Parse<StoredType>(type, ignoreCase: true);
    int[] blocks = depth is [var doubles, var singles] ? [Number(doubles), Number(singles)] : [19, 38];
    FluxFiles.WriteNetwork(Path.Combine(folder, $"flux-{blocks[0]}-{blocks[1]}-{stored}.gguf"), stored, blocks[0], blocks[1], Console.Out);
    return 0;
}

if (args is ["flux-parts", var beside, .. var parts])
{
    foreach (var part in parts)
    {
        FluxFiles.WritePart(beside, part, Console.Out);
    }

    return 0;
}

if (args is ["flux-text", var encoder, var tokens])
{
    FluxStudy.Encode(encoder, Number(tokens), Console.Out);
    return 0;
}

if (args is ["flux", var file, var side, var text, var steps, .. var caches])
{
    await FluxStudy.RunAsync(file, Number(side), Number(text), Number(steps), caches, Console.Out);
    return 0;
}

if (args is ["flux-call", var whole, var pixels, var words, var times, var workers, .. var products] && products is [] or ["int16"])
{
    var cells = Number(pixels) / 8;
    CallStudy.Run(
        b => FluxModel.Load(whole, b), [16, cells, cells], (Number(words), 4096, 768), 3.5, Number(times), Number(workers), Console.Out,
        byIntegers: products.Length > 0);
    return 0;
}

switch (args)
{
    case ["unet-file", var written]:
        StableDiffusionFile.Write(written, Console.Out);
        return 0;
    case ["unet-call", var read, var calls, var threads]:
        CallStudy.Run(b => UNetModel.Load(read, b), [4, 64, 64], (77, 768, 0), 1, Number(calls), Number(threads), Console.Out);
        return 0;
    case ["unet-attention", var rounds]:
        UNetAttentionStudy.Run(Number(rounds), Console.Out);
        return 0;
    case ["modulations", var network, var repeats, var computing, .. var batches]:
        ModulationStudy.Run(network, Number(repeats), Number(computing), [.. batches.Select(Number)], Console.Out);
        return 0;
    default:
        break;
}

using var backend = new CpuBackend();
var chosen = args is ["--model", var given, ..] ? given : null;
args = chosen is null ? args : args[2..];
using var model = chosen is null ? ModelCatalog.LoadBuiltIn(backend) : ModelCatalog.Load(chosen, backend);
var count = args.Length > 1 ? Number(args[1]) : 16;
string[] policies = args.Length > 2 ? args[2..] : ["speca"];
switch (args.FirstOrDefault())
{
    case "grid":
        foreach (var solver in policies.Skip(1))
        {
            await GridStudy.RunAsync(model, count, Number(policies[0]), solver, Console.Out);
        }

        break;
    case "sampling":
        await SamplingStudy.RunAsync(model, count, policies, Console.Out);
        break;
    case "batch":
        await BatchStudy.RunAsync(model, count, policies, Console.Out);
        break;
    case "errors":
        await DraftErrorStudy.RunAsync(model, count, Number(policies[0]), Console.Out);
        break;
    case "local":
        await LocalErrorStudy.RunAsync(model, count, policies[0], Console.Out);
        break;
    case "converged":
        await ConvergedStudy.RunAsync(model, count, policies, Console.Out);
        break;
    case "mixed" when policies is [var lengths, var scales, .. var compared]:
        var isFile = compared is [var first, ..] && first.EndsWith(".txt", StringComparison.Ordinal);
        await MixedStudy.RunAsync(
            model, count, [.. lengths.Split(',').Select(number => Number(number))],
            [.. scales.Split(',').Select(scale => double.Parse(scale, CultureInfo.InvariantCulture))],
            isFile ? await File.ReadAllLinesAsync(compared[0]) : [], isFile ? compared[1..] : compared, Console.Out);
        break;
    case "edit":
        int[] methods = args.Length > 2 ? [.. policies.Select(number => Number(number))] : [];
        await EditStudy.RunAsync(model, count, methods, Console.Out);
        break;
    case "show":
        await EditStudy.ShowAsync(model, count, policies[0]);
        break;
    case "invert":
        await EditStudy.InvertAsync(model, count, Console.Out);
        break;
    default:
        Console.Error.WriteLine(
            "Augur.Studies sampling|batch|errors|local|grid|converged|edit|show|invert|unet-file|unet-call|unet-attention|flux-weights|flux-parts|"
            + "flux-text|flux-call|flux|modulations …; see Program.cs");
        return 2;
}

return 0;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
