using System.Runtime.InteropServices;

namespace MLNetCnn.Imaging;

/// <summary>What an audit asks of an image: how it looks, in a few numbers.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct ImageDescription
{
    private readonly ulong _horizontal;
    private readonly ulong _vertical;
    private readonly ulong _content;
    private readonly float _brightness;
    private readonly float _contrast;
    private readonly float _sharpness;
    private readonly float _unused;

    /// <summary>The first half of the difference hash: 64 steps from left to right on a 9×8 reduction (N. Krawetz, "Kind of Like That", 2013).</summary>
    public ulong Horizontal => _horizontal;

    /// <summary>The second half: 64 steps from top to bottom on an 8×9 reduction.</summary>
    public ulong Vertical => _vertical;

    /// <summary>FNV-1a over all pixels: the same for the same pixels.</summary>
    public ulong Content => _content;

    /// <summary>The mean grey value, 0 to 255.</summary>
    public float Brightness => _brightness;

    /// <summary>The standard deviation of the grey values, 0 to 127.5.</summary>
    public float Contrast => _contrast;

    /// <summary>The variance of the Laplacian of the grey values; small for a blurred image (Pech-Pacheco et al., 2000).</summary>
    public float Sharpness => _sharpness;
}
