using Augur.Catalogs;
using Augur.Pipelines;

using var backend = BackendCatalog.Open();
using var model = ModelCatalog.LoadBuiltIn(backend);
var pipeline = new GenerationPipeline(model);

var result = await pipeline.GenerateAsync(model.Request("red apple", seed: 42), e => Console.Write($"\rstep {e.StepIndex + 1} of {e.StepCount}"));
result.Image.SavePng("apple.png");
var report = result.Report;
Console.WriteLine($"\napple.png: {report.Computed} of {report.Calls.Count} calls computed, {report.Cost.TotalTime.TotalSeconds:0.0} s");
