using System.Collections.Concurrent;
using System.Diagnostics;

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

using MLNetCnn.Imaging;

namespace MLNetCnn.Benchmarks.Serving;

/// <summary>
/// <c>mlnetcnn serve</c> on loopback, JPEGs in, eight clients, beside a bare loop over ONNX Runtime on the same images, decoded
/// already, by as many threads: images per second, the 99th percentile, and the time from nothing to a first answer. Rounds measure
/// both in turn, so that a busy neighbour strikes both alike; medians are compared.
/// </summary>
internal static class ServeBenchmark
{
    private const int Clients = 8;
    private const int Rounds = 5;
    private const double Seconds = 6;

    // Until the service's hot code is compiled for good; the loop's own is native.
    private const double WarmUp = 20;

    // The smallest backbone, of which the service is the largest share, and the one that a user gets without asking.
    public static void Run()
    {
        Run(ServingModel.Architecture);
        Run("resnet-50");
    }

    private static void Run(string architecture)
    {
        var folder = Directory.CreateTempSubdirectory("mlnetcnn-serve-");
        try
        {
            var file = Path.Combine(folder.FullName, "model.zip");
            var package = ServingModel.Create(architecture: architecture);
            package.Save(file);
            var pictures = ServingModel.Pictures(32);
            var requests = pictures.Select(picture => LoadClient.Request(picture)).ToArray();
            Console.WriteLine($"{architecture} at {ServingModel.Size}×{ServingModel.Size}, {Environment.ProcessorCount} cores, load before {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
            ColdStart(file, requests[0]);

            var decoded = pictures.Select(picture => MLImage.Decode(picture).Pixels.ToArray()).ToArray();
            using var session = Open(package.Onnx.ToArray());
            using var serving = new ServingProcess(file).WaitUntilReady(requests[0]);
            TimeSpan Processor() => Environment.CpuUsage.TotalTime + serving.ProcessorTime;
            (double PerSecond, double P99, double Cost) Measure(Func<int, Action> prepare, int threads, double seconds = Seconds) => ServeBenchmark.Measure(prepare, threads, seconds, Processor);
            Measure(thread => Bare(session, decoded, thread), Clients, 2);
            Measure(thread => Serve(serving.Port, requests, thread), Clients, WarmUp);
            var measured = Enumerable.Range(0, Rounds).Select(_ => (
                Few: Measure(thread => Bare(session, decoded, thread), Environment.ProcessorCount),
                Bare: Measure(thread => Bare(session, decoded, thread), Clients),
                Ours: Measure(thread => Serve(serving.Port, requests, thread), Clients))).ToList();
            var few = Median(measured.Select(round => round.Few.PerSecond));
            var (bare, ours) = (Median(measured.Select(round => round.Bare.PerSecond)), Median(measured.Select(round => round.Ours.PerSecond)));
            var (barePeak, oursPeak) = (Median(measured.Select(round => round.Bare.P99)), Median(measured.Select(round => round.Ours.P99)));
            Console.WriteLine($"  bare ONNX Runtime, {Environment.ProcessorCount} threads   {few,7:0.0} images/s");
            Console.WriteLine($"  bare ONNX Runtime, {Clients} threads   {bare,7:0.0} images/s   p99 {barePeak,6:0.0} ms");
            Console.WriteLine($"  mlnetcnn serve, {Clients} clients      {ours,7:0.0} images/s   p99 {oursPeak,6:0.0} ms");
            var (bareCost, oursCost) = (Median(measured.Select(round => round.Bare.Cost)), Median(measured.Select(round => round.Ours.Cost)));
            Console.WriteLine($"  processor time of an image, with its client's: bare {bareCost:0.00} ms, ours {oursCost:0.00} ms, a share of {bareCost / oursCost:0.000} for the network; no neighbour changes that much");
            Console.WriteLine($"  throughput {ours / Math.Max(bare, few):0.000} of the better bare loop's (bar 0.95), p99 {oursPeak / barePeak:0.00} times its own at {Clients} (bar 1.3)");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void ColdStart(string file, byte[] request)
    {
        var times = Enumerable.Range(0, 3).Select(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            using var serving = new ServingProcess(file).WaitUntilReady(request);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }).ToList();
        Console.WriteLine($"  from nothing to the first answer {Median(times):0.00} s (bar 1.5)");
    }

    // As the product runs it.
    private static InferenceSession Open(byte[] onnx)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, EnableMemoryPattern = false };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new InferenceSession(onnx, options);
    }

    private static Action Bare(InferenceSession session, byte[][] images, int thread)
    {
        var turn = thread;
        return () =>
        {
            var image = new DenseTensor<byte>(images[turn++ % images.Length], [1, ServingModel.Size, ServingModel.Size, 3]);
            using var results = session.Run([NamedOnnxValue.CreateFromTensor("image", image)]);
        };
    }

    private static Action Serve(int port, byte[][] requests, int thread)
    {
        var turn = thread;
        var client = new LoadClient(port);
        return () =>
        {
            var (status, body) = client.Send(requests[turn++ % requests.Length]);
            if (status != 200)
            {
                throw new InvalidOperationException($"{status}: {body}");
            }
        };
    }

    private static (double PerSecond, double P99, double Cost) Measure(Func<int, Action> prepare, int threads, double seconds, Func<TimeSpan> processor)
    {
        var times = new ConcurrentBag<List<double>>();
        var (start, before) = (Stopwatch.GetTimestamp(), processor());
        var running = Enumerable.Range(0, threads).Select(i => new Thread(() =>
        {
            var (step, own) = (prepare(i), new List<double>());
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            {
                var began = Stopwatch.GetTimestamp();
                step();
                own.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            times.Add(own);
        })).ToList();
        running.ForEach(thread => thread.Start());
        running.ForEach(thread => thread.Join());
        var all = times.SelectMany(own => own).Order().ToList();
        return (all.Count / Stopwatch.GetElapsedTime(start).TotalSeconds, all[(int)(0.99 * (all.Count - 1))], (processor() - before).TotalMilliseconds / all.Count);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;
}
