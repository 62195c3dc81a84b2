using Microsoft.Playwright;

using MLNetCnn.Inference.Tests;
using MLNetCnn.Testing;

namespace MLNetCnn.Serving.Tests;

public sealed class TryPageTests : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists(Chromium), $"needs {Chromium} (Debian: apt install chromium)");
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1000)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task A_picture_is_chosen_and_named_without_a_word_to_any_other_host(ColorScheme scheme, int width)
    {
        await using var service = await Service.StartAsync(options => options.ApiKey = width == 400 ? "secret" : null);
        using var folder = new TemporaryFolder();
        var page = await _browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme });
        page.SetDefaultTimeout(60_000);
        var (requests, complaints) = (new List<string>(), new List<string>());
        page.Request += (_, request) => requests.Add(request.Url);
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" && !message.Text.Contains("401", StringComparison.Ordinal) && !message.Text.Contains("422", StringComparison.Ordinal) ? [message.Text] : []);
        await page.GotoAsync(service.Address.AbsoluteUri);
        if (width == 400)
        {
            await page.GetByLabel("API key").FillAsync("secret");
            await page.GetByLabel("API key").BlurAsync();
        }

        await Assertions.Expect(page.Locator("#about")).ToContainTextAsync("tiny · 5 classes · version");
        var images = TestModel.Cases[1];
        await File.WriteAllBytesAsync(folder["picture.png"], images.Png, TestContext.Current.CancellationToken);
        await page.Locator("#file").SetInputFilesAsync(folder["picture.png"]);
        var expected = TestModel.Labels.Zip(images.Expected(0)).OrderByDescending(pair => pair.Second).ToList();
        await Assertions.Expect(page.Locator("#label")).ToHaveTextAsync(expected[0].First);
        await Assertions.Expect(page.Locator("#top li")).ToHaveCountAsync(5);
        await Assertions.Expect(page.Locator("#top li span:first-child")).ToHaveTextAsync([.. expected.Select(pair => pair.First)]);
        Assert.Equal(expected[0].Second, await page.EvaluateAsync<float>("document.querySelector('#top progress').value"), 1e-3);
        Assert.True(await page.EvaluateAsync<bool>("document.getElementById('picture').naturalWidth === 19"));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "wider than the window");
        if (Environment.GetEnvironmentVariable("MLNETCNN_SCREENSHOTS") is { } shots)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(shots, $"try-{scheme}.png"), FullPage = true });
        }

        // Dropped, and no picture at all: the service's own words.
        await page.EvaluateAsync("""
            () => {
              const data = new DataTransfer();
              data.items.add(new File(['<b>no image</b>'], 'notes.txt'));
              dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """);
        await Assertions.Expect(page.Locator("#message")).ToContainTextAsync("not an image");
        Assert.All(requests, url => Assert.True(url.StartsWith(service.Address.AbsoluteUri, StringComparison.Ordinal) || url.StartsWith("blob:", StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal), url));
        Assert.Empty(complaints);
    }
}
