using Microsoft.Playwright;
using MLNetCnn.Reports;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Reports;

/// <summary>A report in the browser, with what the browser complained about and asked for.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

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

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        _folder.Dispose();
    }
}
