using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using MLNetCnn.Reports;
using MLNetCnn.Runs;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.Reports;

/// <summary>The report as a reader meets it: in a browser.</summary>
public sealed class HtmlReportTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Every_chart_is_drawn_nothing_is_asked_for_and_nothing_complains()
    {
        var report = await browser.Study();
        await report.DrawEverything();

        var blank = await report.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('.plot')].filter(plot => plot.checkVisibility())
              .filter(plot => ![...plot.querySelectorAll('.scatterlayer path, .barlayer path, .heatmaplayer image')]
                .some(mark => { const box = mark.getBoundingClientRect(); return box.width > 3 || box.height > 3; }))
              .map(plot => plot.getAttribute('aria-label'))
            """);
        Assert.Empty(blank);
        Assert.Equal(33, await report.Page.Locator(".plot[data-drawn]").CountAsync());
        Assert.Empty(report.Complaints);
        Assert.Single(report.Requests, url => !url.StartsWith("data:", StringComparison.Ordinal));
        Assert.Equal("813", await report.Page.Locator(".panel:not([hidden]) .heatmaplayer text").First.TextContentAsync());
    }

    [Fact]
    public async Task Numbers_in_the_leaderboard_equal_the_embedded_json()
    {
        var study = SampleStudy.Create();
        var report = await browser.Study();

        var data = JsonNode.Parse(await report.Page.Locator("#report-data").TextContentAsync() ?? "")!;
        var rows = await report.Page.EvaluateAsync<string[][]>("""
            () => {
              const table = document.querySelector('.leaderboard');
              const heads = [...table.tHead.rows[0].cells].map(cell => cell.textContent.trim());
              return [...table.tBodies[0].rows].map(row => ['Run', 'Validation', 'Test', 'Parameters', 'Log-loss', 'Status']
                .map(name => (name === 'Run' ? row.querySelector('bdi') : row.cells[heads.indexOf(name)])?.innerText.replaceAll(/\s+/g, ' ').trim() ?? ''));
            }
            """);
        var runs = data["runs"]!.AsArray().ToDictionary(run => (string)run!["name"]!, run => run!);

        Assert.Equal(study.Runs.Count, rows.Length);
        foreach (var row in rows)
        {
            var run = runs[row[0]];
            Assert.Equal(study.Runs.Single(r => r.Name == row[0]).Test?.MicroAccuracy, (double?)run["test"]?["microAccuracy"]);
            if ((string?)run["status"] is "completed" or "cancelled")
            {
                Assert.Equal(
                    [Accuracy(run, "validation"), Accuracy(run, "test"), ((long)run["parameterCount"]!).ToString("N0", CultureInfo.InvariantCulture), ((double)run["test"]!["logLoss"]!).ToString("F4", CultureInfo.InvariantCulture)],
                    row[1..5]);
            }
        }

        Assert.Equal(["failed", "not run"], rows[^2..].Select(row => row[5]));
        Assert.Equal(rows[0][0], (string?)data["runs"]![(int)data["verdict"]!["winner"]!]!["name"]);
        Assert.Contains(Percent(runs[rows[0][0]]["test"]), await report.Page.Locator(".headline").TextContentAsync() ?? "", StringComparison.Ordinal);

        static string Percent(JsonNode? figures) => Share((double)figures!["microAccuracy"]!);

        static string Accuracy(JsonNode run, string part)
        {
            var seeds = run["seeds"]!.AsArray().Where(seed => (string?)seed!["status"] == "completed").Select(seed => (double)seed![part]!).ToArray();
            return seeds.Length == 0 ? Percent(run[part]) : $"{Share(seeds.Sum() / seeds.Length)} {Share(seeds.Min())} to {Share(seeds.Max())}";
        }

        static string Share(double share) => (share * 100).ToString("F2", CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Text_has_AA_contrast_before_and_after_the_theme_is_switched_and_charts_follow(ColorScheme scheme)
    {
        await using var report = await browser.Open(ReportModel.ForStudy(SampleStudy.Create()), scheme: scheme);
        var tick = report.Page.Locator("#leaderboard .xtick text").First;
        await report.Page.Locator("#leaderboard .plot").First.ScrollIntoViewIfNeededAsync();
        await tick.WaitForAsync();
        var before = await tick.EvaluateAsync<string>("text => getComputedStyle(text).fill");

        Assert.Empty(await TooFaint());
        await report.Page.ClickAsync("#theme");
        Assert.Empty(await TooFaint());

        Assert.NotEqual(before, await tick.EvaluateAsync<string>("text => getComputedStyle(text).fill"));
        Assert.Empty(report.Complaints);

        Task<string[]> TooFaint() => report.Page.EvaluateAsync<string[]>("""
            () => {
              const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
              const paint = colours => { canvas.clearRect(0, 0, 1, 1); for (const c of colours) { canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); } return canvas.getImageData(0, 0, 1, 1).data; };
              const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
              const faint = new Set();
              for (const node of document.querySelectorAll('main *, nav *')) {
                if (node.closest('svg') || ![...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()) || !node.checkVisibility()) continue;
                const grounds = [];
                for (let up = node; up; up = up.parentElement) grounds.unshift(getComputedStyle(up).backgroundColor);
                const [a, b] = [light(paint(grounds)), light(paint([...grounds, getComputedStyle(node).color]))];
                const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
                if (ratio < 4.5) faint.add(`${node.tagName}.${node.className}: ${ratio.toFixed(2)}`);
              }
              return [...faint];
            }
            """);
    }

    [Theory]
    [InlineData(360)]
    [InlineData(1280)]
    [InlineData(2560)]
    public async Task The_page_fits_its_window(int width)
    {
        await using var report = await browser.Open(ReportModel.ForStudy(SampleStudy.Create()), width);
        await report.DrawVisible();

        Assert.Equal(0, await report.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"));
        var outside = await report.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('.plot .main-svg')].filter(svg => svg.getBoundingClientRect().right > innerWidth + 1)
              .map(svg => svg.closest('.plot').getAttribute('aria-label'))
            """);
        Assert.Empty(outside);
    }

    [Fact]
    public async Task Hostile_names_are_shown_as_text_and_run_nothing()
    {
        string[] hostile =
        [
            "<script>window.hacked = 1</script>", "\"><img src=x onerror=\"window.hacked = 1\">", "</script><script>hacked = 1</script>",
            "'; window.hacked = 1; //", "<b>bold</b>", "שלום 12 עולם", "\u202Ereversed", "🐈\u200D⬛ cat", "%{x} {{y}} ${z} &lt;", new string('x', 300),
        ];
        var data = SampleStudy.Dataset with
        {
            Name = hostile[0],
            Description = hostile[1],
            Licence = hostile[2],
            Citation = hostile[3],
            Classes = hostile,
            Samples = [.. hostile.Select((label, i) => new ExampleImage(TestPicture.Png(28, i), label))],
        };
        var study = SampleStudy.Create() with
        {
            Title = hostile[2],
            Description = hostile[1],
            ProfileNote = hostile[0],
            Runs =
            [
                .. hostile.Select((name, i) => SampleStudy.Run(name, 0.8 - (i * 0.01), 0.8, 1_000 * (i + 1), 1) with
                {
                    Dataset = data,
                    Architecture = name,
                    Description = name,
                    Reason = name,
                    ModelFile = name,
                    Settings = new Dictionary<string, string> { [name] = name },
                    Layers = [new(name, name, [3, 8, 8], 10)],
                    Mistakes = [new(TestPicture.Png(28, i), name, hostile[0], 0.9)],
                    Confused = [new(TestPicture.Png(28, i), name, hostile[0], 0.9) { Index = i }],
                    SeenBefore = name,
                    History = new([new(1, 1, 0.5, 1, 0.5, 0.1, 1)], [new(1, TrainingEventKind.Warning, name)], 1),
                }),
            ],
        };

        await using var report = await browser.Open(ReportModel.ForStudy(study), 360);
        await report.DrawEverything();

        Assert.Empty(report.Complaints);
        Assert.Single(report.Requests, url => !url.StartsWith("data:", StringComparison.Ordinal));
        Assert.False(await report.Page.EvaluateAsync<bool>("'hacked' in window"));
        Assert.Equal(study.Title, await report.Page.Locator("h1").TextContentAsync());
        Assert.Equal(hostile.Order(StringComparer.Ordinal), (await report.Page.Locator(".leaderboard tbody th bdi").AllTextContentsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(hostile, await report.Page.Locator(".sample h4").AllTextContentsAsync());
        Assert.Contains("<b>bold</b>", await report.Page.Locator("#leaderboard .ytick text").AllTextContentsAsync());
        Assert.Equal(0, await report.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"));
        var embedded = JsonDocument.Parse(await report.Page.Locator("#report-data").TextContentAsync() ?? "");
        Assert.Equal(hostile, embedded.RootElement.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Runs_with_little_to_show_are_shown()
    {
        var bare = SampleStudy.Run("bare", 0.8, null, 1_000, 1) with
        {
            Train = null,
            Validation = null,
            Published = null,
            Latency = null,
            Layers = [],
            Mistakes = [],
            History = TrainingHistory.Empty,
            Settings = new Dictionary<string, string>(),
        };
        var missing = bare.Test! with { ConfusionMatrix = [new int[10], .. bare.Test!.ConfusionMatrix.Skip(1)], Recall = [double.NaN, .. bare.Test!.Recall.Skip(1)] };
        ReportModel[] models =
        [
            ReportModel.ForRun(bare with { Test = missing }),
            ReportModel.ForRun(SampleStudy.NotRun("absent")),
            ReportModel.ForRun(SampleStudy.Create().Runs.Single(run => run.Status == RunStatus.Failed)),
            ReportModel.Compare([bare, SampleStudy.NotRun("absent"), bare with { Test = null }]),
        ];

        foreach (var model in models)
        {
            await using var report = await browser.Open(model);
            await report.DrawEverything();

            Assert.Empty(report.Complaints);
            Assert.Equal(model.Runs.Count, await report.Page.Locator(".leaderboard tbody tr").CountAsync());
        }
    }

    [Fact]
    public async Task Learning_rates_that_are_nearly_the_same_are_named_once()
    {
        var epochs = new[] { 0.001, 0.00099123456, 0.0005, 0.00010412345 }.Select((rate, i) => new EpochRecord(i + 1, 2, 0.5, 2, 0.5, rate, 1));
        var run = SampleStudy.Run("one", 0.8, null, 1_000, 1) with { History = new([.. epochs], [], 4) };

        await using var report = await browser.Open(ReportModel.ForRun(run));
        await report.DrawEverything();

        Assert.Equal(["0.000104", "0.0005", "0.001"], (await report.Page.Locator(".y2tick text").AllTextContentsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task On_paper_the_charts_are_there_and_light()
    {
        await using var report = await browser.Open(ReportModel.ForRun(SampleStudy.Run("one", 0.8, null, 1_000, 1)), scheme: ColorScheme.Dark);

        var pdf = await report.Page.PdfAsync(new() { PreferCSSPageSize = true });

        Assert.True(pdf.Length > 20_000);
        Assert.Equal(0, await report.Page.Locator(".plot:not([data-drawn])").CountAsync());
        Assert.Empty(report.Complaints);
    }
}
