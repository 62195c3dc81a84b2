using Microsoft.Playwright;
using MLNetCnn.Reports;

namespace MLNetCnn.Tests.Reports;

/// <summary>Debian's Chromium, started once for the tests that look at a report; they skip on a machine without it.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;
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
    internal async Task<BrowserPage> Study() => _study ??= await Open(ReportModel.ForStudy(SampleStudy.Create()));

    /// <summary>Writes <paramref name="model"/> as a report and opens it.</summary>
    internal async Task<BrowserPage> Open(ReportModel model, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipUnless(_browser is not null, $"needs {Chromium} (Debian: apt install chromium)");
        var page = await _browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        page.SetDefaultTimeout(120_000);
        return await BrowserPage.Open(page, model);
    }

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
