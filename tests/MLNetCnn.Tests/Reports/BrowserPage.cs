using Microsoft.Playwright;
using MLNetCnn.Reports;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Reports;

/// <summary>Debian's Chromium, started once for the tests that look at a report; they skip on a machine without it.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>Writes <paramref name="model"/> as a report and opens it.</summary>
    internal async Task<BrowserPage> Open(ReportModel model, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipUnless(browser is not null, $"needs {Chromium} (Debian: apt install chromium)");
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        return await BrowserPage.Open(page, model);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}

/// <summary>A report in the browser, with what the browser complained about and asked for.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();

    private BrowserPage(IPage page) => Page = page;

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public List<string> Requests { get; } = [];

    public static async Task<BrowserPage> Open(IPage page, ReportModel model)
    {
        var opened = new BrowserPage(page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                opened.Complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => opened.Complaints.Add(error);
        page.Dialog += (_, dialog) => opened.Complaints.Add("dialog: " + dialog.Message);
        page.Request += (_, request) => opened.Requests.Add(request.Url);
        var path = opened.folder["report.html"];
        HtmlReport.Write(model, path);
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        return opened;
    }

    /// <summary>Unfolds every run and waits until every chart that can be seen is drawn, scrolling as a reader would.</summary>
    public async Task DrawEverything()
    {
        await Page.EvaluateAsync("document.querySelectorAll('details.run').forEach(details => { details.open = true; })");
        await DrawVisible();
    }

    /// <summary>Waits until every chart that is not folded away is drawn.</summary>
    public async Task DrawVisible()
    {
        var late = await Page.EvaluateAsync<string>("""
            async () => {
              const deadline = Date.now() + 20000;
              for (const plot of document.querySelectorAll('.plot')) {
                if (!plot.checkVisibility()) continue;
                plot.scrollIntoView({ behavior: 'instant' });
                while (!plot.dataset.drawn && Date.now() < deadline) await new Promise(done => setTimeout(done, 10));
                if (!plot.dataset.drawn) return plot.getAttribute('aria-label');
              }
              window.scrollTo({ top: 0, behavior: 'instant' });
              return '';
            }
            """);
        Assert.True(late.Length == 0, $"not drawn: {late}; the browser says: {string.Join("; ", Complaints)}");
    }

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        folder.Dispose();
    }
}
