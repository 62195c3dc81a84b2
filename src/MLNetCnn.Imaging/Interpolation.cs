namespace MLNetCnn.Imaging;

/// <summary>How a value between pixels is found.</summary>
public enum Interpolation
{
    /// <summary>The four pixels around, weighted by their nearness.</summary>
    Bilinear = 0,

    /// <summary>The nearest pixel.</summary>
    Nearest = 1,
}
