using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>What keeps a small hostile archive from costing hours or all memory.</summary>
internal static class ArchiveLimits
{
    /// <summary>How many times larger than itself an archive's content may be; images hardly shrink at all.</summary>
    public const int MostGrowth = 200;

    /// <summary>What any archive may hold, whatever its size.</summary>
    public const long AlwaysAllowed = 64L << 20;

    public static bool IsBomb(long stored, long content) => content > AlwaysAllowed && content / MostGrowth > stored;

    public static DatasetException Bomb(string archive, long stored, long content) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{archive} is refused: its {stored} bytes grow to {content} and more, over {MostGrowth} times as many; unpack it and name the folder if that is meant"));
}
