using Microsoft.Playwright;
using MLNetCnn.Reports;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Reports;

/// <summary>A report in the browser, with what the browser complained about and asked for.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    public const int Height = 900;

    private readonly TemporaryFolder _folder = new();

    private BrowserPage(IPage page)
    {
        Page = page;
        page.Console += OnConsole;
        page.PageError += OnError;
        page.Dialog += OnDialog;
        page.Request += OnRequest;
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public List<string> Requests { get; } = [];

    public static async Task<BrowserPage> Open(IPage page, ReportModel model)
    {
        page.SetDefaultTimeout(120_000);
        var opened = new BrowserPage(page);
        var path = opened._folder["report.html"];
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
              for (const plot of document.querySelectorAll('.plot')) {
                if (!plot.checkVisibility()) continue;
                plot.scrollIntoView({ behavior: 'instant' });
                const deadline = Date.now() + 60000;
                while (!plot.dataset.drawn && Date.now() < deadline) await new Promise(done => setTimeout(done, 10));
                if (!plot.dataset.drawn) return plot.getAttribute('aria-label');
              }
              window.scrollTo({ top: 0, behavior: 'instant' });
              return '';
            }
            """);
        Assert.True(late.Length == 0, $"not drawn: {late}; the browser says: {string.Join("; ", Complaints)}");
    }

    /// <summary>Lets go of the page, which may show another report then.</summary>
    public async ValueTask DisposeAsync()
    {
        await Page.EvaluateAsync("localStorage.clear()");
        await Page.GotoAsync("about:blank");
        Page.Console -= OnConsole;
        Page.PageError -= OnError;
        Page.Dialog -= OnDialog;
        Page.Request -= OnRequest;
        _folder.Dispose();
    }

    private void OnConsole(object? sender, IConsoleMessage message)
    {
        if (message.Type is "error" or "warning")
        {
            Complaints.Add(message.Text);
        }
    }

    private void OnError(object? sender, string error) => Complaints.Add(error);

    private void OnDialog(object? sender, IDialog dialog) => Complaints.Add("dialog: " + dialog.Message);

    private void OnRequest(object? sender, IRequest request) => Requests.Add(request.Url);
}
