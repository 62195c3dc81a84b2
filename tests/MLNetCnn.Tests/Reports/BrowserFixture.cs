using System.Diagnostics.CodeAnalysis;
using Microsoft.Playwright;
using MLNetCnn.Reports;

namespace MLNetCnn.Tests.Reports;

/// <summary>Debian's Chromium, started once for the tests that look at a report; they skip on a machine without it.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IPage? _page;
    private BrowserPage? _study;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>The report of the sample study, opened once: for tests that look and change nothing that another would see.</summary>
    internal async Task<BrowserPage> Study()
    {
        RequireBrowser();
        return _study ??= await BrowserPage.Open(await _browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = BrowserPage.Height } }), ReportModel.ForStudy(SampleStudy.Create()));
    }

    /// <summary>Writes <paramref name="model"/> as a report and opens it: in the page of the report before, which the browser starts faster than a new one.</summary>
    internal async Task<BrowserPage> Open(ReportModel model, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        RequireBrowser();
        _page ??= await _browser.NewPageAsync();
        await _page.SetViewportSizeAsync(width, BrowserPage.Height);
        await _page.EmulateMediaAsync(new() { ColorScheme = scheme });
        return await BrowserPage.Open(_page, model);
    }

    [MemberNotNull(nameof(_browser))]
    private void RequireBrowser() => Assert.SkipUnless(_browser is not null, $"needs {Chromium} (Debian: apt install chromium)");

    public async ValueTask DisposeAsync()
    {
        if (_study is not null)
        {
            await _study.DisposeAsync();
        }

        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
