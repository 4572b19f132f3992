using Augur.Catalogs;
using Augur.Pipelines;

using var backend = BackendCatalog.Open();
using var model = ModelCatalog.LoadBuiltIn(backend);
var pipeline = new GenerationPipeline(model);

var result = await pipeline.GenerateAsync(model.Request("red apple", seed: 42), e => Console.Write($"\rstep {e.StepIndex + 1} of {e.StepCount}"));
result.Image.SavePng("apple.png");
Console.WriteLine($"\napple.png: {result.Report.Computed} of {result.Report.Calls.Count} calls computed, {result.Report.Cost.TotalTime.TotalSeconds:0.0} s");
