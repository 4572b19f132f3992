using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Notation;

namespace Augur.Tests.Notation;

public sealed class PolicyNotationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-policies").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("none")]
    [InlineData("fora")]
    [InlineData("fora(interval=5)")]
    [InlineData("fora(interval=5,warmup=2)")]
    [InlineData("taylorseer")]
    [InlineData("taylorseer(interval=6,warmup=3,order=2)")]
    [InlineData("taylorseer(draft=reuse)")]
    [InlineData("taylorseer(draft=adams-bashforth,granularity=output,state=bfloat16)")]
    [InlineData("speca")]
    [InlineData("speca(base=0.3)")]
    [InlineData("speca(base=0.1234567890123)")]
    [InlineData("speca(base=1E-05)")]
    [InlineData("speca(preset=paper)")]
    [InlineData("speca(preset=dit)")]
    [InlineData("speca(preset=dit-tables)")]
    [InlineData("speca(preset=flux)")]
    [InlineData("speca(preset=hunyuan-video)")]
    [InlineData("speca(mode=deferred,min=2,max=5,warmup=2)")]
    [InlineData("speca(base=0,floor=0.01)")]
    [InlineData("speca(metric=cosine,verify=sampled(0.25),decide=batch)")]
    [InlineData("speca(decay=2,layer=0)")]
    [InlineData("speca(metric=relative-l2,verify_always=true,progress_from_one=true,draft=taylor,order=2)",
        "speca(metric=relative-l2,verify_always=true,progress_from_one=true,order=2)")]
    [InlineData("speca(order=2,granularity=branch,state=bfloat16)")]
    [InlineData(" speca( base = 0.3 , order=2 ) ", "speca(base=0.3,order=2)")]
    [InlineData("taylorseer(interval=5,tokens=random(k=8))")]
    [InlineData("hicache(interval=6,warmup=2,order=1,sigma=0.7,granularity=block)")]
    [InlineData("foca(slope=difference,history=stored)")]
    [InlineData("augur(7)")]
    [InlineData("augur(speedup=5)")]
    [InlineData("augur(calls=7,draft=dmd)", "augur(7,draft=dmd)")]
    [InlineData("augur(7,draft=hicache(order=1))")]
    [InlineData("augur(draft=taylor)")]
    [InlineData("augur(draft=foca,granularity=output)", "augur")]
    [InlineData("augur(10)", "augur")]
    [InlineData("speca(draft=hicache(order=1,sigma=0.7),verify=sampled(0.2))", "speca(verify=sampled(0.2),draft=hicache(order=1,sigma=0.7))")]
    [InlineData("speca(draft=chebyshev,order=2)", "speca(draft=chebyshev(order=2))")]
    [InlineData("taylorseer(draft=taylor(order=2))", "taylorseer(order=2)")]
    [InlineData("taylorseer(draft=taylor)", "taylorseer")]
    [InlineData("speca(verify=all)")]
    [InlineData("speca(verify=sampled)", "speca")]
    [InlineData("l2c(mask=random(share=0.2,seed=3))")]
    [InlineData("toca(evaluate=block,layers=27,score=value-norm,values=large)")]
    [InlineData("toca(schedule=linear-layerwise)", "toca(schedule=ddpm250)")]
    [InlineData("duca(preset=random)")]
    [InlineData("clusca(draft=taylor,order=1,k=32,gamma=0.01,iterations=10,exact=true)", "clusca(order=1,k=32,gamma=0.01,iterations=10,exact=true)")]
    [InlineData("taylorseer(draft=reuse,order=none)", "taylorseer(draft=reuse)")]
    [InlineData("speca(verify=sampled(share=0.25))", "speca(verify=sampled(0.25))")]
    [InlineData("speca()", "speca")]
    [InlineData("speca(order=2,base=0.3)", "speca(base=0.3,order=2)")]
    [InlineData("speca(order=3)", "speca")]
    [InlineData("cg-taylor(threshold=0.01,gate=taylor(order=1),draft=reuse,warmup=5,decide=batch)")]
    [InlineData("fbcache(threshold=0.2,draft=taylor(order=1),state=bfloat16)")]
    [InlineData("dbcache(front=4,back=2,threshold=0.12,warmup=4,max_consecutive=4,max_cached=20)")]
    [InlineData("dbcache(max_consecutive=none)", "dbcache")]
    [InlineData("teacache(threshold=0.4,coefficients=498.651651 -283.781631 55.8554382 -3.82021401 0.264230861)")]
    [InlineData("seacache(threshold=0.6,power=3,warmup=5,decide=batch)")]
    [InlineData("magcache(ratios=1  1.21 0.89)", "magcache(ratios=1 1.21 0.89)")]
    [InlineData("easycache(threshold=0.05,warmup=3)")]
    [InlineData("meancache(calls=10)", "meancache(10)")]
    [InlineData("meancache(interval=4,steps=1)")]
    [InlineData("sencache(times=900 100,by_latent=0.5  1,by_time=0.001 0)", "sencache(times=900 100,by_latent=0.5 1,by_time=0.001 0)")]
    [InlineData("xslim(warn=0.1,every=3)")]
    [InlineData("taylorseer(draft=dmd(history=5))")]
    [InlineData("dicache(probe=2,indicator=difference,threshold=0.08,retention=0)")]
    [InlineData("delta-dit(interval=4,switch=0.3,span=0.5,draft=taylor(order=1))")]
    [InlineData("pab(range=4,mlp_range=2,mlp_blocks=3,from=450,to=930,state=bfloat16)")]
    public void A_policy_is_named_as_it_was_written(string text, string? name = null)
    {
        var policy = PolicyCatalog.Parse(text);
        Assert.Equal(name ?? text, policy.Name);
        Assert.Equal(policy.Name, PolicyCatalog.Parse(policy.Name).Name);
    }

    [Fact]
    public void A_setting_without_its_name_stands_in_a_policy_file_under_its_name() =>
        Assert.Equal([("policy", "augur"), ("calls", "6")], PolicyCatalog.Spell("augur(6)"));

    [Fact]
    public void A_name_carries_every_setting()
    {
        // Each value of each setting alone, and beside a preset: read, written and read again they are the same options.
        (string Name, string[] Values)[] settings =
        [
            ("mode", ["strict", "deferred"]), ("base", ["0", "0.05", "100"]), ("decay", ["1e-6", "0.01", "1", "30"]), ("layer", ["-1", "0", "27"]),
                ("floor", ["0", "0.1", "100"]), ("ceiling", ["0.05", "100"]), ("min", ["0", "1", "2"]),
            ("max", ["5", "8", "1000"]), ("warmup", ["1", "3", "1000"]),
                ("metric", ["norm-ratio", "l1", "l2", "relative-l1", "relative-l2", "cosine"]),
            ("verify", ["sampled(0.001)", "sampled(share=0.5)", "all"]), ("tokens", ["none"]), ("decide", ["sample", "batch"]),
                ("verify_always", ["true", "false"]), ("verify_fused", ["true", "false"]), ("progress_from_one", ["true", "false"]),
            ("draft", ["reuse", "taylor", "taylor(order=2)", "adams-bashforth"]), ("order", ["0", "4", "8"]), ("granularity", ["branch", "block"]),
                ("state", ["float32", "bfloat16"]),
        ];
        Assert.Equal(PolicyCatalog.All.Single(e => e.Name == "speca").Settings.Select(s => s.Name).Where(n => n != "preset")
            .Order(), settings.Select(s => s.Name).Order());
        foreach (var preset in new[] { "none", "paper", "dit", "dit-tables", "flux", "hunyuan-video" })
        {
            foreach (var (name, values) in settings)
            {
                foreach (var value in values)
                {
                    var policy = (SpeCaPolicy)PolicyCatalog.Parse($"speca(preset={preset},{name}={value})");
                    var again = (SpeCaPolicy)PolicyCatalog.Parse(policy.Name);
                    Assert.Equal(policy.Options, again.Options);
                    Assert.Equal(policy.Name, again.Name);
                }
            }
        }
    }

    [Fact]
    public void What_a_setting_describes_as_its_default_is_its_default()
    {
        foreach (var entry in PolicyCatalog.All)
        {
            Assert.Equal(entry.Name, entry.Create(entry.Settings.Select(s => (s.Name, s.Default))).Name);
            Assert.Equal(entry.Name, entry.Create([]).Name);
            Assert.NotEqual("", entry.Summary);
        }
    }

    [Theory]
    [InlineData("specs", "There is no policy \"specs\"; the nearest is \"speca\".")]
    [InlineData("SPECA", "There is no policy \"SPECA\"; the nearest is \"speca\".")]
    [InlineData("magcache(ratios=1 x)", "Policy magcache: ratios is \"1 x\"; it is numbers above 0 and below 1000, separated by spaces, or none.")]
    [InlineData("magcache(ratios=1 0)", "Policy magcache: ratios has 0; each of its numbers lies above 0 and below 1000.")]
    [InlineData(
        "teacache(coefficients=none)",
        "Policy teacache: coefficients is \"none\"; it is 1 to 9 numbers between -1e12 and 1e12, separated by spaces.")]
    [InlineData("dbcache(max_consecutive=0)", "Policy dbcache: max_consecutive is 0; it lies between 1 and 1000.")]
    [InlineData("delta-dit(decide=batch)", "Policy delta-dit has no setting \"decide\"; the nearest is \"draft\".")]
    [InlineData("augur(7,speedup=5)", "Policy augur: calls=7 and speedup=5 exclude each other.")]
    [InlineData("augur(speedup=0.5)", "Policy augur: speedup is 0.5; it lies between 1 and 1000.")]
    [InlineData("augur(interval=2)", "Policy augur has no setting \"interval\"; the nearest is \"error\".")]
    [InlineData("hicache(draft=reuse)", "Policy hicache has no setting \"draft\"; the nearest is \"order\".")]
    [InlineData("foca(order=2)", "Policy foca has no setting \"order\"; the nearest is \"warmup\".")]
    [InlineData("clusca(state=bfloat16)", "Policy clusca has no setting \"state\"; the nearest is \"draft\".")]
    [InlineData("taylorseer(order=none)", "Policy taylorseer: order is \"none\"; it is a whole number between 0 and 8.")]
    [InlineData("teacache(coefficients=1 2 3 4 5 6 7 8 9 10)", "Policy teacache: coefficients has 10 numbers; it has at most 9.")]
    [InlineData("teacache(coefficients=1 Infinity)", "Policy teacache: coefficients has Infinity; each of its numbers lies between -1e12 and 1e12.")]
    [InlineData("easycache(threshold=Infinity)", "Policy easycache: threshold is Infinity; it lies between 0 and 1000.")]
    [InlineData("pab(state=float16)", "Policy pab: state is \"float16\"; it is float32 or bfloat16.")]
    [InlineData("delta-dit(span=0.6)", "Policy delta-dit: span is 0.6; it lies above 0 and at most 0.5.")]
    [InlineData("pab(from=900)", "Policy pab: between from=900 and to=800 lies no timestep; from lies below to.")]
    [InlineData("none(a=1)", "Policy none has no settings, and none called \"a\".")]
    [InlineData("speca(ordr=4)", "Policy speca has no setting \"ordr\"; the nearest is \"order\".")]
    [InlineData("speca(order=nine)", "Policy speca: order is \"nine\"; it is a whole number between 0 and 8.")]
    [InlineData("speca(order=4.5)", "Policy speca: order is \"4.5\"; it is a whole number between 0 and 8.")]
    [InlineData("speca(order=)", "Policy speca: order is \"\"; it is a whole number between 0 and 8.")]
    [InlineData("speca(order=99999999999)", "Policy speca: order is \"99999999999\"; it is a whole number between 0 and 8.")]
    [InlineData("speca(order=9)", "Policy speca: order is 9; it lies between 0 and 8.")]
    [InlineData("speca(order=-1)", "Policy speca: order is -1; it lies between 0 and 8.")]
    [InlineData("speca(base=-0.1)", "Policy speca: base is -0.1; it lies between 0 and 100.")]
    [InlineData("speca(base=NaN)", "Policy speca: base is NaN; it lies between 0 and 100.")]
    [InlineData("speca(base=0,3)", "Policy speca: \"3\" is not a setting with a value, as name=1 is.")]
    [InlineData("speca(decay=0)", "Policy speca: decay is 0; it lies between 1e-6 and 1e6.")]
    [InlineData("speca(floor=101)", "Policy speca: floor is 101; it lies between 0 and 100.")]
    [InlineData("speca(verify=sampled(0))", "Policy speca: Verification sampled: share is 0; it lies above 0 and at most 1.")]
    [InlineData("speca(verify=sampled(1.1))", "Policy speca: Verification sampled: share is 1.1; it lies above 0 and at most 1.")]
    [InlineData("speca(max=0)", "Policy speca: max is 0; it lies between 1 and 1000.")]
    [InlineData("speca(warmup=0)", "Policy speca: warmup is 0; it lies between 1 and 1000.")]
    [InlineData("speca(mode=eager)", "Policy speca: mode is \"eager\"; it is strict or deferred.")]
    [InlineData("speca(preset=sdxl)", "Policy speca: preset is \"sdxl\"; it is none, paper, dit, dit-tables, flux or hunyuan-video.")]
    [InlineData("speca(verify_always=yes)", "Policy speca: verify_always is \"yes\"; it is true or false.")]
    [InlineData("speca(base=1,base=2)", "Policy speca: setting \"base\" is given twice.")]
    [InlineData("speca(granularity=output,layer=0)",
        "Policy speca: granularity=output verifies the whole network, and no layer; layer=0 is for block.")]
    [InlineData("speca(min=4)", "Policy speca: with min=4 and max=4 no draft would ever be verified; min lies below max.")]
    [InlineData("speca(tokens=random)",
        "Policy speca: tokens=random computes tokens of branches, which granularity=block does not keep; granularity is branch.")]
    [InlineData(
        "taylorseer(tokens=random,state=bfloat16)", "Policy taylorseer: tokens=random writes into kept branches; state is float32, not bfloat16.")]
    [InlineData("taylorseer(tokens=rondom)", "Policy taylorseer: There is no tokens \"rondom\"; the nearest is \"random\".")]
    [InlineData("taylorseer(draft=tailor)", "Policy taylorseer: There is no draft \"tailor\"; the nearest is \"taylor\".")]
    [InlineData("taylorseer(draft=reuse,order=2)", "Policy taylorseer: Draft reuse has no order.")]
    [InlineData("speca(verify=sampled(0.1,0.2))", "Policy speca: Verification sampled: setting \"share\" is given twice.")]
    [InlineData("taylorseer(interval=0)", "Policy taylorseer: interval is 0; it lies between 1 and 1000.")]
    [InlineData("fora(interval=1001)", "Policy fora: interval is 1001; it lies between 1 and 1000.")]
    [InlineData("speca(order=4", "Policy \"speca(order=4\" has an opening bracket and no closing one.")]
    [InlineData("speca)", "Policy \"speca)\" has a closing bracket and no opening one.")]
    [InlineData("speca(order=4))", "Policy \"speca(order=4))\": brackets do not match.")]
    [InlineData("speca((order=4)", "Policy \"speca((order=4)\": brackets do not match.")]
    [InlineData("speca)(", "Policy \"speca)(\": brackets do not match.")]
    [InlineData("speca(order=4)(base=1)", "Policy \"speca(order=4)(base=1)\": brackets do not match.")]
    [InlineData("speca(order)", "Policy speca: \"order\" is not a setting with a value, as name=1 is.")]
    public void What_is_not_known_is_named_with_what_would_do(string text, string message) =>
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => PolicyCatalog.Parse(text)).Message);

    [Fact]
    public void A_word_that_is_near_to_none_is_answered_with_all()
    {
        var names = string.Join(", ", PolicyCatalog.All.Select(entry => entry.Name));
        Assert.Equal($"There is no policy \"\"; there are {names}.", Assert.ThrowsAny<ArgumentException>(() => PolicyCatalog.Parse("")).Message);
    }

    [Fact]
    public void A_value_may_be_a_phrase_with_brackets_and_commas_of_its_own()
    {
        var phrase = Phrase.Parse("Policy", "outer(a=inner(x=1,y=(2,3)),b = two )");
        Assert.Equal("outer", phrase.Name);
        Assert.Equal([("a", "inner(x=1,y=(2,3))"), ("b", "two")], phrase.Settings);
        Assert.Equal([("x", "1"), ("y", "(2,3)")], Phrase.Parse("Policy", phrase.Settings[0].Value).Settings);
    }

    [Fact]
    public void Several_policies_stand_between_semicolons()
    {
        Assert.Equal(["none", "speca(base=0.3)", "fora"], PolicyCatalog.ParseList("none; speca(base=0.3) ;fora;").Select(p => p.Name));
        Assert.Equal("\" ; \" names no policy.", Assert.Throws<ArgumentException>(() => PolicyCatalog.ParseList(" ; ")).Message);
    }

    [Theory]
    [InlineData("""{ "policy": "speca", "base": 0.3, "mode": "deferred", "verify_always": true, "order": 2 }""",
        "speca(mode=deferred,base=0.3,verify_always=true,order=2)")]
    [InlineData("""{ "order": 2, "policy": "taylorseer" }""", "taylorseer(order=2)")]
    [InlineData("""{ "policy": "none" }""", "none")]
    [InlineData("""{ "policy": "taylorseer", "order": null }""", "taylorseer")]
    public void A_policy_may_stand_in_a_file(string json, string name) => Assert.Equal(name, PolicyCatalog.Parse(Save(json)).Name);

    [Theory]
    [InlineData("""{ "policy": "speca", "bass": 0.3 }""", "Policy speca has no setting \"bass\"; the nearest is \"base\".")]
    [InlineData("""{ "policy": "speca", "base": 1e3 }""", "Policy speca: base is 1000; it lies between 0 and 100.")]
    [InlineData("""{ "policy": "speca", "order": 1, "order": 2 }""", "PATH: is not valid JSON (")]
    [InlineData("""{ "policy": "spica" }""", "There is no policy \"spica\"; the nearest is \"speca\".")]
    [InlineData("""{ "policy": "speca", "base": { "start": 1 } }""", "PATH: base is an object; a setting is a text, a number, true or false.")]
    [InlineData("""{ "policy": "speca", "base": [1] }""", "PATH: base is a list; a setting is a text, a number, true or false.")]
    [InlineData("""{ "base": 1 }""", "PATH: policy is missing.")]
    [InlineData("""{ "policy": 4 }""", "PATH: policy is 4, not a text.")]
    [InlineData("""[ "speca" ]""", "PATH: the file is a list, not an object with fields.")]
    public void What_is_wrong_in_a_file_is_named(string json, string message)
    {
        var text = Save(json);
        var refusal = Assert.ThrowsAny<ArgumentException>(() => PolicyCatalog.Parse(text)).Message;
        Assert.StartsWith(message.Replace("PATH", text[1..], StringComparison.Ordinal), refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("speca")]
    [InlineData("""{ "policy": "speca", }""")]
    [InlineData("")]
    public void A_file_that_is_not_JSON_is_named(string text)
    {
        var at = Save(text);
        Assert.StartsWith($"{at[1..]}: is not valid JSON (", Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse(at)).Message);
    }

    [Fact]
    public void A_file_that_is_not_there_or_is_a_folder_or_too_large_is_named()
    {
        var missing = Path.Combine(_folder, "nothing.json");
        Assert.Equal($"There is no policy file {missing}.", Assert.Throws<FileNotFoundException>(() => PolicyCatalog.Parse($"@{missing}")).Message);
        Assert.Equal($"There is no policy file {_folder}.", Assert.Throws<FileNotFoundException>(() => PolicyCatalog.Parse($"@{_folder}")).Message);
        Assert.Equal(
            "\"@\" names no policy file; its name stands behind it.", Assert.Throws<FileNotFoundException>(() => PolicyCatalog.Parse("@")).Message);
        var large = Save(new string(' ', (1 << 20) + 1));
        var refusal = Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse(large)).Message;
        Assert.Equal($"{large[1..]}: more than 1048576 bytes are too many for a file of this kind.", refusal);
    }

    // Saves a file; its name as the command line writes it.
    private string Save(string text)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, text);
        return $"@{path}";
    }
}
