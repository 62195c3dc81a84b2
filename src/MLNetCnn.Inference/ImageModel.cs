using System.Diagnostics;
using MLNetCnn.Imaging;

namespace MLNetCnn.Inference;

/// <summary>
/// A trained image classifier from a model .zip, ready to predict. One instance serves all threads at once; dispose it when no
/// prediction is running any more.
/// </summary>
public sealed class ImageModel : IDisposable
{
    // The graph turns pixels into floats before it shrinks them: large photographs go one by one.
    private const int MaxBatchBytes = 64 << 20;

    private readonly OnnxScorer _scorer;
    private readonly LabelIndex _labels;
    private readonly int _batchSize;
    private bool _disposed;

    private ImageModel(ModelPackage package, ImageModelOptions? options, string file)
    {
        options ??= new ImageModelOptions();
        options.Validate();
        Metadata = package.Metadata;
        Version = package.Version!;
        _labels = new LabelIndex(package.Metadata.Labels);
        _batchSize = options.BatchSize;
        _scorer = new OnnxScorer(package.Onnx, package.Metadata, options.Threads, file);
    }

    /// <summary>What the model .zip says about the model.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>Which model this is: <see cref="ModelPackage.Version"/>, which changes with anything in the .zip.</summary>
    public string Version { get; }

    /// <summary>The classes, in the order of the scores.</summary>
    public IReadOnlyList<string> Labels => Metadata.Labels;

    internal int Channels => Metadata.Preprocessing.Channels;

    /// <summary>Loads and verifies the model .zip at <paramref name="path"/>, and predicts once to prove that it can.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, hostile, of an unknown version or no model.</exception>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="ArgumentException">The options are out of their ranges.</exception>
    public static ImageModel Load(string path, ImageModelOptions? options = null) =>
        new(ModelPackage.Read(path, includeWeights: false), options, path);

    /// <summary>Loads and verifies a model .zip from <paramref name="stream"/>, which stays open.</summary>
    /// <exception cref="ModelFormatException">The stream is damaged, hostile, of an unknown version or no model.</exception>
    public static ImageModel Load(Stream stream, ImageModelOptions? options = null) => Load(stream, options, "the model .zip");

    internal static ImageModel Load(Stream stream, ImageModelOptions? options, string name) =>
        new(ModelPackage.Read(stream, name, includeWeights: false), options, name);

    /// <summary>Predicts the class of an image of any size; grey and RGB are converted as the model needs.</summary>
    public ImagePrediction Predict(MLImage image)
    {
        var input = image.ToFormat((MLPixelFormat)Channels);
        return Predict(input.Pixels, input.Height, input.Width);
    }

    /// <summary>Predicts the class of an encoded image: the bytes of a JPEG, PNG or other file that <see cref="MLImage.Decode"/> reads.</summary>
    /// <exception cref="ImageFormatException">The bytes are no readable image.</exception>
    public ImagePrediction Predict(ReadOnlySpan<byte> encoded) => Predict(MLImage.Decode(encoded, Channels));

    /// <summary>Predicts the class of the image file at <paramref name="imagePath"/>.</summary>
    /// <exception cref="ImageFormatException">The file is no readable image; the message names it.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public ImagePrediction Predict(string imagePath) => Predict(MLImage.CreateFromFile(imagePath, (MLPixelFormat)Channels));

    /// <summary>Reads an encoded image from <paramref name="imageStream"/> to its end and predicts its class.</summary>
    /// <exception cref="ImageFormatException">The stream holds no readable image.</exception>
    public ImagePrediction Predict(Stream imageStream) => Predict(MLImage.CreateFromStream(imageStream, (MLPixelFormat)Channels));

    /// <summary>Predicts the class of raw pixels, without a copy.</summary>
    /// <param name="pixels"><c>[height, width, channels]</c>, row by row, with the model's number of channels (grey, or RGB).</param>
    /// <param name="height">The image's height, at least 1.</param>
    /// <param name="width">The image's width, at least 1.</param>
    /// <exception cref="ArgumentException">The number of bytes is not height × width × channels.</exception>
    public ImagePrediction Predict(ReadOnlySpan<byte> pixels, int height, int width)
    {
        var scores = new float[_labels.Count];
        Score(pixels, 1, height, width, scores);
        return new ImagePrediction(_labels, scores, Version);
    }

    /// <summary>
    /// Predicts many images: those of one size run through the network together, up to <see cref="ImageModelOptions.BatchSize"/>
    /// at once (fewer where the images are large). The answers are in the order of <paramref name="images"/>.
    /// </summary>
    public IReadOnlyList<ImagePrediction> PredictBatch(IReadOnlyList<MLImage> images)
    {
        var predictions = new ImagePrediction[images.Count];
        foreach (var size in Enumerable.Range(0, images.Count).GroupBy(i => (images[i].Height, images[i].Width)))
        {
            var imageSize = size.Key.Height * size.Key.Width * Channels;
            foreach (var batch in size.Chunk(Math.Clamp(MaxBatchBytes / imageSize, 1, _batchSize)))
            {
                PredictEqualSizes(images, batch, predictions);
            }
        }

        return predictions;
    }

    /// <summary>Scores raw images of one size: from the caller's memory into the caller's memory, nothing is copied.</summary>
    /// <param name="images">uint8 <c>[count, height, width, channels]</c>, with the model's number of channels.</param>
    /// <param name="count">The number of images, at least 1.</param>
    /// <param name="height">Their height, at least 1.</param>
    /// <param name="width">Their width, at least 1.</param>
    /// <param name="scores">Takes <c>[count, classes]</c>: the probability of each label, in the order of <see cref="Labels"/>.</param>
    /// <exception cref="ArgumentException">A span's length is not what the numbers say.</exception>
    public void Score(ReadOnlySpan<byte> images, int count, int height, int width, Span<float> scores)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var expected = (long)count * height * width * Channels;
        if (images.Length != expected)
        {
            throw new ArgumentException($"{images.Length} bytes given: {count} images of {height}×{width} pixels with {Channels} channels are {expected} bytes", nameof(images));
        }

        if (scores.Length != (long)count * _labels.Count)
        {
            throw new ArgumentException($"room for {scores.Length} scores given: {count} images of {_labels.Count} classes have {(long)count * _labels.Count}", nameof(scores));
        }

        _scorer.Run(images, count, height, width, scores);
    }

    /// <summary>An engine that reads the image from an object and writes the answer into another, as in ML.NET.</summary>
    /// <inheritdoc cref="PredictionEngine{TData, TPrediction}"/>
    public PredictionEngine<TData, TPrediction> CreatePredictionEngine<TData, TPrediction>()
        where TData : class
        where TPrediction : class, new() => new(this);

    /// <summary>Times single predictions of one image of the network's own size, after a short warm-up; decoding is not part of it.</summary>
    /// <param name="runs">How many to time, at least 1.</param>
    public PredictionLatency MeasureLatency(int runs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        var (height, width) = (Metadata.Preprocessing.Height, Metadata.Preprocessing.Width);
        var pixels = new byte[height * width * Channels];
        var scores = new float[_labels.Count];
        var times = new double[runs];
        const int WarmUp = 3;
        for (var i = -WarmUp; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Score(pixels, 1, height, width, scores);
            if (i >= 0)
            {
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        Array.Sort(times);
        return new PredictionLatency(Percentile(0.5), Percentile(0.95));

        double Percentile(double share) => times[(int)Math.Ceiling(share * runs) - 1];
    }

    /// <summary>Releases the network's memory.</summary>
    public void Dispose()
    {
        _disposed = true;
        _scorer.Dispose();
    }

    private void PredictEqualSizes(IReadOnlyList<MLImage> images, int[] indices, ImagePrediction[] predictions)
    {
        if (indices is [var only])
        {
            predictions[only] = Predict(images[only]);
            return;
        }

        var (height, width) = (images[indices[0]].Height, images[indices[0]].Width);
        var imageSize = height * width * Channels;
        var pixels = GC.AllocateUninitializedArray<byte>(indices.Length * imageSize);
        for (var i = 0; i < indices.Length; i++)
        {
            images[indices[i]].ToFormat((MLPixelFormat)Channels).Pixels.CopyTo(pixels.AsSpan(i * imageSize));
        }

        var scores = new float[indices.Length * _labels.Count];
        Score(pixels, indices.Length, height, width, scores);
        for (var i = 0; i < indices.Length; i++)
        {
            predictions[indices[i]] = new ImagePrediction(_labels, scores[(i * _labels.Count)..((i + 1) * _labels.Count)], Version);
        }
    }
}
