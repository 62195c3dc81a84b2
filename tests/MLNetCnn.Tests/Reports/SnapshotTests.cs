using System.Runtime.CompilerServices;
using MLNetCnn.Imaging;
using MLNetCnn.Reports;

namespace MLNetCnn.Tests.Reports;

/// <summary>
/// The page as it was when somebody last looked at it, at a telephone's, a laptop's and a 4K screen's width. Meant changes: run the
/// tests with the environment variable <c>MLNETCNN_SNAPSHOTS=write</c>, look at the pictures, and commit them.
/// </summary>
public sealed class SnapshotTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    // Compared at an eighth of the size: letters that another version of a font draws a little otherwise are no change.
    private const int Shrink = 8;
    private const double MeanDifference = 2.5;
    private const int LargestDifference = 72;

    [Theory]
    [InlineData(360)]
    [InlineData(1280)]
    [InlineData(3840)]
    public async Task The_page_looks_as_it_did(int width)
    {
        await using var report = await browser.Open(ReportModel.ForStudy(SampleStudy.Create()), width);
        await report.DrawVisible();
        var now = MLImage.Decode(await report.Page.ScreenshotAsync(new() { Clip = new() { X = 0, Y = 0, Width = width, Height = BrowserPage.Height } }));
        var file = Path.Combine(Folder(), $"report-{width}.png");
        if (Environment.GetEnvironmentVariable("MLNETCNN_SNAPSHOTS") == "write")
        {
            Directory.CreateDirectory(Folder());
            now.Save(file);
        }

        var then = MLImage.CreateFromFile(file);

        Assert.Equal((then.Width, then.Height), (now.Width, now.Height));
        var differences = Small(then).Zip(Small(now), (before, after) => Math.Abs(before - after)).ToArray();
        Assert.True(
            differences.Average() <= MeanDifference && differences.Max() <= LargestDifference,
            $"{Path.GetFileName(file)} differs by {differences.Average():0.00} on average and {differences.Max()} at most: look at the page, and write the snapshots again if it is as it should be");
    }

    private static byte[] Small(MLImage image) => image.Resize(image.Height / Shrink, image.Width / Shrink).Pixels.ToArray();

    private static string Folder([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "Snapshots");
}
