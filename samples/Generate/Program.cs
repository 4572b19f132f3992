using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;

using var backend = new CpuBackend();
using var model = ModelCatalog.LoadBuiltIn(backend);
var pipeline = new GenerationPipeline(model);

var result = await pipeline.GenerateAsync(model.Request("red apple", seed: 42), e => Console.Write($"\rstep {e.StepIndex + 1} of {e.StepCount}"));
result.Image.SavePng("apple.png");
Console.WriteLine($"\napple.png: {result.Report.Calls} calls, {result.Report.Flops / 1e9:0.0} GFLOP, {result.Report.NetworkTime.TotalSeconds:0.0} s");
