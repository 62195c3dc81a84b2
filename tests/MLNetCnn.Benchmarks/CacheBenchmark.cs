using System.Diagnostics;
using System.Formats.Tar;

using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Testing;

namespace MLNetCnn.Benchmarks;

/// <summary>Resident memory while 20 000 images of 256×256, 3.7 GiB of pixels, are cached and then read twice in random order.</summary>
internal static class CacheBenchmark
{
    private const int Images = 20_000;
    private const int Side = 256;
    private const int Batch = 32;

    public static void Run()
    {
        using var folder = new TemporaryFolder();
        WriteArchive(folder["synthetic.tar"]);
        GC.Collect();
        using var watch = new MemoryWatch();
        var before = watch.Restart();
        var clock = Stopwatch.StartNew();
        using var dataset = DatasetLoader.Load(folder["synthetic.tar"], new DatasetLoadOptions { CacheFolder = folder["cache"], Height = Side, Width = Side, TestFraction = 0 });
        var (caching, cachingSeconds) = (watch.Peak, clock.Elapsed.TotalSeconds);
        watch.Restart();
        clock.Restart();
        Read(dataset.Train);
        var (reading, readingSeconds) = (watch.Peak, clock.Elapsed.TotalSeconds);
        Console.WriteLine($"{Images} images of {Side}×{Side}×3 from one tar; resident memory above the {before} MiB before");
        Console.WriteLine($"  caching  {caching - before,6} MiB at most, {Images / cachingSeconds,7:0} images/s");
        Console.WriteLine($"  reading  {reading - before,6} MiB at most, {2 * Images / readingSeconds,7:0} images/s (bar: 1024 MiB)");
    }

    private static void Read(ImageSet images)
    {
        var batch = new byte[Batch * images.Shape.Size];
        for (var epoch = 0; epoch < 2; epoch++)
        {
            var order = Enumerable.Range(0, images.Count).ToArray();
            new SeededRandom(epoch).Shuffle<int>(order);
            foreach (var chosen in order.Chunk(Batch))
            {
                images.Gather(chosen, batch);
            }
        }
    }

    private static void WriteArchive(string path)
    {
        var random = new Random(1);
        var files = Enumerable.Range(0, 50).Select(_ =>
        {
            var rough = new byte[16 * 16 * 3];
            random.NextBytes(rough);
            return MLImage.CreateFromPixels(16, 16, MLPixelFormat.Rgb24, rough).Resize(300, 340).EncodeJpeg();
        }).ToArray();
        using var tar = new TarWriter(File.Create(path));
        for (var i = 0; i < Images; i++)
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"class-{i % 10}/{i}.jpg") { DataStream = new MemoryStream(files[i % files.Length]) });
        }
    }

    /// <summary>The most resident memory since it was last asked to start, in MiB, looked at every 20 ms.</summary>
    private sealed class MemoryWatch : IDisposable
    {
        private readonly Timer _timer;
        private long _peak;

        public MemoryWatch() => _timer = new Timer(_ => _peak = Math.Max(_peak, Resident()), null, 0, 20);

        public long Peak => _peak >> 20;

        public long Restart() => (_peak = Resident()) >> 20;

        public void Dispose() => _timer.Dispose();

        private static long Resident()
        {
            using var process = Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }
}
