using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

using MLNetCnn.Inference;

namespace MLNetCnn.Benchmarks.Serving;

/// <summary>
/// <c>mlnetcnn serve</c> at full load for as long as asked, good and bad requests mixed, its model replaced three times: no status of
/// 5xx, no answer that the version named in it would not give, resident memory flat after the first tenth.
/// </summary>
internal static class SoakBenchmark
{
    private const int Clients = 8;
    private const double Flat = 0.05;

    public static bool Run(TimeSpan length)
    {
        var folder = Directory.CreateTempSubdirectory("mlnetcnn-soak-");
        try
        {
            return Run(length, Path.Combine(folder.FullName, "model.zip"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool Run(TimeSpan length, string file)
    {
        var packages = new[] { ServingModel.Create(), ServingModel.Create("other") };
        var pictures = ServingModel.Pictures(16);
        var expected = packages.Select(package => Answers(package, file, pictures)).ToDictionary(answers => answers.Version, answers => answers.Labels);
        packages[0].Save(file);
        var good = pictures.Select(picture => LoadClient.Request(picture)).ToArray();
        var bad = BadRequests(pictures[0]);

        using var serving = new ServingProcess(file, "--watch").WaitUntilReady(good[0]);
        var (statuses, wrong, versions) = (new ConcurrentDictionary<int, int>(), 0, new ConcurrentDictionary<string, int>());
        var start = Stopwatch.GetTimestamp();
        var clients = Enumerable.Range(0, Clients).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            var client = new LoadClient(serving.Port);
            while (Stopwatch.GetElapsedTime(start) < length)
            {
                var picture = random.Next(pictures.Count);
                var isBad = random.Next(10) == 0;
                try
                {
                    var (status, body) = client.Send(isBad ? bad[random.Next(bad.Length)] : good[picture]);
                    statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
                    var version = status == 200 ? (string)JsonNode.Parse(Json(body))!["version"]! : "";
                    versions.AddOrUpdate(version, 1, (_, count) => count + 1);
                    if (isBad ? status is < 400 or >= 500 : status != 200 || !body.Contains($"\"label\":\"{expected[version][picture]}\"", StringComparison.Ordinal))
                    {
                        Interlocked.Increment(ref wrong);
                    }
                }
                catch (System.Net.Sockets.SocketException)
                {
                    // A refused body may cost the connection.
                    client.Dispose();
                    client = new LoadClient(serving.Port);
                    Interlocked.Add(ref wrong, isBad ? 0 : 1);
                }
            }

            client.Dispose();
        })).ToList();
        clients.ForEach(client => client.Start());

        var memory = new List<long>();
        for (var reloads = 0; clients.Any(client => client.IsAlive);)
        {
            Thread.Sleep(200);
            var passed = Stopwatch.GetElapsedTime(start) / length;
            if (reloads < 3 && passed > (reloads + 1) * 0.25)
            {
                packages[++reloads % 2].Save(file);
            }

            if (passed > 0.1)
            {
                memory.Add(serving.Memory);
            }
        }

        return Report(length, statuses, versions, wrong, memory, serving.Stop());
    }

    private static bool Report(
        TimeSpan length, ConcurrentDictionary<int, int> statuses, ConcurrentDictionary<string, int> versions, int wrong, List<long> memory, int exitCode)
    {
        var failures = statuses.Where(status => status.Key >= 500).Sum(status => status.Value);
        // Means of the first and the last tenth: a garbage collector's saw teeth are no growth.
        var tenth = Math.Max(memory.Count / 10, 1);
        var (first, last) = (memory.Take(tenth).Average(), memory.TakeLast(tenth).Average());
        var growth = last / first - 1;
        Console.WriteLine($"soak of {length.TotalMinutes:0.#} min, {Clients} clients: {statuses.Values.Sum()} requests, {statuses.Values.Sum() / length.TotalSeconds:0.0}/s");
        Console.WriteLine($"  statuses {string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}"))}");
        Console.WriteLine($"  versions that answered {versions.Keys.Count(version => version.Length > 0)}; wrong answers {wrong}; 5xx {failures}; exit code {exitCode}");
        Console.WriteLine($"  resident {first / (1 << 20):0} MiB after warm-up, {last / (1 << 20):0} MiB at the end ({growth:+0.0%;-0.0%}; {memory.Min() >> 20} to {memory.Max() >> 20} MiB between)");
        Console.WriteLine($"  over time {string.Join(" ", memory.Chunk(Math.Max(memory.Count / 15, 1)).Select(part => $"{part.Average() / (1 << 20):0}"))} MiB");
        return failures == 0 && wrong == 0 && exitCode == 0 && Math.Abs(growth) <= Flat;
    }

    private static (string Version, string[] Labels) Answers(ModelPackage package, string file, IReadOnlyList<byte[]> pictures)
    {
        package.Save(file);
        using var model = ImageModel.Load(file);
        return (model.Version, [.. pictures.Select(picture => model.Predict(picture).Label)]);
    }

    private static byte[][] BadRequests(byte[] picture)
    {
        var huge = picture.ToArray();
        var frame = huge.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        new byte[] { 0x75, 0x30, 0x75, 0x30 }.CopyTo(huge, frame + 5);
        var torn = picture.ToArray();
        new Random(3).NextBytes(torn.AsSpan(20, 200));
        return
        [
            LoadClient.Request(picture[..(picture.Length / 2)]),
            LoadClient.Request("no image"u8.ToArray()),
            LoadClient.Request(picture, "text/plain"),
            LoadClient.Request([]),
            LoadClient.Request(huge),
            LoadClient.Request(torn),
            LoadClient.Request("{\"images\":[]}"u8.ToArray(), "application/json"),
            LoadClient.Request(picture, "multipart/form-data; boundary=x"),
            LoadClient.Request(picture, path: "/v1/models/other/predict"),
        ];
    }

    // A chunked body has its length in front.
    private static string Json(string body) => body[body.IndexOf('{', StringComparison.Ordinal)..(body.LastIndexOf('}') + 1)];
}
