using System.Text.Json;

using MLNetCnn.Augmentation;
using MLNetCnn.Data;
using MLNetCnn.Inference;
using MLNetCnn.Training;

namespace MLNetCnn.Transfer;

/// <summary>
/// Gives the trained part of a transfer network what it takes: images where everything is trained, and otherwise what the frozen part
/// makes of them, from the cache.
/// </summary>
internal sealed class ActivationSource : IDisposable
{
    /// <summary>How a pass of the frozen part is announced to monitors.</summary>
    public const string Pass = "running the frozen part";

    private const string Rest = "running the rest of the frozen part";

    // The seed of the first augmented view; any number does, as long as it stays.
    private const long ViewSeed = 0x5eed;

    private readonly ImageClassificationTrainer.Options _options;
    private readonly ImagePreprocessing _preprocessing;
    private readonly torch.Device _device;
    private readonly ActivationCache _cache;
    private readonly ActivationSource? _earlier;
    private readonly FrozenPart? _frozen;
    private readonly bool _ownsFrozen;
    private readonly string _identity;
    private readonly ITrainingMonitor _monitor;
    private readonly CancellationToken _stop;

    /// <param name="network">The network.</param>
    /// <param name="firstBlock">The first block that is trained.</param>
    /// <param name="earlier">
    /// The source of a training of more blocks that follows, which needs its rows anyway: the frozen part goes on from them. Owned; null to
    /// begin with the images.
    /// </param>
    /// <param name="pretrained">The backbone's weights.</param>
    /// <param name="shared">Where frozen parts are shared; null for nowhere.</param>
    /// <param name="options">The settings of the training.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="monitor">Told how the frozen part's passes go.</param>
    /// <param name="stop">Stops a pass; what is done is kept.</param>
    public ActivationSource(
        TransferNetwork network, int firstBlock, ActivationSource? earlier, PretrainedBackbone pretrained, SharedBackbones? shared,
        ImageClassificationTrainer.Options options, torch.Device device, ITrainingMonitor monitor, CancellationToken stop)
    {
        (_options, _earlier, _preprocessing, _device, _monitor, _stop) = (options, earlier, pretrained.Preprocessing, device, monitor, stop);
        FirstBlock = firstBlock;
        _cache = new ActivationCache(options.Sources.CacheFolder);
        _identity = "";
        if (firstBlock > 0)
        {
            var pools = firstBlock == network.Backbone.Blocks.Count;
            var arithmetic = Devices.Arithmetic(options.TransferOrDefault.FrozenPrecision, device);
            FeaturePooling? pooling = pools ? options.TransferOrDefault.Head.Pooling : null;
            _identity = string.Join(
                '\n', pretrained.Key, $"blocks {firstBlock} {pooling}", JsonSerializer.Serialize(_preprocessing), device.type, arithmetic);
            _ownsFrozen = shared is null;
            _frozen = shared?.Part(_identity, Make) ?? Make();

            FrozenPart Make() => new(network.Backbone, (earlier?.FirstBlock ?? 0)..firstBlock, pooling, InputShape(earlier, pretrained.Images), arithmetic, device);
        }
    }

    private int FirstBlock { get; }

    /// <summary>Batches to train on.</summary>
    /// <param name="images">The images.</param>
    /// <param name="augmented">Whether they are augmented as the settings ask for, or left as they are.</param>
    public IBatches Training(ImageSet images, bool augmented) => Batches(images, augmented ? _options.Augmentation : null, _stop);

    /// <summary>Batches to evaluate on: never augmented.</summary>
    /// <param name="images">The images.</param>
    /// <param name="stop">Stops a pass; none after a training that was stopped, whose model is evaluated all the same.</param>
    public IBatches Evaluation(ImageSet images, CancellationToken stop) => Batches(images, augmentation: null, stop);

    public void Dispose()
    {
        if (_ownsFrozen)
        {
            _frozen?.Dispose();
        }

        _earlier?.Dispose();
    }

    private static IReadOnlyList<long> InputShape(ActivationSource? earlier, ImageShape images) =>
        earlier?._frozen!.OutputShape ?? [images.Channels, images.Height, images.Width];

    private IBatches Batches(ImageSet images, AugmentationSettings? augmentation, CancellationToken stop)
    {
        if (_frozen is null || !_options.TransferOrDefault.CacheActivations || (augmentation is not null && _options.TransferOrDefault.AugmentedViews == 0))
        {
            var batches = new ImageBatches(images, _preprocessing, _device, channelsLast: true, augmentation);
            return _frozen is null ? batches : new FrozenBatches(batches, Through);
        }

        return new CachedBatches(images, () => [.. Views(images, augmentation, stop)], _device);
    }

    private IEnumerable<ActivationRows> Views(ImageSet images, AugmentationSettings? augmentation, CancellationToken stop)
    {
        if (augmentation is null or { KeepOriginals: true })
        {
            yield return Unchanged(images, stop);
        }

        if (augmentation is null)
        {
            yield break;
        }

        var changed = augmentation with { KeepOriginals = false };
        using var batches = new ImageBatches(images.Stored(), _preprocessing, _device, channelsLast: true, changed);
        for (var view = 0; view < _options.TransferOrDefault.AugmentedViews; view++)
        {
            using (batches.BeginEpoch(ViewSeed + view))
            {
                yield return Rows(
                    images,
                    $"{_identity}\n{JsonSerializer.Serialize(changed, RecordJson.Options)}\nview {view}",
                    $"{Pass}, view {view + 1} of {_options.TransferOrDefault.AugmentedViews}",
                    places => Before(batches.Take(places, 0, (int)places.numel()).Images),
                    stop);
            }
        }
    }

    // What this source's frozen part makes of images: a part of its own may only go on from an earlier one's.
    private Tensor Through(Tensor images) => _frozen!.Run(Before(images));

    private Tensor Before(Tensor images) => _earlier?.Through(images) ?? images;

    private ActivationRows Unchanged(ImageSet images, CancellationToken stop)
    {
        if (_earlier is null)
        {
            using var plain = new ImageBatches(images.Stored(), _preprocessing, _device, channelsLast: true);
            return Rows(images, _identity, Pass, places => plain.Take(places, 0, (int)places.numel()).Images, stop);
        }

        // Opened, and so computed, only where rows are missing here.
        ActivationRows? before = null;
        try
        {
            return Rows(images, _identity, Rest, places => (before ??= _earlier.Unchanged(images, stop)).Take(places, _device), stop);
        }
        finally
        {
            before?.Dispose();
        }
    }

    private ActivationRows Rows(ImageSet images, string identity, string what, Func<Tensor, Tensor> view, CancellationToken stop) =>
        _cache.Open(images, _frozen!, identity, view, (done, total) => _monitor.OnPreparation(what, done, total), stop);
}
