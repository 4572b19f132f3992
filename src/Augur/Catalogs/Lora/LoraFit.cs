using Augur.Catalogs.Families;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Lora;

/// <summary>What LoRAs change in a model's parts: every module of a file is looked for under the names of every layout that the part has.</summary>
internal sealed class LoraFit : IDisposable
{
    private const int NamesInMessage = 5;
    private readonly List<OpenTarget> _targets;

    /// <summary>Opens some parts, whose weights are looked at for their shapes.</summary>
    /// <param name="targets">Those that may be changed.</param>
    /// <exception cref="WeightFileException">One cannot be read.</exception>
    public LoraFit(IReadOnlyList<LoraTarget> targets) => _targets = [.. targets.Select(target => new OpenTarget(target))];

    /// <summary>A model's parts with the changes of its LoRAs.</summary>
    /// <param name="parts">The model's files.</param>
    /// <param name="loras">In the order in which they are applied.</param>
    /// <param name="mayBePartial">Whether what does not fit is left out; otherwise it is an error.</param>
    /// <exception cref="WeightFileException">
    /// A file is no LoRA, has keys that have no place in this model (the message names them), or a matrix of it has another shape than the weight.
    /// </exception>
    public static ModelParts Apply(ModelParts parts, IReadOnlyList<LoraSource> loras, bool mayBePartial)
    {
        if (loras.Count == 0)
        {
            return parts;
        }

        using var fit = new LoraFit(TargetsOf(parts));
        var remarks = new List<string>();
        foreach (var lora in loras)
        {
            using var file = LoraFile.Open(lora.Validated().Path);
            var left = fit.Add(file, (float)lora.Scale);
            RequireSome(parts, file, left);
            if (left.Count > 0)
            {
                remarks.Add($"{file.Checkpoint.Path}: {WithoutPlace(left)} in {parts.Path}");
            }
        }

        if (remarks.Count > 0 && !mayBePartial)
        {
            throw new WeightFileException($"{remarks[0]}; --lora-partly applies the rest.");
        }

        return parts with
        {
            Network = fit.Changed(parts.Network),
            Texts = [.. parts.Texts.Select(text => text with { Part = fit.Changed(text.Part) })],
            Loras = loras,
            Remarks = remarks,
        };
    }

    /// <summary>What one file changes in a model, and which of its keys have no place in it.</summary>
    /// <exception cref="WeightFileException">As for <see cref="Apply"/>, but for keys that have no place.</exception>
    public static string Describe(ModelParts parts, LoraSource lora)
    {
        using var fit = new LoraFit(TargetsOf(parts));
        using var file = LoraFile.Open(lora.Validated().Path);
        var left = fit.Add(file, (float)lora.Scale);
        var changed = fit._targets.Where(target => target.Changes.Count > 0)
            .Select(target => Counted(target.Changes.DistinctBy(change => change.Name).Count(), target.Target.Name));
        return $"{lora} changes {string.Join(" and ", changed.DefaultIfEmpty("nothing"))}{(left.Count > 0 ? $"; {WithoutPlace(left)}" : "")}";

        static string Counted(int count, string part) => $"{count} {(count == 1 ? "tensor" : "tensors")} of {part}";
    }

    /// <summary>The changes of a part so far; they are added up.</summary>
    /// <param name="index">Its place among the parts.</param>
    public IReadOnlyList<WeightChange> ChangesOf(int index) => _targets[index].Changes;

    /// <summary>Adds what a file changes.</summary>
    /// <param name="file">The LoRA.</param>
    /// <param name="scale">How much of it.</param>
    /// <param name="norm">How DoRA divides.</param>
    /// <returns>Keys that have no place, in order.</returns>
    /// <exception cref="WeightFileException">A matrix has another shape than the weight, or a number is not finite.</exception>
    public IReadOnlyList<string> Add(LoraFile file, float scale, DoraNorm norm = DoraNorm.Changed)
    {
        var left = file.Others.ToList();
        _targets.ForEach(target => target.Learn(file.Modules));
        foreach (var module in file.Modules)
        {
            var found = _targets.FirstOrDefault(target => target.Find(module.Name) is not null);
            if (found is null)
            {
                left.AddRange(module.Keys);
                continue;
            }

            found.Add(file, module, scale, norm);
        }

        return [.. left.Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Dispose() => _targets.ForEach(target => target.Dispose());

    private static IReadOnlyList<LoraTarget> TargetsOf(ModelParts parts)
    {
        var family = parts.Family ?? new DitFamily();
        using var network = parts.Network.Open();
        return family.LoraTargets(parts, network) is { Count: > 0 } targets ? targets
            : throw new WeightFileException($"{parts.Path}: models of the family {family.Name} take no LoRA.");
    }

    private static string WithoutPlace(IReadOnlyList<string> left)
    {
        var names = string.Join(", ", left.Take(NamesInMessage).Select(name => WeightFileException.Quote(name)));
        var more = left.Count > NamesInMessage ? $" and {left.Count - NamesInMessage} more" : "";
        return $"{left.Count} {(left.Count == 1 ? "key" : "keys")} ({names}{more}) {(left.Count == 1 ? "has" : "have")} no place";
    }

    private static void RequireSome(ModelParts parts, LoraFile file, IReadOnlyList<string> left)
    {
        if (file.Modules.All(module => module.Keys.All(key => left.Contains(key))))
        {
            throw new WeightFileException(
                $"{file.Checkpoint.Path}: this LoRA changes nothing of {parts.Path}; its names, such as {WeightFileException.Quote(left[0])}, "
                + "are those of another model.");
        }
    }

    private ModelPart Changed(ModelPart part) => _targets.FirstOrDefault(target => ReferenceEquals(target.Target.Part, part)) is { } changed
        ? part with { Changes = changed.Changes } : part;

    private sealed class OpenTarget(LoraTarget target) : IDisposable
    {
        private readonly Checkpoint _weights = target.Part.Open();
        private IReadOnlyList<NamedMatrices>? _layouts;

        public LoraTarget Target => target;

        public List<WeightChange> Changes { get; } = [];

        public void Dispose() => _weights.Dispose();

        // A name that several layouts have means what it means in the one whose names the file has most of.
        public void Learn(IReadOnlyList<LoraModule> modules)
        {
            if (_layouts is null)
            {
                var traces = target.Traces(_weights);
                _layouts = [.. traces.Known.Select(known => NamedMatrices.Of(known.Onto(traces.Own)))];
            }

            _layouts = [.. _layouts.OrderByDescending(layout => modules.Count(module => Find(layout, module.Name) is not null))];
        }

        public MovedMatrix? Find(string module) => _layouts!.Select(layout => Find(layout, module)).FirstOrDefault(found => found is not null);

        public void Add(LoraFile file, LoraModule module, float scale, DoraNorm norm)
        {
            var (path, matrix) = (file.Checkpoint.Path, Find(module.Name)!);
            var weight = _weights.Tensors.GetValueOrDefault(matrix.Pieces[0].Weight)
                ?? throw new WeightFileException($"{target.Part.Place}: tensor {WeightFileException.Quote(matrix.Pieces[0].Weight)} is missing.");
            var (down, up) = module.Matrices(path);
            var columns = (int)(weight.Shape.ElementCount / Math.Max(1, weight.Shape[0]));
            if (module.Outputs != matrix.Rows || down.Length / module.Rank != columns || matrix.Pieces.Sum(piece => piece.Count) != matrix.Rows)
            {
                throw new WeightFileException(
                    $"{path}: {WeightFileException.Quote(module.Name)} changes a weight of {module.Outputs} rows and "
                    + $"{down.Length / module.Rank} columns, but that of {target.Part.Place} has {matrix.Rows} and {columns}.");
            }

            var factor = file.Scaling.FactorOf(module, path);
            var (magnitudes, areOfInputs) = Magnitudes(path, module, matrix, weight);
            foreach (var piece in matrix.Pieces)
            {
                Changes.Add(new WeightChange
                {
                    Name = piece.Weight,
                    Origin = path,
                    FirstRow = piece.First,
                    Up = up[(piece.From * module.Rank)..((piece.From + piece.Count) * module.Rank)],
                    Down = down,
                    Rank = module.Rank,
                    Factor = factor,
                    Strength = scale,
                    Magnitudes = areOfInputs ? magnitudes : magnitudes?[piece.From..(piece.From + piece.Count)],
                    MagnitudesAreOfInputs = areOfInputs,
                    Norm = norm,
                });
            }
        }

        private static (float[]? Magnitudes, bool AreOfInputs) Magnitudes(string path, LoraModule module, MovedMatrix matrix, StoredTensor weight)
        {
            if (module.Magnitude is not { } stored)
            {
                return (null, false);
            }

            stored.RequireFinite();
            var (shape, count) = (stored.Shape, stored.Shape.ElementCount);
            if (count == matrix.Rows && (module.MagnitudeIsOfOutputs || (shape.Rank > 0 && shape[0] == matrix.Rows)))
            {
                return (stored.ToSingles(), false);
            }

            return count == weight.Shape[1] && !module.MagnitudeIsOfOutputs && matrix.Pieces.Count == 1 ? (stored.ToSingles(), true)
                : throw new WeightFileException(
                    $"{path}: {WeightFileException.Quote(stored.Name)} has shape {shape}, which is no magnitude for each of {matrix.Rows} outputs "
                    + $"or of {weight.Shape[1]} inputs{(matrix.Pieces.Count > 1 ? ", and those of inputs cannot be taken apart" : "")}.");
        }

        private MovedMatrix? Find(NamedMatrices layout, string module)
        {
            var prefix = target.Prefix.Match(module);
            return !prefix.Success ? null
                : (prefix.Groups[1].Length > 0 ? layout.Underscored : layout.Dotted).GetValueOrDefault(module[prefix.Length..]);
        }
    }

    /// <summary>The matrices of a layout by the names of their modules.</summary>
    /// <param name="Dotted">As in the model's code.</param>
    /// <param name="Underscored">With underscores in place of dots, as kohya writes them: they cannot be taken apart again.</param>
    private sealed record NamedMatrices(Dictionary<string, MovedMatrix> Dotted, Dictionary<string, MovedMatrix> Underscored)
    {
        public static NamedMatrices Of(IReadOnlyDictionary<string, MovedMatrix> layout)
        {
            const string Weight = ".weight";
            var named = new NamedMatrices([], []);
            foreach (var (weight, matrix) in layout.Where(entry => entry.Key.EndsWith(Weight, StringComparison.Ordinal)))
            {
                var name = weight[..^Weight.Length];
                named.Dotted[name] = matrix;
                named.Underscored.TryAdd(name.Replace('.', '_'), matrix);
            }

            return named;
        }
    }
}
