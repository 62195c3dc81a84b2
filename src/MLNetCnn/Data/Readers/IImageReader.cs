using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>A file format of image datasets, with the parameters that a manifest gives it. A new format is one such class and one line in <see cref="ImageReaders"/>.</summary>
public interface IImageReader
{
    /// <summary>The format's name in manifests.</summary>
    string Kind { get; }

    /// <summary>The files it reads, by their names in the manifest; empty for formats that read a whole folder.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Kind and parameters as one line: what the images depend on besides their files.</summary>
    string Identity { get; }

    /// <summary>Reads what is cheap, labels above all, and checks that it fits.</summary>
    /// <param name="source">The files.</param>
    /// <param name="expected">The classes in label order (empty: discover them) and the images' size.</param>
    /// <exception cref="DatasetException">A file is not what it should be; the message names it.</exception>
    OpenedImages Open(ResolvedSource source, ExpectedImages expected);
}

/// <summary>What a manifest says about the images before they are read.</summary>
/// <param name="Classes">The classes in label order; empty where the reader should discover them.</param>
/// <param name="Image">The declared size.</param>
public sealed record ExpectedImages(IReadOnlyList<string> Classes, ImageShape Image);

/// <summary>A dataset whose labels are known and whose pixels can be read.</summary>
/// <param name="Classes">The classes in label order.</param>
/// <param name="Splits">The splits the files hold.</param>
/// <param name="Problems">What was passed over, one line each.</param>
public sealed record OpenedImages(IReadOnlyList<string> Classes, IReadOnlyList<ISplitReader> Splits, IReadOnlyList<string> Problems);

/// <summary>Reads the images of one split.</summary>
public interface ISplitReader
{
    /// <summary>The split.</summary>
    DatasetSplit Split { get; }

    /// <summary>The class of every image.</summary>
    IReadOnlyList<int> Labels { get; }

    /// <summary>Reads some images at a given size.</summary>
    /// <param name="indices">Which.</param>
    /// <param name="shape">The size to give them.</param>
    /// <param name="resizing">How another aspect ratio is treated.</param>
    /// <param name="destination">Takes <c>[indices.Length, Height, Width, Channels]</c>.</param>
    /// <returns>One entry per index: null, or a line that names the image and says why it cannot be read.</returns>
    IReadOnlyList<string?> Read(ReadOnlySpan<int> indices, ImageShape shape, ResizingKind resizing, Span<byte> destination);
}
