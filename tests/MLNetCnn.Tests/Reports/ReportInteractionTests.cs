using System.Globalization;
using Microsoft.Playwright;
using MLNetCnn.Reports;

namespace MLNetCnn.Tests.Reports;

/// <summary>What a reader can press, type and pull in a report, by mouse and by keyboard.</summary>
public sealed class ReportInteractionTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task The_leaderboard_sorts_by_keyboard_and_filters_and_links_open_what_is_folded()
    {
        await using var report = await browser.Open(ReportModel.ForStudy(SampleStudy.Create()));
        var names = report.Page.Locator(".leaderboard tbody tr:visible th bdi");

        await report.Page.Locator(".leaderboard button[data-key=parameters]").FocusAsync();
        await report.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("convNN_7", (await names.AllTextContentsAsync())[0]);
        Assert.Equal("ascending", await report.Page.Locator("th:has(button[data-key=parameters])").GetAttributeAsync("aria-sort"));
        await report.Page.Keyboard.PressAsync("Enter");
        var falling = await names.AllTextContentsAsync();
        Assert.Equal("convNN_4", falling[0]);

        await report.Page.FillAsync(".filter", "not run");
        Assert.Equal(["vgg16_features"], await names.AllTextContentsAsync());
        Assert.Equal("1 of 11 runs", await report.Page.Locator(".shown").TextContentAsync());
        await report.Page.FillAsync(".filter", "");

        Assert.False(await report.Page.Locator("#run-1 .chart").First.IsVisibleAsync());
        await report.Page.Locator(".leaderboard a[href='#run-1']").ClickAsync();
        await report.Page.Locator("#run-1 .plot[data-drawn]").First.WaitForAsync();

        await report.Page.SelectOptionAsync(".picker", "errors-1");
        await report.Page.Locator("#errors-1").ScrollIntoViewIfNeededAsync();
        await report.Page.Locator("#errors-1 .plot[data-drawn]").WaitForAsync();
        Assert.Equal(1, await report.Page.Locator(".panel:visible").CountAsync());
    }

    [Fact]
    public async Task What_the_network_looked_at_is_shown_and_hidden_by_keyboard_and_printed_as_chosen()
    {
        var run = SampleStudy.Run("one", 0.8, null, 1_000, 1);
        var without = run.Mistakes[0] with { Attention = null };
        await using var report = await browser.Open(ReportModel.ForRun(run with { Mistakes = [without, .. run.Mistakes.Skip(1)] }));
        var button = report.Page.GetByRole(AriaRole.Button, new() { Name = "Show what the network looked at" });
        var sources = run.Mistakes.Select((mistake, i) => Source(i == 0 ? mistake.Image : mistake.Attention!)).ToArray();
        var plain = run.Mistakes.Select(mistake => Source(mistake.Image)).ToArray();

        Assert.Equal("false", await button.GetAttributeAsync("aria-pressed"));
        Assert.Equal(plain, await Shown());
        Assert.False(await report.Page.GetByText("Selvaraju").IsVisibleAsync());

        await button.PressAsync("Space");
        Assert.Equal("true", await button.GetAttributeAsync("aria-pressed"));
        Assert.Equal(sources, await Shown());
        Assert.True(await report.Page.GetByText("Selvaraju").IsVisibleAsync());

        await report.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal(sources, await Shown());
        await report.Page.EmulateMediaAsync(new() { Media = Media.Screen });

        await button.PressAsync("Space");
        Assert.Equal(plain, await Shown());
        Assert.Empty(report.Complaints);
        Assert.DoesNotContain(Convert.ToBase64String(run.Mistakes[1].Attention!), await report.Page.Locator("#report-data").TextContentAsync() ?? "", StringComparison.Ordinal);

        Task<string[]> Shown() => report.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.mistakes .gallery img')].filter(image => image.checkVisibility()).map(image => image.src)");

        static string Source(byte[] file) => "data:image/png;base64," + Convert.ToBase64String(file);
    }

    [Fact]
    public async Task A_cell_of_the_matrix_and_a_number_of_a_pair_show_the_images_behind_them()
    {
        await using var report = await browser.Open(ReportModel.ForStudy(SampleStudy.Create()));
        await report.DrawVisible();
        var panel = report.Page.Locator(".panel:not([hidden])");
        var pictures = panel.Locator(".confused li:visible");

        var button = panel.Locator("button.cell").First;
        var (truth, named) = (await button.GetAttributeAsync("data-truth"), await button.GetAttributeAsync("data-named"));
        await button.FocusAsync();
        await report.Page.Keyboard.PressAsync("Enter");
        Assert.NotEqual(0, await pictures.CountAsync());
        Assert.All(await pictures.AllInnerTextsAsync(), text => Assert.Equal<string>([named!, $"is {truth}"], text.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        await panel.Locator(".all-cells").ClickAsync();
        Assert.Equal(40, await pictures.CountAsync());

        // The first row of the matrix is T-shirt/top, most of whose mistakes are shirts.
        await panel.Locator(".matrix").ScrollIntoViewIfNeededAsync();
        var count = SampleStudy.Create().Runs[ReportModel.ForStudy(SampleStudy.Create()).Verdict.Winner!.Value].Test!.ConfusionMatrix[0][6];
        var box = await panel.Locator($".heatmaplayer text:text-is('{count}')").First.BoundingBoxAsync();
        await report.Page.Mouse.MoveAsync(box!.X + (box.Width / 2), box.Y + (box.Height / 2));
        await report.Page.Mouse.ClickAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await panel.Locator(".which:text('T-shirt/top, named Shirt')").WaitForAsync();
        Assert.All(await pictures.AllInnerTextsAsync(), text => Assert.Contains("is T-shirt/top", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_coverage_slider_tells_what_is_answered_and_how_much_of_it_is_right()
    {
        var model = ReportModel.ForStudy(SampleStudy.Create());
        await using var report = await browser.Open(model);
        var point = model.Runs[model.Verdict.Winner!.Value].Coverage[70];

        await report.Page.Locator(".coverage input").FillAsync("70");

        Assert.Equal("70 %", await report.Page.Locator(".coverage .threshold").TextContentAsync());
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{point.Answered / 100.0:F2} %"), await report.Page.Locator(".coverage .answered").TextContentAsync());
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{100 * point.Accuracy:F2} %"), await report.Page.Locator(".coverage .right").TextContentAsync());
        Assert.Equal($"{point.Answered - point.Right}", await report.Page.Locator(".coverage .wrong").TextContentAsync());
    }
}
