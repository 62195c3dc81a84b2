using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

public class DownloaderTests
{
    private static readonly HttpClient Client = new();
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(300_000);
    private static readonly DataFile Declared = new("file", "file", Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)));
    private static readonly Downloader Downloader = new(Client) { Pause = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task A_broken_transfer_is_continued_where_it_ended()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content) { BreakAfter = 120_000 };
        await Downloader.DownloadAsync(server.Address, Declared, folder["file"]);
        Assert.Equal(Content, await File.ReadAllBytesAsync(folder["file"]));
        Assert.Equal([0, 120_000, 240_000], server.Starts);
        Assert.False(File.Exists(folder["file.part"]));
    }

    [Fact]
    public async Task A_file_that_is_there_is_kept_where_it_is_whole_and_fetched_again_where_it_is_damaged()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content);
        await File.WriteAllBytesAsync(folder["file"], Content[..^1], TestContext.Current.CancellationToken);
        await Downloader.DownloadAsync(server.Address, Declared, folder["file"], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Content, await File.ReadAllBytesAsync(folder["file"], TestContext.Current.CancellationToken));
        await Downloader.DownloadAsync(server.Address, Declared, folder["file"], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([0], server.Starts);
    }

    [Fact]
    public async Task What_came_before_a_failure_is_kept_for_the_next_run()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content) { BreakAfter = 100_000 };
        var once = new Downloader(Client) { Attempts = 1 };
        var error = await Assert.ThrowsAsync<DatasetException>(() => once.DownloadAsync(server.Address, Declared, folder["file"]));
        Assert.StartsWith($"{server.Address} cannot be fetched: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(100_000, new FileInfo(folder["file.part"]).Length);
        server.BreakAfter = 0;
        await once.DownloadAsync(server.Address, Declared, folder["file"]);
        Assert.Equal([0, 100_000], server.Starts);
        Assert.Equal(Content, await File.ReadAllBytesAsync(folder["file"]));
    }

    [Theory]
    [InlineData(true, new[] { 300_000 })]
    [InlineData(false, new[] { 300_000, 0 })]
    public async Task A_file_of_unknown_size_that_was_never_checked_is_fetched_again_only_where_it_is_another(bool isWhole, int[] starts)
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content);
        await File.WriteAllBytesAsync(folder["file.part"], isWhole ? Content : new byte[Content.Length], TestContext.Current.CancellationToken);
        await Downloader.DownloadAsync(server.Address, Declared with { Size = null }, folder["file"], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(starts, server.Starts);
        Assert.Equal(Content, await File.ReadAllBytesAsync(folder["file"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_server_without_ranges_is_asked_for_the_whole_file_again()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content) { Ranges = false };
        await File.WriteAllBytesAsync(folder["file.part"], new byte[1000]);
        await Downloader.DownloadAsync(server.Address, Declared, folder["file"]);
        Assert.Equal(Content, await File.ReadAllBytesAsync(folder["file"]));
    }

    [Theory]
    [InlineData(0, "has the SHA-256 ")]
    [InlineData(1000, "is longer on the server than the declared 299000 bytes")]
    public async Task Another_file_than_declared_is_refused_and_removed(int less, string reason)
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content);
        var declared = Declared with { Size = Content.Length - less, Sha256 = new string('0', 64) };
        var error = await Assert.ThrowsAsync<DatasetException>(() => Downloader.DownloadAsync(server.Address, declared, folder["file"]));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["file"]));
        Assert.True(!File.Exists(folder["file.part"]) || new FileInfo(folder["file.part"]).Length == 0);
    }

    [Fact]
    public async Task A_missing_file_is_not_asked_for_twice()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(Content) { Status = 404 };
        await Assert.ThrowsAsync<DatasetException>(() => Downloader.DownloadAsync(server.Address, Declared, folder["file"]));
        Assert.Single(server.Starts);
    }

    [Fact]
    public void A_dataset_comes_over_the_network_once_and_then_from_the_cache()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        var labels = File.ReadAllBytes(Path.Combine(folder["data"], "train-labels"));
        using var server = new LoopbackServer(labels);
        var manifest = SampleData.IdxManifest(folder["data"]);
        manifest["sources"]![0] = new JsonObject { ["kind"] = "url", ["url"] = server.Address.ToString(), ["files"] = SampleData.Files(folder["data"]) };
        File.Delete(Path.Combine(folder["data"], "train-labels"));
        var options = SampleData.Options(folder) with { Mirrors = [folder["data"]], Offline = false };
        for (var round = 0; round < 2; round++)
        {
            var source = DatasetLoader.Fetch(SampleData.Parse(manifest), options);
            Assert.Equal(labels, File.ReadAllBytes(source.Files["train-labels"]));
            Assert.Single(server.Starts);
        }
    }
}
