namespace MLNetCnn.Data;

/// <summary>Which files are taken for images, where a folder or an archive is given.</summary>
public static class ImageFiles
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".jfif", ".jpe", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm", ".pgm"];

    private static readonly string[] Unread = [".heic", ".heif", ".avif"];

    /// <summary>What images' names end with, for messages.</summary>
    public static string KnownEndings => string.Join(", ", Endings);

    /// <summary>Whether the file's name ends as an image's does, in capitals or not.</summary>
    /// <param name="name">The file's name, with or without folders.</param>
    public static bool IsImage(string name) => Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Why a file whose name does not end as an image's is left out: phones save photos in a format that is told apart from what is no image.</summary>
    internal static string ReasonLeftOut(string name) => Unread.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
        ? " is a HEIC or AVIF image, which is not read: save it as JPEG"
        : " is no image by its ending";

    /// <summary>The images in a folder and the folders in it, in ordinal order of their names; hidden files are left out.</summary>
    /// <param name="folder">The folder's path, with which all paths begin.</param>
    /// <param name="leftOut">What cannot be followed or opened.</param>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor opened.</exception>
    public static IReadOnlyList<string> Find(string folder, out LeftOut leftOut)
    {
        var files = LooseFiles.Below(folder);
        leftOut = files.LeftOut;
        return [.. files.Files.Where(file => IsImage(file.Name)).Select(file => Path.Combine(folder, file.Name))];
    }
}
