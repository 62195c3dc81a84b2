namespace MLNetCnn.Imaging;

/// <summary>What keeps a small hostile file from claiming all memory.</summary>
public static class ImageLimits
{
    /// <summary>
    /// The most pixels that an encoded image may have; checked against its header before anything is decoded. A decoded
    /// pixel takes three bytes.
    /// </summary>
    /// <value>120 000 000: phones take photographs of 108 million.</value>
    public const long MaxPixels = 120_000_000;
}
