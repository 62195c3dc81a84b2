using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Benchmarks;

/// <summary>500 photos from a folder to 224×224: into our cache, and through PyTorch's DataLoader with Pillow and two workers.</summary>
internal static class DecodeBenchmark
{
    private const int Photos = 500;
    private const int Rounds = 3;

    public static void Run()
    {
        if (SharedData.Folder is not { } shared)
        {
            Console.WriteLine("decode: needs the real photos of ../shared/data");
            return;
        }

        using var folder = new TemporaryFolder();
        Unpack(Path.Combine(shared, "food-101-20-samples.tar.gz"), folder["photos"]);
        var rounds = Enumerable.Range(0, Rounds + 1).Select(round => Measure(folder["photos"], folder[$"cache-{round}"])).Skip(1).ToList();
        var ours = Photos / rounds.Min(round => round.Seconds);
        Console.WriteLine($"{Photos} photos, decoded and resized to 224×224, images/s, best of {Rounds}");
        Console.WriteLine($"  ours, written to the cache                    {ours,8:0}   {rounds.Min(round => round.Processor) * 1000 / Photos:0.00} ms of processor time a photo");
        if (PyTorch.Measure(PyTorch.Tuned(0), "decode.py", folder["photos"], $"{Rounds}") is { } peer)
        {
            Console.WriteLine($"  PyTorch DataLoader, Pillow, 2 workers         {peer,8:0}");
            Console.WriteLine($"  ratio                                         {ours / peer,8:0.00}");
        }
    }

    private static (double Seconds, double Processor) Measure(string photos, string cache)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        using var dataset = DatasetLoader.Load(photos, new DatasetLoadOptions { CacheFolder = cache });
        process.Refresh();
        return (clock.Elapsed.TotalSeconds, (process.TotalProcessorTime - before).TotalSeconds);
    }

    // The archive's photos over and over, as files of their own in two classes.
    private static void Unpack(string archive, string folder)
    {
        var photos = new List<byte[]>();
        using (var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress)))
        {
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.DataStream is { } data && entry.Name.EndsWith(".jpg", StringComparison.Ordinal))
                {
                    using var bytes = new MemoryStream();
                    data.CopyTo(bytes);
                    photos.Add(bytes.ToArray());
                }
            }
        }

        for (var i = 0; i < Photos; i++)
        {
            var path = Path.Combine(folder, i % 2 == 0 ? "even" : "odd", $"{i}.jpg");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, photos[i % photos.Count]);
        }
    }
}
