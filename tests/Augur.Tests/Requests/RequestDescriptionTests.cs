using System.Text;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Requests;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Requests;

public sealed class RequestDescriptionTests : IDisposable
{
    private readonly TinyModel _files = new();
    private readonly CpuBackend _backend = new();
    private readonly DiffusionModel _model;

    public RequestDescriptionTests() => _model = ModelCatalog.Load(_files.Folder, _backend);

    public void Dispose()
    {
        _model.Dispose();
        _backend.Dispose();
        _files.Dispose();
    }

    [Fact]
    public void Json_gives_the_requests_that_it_describes()
    {
        var description = Json("""
            {"class": "red apple", "seed": 1, "steps": 20, "guidance": 3.5, "guidanceChannels": "first-three", "sampler": "ddim(eta=0.5)",
             "guidanceInterval": "0.2-0.8",
             "policy": "fora(interval=4)", "cacheBudget": "1MB", "audit": 0.25, "previews": true, "size": 16, "count": null}
            """);
        var request = Assert.Single(description.Requests(_model));
        Assert.Equal((0, 1L, 20, 1_000_000L, 0.25, true),
            (((ClassCondition)request.Condition).Label, request.Seed, request.Steps, request.CacheBudget, request.AuditShare, request.Previews));
        Assert.Equal(new Guidance(3.5, GuidanceChannels.FirstThree) { Interval = new(0.2, 0.8) }, request.Guidance);
        Assert.Equal(("ddim(eta=0.5)", "fora(interval=4)"), (request.Sampler!.Name, request.Cache!.Name));
        Assert.Equal(2, description.Enlargement(_model));
    }

    [Fact]
    public void Classes_are_names_and_numbers_in_turn_and_seeds_count_up()
    {
        var requests = Json("""{"class": ["octopus", 4, "2"], "count": 4, "seed": 18446744073709551615}""").Requests(_model);
        Assert.Equal([1, 4, 2, 1], requests.Select(r => ((ClassCondition)r.Condition).Label));
        Assert.Equal([-1L, 0, 1, 2], requests.Select(r => r.Seed));
    }

    [Fact]
    public void An_empty_description_is_the_models_defaults()
    {
        var requests = Json("{}").Requests(_model);
        Assert.Equal(RequestDescription.DefaultCount, requests.Count);
        Assert.Equal((4, new Guidance(2), "ddim"), (requests[0].Steps, requests[0].Guidance!.Value, requests[0].Sampler!.Name));
        Assert.Equal("none", _model.Choose(requests[0]).Policy.Name);
    }

    [Theory]
    [InlineData("""{"stepss": 3}""", "A request has no field \"stepss\"; the nearest is \"steps\".")]
    [InlineData("""{"guidance_channels": "all"}""", "the nearest is \"guidanceChannels\"")]
    [InlineData("""{"wibble": 3}""", "there are prompt, promptsFile, negative, class, count, seed")]
    [InlineData("""{"steps": "20"}""", "\"steps\" is the text \"20\"; it is a whole number from 1 to 1000.")]
    [InlineData("""{"steps": 2.5}""", "\"steps\" is \"2.5\"; it is a whole number from 1 to 1000.")]
    [InlineData("""{"steps": [1, 2]}""", "\"steps\" is a list; it is a whole number")]
    [InlineData("""{"steps": {}}""", "\"steps\" is an object")]
    [InlineData("""{"policy": 5}""", "\"policy\" is the number 5; it is the name of a caching method.")]
    [InlineData("""{"previews": 1}""", "\"previews\" is the number 1; it is true or false.")]
    [InlineData("""{"guidance": 1e999}""", "\"guidance\" is \"1e999\"; it is a number from 0 to 100.")]
    [InlineData("""{"class": [true]}""", "\"class\" is \"true\"; it is the name or the number of a class.")]
    [InlineData("""{"cacheBudget": "64 apples"}""", "\"cacheBudget\" is \"64 apples\"; it is an amount of memory")]
    [InlineData("""{"guidanceChannels": "two"}""", "\"guidanceChannels\" is \"two\"; it is all or first-three.")]
    [InlineData("""{"guidanceInterval": "0.8-0.2"}""", "\"guidanceInterval\" is \"0.8-0.2\"; it is two shares of the run's calls from 0")]
    [InlineData("""{"guidanceInterval": 0.2}""", "\"guidanceInterval\" is the number 0.2; it is two shares of the run's calls from 0")]
    [InlineData("""{"steps": 1, "steps": 2}""", "The request is not valid JSON (Duplicate property 'steps'")]
    [InlineData("""{"steps": 1,}""", "The request is not valid JSON (line 1, byte 13: a comma stands before a closing bracket).")]
    [InlineData("", "The request is not valid JSON (line 1, byte 1: there is nothing in it).")]
    [InlineData("""[1]""", "The request is no JSON object")]
    [InlineData("""{"class": "\ud800"}""", "The request")]
    [InlineData("""{"class": """, "The request is not valid JSON (line 1, byte 11: ")]
    public void Json_that_is_wrong_is_refused_by_field_and_kind(string json, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => Json(json)).Message);

    [Fact]
    public void A_byte_order_mark_is_passed_over_and_another_encoding_named()
    {
        Assert.Equal(7, RequestDescription.FromJson((byte[])[0xef, 0xbb, 0xbf, .. "{\"seed\": 7}"u8]).Seed);
        Assert.Equal(
            "The request is written in UTF-16 or UTF-32; save it as UTF-8.",
            Assert.Throws<ArgumentException>(() => RequestDescription.FromJson(Encoding.Unicode.GetBytes("\uFEFF{}"))).Message);
    }

    [Fact]
    public void A_file_of_prompts_is_read_once_because_a_pipe_cannot_be_read_again()
    {
        var (one, two) = (Path.GetTempFileName(), Path.GetTempFileName());
        File.WriteAllText(one, "a fox\n");
        File.WriteAllText(two, "a bear\n");
        var asked = new RequestDescription { MayReadFiles = true, Prompts = ["a hat"], PromptsFile = one };
        Assert.Equal(["a hat", "a fox"], asked.AllPrompts());
        File.Delete(one);
        Assert.Equal(["a hat", "a fox"], (asked with { Policy = "none" }).AllPrompts());
        Assert.Equal(["a hat", "a bear"], (asked with { PromptsFile = two }).AllPrompts());
        File.Delete(two);
    }

    [Theory]
    [InlineData("""{"class": "octopuss"}""", "Did you mean 'octopus'")]
    [InlineData("""{"class": 5}""", "There is no class 5; this model's are 0 to 4.")]
    [InlineData("""{"sampler": "ddimm"}""", "There is no sampler \"ddimm\"; the nearest is \"ddim\".")]
    [InlineData("""{"policy": "help"}""", "There is no policy \"help\"; there are none, augur, fora")]
    [InlineData("""{"policy": "steps(12)"}""", "a baseline that augur compare and augur bench know")]
    [InlineData("""{"policy": "speca", "quality": "high"}""", "\"policy\" and \"quality\" both name a method; give one.")]
    [InlineData("""{"quality": "high"}""", "This model has no profile for \"high\"")]
    [InlineData("""{"policy": "@policy.json"}""", "names a file, and this description may not read files")]
    [InlineData("""{"policy": "l2c(router=x.pt)"}""", "names a file, and this description may not read files")]
    [InlineData("""{"noise": "file:noise.safetensors"}""", "names a file, and this description may not read files")]
    public void What_this_model_cannot_draw_is_refused(string json, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => Json(json).Requests(_model)).Message);

    [Fact]
    public void Invalid_bytes_are_no_json() =>
        Assert.Contains("The request",
            Assert.ThrowsAny<ArgumentException>(() => RequestDescription.FromJson(new byte[] { (byte)'{', (byte)'"', 0xFF, (byte)'"' })).Message);

    [Fact]
    public void Text_fields_lay_over_what_was_there()
    {
        var description = Json("""{"class": ["bear", "bell"], "steps": 9, "guidance": 3}""")
            .With([("class", "rocket"), ("class", "1"), ("steps", "7")]);
        Assert.Equal([2, 1], description.ClassNumbers(_model));
        Assert.Equal((7, 3.0), (description.Steps, description.Guidance));
        Assert.Equal("steps is given twice.", Assert.ThrowsAny<ArgumentException>(() => description.With([("steps", "7"), ("steps", "8")])).Message);
    }

    private static RequestDescription Json(string text) => RequestDescription.FromJson(Encoding.UTF8.GetBytes(text));
}
