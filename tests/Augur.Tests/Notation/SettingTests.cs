using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Notation;
using Augur.Tensors;

namespace Augur.Tests.Notation;

public sealed class SettingTests
{
    private enum Size
    {
        VeryLarge,

        [Word("tiny", "wee")]
        Small,
    }

    [Fact]
    public void Options_refuse_a_value_where_they_are_made()
    {
        Assert.Equal("interval is 0; it lies between 1 and 1000.", Refusal(() => new ForaOptions { Interval = 0 }));
        Assert.Equal("max_cached is -1; it lies between 0 and 1000.", Refusal(() => new DBCacheOptions { MaxCached = -1 }));
        Assert.Null(new DBCacheOptions { MaxCached = null }.MaxCached);
        Assert.Equal("base is NaN; it lies between 0 and 100.", Refusal(() => new SpeCaOptions { Base = double.NaN }));
        Assert.Equal("state is int32; it is float32 or bfloat16.", Refusal(() => new PabOptions { State = DType.Int32 }));
        Assert.Equal("coefficients has no number; it has at least one.", Refusal(() => new TeaCacheOptions { Coefficients = [] }));
    }

    [Fact]
    public void A_draft_without_an_order_has_none()
    {
        Assert.Equal(4, new TaylorSeerOptions().Order);
        Assert.Null(new TaylorSeerOptions { Draft = new ReuseForecaster() }.Order);
        Assert.Equal("order is none, but the draft taylor has one.", Refusal(() => new TaylorSeerOptions { Order = null }));
        Assert.Equal("taylor(order=2)", new TaylorSeerOptions { Order = 2 }.Draft.Name);
    }

    [Fact]
    public void Settings_stand_in_the_order_of_the_source_those_of_a_base_last_unless_one_says_behind_which() =>
        Assert.Equal(["second", "first", "inner", "base", "last"], Setting.Of(typeof(Whole)).Select(s => s.Name));

    [Fact]
    public void A_declaration_that_does_not_hold_together_is_refused()
    {
        Assert.Contains("stands after \"nothing\", which is none", Mistake(() => Setting.Of(typeof(Astray))));
        Assert.Contains("has no setting \"third\" that could be left out", Mistake(new SettingList<Whole>("Thing", "whole", "third").Describe));
        Assert.Contains("Unbounded.Value: a setting is", Mistake(() => Setting.Of(typeof(Unbounded))));
        Assert.Contains("Unbounded.Other is not declared as a setting", Mistake(() => new Unbounded { Other = 1 }));
    }

    [Fact]
    public void A_part_is_written_among_the_settings_of_the_whole()
    {
        var list = new SettingList<Whole>("Thing", "whole");
        var options = list.Parse([("inner", "3"), ("last", "wee")]);
        Assert.Equal(3, options.Part.Inner);
        Assert.Equal("whole(inner=3,last=tiny)", list.Format(options));
        Assert.Equal(0, new Whole().Part.Inner);
        Assert.Equal("Thing whole: inner is 10; it lies at least 0 and below 10.", Refusal(() => list.Parse([("inner", "10")])));
    }

    [Fact]
    public void A_description_names_other_settings_as_texts_do()
    {
        var settings = PolicyCatalog.All.Single(e => e.Name == "speca").Settings;
        Assert.StartsWith("Whether the drafts before min are verified too", settings.Single(s => s.Name == "verify_always").Doc);
        var scores = PolicyCatalog.All.Single(e => e.Name == "toca").Settings;
        Assert.Equal("Which value norms count for more, with the score value-norm.", scores.Single(s => s.Name == "values").Doc);
    }

    private static string Refusal(Func<object> make) => Assert.Throws<ArgumentException>(make).Message;

    private static string Mistake(Func<object> make) => Assert.Throws<NotSupportedException>(make).Message;

    private record Outset
    {
        [Setting("base", 0, 1)]
        public double Base { get; init; }

        [Setting("last")]
        public Size Last { get; init; }
    }

    private sealed record Whole : Outset
    {
        [SettingPart(After = "first")]
        public Part Part { get; init; } = new();

        [Setting("second", 0, 1)]
        public int Second { get; init; }

        [Setting("first", 0, 1)]
        public int First { get; init; }
    }

    private sealed record Part
    {
        [Setting("inner", 0, 10, BelowMaximum = true)]
        public int Inner { get; init => field = Setting.Checked(this, value); }
    }

    private sealed record Astray
    {
        [Setting("value", 0, 1, After = "nothing")]
        public int Value { get; init; }
    }

    private sealed record Unbounded
    {
        [Setting("value")]
        public int Value { get; init; }

        public int Other { get; init => field = Setting.Checked(this, value); }
    }
}
