namespace MLNetCnn.Imaging;

/// <summary>
/// Makes batches of randomly changed images, on the calling thread's OpenMP threads. What happens to the image at a place depends on
/// the seed and the place alone: not on the batch it is in, nor on the number of threads. Safe to use from several threads.
/// </summary>
/// <remarks>
/// Flips, turns, shifts, zooms and shears that follow each other are one sampling of the image. Arithmetic is in float from the
/// stored bytes to the result; colour operations cut to 0..255 one by one, as torchvision's do.
/// A place from <see cref="AugmentationSource.Count"/> on is the image at that many places less, as it is.
/// </remarks>
/// <param name="source">The images.</param>
/// <param name="steps">What may happen, in order; mixing comes last wherever it stands, and at most one per image.</param>
public sealed unsafe class ImageAugmentation(AugmentationSource source, IReadOnlyList<AugmentationStep> steps)
{
    // More than the longest plan: four of a colour jitter, the operations of a RandAugment.
    private const int MostOperationsPerStep = 16;

    private readonly NativeStep[] _steps = [.. steps.Select(NativeStep.Of)];

    /// <summary>Makes a batch of floats.</summary>
    /// <param name="places">Which images, each in [0, 2 × <see cref="AugmentationSource.Count"/>).</param>
    /// <param name="seed">The seed: another one for every epoch.</param>
    /// <param name="scale">What each channel's pixels, 0 to 255, are multiplied with.</param>
    /// <param name="shift">What is then added to each channel.</param>
    /// <param name="channelsLast">Whether <paramref name="images"/> is <c>[N, H, W, C]</c> and not <c>[N, C, H, W]</c>.</param>
    /// <param name="images">Takes the images.</param>
    /// <param name="targets">Takes the probability of each class, <c>[N, classes]</c>; empty for none.</param>
    /// <param name="labels">Takes the likeliest class, <c>[N]</c>.</param>
    /// <exception cref="ArgumentException">A place does not exist, or a span is too short.</exception>
    public void Apply(
        ReadOnlySpan<long> places,
        long seed,
        ReadOnlySpan<float> scale,
        ReadOnlySpan<float> shift,
        bool channelsLast,
        Span<float> images,
        Span<float> targets,
        Span<long> labels)
    {
        CheckPlaces(places);
        CheckRoom(images.Length, places.Length * PixelsPerImage);
        CheckRoom(labels.Length, places.Length);
        CheckRoom(targets.IsEmpty ? int.MaxValue : targets.Length, (long)places.Length * source.Classes);
        CheckRoom(Math.Min(scale.Length, shift.Length), source.Channels);
        fixed (float* scalePointer = scale, shiftPointer = shift, imagePointer = images, targetPointer = targets)
        fixed (long* labelPointer = labels)
        {
            Run(places, seed, new NativeOutput
            {
                Floats = imagePointer,
                Scale = scalePointer,
                Shift = shiftPointer,
                Targets = targetPointer,
                Labels = labelPointer,
                ChannelsLast = channelsLast ? 1 : 0,
            });
        }
    }

    /// <summary>Makes a batch of pixels, to look at.</summary>
    /// <param name="places">Which images, each in [0, 2 × <see cref="AugmentationSource.Count"/>).</param>
    /// <param name="seed">The seed.</param>
    /// <param name="images">Takes <c>[N, H, W, C]</c>.</param>
    /// <exception cref="ArgumentException">A place does not exist, or the span is too short.</exception>
    public void Apply(ReadOnlySpan<long> places, long seed, Span<byte> images)
    {
        CheckPlaces(places);
        CheckRoom(images.Length, places.Length * PixelsPerImage);
        fixed (byte* pointer = images)
        {
            Run(places, seed, new NativeOutput { Bytes = pointer });
        }
    }

    /// <summary>What <see cref="Apply(ReadOnlySpan{long}, long, Span{byte})"/> does to each image.</summary>
    /// <param name="places">Which images, each in [0, 2 × <see cref="AugmentationSource.Count"/>).</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">A place does not exist.</exception>
    public IReadOnlyList<AugmentationOperation>[] Plan(ReadOnlySpan<long> places, long seed)
    {
        CheckPlaces(places);
        var capacity = Math.Max(1, _steps.Length * MostOperationsPerStep);
        var operations = new NativeStep[places.Length * capacity];
        var counts = new int[places.Length];
        fixed (long* placePointer = places, rowPointer = source.Rows, labelPointer = source.Labels)
        fixed (NativeStep* stepPointer = _steps, operationPointer = operations)
        fixed (int* countPointer = counts)
        {
            var batch = Batch(placePointer, places.Length, rowPointer, labelPointer, seed);
            Native.Check(Native.mni_augment_plan(&batch, stepPointer, _steps.Length, operationPointer, capacity, countPointer));
        }

        return [.. counts.Select((count, i) => (IReadOnlyList<AugmentationOperation>)[.. operations.AsSpan(i * capacity, count).ToArray().Select(operation => operation.ToOperation())])];
    }

    private long PixelsPerImage => (long)source.Height * source.Width * source.Channels;

    private void Run(ReadOnlySpan<long> places, long seed, NativeOutput output)
    {
        fixed (long* placePointer = places, rowPointer = source.Rows, labelPointer = source.Labels)
        fixed (NativeStep* stepPointer = _steps)
        {
            var batch = Batch(placePointer, places.Length, rowPointer, labelPointer, seed);
            Native.Check(Native.mni_augment(&batch, stepPointer, _steps.Length, &output));
        }
    }

    private NativeBatch Batch(long* places, int count, long* rows, long* labels, long seed) => new()
    {
        Images = (byte*)source.Images,
        Rows = rows,
        Labels = labels,
        Places = places,
        Population = source.Count,
        Count = count,
        Height = source.Height,
        Width = source.Width,
        Channels = source.Channels,
        Classes = source.Classes,
        Seed = seed,
    };

    private void CheckPlaces(ReadOnlySpan<long> places)
    {
        if (places.IndexOfAnyExceptInRange(0, (2L * source.Count) - 1) is >= 0 and var stranger)
        {
            throw new ArgumentException($"place {places[stranger]} is none of {source.Count} images, nor one of them as it is", nameof(places));
        }
    }

    private static void CheckRoom(long length, long needed)
    {
        if (length < needed)
        {
            throw new ArgumentException($"the buffer has room for {length} values, the batch has {needed}");
        }
    }
}
