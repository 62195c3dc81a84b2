using System.Diagnostics;

using MLNetCnn.Architectures;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.AutoML;

/// <summary>How fast frozen backbones run here: measured on noise before a search decides what it can afford.</summary>
internal static class BackboneSpeed
{
    private const int Size = 224;
    private const int Batch = 16;
    private const int Rounds = 3;

    /// <summary>Seconds for one image of 224×224 pixels.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> has ended it.</exception>
    public static double SecondsPerImage(string architecture, string device, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var shape = new ImageShape(Channels: 3, Size, Size);
        var on = Devices.Resolve(device);
        using var scope = NewDisposeScope();
        using var backbone = ArchitectureCatalog.CreateBackbone(architecture, shape);
        using var part = new FrozenPart(backbone, .., FeaturePooling.Average, [3, Size, Size], Devices.Arithmetic(precision: null, on), on);
        var images = randn([Batch, 3, Size, Size]);
        part.Run(images).Dispose();

        // The quickest of several: whatever else the machine does only slows it down.
        return Enumerable.Range(0, Rounds).Min(_ =>
        {
            stop.ThrowIfCancellationRequested();
            var clock = Stopwatch.StartNew();
            part.Run(images).cpu().Dispose();
            return clock.Elapsed.TotalSeconds / Batch;
        });
    }

    /// <summary>Seconds for one image of another size: as its area grows.</summary>
    public static double At(int size, double secondsPerImage) => secondsPerImage * size * size / (Size * Size);
}
