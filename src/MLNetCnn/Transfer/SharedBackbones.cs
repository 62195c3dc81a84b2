using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.Transfer;

/// <summary>
/// Backbones with their weights, and frozen parts of them, for trainings that leave them as they are: those of a head alone. So the
/// hundred trainings of a search load each but once. May be used by several threads at once.
/// </summary>
internal sealed class SharedBackbones : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SharedBackbone> _backbones = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FrozenPart> _parts = new(StringComparer.Ordinal);

    /// <summary>The backbone that options ask for, on their device; it stays the owner's.</summary>
    /// <param name="options">The trainer's settings, applied.</param>
    /// <param name="images">The size of the images.</param>
    /// <param name="monitor">Told how fetching the weights goes.</param>
    /// <param name="stop">Stops it.</param>
    public SharedBackbone Get(ImageClassificationTrainer.Options options, ImageShape images, ITrainingMonitor monitor, CancellationToken stop)
    {
        var key = $"{options.Arch} {options.ArchSettings?.ToJson().ToJsonString()} {options.Transfer?.Weights} {options.TransferOrDefault.ScalePixelsTwice} {images} {options.Device}";
        lock (_lock)
        {
            return _backbones.TryGetValue(key, out var known) ? known : _backbones[key] = SharedBackbone.Load(options, images, monitor, stop);
        }
    }

    /// <summary>The frozen part of an identity; it stays the owner's.</summary>
    public FrozenPart Part(string identity, Func<FrozenPart> make)
    {
        lock (_lock)
        {
            return _parts.TryGetValue(identity, out var known) ? known : _parts[identity] = make();
        }
    }

    public void Dispose()
    {
        foreach (var part in _parts.Values)
        {
            part.Dispose();
        }

        foreach (var backbone in _backbones.Values)
        {
            backbone.Dispose();
        }
    }
}

/// <summary>A backbone with its weights on a device, and what a head needs to know of it.</summary>
/// <param name="Pretrained">Its weights.</param>
/// <param name="Backbone">The backbone, in evaluation mode; owned.</param>
/// <param name="Features">The feature maps of one image: <c>[C, h, w]</c>.</param>
internal sealed record SharedBackbone(PretrainedBackbone Pretrained, Backbone Backbone, IReadOnlyList<long> Features) : IDisposable
{
    /// <summary>Fetches and loads what options ask for.</summary>
    /// <exception cref="DatasetException">The weights cannot be had.</exception>
    /// <exception cref="ConfigurationException">They do not fit.</exception>
    public static SharedBackbone Load(ImageClassificationTrainer.Options options, ImageShape images, ITrainingMonitor monitor, CancellationToken stop)
    {
        var pretrained = new PretrainedBackbone(options, images, new Preparation(monitor), stop);
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var backbone = pretrained.Load();
        try
        {
            backbone.eval();
            backbone.to(dtype: null, Devices.Resolve(options.Device), torch.memory_format.channels_last);
            var device = backbone.parameters().First().device;
            var features = backbone.Features(zeros([1, images.Channels, images.Height, images.Width], device: device)).shape[1..];
            return new SharedBackbone(pretrained, backbone, features);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    public void Dispose() => Backbone.Dispose();

    private sealed class Preparation(ITrainingMonitor monitor) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => monitor.OnPreparation(value.Stage, value.Done, value.Total);
    }
}
