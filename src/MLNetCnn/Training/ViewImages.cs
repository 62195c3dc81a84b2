using MLNetCnn.Data;
using MLNetCnn.Imaging;

namespace MLNetCnn.Training;

/// <summary>
/// The images of a view, ready to train on: the cached set behind an <see cref="ImageDataView"/>, or what a cursor gives, brought to
/// size in the image cache, so that memory does not grow with their number and the next training decodes none of them again.
/// </summary>
internal sealed class ViewImages : IDisposable
{
    private readonly bool _owned;

    private ViewImages(ImageSet set, IReadOnlyList<string> leftOut, bool owned) => (Set, LeftOut, _owned) = (set, leftOut, owned);

    public ImageSet Set { get; }

    /// <summary>The images that cannot be read, a line each.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <exception cref="ConfigurationException">The labels are no keys, there is no image, or the images differ in size.</exception>
    /// <exception cref="DatasetException">None of the images can be read, or the cache cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The column holds no images.</exception>
    public static ViewImages Read(IDataView view, ImageClassificationTrainer.Options options)
    {
        var cached = view is ImageDataView { Images: var images }
            && (options.FeatureColumnName, options.LabelColumnName) == (ImageDataView.ImageColumn, ImageDataView.LabelColumn)
            && (options.ImageHeight ?? images.Height, options.ImageWidth ?? images.Width) == (images.Height, images.Width)
            ? images
            : null;
        return cached is null ? Cache(view, options) : new ViewImages(cached, [], owned: false);
    }

    public void Dispose()
    {
        if (_owned)
        {
            Set.Dispose();
        }
    }

    private static ViewImages Cache(IDataView view, ImageClassificationTrainer.Options options)
    {
        var reader = new ViewReader(view, options.FeatureColumnName, options.LabelColumnName);
        var shape = reader.First with { Height = options.ImageHeight ?? reader.First.Height, Width = options.ImageWidth ?? reader.First.Width };
        var key = Checksum.OfText($"view {ImageCache.FormatVersion} {shape} {string.Join('|', reader.Classes)} {reader.Fingerprint}");
        var cached = new ImageCache(options.Sources.CacheFolder).OpenOrCreate(key, Write, CancellationToken.None);
        var opened = new ViewImages(cached.All, cached.Index.Problems, owned: true);
        if (options.ImageSize is null && Enumerable.Range(0, opened.Set.Count).FirstOrDefault(HasOtherSize, -1) is >= 0 and var other)
        {
            var (height, width) = opened.Set.OriginalSize(other);
            var name = opened.Set.NameOf(other);
            opened.Dispose();
            throw new ConfigurationException(
                $"{name} has an image of {height}x{width}, the first one is {reader.First.Height}x{reader.First.Width}: give imageHeight and imageWidth, or resize the images before");
        }

        return opened;

        bool HasOtherSize(int index) => opened.Set.OriginalSize(index) != (reader.First.Height, reader.First.Width);

        CacheIndex Write(ImageCacheWriter writer)
        {
            var leftOut = new LeftOut();
            int[] all = [.. Enumerable.Range(0, reader.Labels.Count)];
            var count = writer.Write(reader.Split, reader, all, [.. reader.Labels], shape, ResizingKind.Fill, leftOut, progress: null);
            return CacheIndex.Of(reader.Classes, shape, new Dictionary<DatasetSplit, int> { [DatasetSplit.Train] = count }, leftOut);
        }
    }
}
