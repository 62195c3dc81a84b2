using Microsoft.Playwright;
using MLNetCnn.Reports;
namespace MLNetCnn.Tests.Reports;
public sealed class Shots(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Take()
    {
        foreach (var width in new[] { 360, 1280, 2560 })
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var p = await browser.Open(ReportModel.ForStudy(SampleStudy.Create()), width, scheme);
            await p.DrawVisible();
            foreach (var id in new[] { "verdict", "leaderboard", "curves", "errors", "samples", "networks", "data", "settings", "provenance" })
                await p.Page.Locator("#" + id).ScreenshotAsync(new() { Path = $"/tmp/rep/shots/{width}-{scheme}-{id}.png" });
            await p.Page.EvaluateAsync("window.scrollTo({top:0,behavior:'instant'})");
            await p.Page.ScreenshotAsync(new() { Path = $"/tmp/rep/shots/{width}-{scheme}-top.png" });
            Console.WriteLine($"{width} {scheme}: overflow {await p.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")} complaints {string.Join("|", p.Complaints)} requests {p.Requests.Count(r => !r.StartsWith("data:", StringComparison.Ordinal))}");
        }
    }
}
