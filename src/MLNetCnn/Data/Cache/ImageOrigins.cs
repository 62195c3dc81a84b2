using System.Runtime.InteropServices;

namespace MLNetCnn.Data;

/// <summary>Where the images of a shard come from: their names and original sizes, read when they are asked for.</summary>
internal sealed class ImageOrigins(string path)
{
    private readonly Lazy<string[]> _names = new(() => File.ReadAllLines(path + ".names"));
    private readonly Lazy<int[]> _sizes = new(() => MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(path + ".sizes")).ToArray());

    private Func<string, string> _rename = name => name;

    /// <summary>What messages call an image.</summary>
    public string Name(int stored) => _rename(_names.Value[stored]);

    /// <summary>Names images otherwise than they were when they were cached.</summary>
    public void Rename(Func<string, string> rename) => _rename = rename;

    /// <summary>Its size before it was resized.</summary>
    public (int Height, int Width) Size(int stored) => (_sizes.Value[2 * stored], _sizes.Value[(2 * stored) + 1]);
}
