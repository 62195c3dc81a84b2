using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

public sealed class CacheSpaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(CacheSpace.Variable);
    private readonly CacheSpace _space;

    public CacheSpaceTests() => _space = new(_folder["cache"]);

    [Fact]
    public void What_was_not_used_for_longest_goes_first_and_downloads_stay()
    {
        var (old, older, recent) = (Features("old", 400, age: 2), Images("older", 300, age: 3), Images("recent", 300, age: 1));
        var download = Write("downloads/archive", 5000);
        Limit("800");
        Assert.Equal(1000, _space.Held);
        _space.MakeRoom(0);
        Assert.Equal((true, false, true), (File.Exists(old), File.Exists(older), File.Exists(recent)));

        CacheSpace.Touch(old);
        _space.MakeRoom(200);
        Assert.Equal((true, false), (File.Exists(old), File.Exists(recent)));
        Assert.False(Directory.Exists(Path.GetDirectoryName(recent)));

        _space.MakeRoom(10_000);
        Assert.Equal(0, _space.Held);
        Assert.True(File.Exists(download));
    }

    [Fact]
    public void What_somebody_is_making_stays_and_what_nobody_finished_goes()
    {
        var (making, given) = (Images("making", 300, age: 2), Images("given-up", 300, age: 1));
        Directory.Move(_folder["cache/images/making"], _folder["cache/images/making.1.part"]);
        Directory.Move(_folder["cache/images/given-up"], _folder["cache/images/given-up.1.part"]);
        Limit("0");
        using (FileLock.Acquire(_folder["cache/images/making.lock"], CancellationToken.None))
        {
            _space.MakeRoom(1);
        }

        Assert.True(Directory.Exists(_folder["cache/images/making.1.part"]));
        Assert.False(Directory.Exists(_folder["cache/images/given-up.1.part"]));
        Assert.False(File.Exists(making) || File.Exists(given));
    }

    [Theory]
    [InlineData("20GB", 20_000_000_000)]
    [InlineData("1.5mb", 1_500_000)]
    [InlineData("7", 7)]
    public void Limits_are_sizes(string text, long bytes)
    {
        Limit(text);
        Assert.Equal(bytes, _space.Limit);
    }

    [Theory]
    [InlineData("much")]
    [InlineData("-1GB")]
    [InlineData("20 GiB")]
    public void What_is_no_size_is_named(string text)
    {
        Limit(text);
        var error = Assert.Throws<ConfigurationException>(() => _space.Limit);
        Assert.Contains($"MLNETCNN_CACHE_LIMIT is '{text}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_limit_half_of_the_free_disk_is_left()
    {
        Limit("");
        var free = new DriveInfo(Path.GetTempPath()).AvailableFreeSpace;
        Assert.InRange(_space.Limit, free * 0.3, free * 0.7);
    }

    [Fact]
    public void A_dataset_in_use_stays_and_one_that_was_deleted_is_read_again()
    {
        SampleData.WriteIdx(_folder["data"]);
        var manifest = SampleData.Parse(SampleData.IdxManifest(_folder["data"]));
        Limit("0");
        string entry;
        using (DatasetLoader.Load(manifest, SampleData.Options(_folder)))
        {
            entry = Assert.Single(Directory.GetDirectories(_space.Images));
            _space.MakeRoom(0);
            Assert.True(Directory.Exists(entry));
        }

        _space.MakeRoom(0);
        Assert.False(Directory.Exists(entry));
        using var again = DatasetLoader.Load(manifest, SampleData.Options(_folder));
        Assert.Equal(11, again.Train.Pixels(11)[0]);
        Assert.True(Directory.Exists(entry));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(CacheSpace.Variable, _before);
        _folder.Dispose();
    }

    private static void Limit(string text) => Environment.SetEnvironmentVariable(CacheSpace.Variable, text);

    private string Images(string key, int bytes, int age)
    {
        Write($"images/{key}/images.pixels", bytes - 10);
        return Aged(Write($"images/{key}/index.json", 10), age);
    }

    private string Features(string key, int bytes, int age)
    {
        Write($"activations/{key}.rows", bytes - 10);
        return Aged(Write($"activations/{key}.done", 10), age);
    }

    private string Write(string name, int bytes)
    {
        var path = _folder["cache/" + name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[bytes]);
        return path;
    }

    private static string Aged(string path, int hours)
    {
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-hours));
        return path;
    }
}
