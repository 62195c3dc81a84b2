using System.Diagnostics;
using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

public class ImageCacheTests
{
    [Fact]
    public void Many_readers_at_once_make_one_entry_and_see_the_same_images()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        var manifest = SampleData.Parse(SampleData.IdxManifest(folder["data"]));
        var writes = 0;
        var progress = new Counter(stage => Interlocked.Add(ref writes, stage == "reading the train images" ? 1 : 0));
        var datasets = new ImageDataset[8];
        Parallel.For(0, datasets.Length, i => datasets[i] = DatasetLoader.Load(manifest, SampleData.Options(folder), progress));
        Assert.Equal(1, writes);
        Assert.Single(Directory.GetDirectories(Path.Combine(folder["cache"], "images")));
        foreach (var dataset in datasets)
        {
            Assert.Equal(Enumerable.Range(0, 12), Enumerable.Range(0, 12).Select(i => (int)dataset.Train.Pixels(i)[11]));
            Assert.Equal(datasets[0].Train.Fingerprint, dataset.Train.Fingerprint);
            dataset.Dispose();
        }
    }

    [Fact]
    public void A_lock_that_another_process_holds_is_waited_for()
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); time.sleep(3)", folder["lock"]])
        {
            RedirectStandardOutput = true,
        };
        using var other = Process.Start(start)!;
        Assert.Equal("held", other.StandardOutput.ReadLine());
        var clock = Stopwatch.StartNew();
        using (FileLock.Acquire(folder["lock"], CancellationToken.None))
        {
            Assert.InRange(clock.Elapsed.TotalSeconds, 0.3, 30);
        }

        using var held = FileLock.Acquire(folder["lock"], CancellationToken.None);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(120));
        Assert.Throws<OperationCanceledException>(() => FileLock.Acquire(folder["lock"], cancelled.Token));
    }

    [Fact]
    public void A_damaged_entry_is_made_again()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        var manifest = SampleData.Parse(SampleData.IdxManifest(folder["data"]));
        DatasetLoader.Load(manifest, SampleData.Options(folder)).Dispose();
        var pixels = Directory.GetFiles(folder["cache"], "images.pixels", SearchOption.AllDirectories).Single();
        File.WriteAllBytes(pixels, new byte[7]);
        using var dataset = DatasetLoader.Load(manifest, SampleData.Options(folder));
        Assert.Equal(11, dataset.Train.Pixels(11)[0]);
        Assert.Equal(12 * (12 + 6), new FileInfo(pixels).Length);
    }

    [Fact]
    public void Trimming_keeps_classes_and_counts_and_is_the_same_for_a_seed()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"], train: 60, test: 30);
        var manifest = SampleData.Parse(SampleData.IdxManifest(folder["data"], train: 60, test: 30));
        var options = SampleData.Options(folder) with { Classes = ["cat", "ant"], TrainImagesPerClass = 7, TestImagesPerClass = 2, Seed = 3 };
        using var dataset = DatasetLoader.Load(manifest, options);
        using var again = DatasetLoader.Load(manifest, options with { CacheFolder = folder["another cache"] });
        using var other = DatasetLoader.Load(manifest, options with { Seed = 4 });
        Assert.Equal(["ant", "cat"], dataset.ClassNames);
        Assert.Equal([7, 7], dataset.Train.ClassCounts());
        Assert.Equal([2, 2], dataset.Test!.ClassCounts());
        Assert.All(Enumerable.Range(0, 14), i => Assert.Equal(dataset.Train.Labels[i] * 2, dataset.Train.Pixels(i)[0] % 3));
        Assert.Equal(SampleData.FirstPixels(dataset.Train), SampleData.FirstPixels(again.Train));
        Assert.NotEqual(SampleData.FirstPixels(dataset.Train), SampleData.FirstPixels(other.Train));
        Assert.Contains(
            "'dog' is none of the classes of sample",
            Assert.Throws<ConfigurationException>(() => DatasetLoader.Load(manifest, options with { Classes = ["dog"] })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_named_with_the_way_out()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        File.WriteAllText(folder["cache"], "a file where a folder should be");
        var manifest = SampleData.Parse(SampleData.IdxManifest(folder["data"]));
        var error = Assert.Throws<DatasetException>(() => DatasetLoader.Load(manifest, SampleData.Options(folder)));
        Assert.Contains($"the cache folder {folder["cache"]}", error.Message, StringComparison.Ordinal);
        Assert.Contains("MLNETCNN_CACHE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_only_remembered_is_done_without_where_it_cannot_be_written()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"]);
        Directory.CreateDirectory(folder["cache"]);
        File.WriteAllText(folder["cache/folders"], "a file where a folder should be");
        using var dataset = DatasetLoader.Load(folder["pets"], SampleData.Options(folder) with { Height = 8, Width = 6 });
        var audit = DataAudit.Run(dataset, cancellation: TestContext.Current.CancellationToken);
        File.Delete(dataset.AuditFiles[0]);
        Directory.CreateDirectory(dataset.AuditFiles[0]);
        Assert.Equal(audit.Findings.Count, DataAudit.Run(dataset, cancellation: TestContext.Current.CancellationToken).Findings.Count);
        Assert.Null(DataAudit.Find(dataset));
    }

    [Fact]
    public void Subsets_share_the_pixels_and_end_with_their_owner()
    {
        var pixels = Enumerable.Range(0, 24).Select(i => (byte)i).ToArray();
        var set = ImageSet.FromPixels(pixels, [0, 1, 0, 1], new ImageShape(3, 2, 1), ["a", "b"]);
        var subset = set.Subset([3, 1]).Subset([1, 0, 1]);
        Assert.Equal([1, 3, 1], subset.Indices);
        Assert.Equal([1, 1, 1], subset.Labels.ToArray());
        Assert.Equal(set.Pointer, subset.Pointer);
        Assert.Equal(4, subset.StoredCount);
        Assert.Equal(pixels[18..24], subset.Pixels(1).ToArray());
        var batch = new byte[12];
        subset.Gather([1, 0], batch);
        Assert.Equal([.. pixels[18..24], .. pixels[6..12]], batch);
        Assert.NotEqual(set.Fingerprint, subset.Fingerprint);
        Assert.Equal(subset.Fingerprint, set.Subset([3, 1]).Subset([1, 0, 1]).Fingerprint);
        subset.Dispose();
        Assert.Equal(0, set.Pixels(0)[0]);
        set.Dispose();
        Assert.Throws<ObjectDisposedException>(() => subset.Pixels(0).Length);
        Assert.Throws<ArgumentException>(() => ImageSet.FromPixels(pixels, [0, 1, 0, 2], new ImageShape(3, 2, 1), ["a", "b"]));
    }

    private sealed class Counter(Action<string> report) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => report(value.Stage);
    }
}
