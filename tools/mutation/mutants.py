"""Faults that the tests must find: (file under src, text with the mutated part in « », what takes its place, tests that should notice: parts of
their names, or a condition of dotnet test with a ~).

A part that is an expression is exchanged for an expression; one that ends with a semicolon for a statement, or for nothing.
"""

PIPELINES, CACHING = "Pipelines", "Caching"
ENGINE = "GenerationEngineTests|GenerationPipelineTests|QueueTests|FailureTests"
CONTRACT = "PolicyContractTests"
NETWORKS = "JointNetworkTests|LevelNetworkTests"
LORA = "LoraTests|WeightChangeTests|DisplayName~lora"
FOLDERS = "TinyPipelineTests|PromptModelTests"
EDITS = "EditingTests|EditCommandTests|EEditTests|DisplayName~eedit-flux"
TOKENS = "TokenPartsTests|TokenPruningTests|ToCaTokensTests|ClusCaTests|EEditTests|DisplayName~token-compression|DisplayName~clusca-flux|DisplayName~toca|DisplayName~sd-dato"
TEXTS = "TextBenchTests|WriterTests|WriteCommandTests"
FRONTS = "FrontTests|FrontCommandTests"
ERRORS = "ErrorControlTests|ErrorCalibration|PolicyContractTests"
FITS = "ChangeFitTests|MeanCacheFitTests|FitChangesTests"
STREAM = "VulkanBackendTests|VulkanFaultTests|VulkanEngineTests"

MUTANTS = [
    # Rows, groups, calls
    ("Augur/Pipelines/DecisionGroup.cs", "RowsPerSample = «rows» };", "1", f"ToCaTokensTests|ClusCaTests|{CONTRACT}|{ENGINE}"),
    ("Augur/Pipelines/DecisionGroup.cs", "AddsNoise = «trajectories[0].AddsNoise»,", "false", "FreshNoise|ForecastingTests|PolicyContractTests"),
    ("Augur/Pipelines/DecisionGroup.cs", "MemoryBudget = «cacheBudget»,", "null", CONTRACT),
    ("Augur/Pipelines/DecisionGroup.cs", "mustCompute: isNew || «Rejection is not null»", "false", f"SpeCa|{CONTRACT}"),
    ("Augur/Pipelines/DecisionGroup.cs", "PeakCacheBytes = «Math.Max(PeakCacheBytes, _memory.ByteCount)»;", "_memory.ByteCount", CONTRACT),
    ("Augur/Pipelines/DecisionGroup.cs", "var final = «Rejection ?? outcome»;", "outcome", f"DecisionSequenceTests|{CONTRACT}"),
    ("Augur/Pipelines/Hosting/RequestGroup.cs", "request.Method.Name, «request.Steps», request.Sampler", "0", ENGINE),
    ("Augur/Pipelines/Hosting/RequestGroup.cs", "request.Steps, «request.Sampler», check", "null", ENGINE),
    ("Augur/Pipelines/Hosting/RequestGroup.cs", "GroupBy(t => «t.Second.Map»)", "_prepared.Count > 0 ? _prepared[0].Map : t.Second.Map", f"{NETWORKS}|{ENGINE}"),
    ("Augur/Pipelines/Engine.cs", "GroupBy(g => («g.Map», Cuts", "(NetworkMap?)null", NETWORKS),
    ("Augur/Pipelines/Engine.cs", "Cuts: «string.Join(' ', g.Plan.Cuts)»", '""', CONTRACT),
    ("Augur/Pipelines/Engine.cs", "computed.Where(c => «c.Rejection is not null»)", "false", CONTRACT),
    ("Augur/Pipelines/RowBatches.cs", "batch.Count > 0 && «batch.Sum(rowsOf) + rowsOf(item) > maxRows»", "false", ENGINE),
    ("Augur/Pipelines/SampleInput.cs", "Enumerable.Repeat(«s.Guidance», s.RowCount)", "(float?)null", NETWORKS),
    ("Augur/Pipelines/RunStart.cs", "trajectories, «requests[0].Request.Seed», cacheBudget", "0", CONTRACT),
    ("Augur/Pipelines/FinishedRun.cs", "group.PeakCacheBytes / «group.Trajectories.Count»", "1", f"{CONTRACT}|{ENGINE}"),
    # Admission
    ("Augur/Pipelines/Hosting/Admission.cs", "(«active.Sum(f => f.RowCount) + next.RowCount <= options.MaxRows»", "true", ENGINE),
    ("Augur/Pipelines/Hosting/Admission.cs", "+ («_takenBy.TryGetValue(Kind.Of(group), out var taken) ? taken : CacheBudgetOf(group) ?? 0»)", "0L", ENGINE),
    ("Augur/Pipelines/Hosting/Admission.cs", "if («WorkingBytes(group) + decisions.PeakCacheBytes > budget»)", "false", ENGINE),
    ("Augur/Pipelines/Hosting/Admission.cs", "is { } budget && «WorkingBytes(group) > budget»", "false", ENGINE),
    ("Augur/Pipelines/Hosting/Admission.cs", "own ?? long.MaxValue, «Math.Max(0, budget - WorkingBytes(group))»)", "long.MaxValue", ENGINE),
    # Conditions
    ("Augur/Pipelines/ConditionStore.cs", "if («--_users > 0»)", "--_users > 1000000", f"{NETWORKS}|{ENGINE}"),
    ("Augur/Pipelines/ConditionStore.cs", "if («--_users > 0»)", "--_users < -1000000", f"{NETWORKS}|{ENGINE}"),
    ("Augur/Pipelines/ConditionStore.cs", "Where(c => «!_shared.ContainsKey(c)»)", "true", f"{NETWORKS}|{ENGINE}"),
    ("Augur/Pipelines/ConditionStore.cs", "«_shared.Remove(condition);»", "", f"{NETWORKS}|{ENGINE}"),
    # What a policy may not do to others
    ("Augur/Pipelines/GuardedMemory.cs", "return «plan.IsDraft && call.MustCompute» ?", "false", ENGINE),
    ("Augur/Pipelines/GuardedMemory.cs", "if («Failure is not null»)", "false", ENGINE),
    # Thresholds, verification, warm-up
    ("Augur/Caching/Policies/SpeCaPolicy.cs", "if («call.MustCompute» ||", "false", CONTRACT),
    ("Augur/Caching/Policies/SpeCaPolicy.cs", "IsVerified => «_drafts > options.Min»", "false", CONTRACT),
    ("Augur/Caching/Policies/SpeCaPolicy.cs", "new CallOutcome(«error <= threshold» ?", "true", CONTRACT),
    ("Augur/Caching/Policies/SpeCaPolicy.cs", "options.Warmup || «_drafts >= options.Max»", "false", "DecisionSequenceTests|PolicyContractTests"),
    ("Augur/Caching/Policies/SpeCaPolicy.cs", "forgets: «call.CallIndex < options.Warmup - 1»", "false", "DecisionSequenceTests|ReplayTests|PolicyContractTests"),
    ("Augur/Caching/Policies/SpeCa/DeferredSpeCa.cs", "«_drafts >= options.Min && _error > options.ThresholdAt(call)»", "false", "DecisionSequenceTests|PolicyContractTests"),
    ("Augur/Caching/Policies/SpeCa/DeferredSpeCa.cs", "_error is { } error && «!double.IsFinite(error)»", "false", "FaultTests|DecisionSequenceTests"),
    ("Augur/Caching/Policies/Gates/FrontChangeGate.cs", "var reuses = «ratio < threshold»;", "!double.IsNaN(ratio)", "DBCacheTests|PolicyContractTests"),
    ("Augur/Caching/Policies/Gates/ModulatedInputGate.cs", "_sum = «reuses ? _sum : 0»;", "_sum", "TeaCacheTests|SeaCacheTests"),
    ("Augur/Caching/Policies/Gates/MagnitudeGate.cs", "&& «_inRow <= options.MaxConsecutive» ?", "true", "MagCacheTests"),
    ("Augur/Caching/Policies/Gates/ReuseLimits.cs", "!call.MustCompute && «call.CallIndex >= warmup» &&", "true", "DBCacheTests|FbCache|PolicyContractTests"),
    ("Augur/Caching/Policies/Gates/GatedSpanMemory.cs", "return «new CallPlan(_verdict is { Reuses: true }).CutBefore([.. span.Cuts])»;",
     "new CallPlan(_verdict is { Reuses: true })", "DBCacheTests|CgTaylorTests|PolicyContractTests"),
    # Memory
    ("Augur/Caching/Forecasting/DraftFit.cs", "is { } budget && «Bytes() > budget - otherBytes»)", "false", CONTRACT),
    ("Augur/Caching/Policies/Shared/MemoryFit.cs", "is { } budget && «Bytes() > budget»)", "false", CONTRACT),
    ("Augur/Caching/Policies/L2C/L2CMemory.cs", "is { } budget && «most * bytes > budget»)", "false", f"L2CTests|{CONTRACT}"),
    ("Augur/Caching/Forecasting/DraftModel.cs", "_image = «run.AddsNoise && _fit.Granularity == Granularity.Output» ?", "false", "FreshNoise|ForecastingTests|PolicyContractTests"),
    # The door and its ledger
    ("Augur/Caching/FeatureDoor.cs", "«asked.Length == _present.Length» ? null :", "true", f"FeatureDoorTests|{CONTRACT}"),
    ("Augur/Caching/FeatureDoor.cs", "«Charge(_present, site, _verifiedTokens);»\n            var computed", "", f"FeatureDoorTests|{CONTRACT}"),
    ("Augur/Caching/CostLedger.cs", "map.FlopsOf(site, tokens, isClosed) * «rowCounts[sample]»;", "1", f"FeatureDoorTests|{CONTRACT}"),
    # The tuner's last word
    ("Augur/Tuning/HeldOut.cs", "new(«isMet» ? calibrated.Policy", "false", "TunerTests"),
    # LoRA
    ("Augur/Catalogs/Lora/LoraScaling.cs", "given is { } alpha ? «(float)(alpha / divisor)» : 1", "(float)alpha", LORA),
    ("Augur/Catalogs/Lora/LoraScaling.cs", "IsRankStabilised == true ? «Math.Sqrt(module.Rank)» :", "module.Rank", LORA),
    ("Augur/Catalogs/Lora/LoraScaling.cs", 'if («module == name || module.EndsWith($".{name}", StringComparison.Ordinal)»)', "false", LORA),
    ("Augur/Catalogs/Lora/LoraKey.cs", 'var layer = «module.EndsWith(".to_out", StringComparison.Ordinal)» ?', "false", LORA),
    ("Augur/Catalogs/Lora/LoraFit.cs", "«RequireSome(parts, file, left);»", "", LORA),
    ("Augur/Catalogs/Lora/LoraFit.cs", "if (remarks.Count > 0 && «!mayBePartial»)", "false", LORA),
    ("Augur/Catalogs/Lora/LoraFit.cs", "if (remarks.Count > 0 && «!mayBePartial»)", "true", LORA),
    ("Augur/Catalogs/Lora/LoraFit.cs", "Strength = «scale»,", "1f", LORA),
    ("Augur/Catalogs/Lora/LoraFit.cs", "FirstRow = «piece.First»,", "0", f"{LORA}|TinyPipelineTests"),
    ("Augur/Catalogs/Lora/LoraFit.cs", "OrderByDescending(layout => «modules.Count(module => Find(layout, module.Name) is not null)»)", "0", f"{LORA}|TinyPipelineTests"),
    ("Augur/Catalogs/Lora/LoraFit.cs", "if («module.Outputs != matrix.Rows» ||", "false", LORA),
    ("Augur/Catalogs/Lora/LoraFit.cs", "MagnitudesAreOfInputs = «areOfInputs»,", "false", LORA),
    ("Augur/Catalogs/Lora/LoraFile.cs", "Magnitude = «Find(LoraRole.Magnitude, LoraRole.OutputMagnitude)»,", "null", LORA),
    ("Augur/Catalogs/Lora/LoraModule.cs", "sum += (double)mid[(((a * inner) + b) * cells) + «cell»]", "0", LORA),
    # Folders and files of every family
    ("Augur/Catalogs/Families/Sd3Family.cs", "HasQueryKeyNorm ? 4.5 : «7»));", "4.5", FOLDERS),
    ("Augur/Catalogs/Families/Sd3Family.cs", "if («narrow.Width + wide.Width != channels»)", "false", FOLDERS),
    ("Augur/Catalogs/Families/UNetFamily.cs", "texts[0]!.IsOpenClip\n                ? new StableDiffusionPromptEncoder(clip, skippedLayers: «1»)", "0", f"{FOLDERS}|UNetLayoutTests|UNetModelTests"),
    ("Augur/Catalogs/Families/UNetFamily.cs", 'Find("force_zeros_for_empty_prompt")?.AsFlag() == «false» ?', "null", f"{FOLDERS}|UNetLayoutTests|UNetModelTests"),
    ("Augur/Catalogs/Families/UNetFamily.cs", "return «OfReplaced(file, inferred) ?? inferred»;", "inferred", f"{FOLDERS}|UNetLayoutTests|BuiltInUNetTests"),
    ("Augur/Catalogs/ModelParts.cs", "Texts = [.. own.Texts, .. «whole.Texts»],", "[]", FOLDERS),
    # Editing
    ("Augur/Pipelines/Pictures/PinnedRun.cs", "values[i] = «mask[i] == 0» ?", "false", EDITS),
    ("Augur/Pipelines/Pictures/PinnedRun.cs", "Run.StepIndex < source.PullSteps ? «1 - (float)source.Pull» : 1;", "1f", EDITS),
    ("Augur/Pipelines/Pictures/PinnedRun.cs", "Run.Advance(«Run.NoiseToSignal > 0 ? Held(output) : output»,", "output", EDITS),
    ("Augur/Pipelines/Pictures/SourceStart.cs", "double.IsPositiveInfinity(r) ? 1 : «r * signal»;", "0.0", EDITS),
    ("Augur/Pipelines/Pictures/SourceStart.cs", "mask.Select(m => «m > 0»)], request", "m >= 0.5", EDITS),
    ("Augur/Pipelines/Pictures/PictureEditor.cs", "cells[(«i / mask.Width / side» * columns)", "0", EDITS),
    ("Augur/Pipelines/Pictures/PictureEditor.cs", "Guide(condition, asked).Count == 1 ? asked : «asked with { Scale = 1, Interval = null }»;", "asked", EDITS),
    ("Augur/Sampling/Editing/FlowEditSampler.cs", "length * eta / sigmas[«called»];", "i", EDITS),
    ("Augur/Sampling/Editing/FlowEditSampler.cs", "«i >= Options.Start» && i < Options.Stop", "true", EDITS),
    ("Augur/Sampling/Editing/FlowInversion.cs", "step % Options.Skip == 0 || «step == grid - 2»;", "false", EDITS),
    ("Augur/Sampling/Editing/DiffusionInversion.cs", "noisy = «Back(clean, direction, step)»;", "noisy", EDITS),
    # Fewer tokens
    ("Augur/Caching/Tokens/ComposedSelection.cs", "«scoring.Chose(view, plan?.Kept);»", "", TOKENS),
    ("Augur/Caching/Tokens/ComposedSelection.cs", "_call = call;\n        «_plans.Clear();»", "", TOKENS),
    ("Augur/Caching/Tokens/CompressTokens.cs", "view => «(int)(view.Tokens * Options.Keep)»", "view.Tokens", TOKENS),
    ("Augur/Caching/Tokens/FusedSelection.cs", "if («site.Kind == SiteKind.Projected && site.Layer == _layer»)", "false", TOKENS),
    ("Augur/Caching/Tokens/EEditSelection.cs", "if («full[step]»)", "false", TOKENS),
    ("Augur/Caching/Tokens/RegionWeights.cs", "Math.Pow(Options.Decay, «1 + ring»)", "ring", TOKENS),
    ("Augur/Caching/Tokens/Scores/AgeScore.cs", "scores[i] += «ages[i]»;", "0", TOKENS),
    ("Augur/Caching/Tokens/Scores/DynamicsScore.cs", "«Array.Clear(_dynamics);»", "", TOKENS),
    ("Augur/Caching/Tokens/Scores/DynamicsScore.cs", "var speaks = «(row / together * together) + together - 1»;", "row / together * together", TOKENS),
    ("Augur/Caching/Tokens/Scores/InputScores.cs", "(float)(1 - (product / «Math.Max(length * Math.Sqrt(square), double.Epsilon)»));", "length", TOKENS),
    ("Augur/Caching/Tokens/Reductions/SpreadReduction.cs", "i == 0 ? distance : «Math.Min(nearest[token], distance)»;", "distance", TOKENS),
    ("Augur/Caching/Tokens/Reductions/TokenMerging.cs", "OrderByDescending(i => «likeness[i]»)", "-likeness[i]", TOKENS),
    ("Augur/Caching/Tokens/Recoveries/BlendRecovery.cs", "if (Options.Share > 0 && «site.Group != TokenGroup.Text»)", "true", TOKENS),
    ("Augur/Caching/Tokens/Compression/FastV.cs", "/ «Math.Sqrt(width)»;", "1.0", TOKENS),
    ("Augur/Caching/Tokens/Compression/BipartiteMatching.cs", "likeness[0] = «hasClassToken» ?", "false", TOKENS),
    ("Augur/Caching/Policies/Depth/ShrunkMemory.cs", "(_call, _shrinks) = (call, «!call.MustCompute»);", "true", f"{TOKENS}|{CONTRACT}"),
    # Tuning of texts
    ("Augur/Tuning/Texts/TextSearch.cs", "if («trials.Tried >= options.Trials» ||", "false", TEXTS),
    ("Augur/Tuning/Texts/TextSearch.cs", "return (allows, «allows == IsSpeed» ?", "IsSpeed", TEXTS),
    ("Augur/Tuning/Texts/TextSearch.cs", "if («result.Policy is not null»)", "false", TEXTS),
    ("Augur/Tuning/Texts/TextSpace.cs", "Threshold = thresholds[«other»] };", "at", TEXTS),
    ("Augur/Tuning/Texts/TextMeasure.cs", "Math.Max(Tokens.Count, «other.Tokens.Count»);", "0", TEXTS),
    ("Augur/Tuning/Texts/MaskedBound.cs", "(int)tokens[place])) / «places.Length»)", "tokens.Count", TEXTS),
    ("Augur/Tuning/Texts/TextTrial.cs", "«first ??= texts;»", "first = texts;", TEXTS),
    ("Augur/Tuning/Texts/TextCalibration.cs", "references.Sum(r => r.Text.Flops) / (double)«texts.Sum(t => t.Flops)»,", "references.Sum(r => r.Text.Flops)", TEXTS),
    ("Augur/Tuning/Texts/TextContender.cs", "return (this with { Policy = PolicyCatalog.Parse(choice.Policy), Sampler = «choice.Sampler»,", "Sampler", TEXTS),
    # NSGA-II
    ("Augur/Tuning/Fronts/NonDominated.cs", "isBetter |= «a[i] < b[i]»;", "true", FRONTS),
    ("Augur/Tuning/Fronts/NonDominated.cs", "left.Any(j => «Dominates(points[j], points[i])»)", "Dominates(points[i], points[j])", FRONTS),
    ("Augur/Tuning/Fronts/NonDominated.cs", "front[order[i - 1]][objective]) / «extent»;", "1.0", FRONTS),
    ("Augur/Tuning/Fronts/NonDominated.cs", "OrderByDescending(member => «member.Second»)", "-member.Second", FRONTS),
    ("Augur/Tuning/Fronts/Evolution.cs", "genes[i] = «(genes[i] + 1 + _random.Next(choices[i] - 1)) % choices[i]»;", "genes[i]", FRONTS),
    ("Augur/Tuning/Fronts/Evolution.cs", "_random.Next(2) == 0 ? gene : «b[i]»", "gene", FRONTS),
    ("Augur/Tuning/Fronts/Evolution.cs", "return «place[a] <= place[b]» ?", "place[a] > place[b]", FRONTS),
    ("Augur/Tuning/Fronts/FrontSearch.cs", "if («!_met.Contains(policy) && _met.Count >= _options.Trials»)", "false", FRONTS),
    ("Augur/Tuning/Fronts/FrontSearch.cs", "Where((_, i) => «ranks[i] == 0»)", "true", FRONTS),
    ("Augur/Tuning/Fronts/FrontSearch.cs", "Array.IndexOf(crowding, «crowding.Min()»);", "crowding.Max()", FRONTS),
    # Weights that are streamed to a graphics card, and its memory
    ("Augur.Vulkan/WeightStream.cs", "«_next[last] = part;»", "", STREAM),
    ("Augur.Vulkan/WeightStream.cs", "«queue.WaitFor(_transfers.Timeline, place.Written);»", "", STREAM),
    ("Augur.Vulkan/WeightStream.cs", "_transfers.Upload(bytes, place.Span, queue, «place.Read», place.Written);", "0UL", STREAM),
    ("Augur.Vulkan/WeightStream.cs", "Where(p => «p.Content?.Weight == weight»))", "false", STREAM),
    ("Augur.Vulkan/WeightStream.cs", "_places.RemoveAt(0);\n        «_places.Insert(Math.Max(0, _places.Count - 1), place);»", "_places.Insert(0, place);", STREAM),
    ("Augur.Vulkan/WeightStream.cs", "«_transfers.Finish();»", "", STREAM),
    ("Augur.Vulkan/VulkanTransfers.cs", "DstOffset = (ulong)(to.Offset + «at»)", "0", STREAM),
    ("Augur.Vulkan/VulkanMemory.cs", "budget is { } most && «Rounded(bytes) > most - _inUse»))", "false", STREAM),
    ("Augur.Vulkan/VulkanMemory.cs", "«_inUse -= span.Bytes;»", "", STREAM),
    # The PNG reader
    ("Augur/Decoding/PngReader.cs", "if («BinaryPrimitives.ReadUInt32BigEndian(head) != Crc32.Of(head[4..], data)»)", "false", "PngTests"),
    ("Augur/Decoding/PngReader.cs", "if («length > LongestChunk(type)»)", "false", "PngTests"),
    ("Augur/Decoding/PngReader.cs", "return «zlib.ReadByte() < 0»", "true", "PngTests"),
    ("Augur/Decoding/PngHeader.cs", "Math.Max(1, «Bits * Channels / 8»);", "Channels", "PngTests"),
    ("Augur/Decoding/PngHeader.cs", "(Width - p.Left + «p.Across - 1») / p.Across", "0", "PngTests"),
    ("Augur/Decoding/PngPixels.cs", ">> (8 - bits - «(i * bits % 8)»)", "0", "PngTests"),
    ("Augur/Decoding/PngPixels.cs", "colour < transparency.Length ? «transparency[colour]» : 255;", "255", "PngTests"),
    ("Augur/Decoding/PngPixels.cs", "samples.AsSpan().SequenceEqual(_transparentColour) ? «0» : 255;", "255", "PngTests"),
    ("Augur/Decoding/PngPixels.cs", "if («3 * colour >= palette!.Length»)", "false", "PngTests"),
    ("Augur/Decoding/PngPixels.cs", "+ «(most / 2)») / most);", "0", "PngTests"),
    # Errors that were asked for
    ("Augur/Caching/Policies/Controlled/ErrorControl.cs", "Math.Floor(«LongestGap» * call.CallCount)))", "1.0", ERRORS),
    ("Augur/Caching/Policies/Controlled/ErrorControl.cs", "return gap < Math.Max(1, Math.Round(«FirstGap» * call.CallCount));", "0.5", ERRORS),
    ("Augur/Caching/Policies/Controlled/ErrorControl.cs", "_sum += rate * «Math.Pow(gap, Power)» * factor", "1.0", ERRORS),
    ("Augur/Caching/Policies/Controlled/ErrorControl.cs", "Math.Pow(gap, Power) * «factor» *", "1.0", ERRORS),
    ("Augur/Caching/Policies/Controlled/ErrorControl.cs", "factor * «Math.Abs(_way - before)»;", "1e-3", ERRORS),
    ("Augur/Caching/Policies/Controlled/ErrorControl.cs", "return «_sum <= tolerance»;", "!(_sum > tolerance)", ERRORS),
    ("Augur/Caching/Policies/Controlled/ErrorControl.cs", "var rate = off / «Math.Pow(call.CallIndex - _last, Power)»;", "1.0", ERRORS),
    ("Augur/Caching/Policies/Controlled/ErrorControl.cs", "? «Math.Pow(rate, Newest) * Math.Pow(_rate.Value, 1 - Newest)» : rate;", "_rate.Value", ERRORS),
    ("Augur/Caching/Policies/Controlled/ErrorControl.cs", "(_last, _sum) = (call.CallIndex, «0»);", "_sum", ERRORS),
    ("Augur/Caching/Policies/Controlled/ControlledMemory.cs", "run.AddsNoise ? 1 : «Math.Abs(image.Output)») &&", "1.0", ERRORS),
    ("Augur/Caching/Policies/Controlled/ControlledMemory.cs", "draft.Note ?? «note»;", "null", ERRORS),
    ("Augur/Caching/Policies/Controlled/GuidedLatent.cs", "[(float)scale, «(float)(1 - scale)»])", "0f", ERRORS),
    ("Augur/Caching/Policies/Controlled/GuidedLatent.cs", "return error / «Math.Sqrt(run.Map.LatentShare)»;", "1.0", ERRORS),
    ("Augur/Caching/Policies/Controlled/ErrorCalibration.cs", "if («error < errors[0]»)", "false", ERRORS),
    ("Augur/Caching/Policies/Controlled/ErrorCalibration.cs", "tolerances[above - 1], «share»);", "1.0", ERRORS),
    ("Augur/Tuning/Fits/ErrorFit.cs", "Math.Ceiling(Share * («errors.NotNull().Count + 1»));", "errors.Count", FITS),
    ("Augur/Tuning/Fits/ErrorFit.cs", "if («table.Count > 0 && error <= table[^1].Error»)", "false", FITS),
    ("Augur/Tuning/Fits/ErrorFit.cs", "«table.RemoveAt(table.Count - 1);»", "", FITS),
    ("Augur/Tuning/Profiles/MethodChoice.cs", "is { } byError && «ProfileUse.Suits(byError, asked, model)»)", "true", "MethodChoiceTests"),
    # Computed calls of MeanCache
    ("Augur/Tuning/CheapestPath.cs", "var total = sum + cost(«before», at, to);", "-1", FITS),
    ("Augur/Tuning/CheapestPath.cs", "out var known) || «total < known.Cost»)", "false", FITS),
    ("Augur/Tuning/CheapestPath.cs", "state = (levels[level][state].Parent, «state.Before»);", "level - 1", FITS),
    ("Augur/Tuning/Fits/MeanCacheFitting.cs", "moved[call - at] = sum * «_keeps[call + 1] * _keeps[call + 1]»;", "1.0", FITS),
    ("Augur/Tuning/Fits/MeanCacheFitting.cs", "- ((slope?[e] ?? 0) * «away»));", "-away", FITS),
    ("Augur/Tuning/Fits/MeanCacheFitting.cs", "away += «(_places[call] - _places[before])» * (_places", "_places[call]", FITS),
    ("Augur/Tuning/Fits/MeanCacheFitting.cs", "}).MinBy(found => «found.Sum»);", "-found.Sum", FITS),
    # What is not made twice
    ("Augur/Models/Joint/RotationTables.cs", "keys.Distinct().Count() == 1 ? keys[0] : «string.Join(';', keys)»)}", "keys[0]", "RotationTablesTests"),
    ("Augur/Models/Joint/RotationTables.cs", "«_byUse.Remove(found);»", "", "RotationTablesTests"),
    ("Augur/Models/Joint/RotationTables.cs", "«_byUse.RemoveFirst();»", "", "RotationTablesTests"),
    ("Augur.Tensors/Cpu/Operations/CpuBackend.Movement.cs", "«at[a] = 0;»", "", "OperationContractTests|TensorTests"),
    ("Augur.Tensors/Cpu/Operations/CpuBackend.Movement.cs", "from -= _strides[a] * «_extents[a]»;", "1", "OperationContractTests|TensorTests"),
]
