using MLNetCnn.Data;
using MLNetCnn.Imaging;

namespace MLNetCnn.Augmentation;

/// <summary>Shows what an augmentation does to an image.</summary>
public static class AugmentationPreview
{
    /// <summary>Augmented copies of one image, side by side.</summary>
    /// <param name="images">The images; mixing transforms draw their second image from them.</param>
    /// <param name="index">Which image, in [0, <paramref name="images"/>.Count).</param>
    /// <param name="settings">The augmentation.</param>
    /// <param name="copies">How many copies, 1 or more.</param>
    /// <param name="columns">Copies in a row, 1 or more.</param>
    /// <param name="seed">The seed; each copy is that of another epoch.</param>
    /// <returns>A grid as <see cref="ImageGrid.Compose"/> makes it.</returns>
    /// <exception cref="ConfigurationException">The augmentation has problems: all are named.</exception>
    public static MLImage Compose(ImageSet images, int index, AugmentationSettings settings, int copies = 9, int columns = 3, long seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, images.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        var augmentation = settings.Over(images);
        var pixels = new byte[images.Shape.Size];
        var cells = new List<MLImage>();
        for (var copy = 0; copy < copies; copy++)
        {
            augmentation.Apply([index], seed + copy, pixels);
            cells.Add(MLImage.CreateFromPixels(images.Width, images.Height, (MLPixelFormat)images.Channels, pixels));
        }

        GC.KeepAlive(images);
        return ImageGrid.Compose(cells, columns);
    }
}
