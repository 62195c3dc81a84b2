using System.Diagnostics;

using Microsoft.ML.OnnxRuntime;

using MLNetCnn.Architectures;
using MLNetCnn.Transfer;

namespace MLNetCnn.Benchmarks;

/// <summary>
/// Features of images per second, batch 32, on all cores, beside PyTorch in eager mode (float32, as Debian ships it and tuned) and
/// ONNX Runtime (float32). Every round measures all of them, so that a busy neighbour strikes all alike; the medians are compared.
/// </summary>
internal static class FeatureBenchmark
{
    private const int Batch = 32;
    private const double Seconds = 4;
    private const int Rounds = 3;

    public static void Run()
    {
        foreach (var (name, size) in new[] { ("resnet-50", 224), ("mobilenet-v2", 224), ("inception-v3", 299) })
        {
            Console.WriteLine($"{name} at {size}×{size}, batch {Batch}: images per second");
            var eager = new PyTorch.Setup("PyTorch eager float32, NCHW", "openblas-openmp", TunedMalloc: false, Environment.ProcessorCount);
            var model = Export(name);
            var measured = Enumerable.Range(0, Rounds)
                .Select(_ => (Ours: Ours(name, size), Eager: PyTorch.Measure(eager, "features.py", name, $"{size}") ?? 0, Onnx: OnnxRuntime(model, size)))
                .ToList();
            var ours = Median(measured.Select(round => round.Ours));
            Console.WriteLine($"  {"MLNetCnn",-34}{ours,8:0.0}");
            foreach (var (peer, value) in new[] { (eager.Name, Median(measured.Select(round => round.Eager))), ("ONNX Runtime float32", Median(measured.Select(round => round.Onnx))) })
            {
                Console.WriteLine($"  {peer,-34}{value,8:0.0}   ours is {ours / value:0.00} times as fast");
            }

            File.Delete(model);
        }
    }

    private static double Ours(string name, int size)
    {
        var images = new ImageShape(3, size, size);
        using var scope = NewDisposeScope();
        using var backbone = ArchitectureCatalog.CreateBackbone(name, images);
        using var part = new FrozenPart(
            backbone, .., FeaturePooling.Average, [3, size, size], Training.Devices.Arithmetic(precision: null, CPU), CPU);
        var batch = randn([Batch, 3, size, size]);
        part.Run(batch).Dispose();
        return PerSecond(() => part.Run(batch).Dispose());
    }

    private static string Export(string name)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{name}-{Guid.NewGuid():N}.onnx");
        PyTorch.Measure(PyTorch.Tuned(Environment.ProcessorCount), "features.py", name, "224", path);
        return path;
    }

    private static double OnnxRuntime(string model, int size)
    {
        using var options = new SessionOptions { IntraOpNumThreads = Environment.ProcessorCount };
        using var session = new InferenceSession(model, options);
        using var input = OrtValue.CreateTensorValueFromMemory(new float[Batch * 3 * size * size], [Batch, 3, size, size]);
        using var run = new RunOptions();
        void Once() => session.Run(run, ["images"], [input], session.OutputNames).Dispose();
        Once();
        return PerSecond(Once);
    }

    private static double PerSecond(Action once)
    {
        var clock = Stopwatch.StartNew();
        var batches = 0;
        for (; clock.Elapsed.TotalSeconds < Seconds; batches++)
        {
            once();
        }

        return Batch * batches / clock.Elapsed.TotalSeconds;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
