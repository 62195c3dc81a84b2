namespace MLNetCnn.Data;

/// <summary>A format of image datasets, with the parameters that a manifest gives it. A new format is one such class and one line in <see cref="ImageReaders"/>.</summary>
public interface IImageReader
{
    /// <summary>The format's name in manifests.</summary>
    string Kind { get; }

    /// <summary>The files that it reads by name; empty for formats that take the set as it is.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Kind and parameters as one line: what the images depend on besides their files.</summary>
    string Identity { get; }

    /// <summary>What the images depend on of a set whose files no manifest lists; null for all of it.</summary>
    /// <param name="files">The files.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="DatasetException">A file that names others is not what it should be.</exception>
    IReadOnlySet<string>? Named(IFileSet files, CancellationToken cancellation) => null;

    /// <summary>Reads what is cheap, labels above all, and checks that it fits.</summary>
    /// <param name="files">The files.</param>
    /// <param name="expected">The classes in label order (empty: discover them) and the images' size.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="DatasetException">A file is not what it should be; the message names it.</exception>
    OpenedImages Open(IFileSet files, ExpectedImages expected, CancellationToken cancellation);
}

/// <summary>What a manifest says about the images before they are read.</summary>
/// <param name="Classes">The classes in label order; empty where the reader should discover them.</param>
/// <param name="Image">The declared size.</param>
public sealed record ExpectedImages(IReadOnlyList<string> Classes, ImageShape Image);

/// <summary>A dataset whose labels are known and whose pixels can be read.</summary>
/// <param name="Classes">The classes in label order.</param>
/// <param name="Splits">The splits the files hold.</param>
/// <param name="LeftOut">What was passed over.</param>
public sealed record OpenedImages(IReadOnlyList<string> Classes, IReadOnlyList<ISplitReader> Splits, LeftOut LeftOut);

/// <summary>Reads the images of one split.</summary>
public interface ISplitReader
{
    /// <summary>The split.</summary>
    DatasetSplit Split { get; }

    /// <summary>The class of every image.</summary>
    IReadOnlyList<int> Labels { get; }

    /// <summary>What an image is called in its files: the same wherever these lie, and whatever images come beside it.</summary>
    /// <param name="index">Its place in <see cref="Labels"/>.</param>
    string NameOf(int index);

    /// <summary>Hands some images over, each once, in whatever order their files hold them.</summary>
    /// <param name="chosen">Which; an image's place in this list is its place in the sink.</param>
    /// <param name="sink">Takes them.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="DatasetException">A file that many images lie in is damaged.</exception>
    void Read(IReadOnlyList<int> chosen, IImageSink sink, CancellationToken cancellation);
}

/// <summary>Takes the images of a split, encoded or as pixels, and brings them to size.</summary>
public interface IImageSink
{
    /// <summary>Takes an encoded image.</summary>
    /// <param name="place">Its place, from 0.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="open">Opens it; called at most once, before this returns.</param>
    /// <param name="size">Its declared length in bytes.</param>
    void Add(int place, string name, Func<Stream> open, long size);

    /// <summary>Takes a decoded image.</summary>
    /// <param name="place">Its place, from 0.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="pixels"><c>[Height, Width, Channels]</c>; copied.</param>
    /// <param name="shape">Its size, the same for all images of a split.</param>
    void AddPixels(int place, string name, ReadOnlySpan<byte> pixels, ImageShape shape);
}
