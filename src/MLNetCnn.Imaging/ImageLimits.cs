namespace MLNetCnn.Imaging;

/// <summary>What keeps a small hostile file from claiming all memory.</summary>
public static class ImageLimits
{
    /// <summary>
    /// The most pixels that an encoded image may have; checked against its header before anything is decoded. A decoded
    /// pixel takes three bytes.
    /// </summary>
    /// <value>100 000 000.</value>
    public const long MaxPixels = 100_000_000;
}
