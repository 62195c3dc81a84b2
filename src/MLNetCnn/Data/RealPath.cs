namespace MLNetCnn.Data;

/// <summary>A path without links: .NET reads a relative link against the text of the path that leads to it, the system against the folder that it lies in.</summary>
internal static class RealPath
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>Where a folder's path leads; what does not exist stays as it is.</summary>
    public static string Of(string folder)
    {
        var full = Path.GetFullPath(folder);
        if (!Directory.Exists(full))
        {
            return full;
        }

        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            real = new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: false) is { } target ? Of(target.FullName) : next;
        }

        return real;
    }

    /// <summary>The file itself, or what a link leads to: a link's own length is that of its target's name, and its time that of its making.</summary>
    public static FileInfo Followed(FileInfo file)
    {
        for (var links = 0; links < MostLinks && file.LinkTarget is { } target; links++)
        {
            file = new FileInfo(Path.GetFullPath(target, Of(file.DirectoryName!)));
        }

        return file;
    }
}
