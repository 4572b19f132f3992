"""Faults that the tests must find: (file under src/Augur, text with the mutated part in « », what takes its place, tests that should notice).

A part that is an expression is exchanged for an expression; one that ends with a semicolon for a statement, or for nothing.
"""

PIPELINES, CACHING = "Pipelines", "Caching"
ENGINE = "GenerationEngineTests|GenerationPipelineTests|QueueTests|FailureTests"
CONTRACT = "PolicyContractTests"
NETWORKS = "JointNetworkTests|LevelNetworkTests"

MUTANTS = [
    # Rows, groups, calls
    ("Pipelines/DecisionGroup.cs", "RowsPerSample = «trajectories[0].RowCount»,", "1", f"ToCaTokensTests|ClusCaTests|{CONTRACT}|{ENGINE}"),
    ("Pipelines/DecisionGroup.cs", "AddsNoise = «trajectories[0].AddsNoise»,", "false", "FreshNoise|ForecastingTests|PolicyContractTests"),
    ("Pipelines/DecisionGroup.cs", "MemoryBudget = «cacheBudget»,", "null", CONTRACT),
    ("Pipelines/DecisionGroup.cs", "mustCompute: «Rejection is not null»", "false", f"SpeCa|{CONTRACT}"),
    ("Pipelines/DecisionGroup.cs", "PeakCacheBytes = «Math.Max(PeakCacheBytes, _memory.ByteCount)»;", "_memory.ByteCount", CONTRACT),
    ("Pipelines/DecisionGroup.cs", "var final = «Rejection ?? outcome»;", "outcome", f"DecisionSequenceTests|{CONTRACT}"),
    ("Pipelines/Hosting/RequestGroup.cs", "request.Method.Name, «request.Steps», request.Sampler", "0", ENGINE),
    ("Pipelines/Hosting/RequestGroup.cs", "request.Steps, «request.Sampler», check", "null", ENGINE),
    ("Pipelines/Hosting/RequestGroup.cs", "GroupBy(t => «t.Second.Map»)", "_prepared.Count > 0 ? _prepared[0].Map : t.Second.Map", f"{NETWORKS}|{ENGINE}"),
    ("Pipelines/Engine.cs", "GroupBy(g => («g.Map», Cuts", "(NetworkMap?)null", NETWORKS),
    ("Pipelines/Engine.cs", "Cuts: «string.Join(' ', g.Plan.Cuts)»", '""', CONTRACT),
    ("Pipelines/Engine.cs", "computed.Where(c => «c.Rejection is not null»)", "false", CONTRACT),
    ("Pipelines/RowBatches.cs", "batch.Count > 0 && «batch.Sum(rowsOf) + rowsOf(item) > maxRows»", "false", ENGINE),
    ("Pipelines/SampleInput.cs", "Enumerable.Repeat(«s.Guidance», s.RowCount)", "(float?)null", NETWORKS),
    ("Pipelines/RunStart.cs", "trajectories, «requests[0].Request.Seed», cacheBudget", "0", CONTRACT),
    ("Pipelines/FinishedRun.cs", "group.PeakCacheBytes / «group.Trajectories.Count»", "1", f"{CONTRACT}|{ENGINE}"),
    # Admission
    ("Pipelines/Hosting/Admission.cs", "(«active.Sum(f => f.RowCount) + next.RowCount <= options.MaxRows»", "true", ENGINE),
    ("Pipelines/Hosting/Admission.cs", "+ («_takenBy.TryGetValue(Kind.Of(group), out var taken) ? taken : CacheBudgetOf(group) ?? 0»)", "0L", ENGINE),
    ("Pipelines/Hosting/Admission.cs", "if («WorkingBytes(group) + decisions.PeakCacheBytes > budget»)", "false", ENGINE),
    ("Pipelines/Hosting/Admission.cs", "is { } budget && «WorkingBytes(group) > budget»", "false", ENGINE),
    ("Pipelines/Hosting/Admission.cs", "own ?? long.MaxValue, «Math.Max(0, budget - WorkingBytes(group))»)", "long.MaxValue", ENGINE),
    # Conditions
    ("Pipelines/ConditionStore.cs", "if («--_users > 0»)", "--_users > 1000000", f"{NETWORKS}|{ENGINE}"),
    ("Pipelines/ConditionStore.cs", "if («--_users > 0»)", "--_users < -1000000", f"{NETWORKS}|{ENGINE}"),
    ("Pipelines/ConditionStore.cs", "Where(c => «!_shared.ContainsKey(c)»)", "true", f"{NETWORKS}|{ENGINE}"),
    ("Pipelines/ConditionStore.cs", "«_shared.Remove(condition);»", "", f"{NETWORKS}|{ENGINE}"),
    # What a policy may not do to others
    ("Pipelines/GuardedMemory.cs", "return «plan.IsDraft && call.MustCompute» ?", "false", ENGINE),
    ("Pipelines/GuardedMemory.cs", "if («Failure is not null»)", "false", ENGINE),
    # Thresholds, verification, warm-up
    ("Caching/Policies/SpeCaPolicy.cs", "if («call.MustCompute» ||", "false", CONTRACT),
    ("Caching/Policies/SpeCaPolicy.cs", "IsVerified => «_drafts > options.Min»", "false", CONTRACT),
    ("Caching/Policies/SpeCaPolicy.cs", "new CallOutcome(«error <= threshold» ?", "true", CONTRACT),
    ("Caching/Policies/SpeCaPolicy.cs", "options.Warmup || «_drafts >= options.Max»", "false", "DecisionSequenceTests|PolicyContractTests"),
    ("Caching/Policies/SpeCaPolicy.cs", "forgets: «call.CallIndex < options.Warmup - 1»", "false", "DecisionSequenceTests|ReplayTests|PolicyContractTests"),
    ("Caching/Policies/SpeCa/DeferredSpeCa.cs", "«_drafts >= options.Min && _error > options.ThresholdAt(call)»", "false", "DecisionSequenceTests|PolicyContractTests"),
    ("Caching/Policies/SpeCa/DeferredSpeCa.cs", "_error is { } error && «!double.IsFinite(error)»", "false", "FaultTests|DecisionSequenceTests"),
    ("Caching/Policies/Gates/FrontChangeGate.cs", "var reuses = «ratio < threshold»;", "!double.IsNaN(ratio)", "DBCacheTests|PolicyContractTests"),
    ("Caching/Policies/Gates/ModulatedInputGate.cs", "_sum = «reuses ? _sum : 0»;", "_sum", "TeaCacheTests|SeaCacheTests"),
    ("Caching/Policies/Gates/MagnitudeGate.cs", "&& «_inRow <= options.MaxConsecutive» ?", "true", "MagCacheTests"),
    ("Caching/Policies/Gates/ReuseLimits.cs", "!call.MustCompute && «call.CallIndex >= warmup» &&", "true", "DBCacheTests|FbCache|PolicyContractTests"),
    ("Caching/Policies/Gates/GatedSpanMemory.cs", "return «new CallPlan(_verdict is { Reuses: true }).CutBefore(span.Front, span.Depth - span.Back)»;",
     "new CallPlan(_verdict is { Reuses: true })", "DBCacheTests|CgTaylorTests|PolicyContractTests"),
    # Memory
    ("Caching/Forecasting/DraftFit.cs", "is { } budget && «Bytes() > budget - otherBytes»)", "false", CONTRACT),
    ("Caching/Policies/Shared/MemoryFit.cs", "is { } budget && «Bytes() > budget»)", "false", CONTRACT),
    ("Caching/Policies/L2C/L2CMemory.cs", "is { } budget && «most * bytes > budget»)", "false", f"L2CTests|{CONTRACT}"),
    ("Caching/Forecasting/DraftModel.cs", "_image = «run.AddsNoise && _fit.Granularity == Granularity.Output» ?", "false", "FreshNoise|ForecastingTests|PolicyContractTests"),
    # The door and its ledger
    ("Caching/FeatureDoor.cs", "«asked.Length == _present.Length» ? null :", "true", f"FeatureDoorTests|{CONTRACT}"),
    ("Caching/FeatureDoor.cs", "«Charge(_present, site, _verifiedTokens);»\n            var computed", "", f"FeatureDoorTests|{CONTRACT}"),
    ("Caching/CostLedger.cs", "map.FlopsOf(site, tokens, isClosed) * «rowCounts[sample]»;", "1", f"FeatureDoorTests|{CONTRACT}"),
    # The tuner's last word
    ("Tuning/HeldOut.cs", "new(«isMet» ? calibrated.Policy", "false", "TunerTests"),
]
