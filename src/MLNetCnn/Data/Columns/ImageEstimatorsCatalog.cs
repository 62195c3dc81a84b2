using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>Image steps of <c>mlContext.Transforms</c>.</summary>
public static class ImageEstimatorsCatalog
{
    /// <summary>Loads and decodes the images that a text column names, as RGB.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of images.</param>
    /// <param name="imageFolder">The folder that relative names start from; null or empty: the current folder.</param>
    /// <param name="inputColumnName">The column of names; null: <paramref name="outputColumnName"/>.</param>
    public static ImageLoadingEstimator LoadImages(this TransformsCatalog catalog, string outputColumnName, string? imageFolder, string? inputColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(outputColumnName, imageFolder, inputColumnName, raw: false);
    }

    /// <summary>Loads the bytes of the image files that a text column names, without decoding them.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of bytes.</param>
    /// <param name="imageFolder">The folder that relative names start from; null or empty: the current folder.</param>
    /// <param name="inputColumnName">The column of names; null: <paramref name="outputColumnName"/>.</param>
    public static ImageLoadingEstimator LoadRawImageBytes(this TransformsCatalog catalog, string outputColumnName, string? imageFolder, string? inputColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(outputColumnName, imageFolder, inputColumnName, raw: true);
    }

    /// <summary>Brings images to one size.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of resized images.</param>
    /// <param name="imageWidth">The width, at least 1.</param>
    /// <param name="imageHeight">The height, at least 1.</param>
    /// <param name="inputColumnName">The column of images; null: <paramref name="outputColumnName"/>.</param>
    /// <param name="resizing">What happens to another aspect ratio; cuts off equally at both ends by default.</param>
    public static ImageResizingEstimator ResizeImages(
        this TransformsCatalog catalog, string outputColumnName, int imageWidth, int imageHeight, string? inputColumnName = null, ResizingKind resizing = ResizingKind.IsoCrop)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(outputColumnName, imageWidth, imageHeight, inputColumnName, resizing);
    }

    /// <summary>Turns images of one size into vectors.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of vectors.</param>
    /// <param name="inputColumnName">The column of images; null: <paramref name="outputColumnName"/>.</param>
    /// <param name="colorsToExtract">Which colours; all by default.</param>
    /// <param name="orderOfExtraction">Their order; red, green, blue by default.</param>
    /// <param name="interleavePixelColors">Whether the colours of a pixel stand together, <c>[H, W, C]</c>; by default <c>[C, H, W]</c>.</param>
    /// <param name="offsetImage">Subtracted from every pixel; 0 by default.</param>
    /// <param name="scaleImage">What every pixel is multiplied by after that; 1 by default.</param>
    /// <param name="outputAsFloatArray">Whether the vectors hold floats, the default; else bytes, without offset and scale.</param>
    public static ImagePixelExtractingEstimator ExtractPixels(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        ImagePixelExtractingEstimator.ColorBits colorsToExtract = ImagePixelExtractingEstimator.ColorBits.Rgb,
        ImagePixelExtractingEstimator.ColorsOrder orderOfExtraction = ImagePixelExtractingEstimator.ColorsOrder.ARGB,
        bool interleavePixelColors = false,
        float offsetImage = 0,
        float scaleImage = 1,
        bool outputAsFloatArray = true)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(outputColumnName, inputColumnName, colorsToExtract, orderOfExtraction, interleavePixelColors, offsetImage, scaleImage, outputAsFloatArray);
    }
}
