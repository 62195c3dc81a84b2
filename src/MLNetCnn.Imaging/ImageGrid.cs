namespace MLNetCnn.Imaging;

/// <summary>Lays images out in rows and columns, as the sample pages of a report show them.</summary>
public static class ImageGrid
{
    /// <summary>Composes images, row by row, on a background; cells take the size of the largest image, smaller ones are centred.</summary>
    /// <param name="images">The images, at least one; grey and RGB may be mixed.</param>
    /// <param name="columns">Images per row, at least 1.</param>
    /// <param name="margin">Pixels between images and around them; 2 by default.</param>
    /// <param name="background">The grey value of background and margins; white by default.</param>
    /// <returns>One image, RGB if any image is, <c>margin + rows × (cell height + margin)</c> high and likewise wide.</returns>
    public static MLImage Compose(IReadOnlyList<MLImage> images, int columns, int margin = 2, byte background = 255)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images.Count, 1, nameof(images));
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        columns = Math.Min(columns, images.Count);
        var rows = (images.Count + columns - 1) / columns;
        var (cellHeight, cellWidth) = (images.Max(image => image.Height), images.Max(image => image.Width));
        var format = images.Max(image => image.PixelFormat);
        var (height, width) = (margin + (rows * (cellHeight + margin)), margin + (columns * (cellWidth + margin)));
        var channels = (int)format;
        var pixels = new byte[ImageBatch.Size(1, height, width, channels)];
        pixels.AsSpan().Fill(background);
        for (var i = 0; i < images.Count; i++)
        {
            var image = images[i].ToFormat(format);
            var top = margin + (i / columns * (cellHeight + margin)) + ((cellHeight - image.Height) / 2);
            var left = margin + (i % columns * (cellWidth + margin)) + ((cellWidth - image.Width) / 2);
            var line = image.Width * channels;
            for (var y = 0; y < image.Height; y++)
            {
                image.Pixels.Slice(y * line, line).CopyTo(pixels.AsSpan((((top + y) * width) + left) * channels));
            }
        }

        return MLImage.CreateFromPixels(width, height, format, pixels);
    }
}
