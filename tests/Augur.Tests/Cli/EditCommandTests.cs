using System.Text.Json;
using Augur.Decoding;

namespace Augur.Tests.Cli;

public sealed class EditCommandTests : IDisposable
{
    private readonly TinyModel _model = new(); // 8×8 pixels
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-edit").FullName;

    private string Before => Saved("before.png", 16, (x, y) => (byte)((x / 2 * 30) + (y / 2))); // two pixels for one of the model's

    private string Mask => Saved("mask.png", 16, (x, _) => x < 8 ? (byte)255 : (byte)0);

    private string Out => Path.Combine(_folder, "out.png");

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_edit_writes_a_picture_and_a_page_and_keeps_what_the_mask_leaves_black()
    {
        var page = Path.Combine(_folder, "edit.html");
        var (code, output, error) = await Run(
            "edit", Before, "rocket", "--from", "bell", "--mask", Mask, "--policy", "eedit", "--steps", "6", "--out", Out, "--html", page);
        Assert.True(code == 0, error);
        Assert.Contains("6 network calls back to noise and 6 from there", output);
        Assert.Contains("Outside the mask the latent is the picture's, bit for bit.", output);
        var (before, after) = (RgbImage.Load(Before), RgbImage.Load(Out)); // before has 2 pixels a cell, after 16
        Assert.Equal(128, after.Width);
        Assert.Equal(before.Rgb[3 * 15], after.Rgb[3 * 120]);
        Assert.Equal(5, (await File.ReadAllTextAsync(page)).Split("<img src=").Length - 1); // before; noise and after with their differences
    }

    [Fact]
    public async Task An_edit_wants_to_know_what_the_picture_is_to_show_and_takes_no_profile_unasked()
    {
        var (code, _, error) = await Run("edit", Before, "--out", Out);
        Assert.Equal(2, code);
        Assert.Contains("augur edit needs what the picture is to show", error);
        Assert.Contains("Method: none; profiles were measured on pictures drawn from noise.", (await Run(
            "edit", Before, "rocket", "--steps", "4", "--out", Out)).Output);
    }

    [Fact]
    public async Task An_inversion_says_how_near_the_way_back_comes_and_leaves_noise_that_can_be_drawn_from()
    {
        var noise = Path.Combine(_folder, "noise.safetensors");
        var (code, output, error) = await Run(
            "invert", Before, "bell", "--steps", "6", "--iterations", "4", "--latent", noise, "--out", Out, "--json");
        Assert.True(code == 0, error);
        using var report = JsonDocument.Parse(output);
        Assert.Equal(24, report.RootElement.GetProperty("calls").GetInt32());
        Assert.InRange(report.RootElement.GetProperty("latentError").GetDouble(), 0, 5); // a network of made-up weights
        Assert.Equal(0, (await Run("generate", "bell", "--steps", "6", "--guidance", "1", "--noise", $"file:{noise}", "--out", Out)).Code);
    }

    [Fact]
    public async Task A_picture_to_begin_with_takes_its_share_of_the_steps()
    {
        var (code, output, error) = await Run("generate", "bell", "--init", Before, "--strength", "0.5", "--steps", "6", "--out", Out);
        Assert.True(code == 0, error);
        Assert.Contains("Steps: 3 of 6 are taken, as strength 0.5 says", output);
        Assert.Contains("3 network calls", output);
        Assert.Equal(0, (await Run("compare", "bell", "--init", Before, "--mask", Mask, "--steps", "4", "--rounds", "1", "--policies", "eedit",
            "--out", Out)).Code);
    }

    [Theory]
    [InlineData("--init", "odd.png", 2, "--init", "odd.png: the picture is 12x12 pixels; this model draws 8x8, and takes whole multiples of that.")]
    [InlineData("--init", "none.png", 1, "--init", "there is no such file")]
    [InlineData("--init", ".", 1, "--init", "this is a folder, not a picture")]
    [InlineData("--init", "text.png", 1, "--init", "This is not a picture: its first bytes are neither those of a PNG nor of a JPEG.")]
    [InlineData("--init", "cut.jpg", 1, "--init", "The JPEG is damaged")]
    [InlineData("--mask", "black.png", 2, "--mask", "black.png: The mask is black everywhere")]
    [InlineData("--mask", "odd.png", 2, "--mask", "The mask is 12x12 pixels and the picture 16x16; they are of one size.")]
    [InlineData("--strength", "1.5", 2, "--strength", "1.5")]
    [InlineData("--strength", "0", 2, "--strength", "a number above 0, 1 at most")]
    [InlineData("--strength", "0.1", 2, "Strength is 0.1", "takes none")]
    [InlineData("--reference", "before.png", 2, "--reference", "this model's prompts refer to no pictures")]
    public async Task Wrong_pictures_are_refused_in_a_sentence(string option, string value, int expected, params string[] parts)
    {
        _ = (Before, Saved("odd.png", 12, (_, _) => 200), Saved("black.png", 16, (_, _) => 0));
        await File.WriteAllTextAsync(Path.Combine(_folder, "text.png"), "This is a text and no picture at all.");
        await File.WriteAllBytesAsync(Path.Combine(_folder, "cut.jpg"), GreyJpeg[..60]);
        var given = value.Contains('.', StringComparison.Ordinal) && !char.IsAsciiDigit(value[0]) ? Path.Combine(_folder, value) : value;
        string[] init = option == "--init" ? [] : ["--init", Before];
        var (code, _, error) = await Run(["generate", "bell", .. init, option, given, "--steps", "4", "--out", Out]);
        Assert.Equal(expected, code);
        Assert.All(parts, part => Assert.Contains(part, error));
        Assert.Single(error.Trim().Split('\n'));
        Assert.False(File.Exists(Out));
    }

    [Theory]
    [InlineData("--mask", "mask.png")]
    [InlineData("--box", "0,0,8,8")]
    [InlineData("--strength", "0.5")]
    public async Task What_belongs_to_a_picture_needs_one(string option, string value)
    {
        var (code, _, error) = await Run("generate", "bell", option, value, "--out", Out);
        Assert.Equal(2, code);
        Assert.Contains($"{option} belongs to a picture that is changed; give it with --init.", error);
    }

    [Fact]
    public async Task A_box_is_the_mask_that_is_white_in_it()
    {
        string[] edit = ["edit", Before, "rocket", "--steps", "3", "--out", Out];
        Assert.Equal(0, (await Run([.. edit, "--mask", Mask])).Code);
        var masked = RgbImage.Load(Out).Rgb.ToArray();
        Assert.Equal(0, (await Run([.. edit, "--box", "0,0,8,16", "--policy", "eedit(region=box)"])).Code);
        Assert.Equal(0, (await Run([.. edit, "--box", "0,0,8,16"])).Code);
        Assert.Equal(masked, RgbImage.Load(Out).Rgb.ToArray());
    }

    [Fact]
    public async Task What_is_pasted_lies_scaled_in_the_box_and_is_where_the_drawing_begins()
    {
        var pasted = RgbImage.Load(Before).Paste(RgbImage.Load(Saved("white.png", 5, (_, _) => 255)), 4, 2, 6, 8);
        Assert.Equal(255, pasted.Rgb[3 * ((2 * 16) + 4)]);
        Assert.Equal(255, pasted.Rgb[3 * ((9 * 16) + 9)]);
        Assert.Equal(RgbImage.Load(Before).Rgb[3 * ((10 * 16) + 9)], pasted.Rgb[3 * ((10 * 16) + 9)]);
        string[] drawn = ["generate", "bell", "--steps", "4", "--strength", "0.5", "--box", "4,2,6,8", "--out", Out];
        var composed = Path.Combine(_folder, "composed.png");
        pasted.SavePng(composed);
        Assert.Equal(0, (await Run([.. drawn, "--init", composed])).Code);
        var byHand = RgbImage.Load(Out).Rgb.ToArray();
        Assert.Equal(0, (await Run([.. drawn, "--init", Before, "--paste", Path.Combine(_folder, "white.png")])).Code);
        Assert.Equal(byHand, RgbImage.Load(Out).Rgb.ToArray());
        Assert.Equal(0, (await Run([.. drawn, "--init", Before])).Code);
        Assert.NotEqual(byHand, RgbImage.Load(Out).Rgb.ToArray());
    }

    [Theory]
    [InlineData("--box is \"1,2,3\"; it is LEFT,TOP,WIDTH,HEIGHT in pixels, such as 8,8,16,16.", "edit", "rocket", "--box", "1,2,3")]
    [InlineData("--box is \"1,2,0,3\"", "edit", "rocket", "--box", "1,2,0,3")]
    [InlineData("--box 9,0,8,8: The box 9,0,8,8 reaches beyond the picture, which is 16x16 pixels.", "edit", "rocket", "--box", "9,0,8,8")]
    [InlineData("--mask and --box both say what may change; give one of them.", "edit", "rocket", "--box", "0,0,8,8", "--mask", "mask.png")]
    [InlineData("--paste is laid into a rectangle; give that with --box.", "edit", "rocket", "--paste", "mask.png")]
    [InlineData("--gamma belongs to flow models, and this is a diffusion model.", "edit", "rocket", "--gamma", "0.5")]
    [InlineData("--gamma belongs to flow models, and this is a diffusion model.", "invert", "rocket", "--gamma", "0.5")]
    [InlineData("--guidance is 3; an inversion follows the text alone, as 1 does.", "invert", "rocket", "--guidance", "3")]
    [InlineData("augur invert takes one text, what the picture shows, and 2 are given.", "invert", "rocket", "bell")]
    [InlineData("--noise is cuda; the inversion of a diffusion model draws none.", "invert", "rocket", "--noise", "cuda")]
    public async Task Options_that_would_do_nothing_and_boxes_that_do_not_fit_are_refused(string sentence, string command, params string[] arguments)
    {
        var (code, _, error) = await Run([command, Before, .. arguments, "--steps", "4", "--out", Out]);
        Assert.Equal(2, code);
        Assert.Contains(sentence, error.ReplaceLineEndings(" "));
        Assert.False(File.Exists(Out));
    }

    [Fact]
    public async Task The_picture_of_an_edit_is_named_as_one()
    {
        var (code, _, error) = await Run("edit", Path.Combine(_folder, "none.png"), "rocket", "--out", Out);
        Assert.Equal(1, code);
        Assert.Contains($"picture {Path.Combine(_folder, "none.png")}: there is no such file.", error.ReplaceLineEndings(" "));
        Assert.DoesNotContain("--init", error);
    }

    [Fact]
    public void A_JPEG_is_read()
    {
        var path = Path.Combine(_folder, "grey.jpg");
        File.WriteAllBytes(path, GreyJpeg);
        var picture = RgbImage.Load(path);
        Assert.Equal((8, 8), (picture.Width, picture.Height));
        Assert.All(picture.Rgb.ToArray(), value => Assert.Equal(200, value));
    }

    // One block of 200: a table of ones, one code each for the only coefficient (576 of 10 bits) and the end, 0 1001000000 0.
    private static byte[] GreyJpeg =>
    [
        0xFF, 0xD8,
        0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64),
        0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
        0xFF, 0xC4, 0, 20, 0x00, 1, .. new byte[15], 10,
        0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0,
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0,
        0x48, 0x0F,
        0xFF, 0xD9,
    ];

    private Task<(int Code, string Output, string Error)> Run(params string[] arguments) =>
        CommandLine.Run([.. arguments, "--model", _model.Folder]);

    private string Saved(string name, int side, Func<int, int, byte> grey)
    {
        var path = Path.Combine(_folder, name);
        new RgbImage(side, side, [.. Enumerable.Range(0, 3 * side * side).Select(i => grey(i / 3 % side, i / 3 / side))]).SavePng(path);
        return path;
    }
}
