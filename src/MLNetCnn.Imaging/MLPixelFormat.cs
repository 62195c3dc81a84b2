namespace MLNetCnn.Imaging;

/// <summary>The pixel formats of an <see cref="MLImage"/>. The value is the number of channels.</summary>
public enum MLPixelFormat
{
    /// <summary>One byte a pixel: luma by BT.601.</summary>
    Grey8 = 1,

    /// <summary>Three bytes a pixel: red, green, blue.</summary>
    Rgb24 = 3,
}
